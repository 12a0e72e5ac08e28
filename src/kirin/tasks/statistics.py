"""All SQL of statistics for metrics: unfinished and finished tasks, and the webhook backlog."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select, text

from kirin.database.account_tables import accounts
from kirin.database.tables import tasks, webhooks
from kirin.domain.task import Status

DEFAULT = "default"
"""Name of the account that a new installation has, as :mod:`kirin.accounts.store` has it."""

LIMITS = ("requests_per_minute", "unfinished_tasks", "queued_tasks", "daily_spend")
"""Columns of an account's limits."""

CLASSES = (DEFAULT, "limited", "unlimited")
"""Classes of accounts: the first one, those that have any limit, and those that have none."""

_UNFINISHED = text("status IN ('pending', 'processing')")
"""Literal, since SQLite uses a partial index only if its condition appears in the query."""


@dataclass(frozen=True, slots=True)
class TaskCount:
    """The number of unfinished tasks of one engine in one status.

    Attributes:
        engine: its name; empty for tasks that need none.
        oldest: creation time of the oldest, Unix milliseconds.
    """

    engine: str
    status: Status
    count: int
    oldest: int


@dataclass(frozen=True, slots=True)
class FinishedTask:
    """A task that has ended.

    Attributes:
        engine: that made it, or was assigned to; empty if it needed none.
        code: of the failure; empty if it completed.
        waited, worked: seconds in the queue, and from the first attempt to the end; ``None`` if
            it never started.
        takeovers: how often another worker has gone on with it, since its own was dead or stood
            still.
        account_class: see :data:`CLASSES`.
        reused: whether its result was there already.
    """

    id: str
    model: str
    engine: str
    status: Status
    code: str
    finished_at: int
    waited: float | None
    worked: float | None
    takeovers: int
    account_class: str
    reused: bool


@dataclass(frozen=True, slots=True)
class Backlog:
    """Undelivered webhooks; ``oldest`` in Unix milliseconds, ``None`` if there are none."""

    count: int
    oldest: int | None


def unfinished(connection: Connection) -> list[TaskCount]:
    """Counts of all unfinished tasks, by engine and status."""
    rows = connection.execute(
        select(
            tasks.c.engine,
            tasks.c.status,
            func.count().label("number"),
            func.min(tasks.c.created_at).label("oldest"),
        )
        .where(_UNFINISHED)
        .group_by(tasks.c.engine, tasks.c.status)
    )
    return [TaskCount(row.engine or "", Status(row.status), row.number, row.oldest) for row in rows]


def finished(connection: Connection, since: int, limit: int) -> list[FinishedTask]:
    """Tasks that ended at or after a time, in the order they ended, at most ``limit``."""
    rows = connection.execute(
        select(
            tasks.c.id,
            tasks.c.model,
            tasks.c.engine,
            tasks.c.status,
            tasks.c.failure_code,
            tasks.c.created_at,
            tasks.c.started_at,
            tasks.c.finished_at,
            tasks.c.attempt,
            tasks.c.releases,
            tasks.c.metadata["engine"].as_string().label("engine_name"),
            tasks.c.metadata["reused"].as_boolean().label("reused"),
            accounts.c.name.label("account_name"),
            *(accounts.c[name] for name in LIMITS),
        )
        .join(accounts, accounts.c.id == tasks.c.account)
        .where(tasks.c.finished_at >= since)
        .order_by(tasks.c.finished_at, tasks.c.id)
        .limit(limit)
    )
    return [
        FinishedTask(
            id=row.id,
            model=row.model,
            engine=row.engine_name or row.engine or "",
            status=Status(row.status),
            code=row.failure_code or "",
            finished_at=row.finished_at,
            waited=_seconds(row.created_at, row.started_at),
            worked=_seconds(row.started_at, row.finished_at),
            takeovers=max(0, row.attempt - row.releases - 1),
            account_class=_class_of(row),
            reused=bool(row.reused),
        )
        for row in rows
    ]


def _class_of(account: Any) -> str:
    if account.account_name == DEFAULT:
        return "default"
    limited = any(getattr(account, name) is not None for name in LIMITS)
    return "limited" if limited else "unlimited"


def _seconds(start: int | None, end: int | None) -> float | None:
    """Seconds between two times; 0 if the clock was set back in between."""
    return None if start is None or end is None else max(0, end - start) / 1000


def backlog(connection: Connection) -> Backlog:
    """The webhooks that are still to be delivered."""
    row = connection.execute(
        select(func.count().label("number"), func.min(webhooks.c.created_at).label("oldest")).where(
            webhooks.c.next_at.is_not(None)
        )
    ).one()
    return Backlog(row.number, row.oldest)
