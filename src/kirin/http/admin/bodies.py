"""What requests of operators hold."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Annotated, TypeVar

from fastapi import Request
from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from kirin.accounts.keys import USUAL, Scope
from kirin.accounts.limits import FIELDS, Limits
from kirin.domain.money import MOST, parse_dollars
from kirin.http.bodies import BodyLimits, parse_object, read_body
from kirin.http.request_models import (
    RequestModel,
    check_characters,
    check_visible,
    parse_model,
)

M = TypeVar("M", bound=RequestModel)

MAX_BYTES = 65_536

MAX_PER_MINUTE = 1_000_000
MAX_TASKS = 1_000_000
LONGEST_LIFE = 315_360_000
"""Ten years in seconds."""

LONGEST_OVERLAP = 2_592_000
"""Thirty days in seconds."""

DAY_SECONDS = 86_400

PERCENT = 'it takes a percentage from 0 to 100 such as "12.5", with at most two decimals'


def dollars_from(least: Decimal) -> Callable[[object], Decimal]:
    """A validator of exact amounts in US dollars."""

    def check(given: object) -> Decimal:
        try:
            amount = parse_dollars(given)
        except ValueError as error:
            raise PydanticCustomError("wrong_type", "{reason}", {"reason": str(error)}) from None
        if amount < least:
            raise PydanticCustomError(
                "out_of_range", "it takes US dollars from {least}", {"least": str(least)}
            )
        return amount

    return check


def check_percent(given: object) -> Decimal:
    """A validator of percentages."""
    try:
        percent = parse_dollars(given)
    except ValueError:
        raise PydanticCustomError("wrong_type", PERCENT) from None
    if not 0 <= percent <= 100 or percent != round(percent, 2):
        raise PydanticCustomError("out_of_range", PERCENT)
    return percent


def check_scopes(given: object) -> tuple[Scope, ...]:
    """A validator of lists of scopes."""
    options = list(Scope)
    if not isinstance(given, list | tuple) or not given or any(s not in options for s in given):
        raise PydanticCustomError(
            "not_an_option",
            "it takes a list of some of {options}",
            {"options": ", ".join(options)},
        )
    return tuple(scope for scope in options if scope in given)


Spend = Annotated[
    Decimal,
    BeforeValidator(dollars_from(Decimal(0))),
    WithJsonSchema({"type": "string", "pattern": r"^\d{1,10}(\.\d{1,4})?$"}),
]
Amount = Annotated[
    Decimal,
    BeforeValidator(dollars_from(-MOST)),
    WithJsonSchema({"type": "string", "pattern": r"^-?\d{1,10}(\.\d{1,4})?$"}),
]
PercentOff = Annotated[
    Decimal,
    BeforeValidator(check_percent),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "pattern": r"^\d{1,3}(\.\d{1,2})?$"},
                {"type": "integer", "minimum": 0, "maximum": 100},
            ]
        }
    ),
]
Scopes = Annotated[
    tuple[Scope, ...],
    BeforeValidator(check_scopes),
    WithJsonSchema(
        {
            "type": "array",
            "items": {"type": "string", "enum": [scope.value for scope in Scope]},
            "minItems": 1,
        }
    ),
]

ShortText = Annotated[str, Field(min_length=1, max_length=128), AfterValidator(check_visible)]
Note = Annotated[str, Field(max_length=512), AfterValidator(check_characters)]
Name = Annotated[ShortText, Field(description="What to call it.")]


class NewLimits(RequestModel):
    """All limits; one that is omitted does not apply."""

    requests_per_minute: int | None = Field(
        default=None, ge=1, le=MAX_PER_MINUTE, description="Requests of any kind in each minute."
    )
    unfinished_tasks: int | None = Field(
        default=None, ge=0, le=MAX_TASKS, description="Tasks queued or running at a time."
    )
    queued_tasks: int | None = Field(
        default=None, ge=0, le=MAX_TASKS, description="Tasks at a time that no worker has started."
    )
    daily_spend: Spend | None = Field(
        default=None,
        description="USD in each day of UTC, counting unfinished tasks at their highest price.",
        examples=["50.00"],
    )

    def limits(self) -> Limits:
        """The same for the accounts."""
        return Limits(**{name: getattr(self, name) for name in FIELDS})


class NewAccount(RequestModel):
    """An account to create."""

    name: Name
    discount_percent: PercentOff = Field(
        default=Decimal(0), description="Taken off every price.", examples=["12.5"]
    )
    limits: NewLimits = Field(default_factory=NewLimits)


class AccountChanges(RequestModel):
    """What to change of an account; what is omitted stays."""

    name: Name | None = None
    discount_percent: PercentOff | None = Field(
        default=None, description="Taken off every price.", examples=["12.5"]
    )
    limits: NewLimits | None = None


class NewKey(RequestModel):
    """A key to create."""

    name: Name
    scopes: Scopes = Field(
        default=USUAL, description="What it may be used for.", examples=[["read"]]
    )
    expires_in: int | None = Field(
        default=None,
        ge=1,
        le=LONGEST_LIFE,
        description="Seconds until it expires; never if omitted.",
    )
    limits: NewLimits = Field(default_factory=NewLimits)


class KeyChanges(RequestModel):
    """What to change of a key."""

    limits: NewLimits


class Rotation(RequestModel):
    """How to replace a key."""

    overlap_seconds: int = Field(
        default=DAY_SECONDS,
        ge=0,
        le=LONGEST_OVERLAP,
        description="How long the earlier key works beside the new one.",
    )


class TopUp(RequestModel):
    """Money to add to an account."""

    amount: Amount = Field(
        description="What to add; a negative amount takes some back.", examples=["25.00"]
    )
    reference: ShortText | None = Field(
        default=None,
        description="Such as a payment's id. It is booked once: a repeated request adds nothing.",
    )
    note: Note = Field(default="", description="For people.")


async def read_model(request: Request, limits: BodyLimits, model: type[M]) -> M:
    """The body of a request as a model; an empty body counts as an empty object.

    Raises:
        InvalidParameters: with everything that is wrong.
        MalformedBody: it is not a JSON object.
    """
    body = await read_body(request, min(MAX_BYTES, limits.max_bytes), limits.seconds)
    return parse_model(model, parse_object(body or b"{}"))
