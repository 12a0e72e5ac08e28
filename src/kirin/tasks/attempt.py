"""An attempt: one worker's try at a task."""

from __future__ import annotations

import time
from collections.abc import Callable

from kirin.clock import now_ms
from kirin.database.engine import Database
from kirin.domain.task import Task
from kirin.tasks import store

PROGRESS_SECONDS = 0.5
"""How often progress is written, which is also how fast a cancelled task stops."""


class Attempt:
    """Writes progress now and then, and so learns when to stop."""

    def __init__(self, database: Database, task: Task, stopping: Callable[[], bool]) -> None:
        """Begin.

        Args:
            database: where the task's row is.
            task: as it was claimed.
            stopping: whether this worker goes down.
        """
        self.task = task
        self._database = database
        self._stopping = stopping
        self._progress = 0.0
        self._written = time.monotonic()
        self._lost = False

    def progress(self, share: float) -> None:
        """Remember how far the video is, 0 to 1; it is written when next asked to stop."""
        self._progress = min(max(share, self._progress), 1.0)

    def cancelled(self) -> bool:
        """Whether to stop: the worker goes down, or the task is no longer this attempt's."""
        now = time.monotonic()
        if not self._lost and now - self._written >= PROGRESS_SECONDS:
            self._written = now
            with self._database.write() as connection:
                self._lost = not store.report_progress(
                    connection, self.task, self._progress, now_ms()
                )
        return self._lost or self._stopping()
