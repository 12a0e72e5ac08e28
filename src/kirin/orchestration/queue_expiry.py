"""Tasks that no worker has begun for too long end as failed, and cost nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import structlog

from kirin.catalogue.codes import WAITED_TOO_LONG
from kirin.database.engine import Database
from kirin.domain.task import Failure
from kirin.orchestration.transitions import Transitions
from kirin.tasks import queue, store

log = structlog.get_logger(__name__)

BATCH = 100
"""Tasks that are ended in one go; the rest follows a moment later."""


@dataclass(frozen=True)
class QueueExpiry:
    """Ends what has waited for too long.

    Attributes:
        transitions: what follows the end of a task: what was held is given back, and whoever
            follows it is told.
        seconds: for how long a task may wait, paused or not; ``None`` is for ever.
        now: the time in Unix milliseconds.
    """

    database: Database
    transitions: Transitions
    seconds: float | None
    now: Callable[[], int]

    def expire(self) -> int:
        """End the tasks that are due, and tell how many these were; workers call it together."""
        if self.seconds is None:
            return 0
        now = self.now()
        with self.database.read() as connection:
            due = queue.waiting_since(connection, now - round(self.seconds * 1000), BATCH)
        message = f"no worker has begun the task within {self.seconds:g} s, the longest it may wait"
        return sum(self._end(id, Failure(WAITED_TOO_LONG, message), now) for id in due)

    def _end(self, id: str, failure: Failure, now: int) -> bool:
        with self.database.write() as connection:
            if not store.expire(connection, id, failure, now):
                return False  # begun, cancelled, or ended by another worker
            self.transitions.publish(connection, id)
        log.info("task failed: it waited too long", task=id)
        return True
