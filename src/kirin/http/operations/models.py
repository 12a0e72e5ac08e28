"""What answers about the server itself hold."""

from __future__ import annotations

from typing import Literal

from typing_extensions import TypedDict

Availability = Literal["ok", "away"]


class HealthJson(TypedDict):
    """The server is up."""

    status: Literal["ok"]
    version: str


class ReadinessJson(TypedDict):
    """Whether the server can work."""

    status: Literal["ready", "not_ready"]
    database: Availability
    storage: Availability
