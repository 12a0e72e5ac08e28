"""All SQL about the queue: which tasks wait, and which worker holds the lease of a task.

The queue is two columns of the task's own row, so accepting a task and queueing it are one
transaction. ``queued_at`` is set while the task waits, and orders the queue behind ``rank``, which
is 0 unless an operator has given the task a priority. ``worker`` names the worker that holds its
lease; the lease ends when the worker releases it or is found dead. A lease covers the cleaning up
behind a task, so it may outlive the task's end.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    bindparam,
    case,
    func,
    literal,
    null,
    or_,
    select,
    text,
    tuple_,
    update,
)

from kirin.database.tables import tasks
from kirin.domain.task import Status
from kirin.tasks.pauses import not_paused

MOST_PRIORITY = 1000
"""What an operator may give a task, either way."""

_LAST_RANK = 2**31 - 1
"""How far the column goes, either way."""

_UNFINISHED = tasks.c.finished_at.is_(None)
_ORDER = (tasks.c.rank, tasks.c.queued_at, tasks.c.id)
_RELEASE = (
    update(tasks)
    .where(tasks.c.id == bindparam("this"), tasks.c.worker == bindparam("lessee"))
    .values(queued_at=case((_UNFINISHED, tasks.c.created_at), else_=null()), worker=null())
)


@dataclass(frozen=True, slots=True)
class WaitingPlace:
    """A task that waits, as operators see it.

    Attributes:
        engine: whose queue it waits in; ``None`` where it needs none.
        priority: higher is sooner, 0 by default.
        created_at: Unix milliseconds.
    """

    id: str
    account: str
    model: str
    engine: str | None
    priority: int
    created_at: int


def has_waiting(connection: Connection, engines: Sequence[str]) -> bool:
    """Whether a task waits for one of the engines, or for none. Cheap: idle workers poll it."""
    return connection.execute(_any_waiting(tuple(engines))).first() is not None


def lease(connection: Connection, worker: str, engines: Sequence[str], limit: int) -> list[str]:
    """Lease waiting tasks to a worker, by priority and then the oldest first.

    Args:
        worker: id of the worker.
        engines: the engines that it has; tasks that need none go to every worker.
        limit: how many tasks at most.

    Returns:
        The tasks' ids. No other worker gets these until the lease ends.
    """
    oldest = (
        select(tasks.c.id)
        .where(*_waiting(engines))
        .order_by(*_ORDER)
        .limit(limit)
        # Workers that look at the same moment get different tasks. SQLite has one writer anyway.
        .with_for_update(skip_locked=True)
    )
    ids = list(connection.execute(oldest).scalars())
    if ids:
        connection.execute(
            update(tasks).where(tasks.c.id.in_(ids)).values(queued_at=null(), worker=worker)
        )
    return ids


def release(connection: Connection, worker: str, task: str) -> bool:
    """End a worker's lease of a task; an unfinished task goes back to its place in the queue.

    Returns:
        ``False`` where the worker does not hold the lease (any more).
    """
    return connection.execute(_RELEASE, {"this": task, "lessee": worker}).rowcount == 1


def requeue(connection: Connection, worker: str) -> list[str]:
    """End all leases of a worker that is gone, and queue its tasks again.

    Tasks that have ended are queued, too: the next worker cleans up what the dead one left.

    Returns:
        The tasks' ids.
    """
    orphaned = list(
        connection.execute(
            select(tasks.c.id).where(tasks.c.worker == worker).with_for_update()
        ).scalars()
    )
    if orphaned:
        connection.execute(
            update(tasks)
            .where(tasks.c.id.in_(orphaned))
            .values(queued_at=tasks.c.created_at, worker=null())
        )
    return orphaned


def leased(connection: Connection, worker: str) -> set[str]:
    """Ids of the tasks whose lease a worker holds."""
    return set(connection.execute(select(tasks.c.id).where(tasks.c.worker == worker)).scalars())


def lessees(connection: Connection) -> set[str]:
    """Ids of the workers that hold any lease."""
    query = select(tasks.c.worker).where(tasks.c.worker.is_not(None)).distinct()
    return {worker for worker in connection.execute(query).scalars() if worker is not None}


def front(connection: Connection, limit: int) -> list[WaitingPlace]:
    """The unfinished tasks that wait, in the order in which they are handed out."""
    query = (
        select(
            tasks.c.id,
            tasks.c.account,
            tasks.c.model,
            tasks.c.engine,
            (-tasks.c.rank).label("priority"),
            tasks.c.created_at,
        )
        .where(tasks.c.queued_at.is_not(None), func.coalesce(tasks.c.finished_at, 0) == 0)
        .order_by(*_ORDER)
        .limit(limit)
    )
    return [WaitingPlace(**row._mapping) for row in connection.execute(query)]


def prioritise(connection: Connection, task: str, priority: int) -> bool:
    """Give a task that waits another priority; higher is sooner.

    Returns:
        ``False`` where it does not wait: a worker has it, or it has ended.
    """
    waits = (tasks.c.id == task, tasks.c.queued_at.is_not(None), _UNFINISHED)
    return connection.execute(update(tasks).where(*waits).values(rank=-priority)).rowcount == 1


def above_all(connection: Connection, task: str) -> int:
    """The priority that puts a task before all others that wait; its own if it is there already."""
    waits = (tasks.c.queued_at.is_not(None), func.coalesce(tasks.c.finished_at, 0) == 0)
    ordered = select(tasks.c.id, tasks.c.rank).where(*waits).order_by(*_ORDER).limit(1)
    first = connection.execute(ordered).first()
    if first is None:
        return 0
    rank: int = first.rank
    return -rank if first.id == task else min(1 - rank, _LAST_RANK)


def ahead(connection: Connection, task: str) -> int | None:
    """How many tasks of the same engine are handed out before a task; ``None`` if it waits not."""
    own = connection.execute(
        select(tasks.c.engine, *_ORDER).where(tasks.c.id == task, tasks.c.queued_at.is_not(None))
    ).first()
    if own is None:
        return None
    before = (
        tasks.c.queued_at.is_not(None),
        func.coalesce(tasks.c.finished_at, 0) == 0,
        tasks.c.engine.is_not_distinct_from(own.engine),
        tuple_(*_ORDER) < tuple_(own.rank, own.queued_at, own.id),
    )
    return connection.execute(select(func.count()).select_from(tasks).where(*before)).scalar_one()


def waiting_since(connection: Connection, before: int, limit: int) -> list[str]:
    """Tasks that no worker has begun and that were created before a time, the oldest first."""
    query = (
        select(tasks.c.id)
        .where(
            # Literal, since SQLite uses a partial index only if its condition is in the query.
            text("status IN ('pending', 'processing')"),
            tasks.c.status == Status.PENDING,
            tasks.c.queued_at.is_not(None),
            tasks.c.created_at < before,
        )
        .order_by(tasks.c.created_at)
        .limit(limit)
    )
    return list(connection.execute(query).scalars())


@cache
def _any_waiting(engines: tuple[str, ...]) -> Select[int]:
    # Building the statement takes longer than running it.
    return select(literal(1)).select_from(tasks).where(*_waiting(engines)).limit(1)


def _waiting(engines: Sequence[str]) -> tuple[ColumnElement[bool], ...]:
    has_engine = or_(tasks.c.engine.is_(None), tasks.c.engine.in_(list(engines)))
    return tasks.c.queued_at.is_not(None), has_engine, *not_paused()
