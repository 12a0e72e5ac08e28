"""Idle workers: they look for work ten times a second, and it should cost next to nothing."""

from __future__ import annotations

from typing import Any

from dbos import DBOS
from sqlalchemy import literal, select

from kirin.database.engine import reader


def look_first(dbos: DBOS) -> None:
    """Let a launched task engine begin to take tasks only where some wait.

    Taking is a transaction of a dozen statements, and on SQLite it holds the one write lock:
    an idle worker spent a sixth of a core on it. Private, as in :mod:`kirin.tasks.slots`.
    """
    system = dbos._sys_db
    take = system.start_queued_workflows
    rows = system.tables.workflow_status
    engine = reader(system.engine)

    def start_queued_workflows(queue: Any, *given: Any, **named: Any) -> Any:
        waiting = select(literal(1)).where(
            rows.c.queue_name == queue.name, rows.c.status == "ENQUEUED"
        )
        with engine.connect() as connection:
            if connection.execute(waiting.limit(1)).first() is None:
                return [], None
        return take(queue, *given, **named)

    system.start_queued_workflows = start_queued_workflows  # type: ignore[method-assign]
