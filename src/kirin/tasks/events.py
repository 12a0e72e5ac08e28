"""All SQL about events: each change of a task's status, numbered in its account.

The events of an account are numbered in commit order, without gaps: the row of the account is
locked from the moment a number is assigned until it is committed. So a reader that has seen number
7 has seen all before it, on any database.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from kirin.database.account_tables import accounts
from kirin.database.prepared import Prepared
from kirin.database.tables import events
from kirin.domain.task import Status, Task


@dataclass(frozen=True, slots=True)
class Event:
    """A change of status.

    Attributes:
        number: counts from 1, per account.
        task: id.
        status: the new one.
        body: the task as it was then; ``None`` for the last change, since the task's row has not
            changed since, and its links are then signed at the time of reading.
    """

    number: int
    task: str
    status: Status
    body: Mapping[str, Any] | None


_COUNTING = (
    update(accounts)
    .where(accounts.c.id == bindparam("whose"))
    .values(last_event=accounts.c.last_event + 1)
    .returning(accounts.c.last_event)
)
_COUNT = Prepared(_COUNTING)
_ADD = Prepared(insert(events))
_COUNTED = _COUNTING.cte("counted")
_COUNT_AND_ADD = insert(events).from_select(
    ["account", "number", "task", "status", "body", "created_at"],
    select(
        bindparam("whose", type_=events.c.account.type),
        _COUNTED.c.last_event,
        bindparam("which", type_=events.c.task.type),
        bindparam("became", type_=events.c.status.type),
        bindparam("told", type_=events.c.body.type),
        bindparam("at", type_=events.c.created_at.type),
    ),
)
"""Both in one, for PostgreSQL, across a network: the account's row is locked for a shorter time."""


def add(connection: Connection, task: Task, body: Mapping[str, Any], now: int) -> None:
    """Record the new status of a task, in the transaction that changes it.

    Args:
        body: the task as serialised for clients.
        now: Unix milliseconds.
    """
    told = None if task.status.final else dict(body)
    if connection.dialect.name == "postgresql":
        values = {
            "whose": task.account,
            "which": task.id,
            "became": task.status,
            "told": told,
            "at": now,
        }
        connection.execute(_COUNT_AND_ADD, values)
        return
    counted = _COUNT.first(connection, {"whose": task.account})
    if counted is None:  # a task has an account
        raise LookupError(task.account)
    (number,) = counted
    _ADD.execute(
        connection,
        {
            "account": task.account,
            "number": number,
            "task": task.id,
            "status": task.status,
            "body": told,
            "created_at": now,
        },
    )


def last(connection: Connection, of: Collection[str]) -> dict[str, int]:
    """The number of the newest event of each of these accounts, 0 if it has none."""
    query = select(accounts.c.id, accounts.c.last_event).where(accounts.c.id.in_(of))
    return {row.id: row.last_event for row in connection.execute(query)}


def oldest(connection: Connection, account: str) -> int | None:
    """The number of the oldest stored event of an account; ``None`` if there is none."""
    query = select(func.min(events.c.number)).where(events.c.account == account)
    found: int | None = connection.execute(query).scalar()
    return found


def after(connection: Connection, account: str, number: int, limit: int) -> list[Event]:
    """Events of an account after a number, in order, at most ``limit``."""
    query = (
        select(events)
        .where(events.c.account == account, events.c.number > number)
        .order_by(events.c.number)
        .limit(limit)
    )
    return [
        Event(row.number, row.task, Status(row.status), row.body)
        for row in connection.execute(query)
    ]


def delete_before(connection: Connection, before: int) -> int:
    """Delete events before a time, Unix milliseconds; returns how many."""
    return connection.execute(delete(events).where(events.c.created_at < before)).rowcount
