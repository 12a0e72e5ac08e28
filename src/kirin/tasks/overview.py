"""All SQL of the operator's overview. Each query reads a bounded number of rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Select, case, func, select

from kirin.database.tables import tasks, webhooks
from kirin.domain.task import Status

MOST_WAITING = 20_000
"""Waiting tasks that are counted, from the front of the queue; their rows are read."""

MOST_ENDED = 20_000
"""Ended tasks that are counted, the latest; their rows are read."""

MOST_WEBHOOKS = 20_000
"""Undelivered webhooks that are counted, those due first; their rows are read."""


@dataclass(frozen=True, slots=True)
class WaitingTasks:
    """Tasks that wait for one engine.

    Attributes:
        engine: its name; ``None`` for tasks that need none.
        oldest: when the oldest was created, Unix milliseconds.
    """

    engine: str | None
    count: int
    oldest: int


@dataclass(frozen=True, slots=True)
class Lease:
    """Tasks of one engine that one worker works on."""

    worker: str
    engine: str | None
    count: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many tasks have ended in one way.

    Attributes:
        code: of the failure; ``None`` of completed tasks.
        hour, day: tasks since either.
    """

    code: str | None
    hour: int
    day: int


@dataclass(frozen=True, slots=True)
class Outcomes:
    """How the tasks of the last day have ended.

    Attributes:
        since: Unix milliseconds; what ended before is not counted. Later than asked for where more
            tasks have ended than are counted.
    """

    outcomes: tuple[Outcome, ...]
    since: int


@dataclass(frozen=True, slots=True)
class Undelivered:
    """Webhooks that are not delivered yet.

    Attributes:
        count: all that a worker will try to deliver, at most :data:`MOST_WEBHOOKS`.
        failing: those of them that were tried in vain before.
        due: when the first one is due, Unix milliseconds; ``None`` if there is none.
    """

    count: int
    failing: int
    due: int | None


def waiting(connection: Connection) -> list[WaitingTasks]:
    """The queue, by engine; of more than :data:`MOST_WAITING` tasks those that come first."""
    # Tasks that have ended may be queued too, to be cleaned up behind. The function keeps SQLite
    # from the index of the times that tasks ended at.
    unfinished = func.coalesce(tasks.c.finished_at, 0) == 0
    oldest = (
        select(tasks.c.engine, tasks.c.queued_at)
        .where(tasks.c.queued_at.is_not(None), unfinished)
        .order_by(tasks.c.rank, tasks.c.queued_at, tasks.c.id)
        .limit(MOST_WAITING)
        .subquery()
    )
    query = select(
        oldest.c.engine, func.count().label("number"), func.min(oldest.c.queued_at).label("since")
    ).group_by(oldest.c.engine)
    rows = connection.execute(query)
    found = [WaitingTasks(row.engine, row.number, row.since) for row in rows]
    return sorted(found, key=lambda each: each.oldest)


def leases(connection: Connection) -> list[Lease]:
    """Who works on how many tasks; workers have at most as many as slots."""
    # Summed, not filtered: else SQLite prefers the index of the times that tasks ended at, and
    # reads all tasks that have not.
    unfinished = func.sum(case((tasks.c.finished_at.is_(None), 1), else_=0))
    query = (
        select(tasks.c.worker, tasks.c.engine, unfinished.label("number"))
        .where(tasks.c.worker.is_not(None))
        .group_by(tasks.c.worker, tasks.c.engine)
    )
    rows = connection.execute(query)
    return [Lease(row.worker, row.engine, int(row.number)) for row in rows if row.number]


def outcomes(connection: Connection, hour_ago: int, day_ago: int) -> Outcomes:
    """How tasks have ended, the most frequent failure first, after what was completed.

    Args:
        hour_ago, day_ago: Unix milliseconds.
    """
    latest = _ended(day_ago).subquery()
    rows = connection.execute(
        select(
            latest.c.status,
            latest.c.failure_code,
            func.sum(case((latest.c.finished_at >= hour_ago, 1), else_=0)).label("hour"),
            func.count().label("day"),
            func.min(latest.c.finished_at).label("first"),
        ).group_by(latest.c.status, latest.c.failure_code)
    ).all()
    counted = sum(row.day for row in rows)
    since = min(row.first for row in rows) if counted == MOST_ENDED else day_ago
    found = [
        Outcome(
            None if row.status == Status.COMPLETED else row.failure_code or "",
            int(row.hour),
            row.day,
        )
        for row in rows
    ]
    return Outcomes(tuple(sorted(found, key=_order)), since)


def _ended(since: int) -> Select[int, str, str]:
    return (
        select(tasks.c.finished_at, tasks.c.status, tasks.c.failure_code)
        .where(tasks.c.finished_at >= since)
        .order_by(tasks.c.finished_at.desc())
        .limit(MOST_ENDED)
    )


def _order(outcome: Outcome) -> tuple[bool, int, str]:
    return outcome.code is not None, -outcome.day, outcome.code or ""


def undelivered(connection: Connection) -> Undelivered:
    """The webhooks that are still to be delivered."""
    first = (
        select(webhooks.c.next_at, webhooks.c.attempts)
        .where(webhooks.c.next_at.is_not(None))
        .order_by(webhooks.c.next_at)
        .limit(MOST_WEBHOOKS)
        .subquery()
    )
    row = connection.execute(
        select(
            func.count().label("number"),
            func.coalesce(func.sum(case((first.c.attempts > 0, 1), else_=0)), 0).label("failing"),
            func.min(first.c.next_at).label("due"),
        ).select_from(first)
    ).one()
    return Undelivered(row.number, int(row.failing), row.due)


def busy(found: Sequence[Lease]) -> Mapping[str, int]:
    """Tasks that each worker works on, by its id."""
    counts: dict[str, int] = {}
    for lease in found:
        counts[lease.worker] = counts.get(lease.worker, 0) + lease.count
    return counts
