"""All SQL that only counts: what waits, what has ended, for metrics."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, func, select, text

from kirin.database.tables import tasks, webhooks
from kirin.domain.task import Status

_UNFINISHED = text("status IN ('pending', 'processing')")
"""Written out, since SQLite uses a partial index only for its own words."""


@dataclass(frozen=True, slots=True)
class Pile:
    """Unfinished tasks of one engine in one status.

    Attributes:
        engine: empty for those that need none.
        oldest: creation time of the oldest, Unix milliseconds.
    """

    engine: str
    status: Status
    count: int
    oldest: int


@dataclass(frozen=True, slots=True)
class Ended:
    """A task that has ended.

    Attributes:
        engine: who made it, or was to make it; empty where it needed none.
        code: of the failure; empty where it completed.
        waited, worked: seconds in the queue and from the first attempt to the end; ``None`` where
            nobody ever began it.
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
    """Webhooks that have not been heard yet; ``oldest`` in Unix milliseconds, if there is one."""

    count: int
    oldest: int | None


def piles(connection: Connection) -> list[Pile]:
    """All unfinished tasks, by engine and status."""
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
    return [Pile(row.engine or "", Status(row.status), row.number, row.oldest) for row in rows]


def ended(connection: Connection, since: int, limit: int) -> list[Ended]:
    """Tasks that ended at or after a time, in order of their ends, at most so many."""
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
        Ended(
            id=row.id,
            model=row.model,
            engine=row.made_by or row.engine or "",
            status=Status(row.status),
            code=row.failure_code or "",
            finished_at=row.finished_at,
            waited=None if row.started_at is None else (row.started_at - row.created_at) / 1000,
            worked=None if row.started_at is None else (row.finished_at - row.started_at) / 1000,
        )
        for row in rows
    ]


def backlog(connection: Connection) -> Backlog:
    """What the outbox still has to send."""
    row = connection.execute(
        select(func.count().label("number"), func.min(webhooks.c.created_at).label("oldest")).where(
            webhooks.c.next_at.is_not(None)
        )
    ).one()
    return Backlog(row.number, row.oldest)
