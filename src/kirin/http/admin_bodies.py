"""What the bodies of admin requests may hold; the same data describes and checks them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar

from fastapi import Request

from kirin.accounts.keys import USUAL, Scope
from kirin.accounts.limits import FIELDS, Limits
from kirin.catalogue.parameters import Integer, Parameter, Problems, Text
from kirin.catalogue.structures import Group, Values, check_fields
from kirin.domain.money import parse_dollars
from kirin.errors import InvalidParameters
from kirin.http.bodies import parse_object, read_body
from kirin.http.rooms import Rooms

MOST_BYTES = 65_536

MOST_PER_MINUTE = 1_000_000
MOST_TASKS = 1_000_000
LONGEST_LIFE = 315_360_000
"""Ten years in seconds."""

LONGEST_OVERLAP = 2_592_000
"""Thirty days in seconds."""

DAY_SECONDS = 86_400


@dataclass(frozen=True, kw_only=True)
class Amount(Parameter):
    """US dollars as a decimal text, exactly."""

    least: Decimal

    type: ClassVar[str] = "string"

    def check(self, given: object, path: str, problems: Problems) -> Any:
        try:
            amount = parse_dollars(given)
        except ValueError as error:
            return self.refuse(problems, path, "wrong_type", str(error))
        if amount < self.least:
            message = f"given {amount}; it takes {self.takes()}"
            return self.refuse(problems, path, "out_of_range", message)
        return amount

    def takes(self) -> str:
        return f'US dollars from {self.least} such as "25.50", with at most four decimals'

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "pattern": r"^-?\d{1,10}(\.\d{1,4})?$"}


@dataclass(frozen=True, kw_only=True)
class Percent(Parameter):
    """A percentage from 0 to 100 as a decimal text or whole number, with at most two decimals."""

    type: ClassVar[str] = "string"

    def check(self, given: object, path: str, problems: Problems) -> Any:
        message = 'it takes a percentage from 0 to 100 such as "12.5", with at most two decimals'
        try:
            percent = parse_dollars(given)
        except ValueError:
            return self.refuse(problems, path, "wrong_type", message)
        if not 0 <= percent <= 100 or percent != round(percent, 2):
            return self.refuse(problems, path, "out_of_range", message)
        return percent

    def takes(self) -> str:
        return "a percentage from 0 to 100"

    def schema(self) -> dict[str, Any]:
        whole = {"type": "integer", "minimum": 0, "maximum": 100}
        return {"anyOf": [{"type": "string", "pattern": r"^\d{1,3}(\.\d{1,2})?$"}, whole]}


@dataclass(frozen=True, kw_only=True)
class Scopes(Parameter):
    """A list of scopes."""

    type: ClassVar[str] = "array"

    def check(self, given: object, path: str, problems: Problems) -> Any:
        options = list(Scope)
        if not isinstance(given, list) or not given or any(word not in options for word in given):
            message = f"it takes a list of some of {', '.join(options)}"
            return self.refuse(problems, path, "not_an_option", message)
        return tuple(scope for scope in options if scope in given)

    def schema(self) -> dict[str, Any]:
        words = {"type": "string", "enum": [scope.value for scope in Scope]}
        return {"type": "array", "items": words, "minItems": 1}


LIMITS = Group(
    name="limits",
    description="All limits; one that is left out does not hold.",
    fields=(
        Integer(
            name="requests_per_minute",
            description="Requests of any kind in each minute.",
            min=1,
            max=MOST_PER_MINUTE,
        ),
        Integer(
            name="unfinished_tasks",
            description="Tasks queued or running at a time.",
            min=0,
            max=MOST_TASKS,
        ),
        Integer(
            name="queued_tasks",
            description="Tasks at a time that no worker has begun.",
            min=0,
            max=MOST_TASKS,
        ),
        Amount(
            name="daily_spend",
            description="USD in each day of UTC, unfinished tasks at their most.",
            least=Decimal(0),
            example="50.00",
        ),
    ),
)

NAME = Text(
    name="name", description="What to call it.", required=True, min_length=1, max_length=128
)
PERCENT = Percent(name="discount_percent", description="Taken off every price.", example="12.5")

NEW_ACCOUNT: Sequence[Parameter] = (NAME, PERCENT, LIMITS)
CHANGED_ACCOUNT: Sequence[Parameter] = (
    Text(name="name", description="What to call it.", min_length=1, max_length=128),
    PERCENT,
    LIMITS,
)
NEW_KEY: Sequence[Parameter] = (
    NAME,
    Scopes(
        name="scopes",
        description="What it may be used for.",
        default=USUAL,
        example=["read"],
    ),
    Integer(
        name="expires_in",
        description="Seconds after which it opens nothing more; it never ends without.",
        min=1,
        max=LONGEST_LIFE,
    ),
    LIMITS,
)
CHANGED_KEY: Sequence[Parameter] = (
    Group(name="limits", description=LIMITS.description, fields=LIMITS.fields, required=True),
)
ROTATION: Sequence[Parameter] = (
    Integer(
        name="overlap_seconds",
        description="How long the earlier key works beside the new one.",
        min=0,
        max=LONGEST_OVERLAP,
        default=DAY_SECONDS,
    ),
)
TOP_UP: Sequence[Parameter] = (
    Amount(
        name="amount",
        description="What to add; a negative amount takes some back.",
        required=True,
        least=Decimal(-1_000_000_000),
        example="25.00",
    ),
    Text(
        name="reference",
        description="Such as a payment's id: it counts once, so asking again adds nothing.",
        min_length=1,
        max_length=128,
    ),
    Text(name="note", description="For people.", max_length=512),
)


async def read_fields(rooms: Rooms, request: Request, fields: Sequence[Parameter]) -> Values:
    """The checked fields of a request's body; an empty body counts as an empty object.

    Raises:
        InvalidParameters: with everything that is wrong.
        MalformedBody: it is no JSON object.
    """
    body = await read_body(request, min(MOST_BYTES, rooms.max_body_bytes), rooms.body_seconds)
    problems: Problems = []
    values = check_fields(fields, parse_object(body or b"{}"), "", problems)
    if problems:
        raise InvalidParameters(problems)
    return values


def limits_of(values: Mapping[str, Any]) -> Limits:
    """Limits in a body; none hold where it has none."""
    given = values.get("limits", {})
    return Limits(**{name: given.get(name) for name in FIELDS})
