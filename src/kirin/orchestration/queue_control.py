"""What an operator does to the queue and to workers; each change writes an entry into the audit.

The command line and the admin API share these functions. Every function works in the transaction
of its caller. Workers look at the database before they take a task, so that what is told here holds
for all of them from the next task on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from sqlalchemy import Connection, select

from kirin.accounts import audit
from kirin.accounts.audit import Actor
from kirin.accounts.checks import NOTE_LENGTH, line, refuse
from kirin.database.tables import tasks
from kirin.domain.task import Task
from kirin.errors import NotWaiting, UnknownQueue, UnknownTask, UnknownWorker
from kirin.tasks import heartbeats, overview, pauses, queue, store
from kirin.tasks.pauses import ALL, Pause


@dataclass(frozen=True, slots=True)
class Moved:
    """A task that waits elsewhere in its queue now.

    Attributes:
        ahead: tasks of the same engine that are handed out before it.
    """

    task: Task
    ahead: int


def queues(connection: Connection) -> set[str]:
    """The queues that can be paused: of engines that a worker has or a task needs, and all."""
    of_workers = {name for each in heartbeats.registered(connection) for name in each.engines}
    of_tasks = {each.engine for each in overview.waiting(connection) if each.engine}
    paused = {each.queue for each in pauses.current(connection)}
    return {ALL} | of_workers | of_tasks | paused


def pause(connection: Connection, actor: Actor, name: str, reason: str, now: int) -> list[Pause]:
    """Pause a queue: it accepts tasks and hands out none; what runs goes on.

    Args:
        name: of an engine, or ``all``.
        reason: for other operators; may be empty.
        now: Unix milliseconds.

    Returns:
        All pauses.

    Raises:
        UnknownQueue: no worker and no task has such an engine.
        InvalidParameters: the reason is too long or no line of text.
    """
    refuse(*line("reason", reason, 0, NOTE_LENGTH))
    _check_known(connection, name)
    pauses.begin(connection, Pause(name, reason, actor.name, now))
    details = {"reason": reason}
    _note(connection, actor, "queue.paused", name, details, now)
    return pauses.current(connection)


def resume(connection: Connection, actor: Actor, name: str, now: int) -> list[Pause]:
    """Let a queue hand out tasks again; does nothing where it is not paused.

    Returns:
        What is paused still: an engine's queue stands while ``all`` are paused, and the other way
        round.

    Raises:
        UnknownQueue: no worker and no task has such an engine.
    """
    _check_known(connection, name)
    if pauses.end(connection, name):
        _note(connection, actor, "queue.resumed", name, {}, now)
    return pauses.current(connection)


def _check_known(connection: Connection, name: str) -> None:
    known = queues(connection)
    if name not in known:
        raise UnknownQueue(f"there is no queue {name[:64]!r}: there are {', '.join(sorted(known))}")


def drain(connection: Connection, actor: Actor, worker: str, now: int) -> None:
    """Let a worker take nothing new, end what it has, and leave.

    Raises:
        UnknownWorker: none of that id is registered.
    """
    if "\0" in worker or not heartbeats.drain(connection, worker, now):
        raise UnknownWorker
    _note(connection, actor, "worker.drained", worker, {}, now)


def prioritise(
    connection: Connection, actor: Actor, id: str, priority: int | None, now: int
) -> Moved:
    """Change a task's place among those that wait; one that runs or has ended has none.

    Args:
        id: of a task of any account.
        priority: higher is sooner, up to :data:`~kirin.tasks.queue.MOST_PRIORITY`; ``None`` puts it
            before all others.

    Raises:
        UnknownTask: there is none.
        NotWaiting: it runs, or has ended.
    """
    task = None if "\0" in id else store.get(connection, id)
    if task is None:
        raise UnknownTask("there is no such task")
    new = queue.above_all(connection, id) if priority is None else priority
    if not queue.prioritise(connection, id, new):
        raise NotWaiting(_why_not(connection, id))
    details = {"before": task.priority, "after": new}
    _note(connection, actor, "task.prioritised", id, details, now, task.account)
    return Moved(replace(task, priority=new), queue.ahead(connection, id) or 0)


def _why_not(connection: Connection, id: str) -> str:
    row = connection.execute(
        select(tasks.c.finished_at, tasks.c.worker).where(tasks.c.id == id)
    ).one()
    if row.finished_at is not None:
        return "the task has ended: only tasks that wait have a place in the queue"
    return "a worker has the task already: only tasks that wait have a place in the queue"


def _note(
    connection: Connection,
    actor: Actor,
    action: str,
    target: str,
    details: Mapping[str, object],
    now: int,
    account: str | None = None,
) -> None:
    audit.note(
        connection,
        actor,
        action,
        account=account,
        target=target[:128],
        details=details,
        now=now,
    )
