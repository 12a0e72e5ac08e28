"""The route of an account's usage, and what it shares with that of operators."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any, cast

from fastapi import APIRouter, Request, Response
from sqlalchemy import Connection

from kirin.accounts import usage as records
from kirin.accounts.keys import Scope
from kirin.accounts.usage import By, Total
from kirin.domain.money import dollars, from_micro
from kirin.errors import ApiError, InvalidParameters, Problem
from kirin.http.accounts.dependencies import AccountDependencies
from kirin.http.accounts.models import TotalJson, UsageJson
from kirin.http.query_parameters import ChoiceParameter, DayParameter, Parameter, read_names
from kirin.http.responses import json_response
from kirin.http.route import Route

DAYS = 30
"""How far back usage goes unless the query says otherwise."""

FORMATS = ("json", "csv")
OWN_DIMENSIONS = (By.DAY, By.MODEL, By.KEY)
"""What an account may group its own usage by."""

FIRST = DayParameter("first", "first day in UTC; 29 days before the last if omitted")
LAST = DayParameter("last", "last day in UTC; today if omitted")
FORMAT = ChoiceParameter("format", options=FORMATS)


def by_parameter(dimensions: Sequence[By]) -> Parameter:
    """What to group by."""
    return Parameter("by", f"some of {','.join(dimensions)}; day if omitted")


def usage_route(
    path: str,
    id: str,
    summary: str,
    scope: Scope,
    dimensions: Sequence[By],
    parameters: Sequence[Parameter] = (),
    errors: Sequence[type[ApiError]] = (),
) -> Route:
    """A route that sums up usage."""
    return Route(
        method="GET",
        path=path,
        id=id,
        summary=summary,
        scope=scope,
        parameters=(*parameters, by_parameter(dimensions), FIRST, LAST, FORMAT),
        answer=UsageJson,
        media_types=("text/csv",),
        answer_description="sums in the order of what they are grouped by",
        errors=(InvalidParameters, *errors),
    )


READ = usage_route(
    "/model/v1/usage", "readUsage", "The account's usage", Scope.READ, OWN_DIMENSIONS
)
ROUTES = (READ,)


@dataclass(frozen=True, slots=True)
class UsageQuery:
    """Which sums a query asks for.

    Attributes:
        by: what to group by, in order.
        first, last: days in UTC, both included, such as ``2026-01-31``.
        format: ``json`` or ``csv``.
    """

    by: tuple[By, ...]
    first: str
    last: str
    format: str


def add_usage_routes(router: APIRouter, deps: AccountDependencies) -> None:
    """Add the route ``/model/v1/usage``."""

    async def read_usage(request: Request) -> Response:
        caller = await deps.authenticator.admit(request, READ)
        query = usage_query(request.query_params, OWN_DIMENSIONS, READ.parameters)

        def read(connection: Connection) -> list[Total]:
            return records.totals(connection, caller.account, query.by, query.first, query.last)

        return usage_response(query, await deps.threads.read(read))

    READ.add_to(router, read_usage)


def usage_query(
    query: Mapping[str, str], allowed: Sequence[By], parameters: Sequence[Parameter]
) -> UsageQuery:
    """Parse a query for usage.

    Args:
        allowed: what it may be grouped by.
        parameters: of the route.

    Raises:
        InvalidParameters: with everything that is wrong.
    """
    problems: list[Problem] = []
    read_names(query, parameters, problems)
    words = query.get("by", By.DAY).split(",")
    by = tuple(option for option in allowed if option in words)
    if len(by) != len(words):
        message = f"it takes some of {','.join(allowed)}, each once, separated by commas"
        problems.append(Problem("by", "not_an_option", message))
    format = FORMAT.read(query, problems) or FORMATS[0]
    last = LAST.read(query, datetime.now(tz=UTC).date(), problems)
    first = FIRST.read(query, last - timedelta(days=DAYS - 1), problems)
    if first > last:
        problems.append(Problem("first", "out_of_range", "it takes a day that is not after last"))
    if problems:
        raise InvalidParameters(problems)
    ordered = tuple(sorted(by, key=words.index))
    return UsageQuery(ordered, first.isoformat(), last.isoformat(), format)


def usage_response(query: UsageQuery, totals: Sequence[Total]) -> Response:
    """Sums in the format that was asked for."""
    rows = [total_json(query.by, total) for total in totals]
    if query.format == "csv":
        return Response(
            to_csv(query.by, rows),
            media_type="text/csv",
            headers={"Content-Disposition": 'attachment; filename="usage.csv"'},
        )
    body: UsageJson = {
        "first": query.first,
        "last": query.last,
        "currency": "USD",
        "usage": rows,
        "total": total_json((), grand_total(totals)),
    }
    return json_response(body)


def total_json(by: Sequence[By], total: Total) -> TotalJson:
    """A sum as the wire shows it."""
    groups: dict[str, Any] = dict(zip(by, total.group, strict=True))
    sums: TotalJson = {
        "tasks": total.tasks,
        "completed": total.completed,
        "seconds": total.seconds,
        "cost": dollars(from_micro(total.cost)),
        "discount": dollars(from_micro(total.discount)),
    }
    return cast(TotalJson, {**groups, **sums})


def grand_total(totals: Sequence[Total]) -> Total:
    """The sum of sums."""
    return Total(
        (),
        sum(total.tasks for total in totals),
        sum(total.completed for total in totals),
        round(sum(total.seconds for total in totals), 3),
        sum(total.cost for total in totals),
        sum(total.discount for total in totals),
    )


def to_csv(by: Sequence[By], rows: Sequence[TotalJson]) -> str:
    """The same as CSV (RFC 4180), with a header line."""
    text = StringIO()
    names = [*by, *total_json((), Total((), 0, 0, 0.0, 0, 0))]
    writer = csv.DictWriter(text, names)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()
