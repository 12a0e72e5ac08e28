"""What answers about settings and prices hold; the OpenAPI document drops the ``Json``."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field
from typing_extensions import TypedDict

from kirin.http.accounts.models import Currency
from kirin.http.protocols.kirin_models import Milliseconds

ExactDollars = Annotated[str, Field(description="USD, as exact as it was set")]


class SettingJson(TypedDict):
    """A setting."""

    name: Annotated[str, Field(description="its environment variable")]
    value: Annotated[str | None, Field(description="null: it is not set")]
    secret: Annotated[bool, Field(description="whether the value is never shown")]
    changed: Annotated[bool, Field(description="whether it is not the default")]
    description: str


class SettingListJson(TypedDict):
    """All settings."""

    settings: list[SettingJson]


class RateJson(TypedDict):
    """What one choice costs."""

    choices: Annotated[list[str], Field(description="values of what the price goes by, in order")]
    usd: ExactDollars


class PriceOfModelJson(TypedDict):
    """What a model costs."""

    model: str
    by: Annotated[list[str], Field(description="what the price goes by, such as mode")]
    rates: list[RateJson]
    seconds: Annotated[
        int | None, Field(description="of video, that a rate is for; null: it is for a task")
    ]
    watermark: Annotated[ExactDollars, Field(description="USD for a second, watermarked file")]


class PriceListJson(TypedDict):
    """What all models cost."""

    currency: Currency
    prices: list[PriceOfModelJson]


class CheckJson(TypedDict):
    """What a check found."""

    good: bool
    title: Annotated[str, Field(description="what was checked")]
    detail: Annotated[str, Field(description="what was found")]
    remedy: Annotated[str, Field(description="what to do about it, where something is wrong")]


class ChecksJson(TypedDict):
    """All checks of the machine of the process that answers."""

    at: Milliseconds
    good: Annotated[bool, Field(description="whether every check is")]
    checks: list[CheckJson]
