"""Routes of an account's money: its balance, and what it has used."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from typing import Any

from fastapi import APIRouter, Request, Response
from sqlalchemy import Connection

from kirin.accounts import administration, ledger
from kirin.accounts import usage as records
from kirin.accounts.keys import Scope
from kirin.accounts.ledger import Balance
from kirin.accounts.usage import By, Total
from kirin.domain.money import dollars, from_micro
from kirin.errors import InvalidParameters, Problem
from kirin.http.context import json_answer
from kirin.http.gate import admit
from kirin.http.rooms import Rooms

USAGE = "/model/v1/usage"
BALANCE = "/model/v1/balance"

DAYS = 30
"""How far back usage goes unless a query says else."""

DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
FIRST_YEAR = 2000

FORMATS = ("json", "csv")
OF_ACCOUNT = (By.DAY, By.MODEL, By.KEY)
"""What an account may add its own usage up by."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which sums a query asks for.

    Attributes:
        by: what to add up by, in order.
        first, last: days in UTC that are part of it, ``2026-01-31``.
        format: ``json`` or ``csv``.
    """

    by: tuple[By, ...]
    first: str
    last: str
    format: str


def usage_routes(rooms: Rooms) -> APIRouter:
    """The routes ``/model/v1/usage`` and ``/model/v1/balance``."""
    router = APIRouter()

    async def read_usage(request: Request) -> Response:
        caller = await admit(rooms, request, Scope.READ)
        wanted = wanted_of(request.query_params, OF_ACCOUNT)

        def look(connection: Connection) -> list[Total]:
            return records.totals(connection, caller.account, wanted.by, wanted.first, wanted.last)

        return usage_answer(wanted, await rooms.reading(look))

    async def read_balance(request: Request) -> Response:
        caller = await admit(rooms, request, Scope.READ)

        def look(connection: Connection) -> dict[str, Any]:
            account = administration.account(connection, caller.account)
            return {
                **shown_balance(ledger.balance(connection, caller.account)),
                "prepaid": rooms.tasks.billing.prepaid,
                "discount_percent": str(account.discount_percent),
            }

        return json_answer(await rooms.reading(look))

    router.add_api_route(USAGE, read_usage, methods=["GET"])
    router.add_api_route(BALANCE, read_balance, methods=["GET"])
    return router


def shown_balance(balance: Balance) -> dict[str, Any]:
    """A balance as the wire shows it."""
    return {
        "available": dollars(from_micro(balance.available)),
        "held": dollars(from_micro(balance.held)),
        "currency": "USD",
    }


def wanted_of(query: Mapping[str, str], allowed: Sequence[By]) -> Wanted:
    """What a query asks for.

    Raises:
        InvalidParameters: with all that is wrong.
    """
    problems: list[Problem] = []
    words = query.get("by", By.DAY).split(",")
    by = tuple(option for option in allowed if option in words)
    if len(by) != len(words):
        message = f"it takes some of {','.join(allowed)}, each once, with commas between"
        problems.append(Problem("by", "not_an_option", message))
    format = query.get("format", FORMATS[0])
    if format not in FORMATS:
        problems.append(Problem("format", "not_an_option", f"it takes {' or '.join(FORMATS)}"))
    today = datetime.now(tz=UTC).date()
    last = _day(query, "last", today, problems)
    first = _day(query, "first", last - timedelta(days=DAYS - 1), problems)
    if first > last:
        problems.append(Problem("first", "out_of_range", "it takes a day that is not after last"))
    if problems:
        raise InvalidParameters(problems)
    ordered = tuple(sorted(by, key=words.index))
    return Wanted(ordered, first.isoformat(), last.isoformat(), format)


def _day(query: Mapping[str, str], name: str, default: date, problems: list[Problem]) -> date:
    text = query.get(name)
    if text is None:
        return default
    try:
        if not DAY.fullmatch(text):
            raise ValueError
        found = date.fromisoformat(text)
        if found.year < FIRST_YEAR:
            raise ValueError
        return found
    except ValueError:
        problems.append(Problem(name, "out_of_range", "it takes a day in UTC, such as 2026-01-31"))
        return default


def usage_answer(wanted: Wanted, totals: Sequence[Total]) -> Response:
    """Sums in the format that was asked for."""
    rows = [row_of(wanted.by, total) for total in totals]
    if wanted.format == "csv":
        return Response(
            table(wanted.by, rows),
            media_type="text/csv",
            headers={"Content-Disposition": 'attachment; filename="usage.csv"'},
        )
    return json_answer(
        {
            "first": wanted.first,
            "last": wanted.last,
            "currency": "USD",
            "usage": rows,
            "total": row_of((), whole(totals)),
        }
    )


def row_of(by: Sequence[By], total: Total) -> dict[str, Any]:
    """A sum as the wire shows it."""
    return {
        **dict(zip(by, total.group, strict=True)),
        "tasks": total.tasks,
        "completed": total.completed,
        "seconds": total.seconds,
        "cost": dollars(from_micro(total.cost)),
        "discount": dollars(from_micro(total.discount)),
    }


def whole(totals: Sequence[Total]) -> Total:
    """The sum of sums."""
    return Total(
        (),
        sum(total.tasks for total in totals),
        sum(total.completed for total in totals),
        round(sum(total.seconds for total in totals), 3),
        sum(total.cost for total in totals),
        sum(total.discount for total in totals),
    )


def table(by: Sequence[By], rows: Sequence[Mapping[str, Any]]) -> str:
    """The same as CSV (RFC 4180), with a line of names."""
    text = StringIO()
    names = [*by, *row_of((), Total((), 0, 0, 0.0, 0, 0))]
    writer = csv.DictWriter(text, names)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()
