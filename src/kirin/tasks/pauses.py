"""All SQL about pauses: queues that hand out no tasks, on an operator's word.

A queue is that of an engine, or :data:`ALL` of them, which is also the only one that holds tasks
which need no engine. A paused queue accepts tasks, and who works on one goes on.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, delete, insert, or_, select, update

from kirin.database.tables import pauses, tasks

ALL = "all"
"""The name of all queues together."""


@dataclass(frozen=True, slots=True)
class Pause:
    """A queue that is paused.

    Attributes:
        queue: name of an engine, or :data:`ALL`.
        reason: the operator's, for other operators; may be empty.
        actor: who did it, as the audit names them.
        since: Unix milliseconds.
    """

    queue: str
    reason: str
    actor: str
    since: int


def current(connection: Connection) -> list[Pause]:
    """All pauses, the oldest first."""
    rows = connection.execute(select(pauses).order_by(pauses.c.since, pauses.c.queue))
    return [Pause(row.queue, row.reason, row.actor, row.since) for row in rows]


def begin(connection: Connection, pause: Pause) -> None:
    """Pause a queue; one that is paused already gets the new reason, and keeps its time."""
    told = {"reason": pause.reason, "actor": pause.actor}
    known = update(pauses).where(pauses.c.queue == pause.queue).values(told)
    if not connection.execute(known).rowcount:
        connection.execute(insert(pauses).values(queue=pause.queue, since=pause.since, **told))


def end(connection: Connection, queue: str) -> bool:
    """Resume a queue; ``False`` where it was not paused."""
    return connection.execute(delete(pauses).where(pauses.c.queue == queue)).rowcount == 1


def not_paused() -> tuple[ColumnElement[bool], ...]:
    """Conditions on a task that its queue hands it out. Neither depends on the row, so a database
    asks each once a statement."""
    all_of_them = select(pauses.c.queue).where(pauses.c.queue == ALL).exists()
    named = tasks.c.engine.not_in(select(pauses.c.queue))
    return ~all_of_them, or_(tasks.c.engine.is_(None), named)
