"""All SQL of statistics for metrics: unfinished and finished tasks, and the webhook backlog."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, func, select, text

from kirin.database.tables import tasks, webhooks
from kirin.domain.task import Status

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
    """

    id: str
    model: str
    engine: str
    status: Status
    code: str
    finished_at: int
    waited: float | None
    worked: float | None


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
            tasks.c.metadata["engine"].as_string().label("made_by"),
        )
        .where(tasks.c.finished_at >= since)
        .order_by(tasks.c.finished_at, tasks.c.id)
        .limit(limit)
    )
    return [
        FinishedTask(
            id=row.id,
            model=row.model,
            engine=row.made_by or row.engine or "",
            status=Status(row.status),
            code=row.failure_code or "",
            finished_at=row.finished_at,
            waited=_seconds(row.created_at, row.started_at),
            worked=_seconds(row.started_at, row.finished_at),
        )
        for row in rows
    ]


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
