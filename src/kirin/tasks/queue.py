"""All SQL about the queue: which tasks wait, and which worker holds the lease of a task.

The queue is two columns of the task's own row, so accepting a task and queueing it are one
transaction. ``queued_at`` is set while the task waits, and orders the queue. ``worker`` names the
worker that holds its lease; the lease ends when the worker releases it or is found dead. A lease
covers the cleaning up behind a task, so it may outlive the task's end.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from sqlalchemy import ColumnElement, Connection, Select, case, literal, null, or_, select, update

from kirin.database.tables import tasks

_UNFINISHED = tasks.c.finished_at.is_(None)


def has_waiting(connection: Connection, engines: Sequence[str]) -> bool:
    """Whether a task waits for one of the engines, or for none. Cheap: idle workers poll it."""
    return connection.execute(_any_waiting(tuple(engines))).first() is not None


def lease(connection: Connection, worker: str, engines: Sequence[str], limit: int) -> list[str]:
    """Lease waiting tasks to a worker, the oldest first.

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
        .order_by(tasks.c.queued_at, tasks.c.id)
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
    place = case((_UNFINISHED, tasks.c.created_at), else_=null())
    released = connection.execute(
        update(tasks)
        .where(tasks.c.id == task, tasks.c.worker == worker)
        .values(queued_at=place, worker=null())
    )
    return released.rowcount == 1


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


@cache
def _any_waiting(engines: tuple[str, ...]) -> Select[int]:
    # Building the statement takes longer than running it.
    return select(literal(1)).select_from(tasks).where(*_waiting(engines)).limit(1)


def _waiting(engines: Sequence[str]) -> tuple[ColumnElement[bool], ...]:
    has_engine = or_(tasks.c.engine.is_(None), tasks.c.engine.in_(list(engines)))
    return tasks.c.queued_at.is_not(None), has_engine
