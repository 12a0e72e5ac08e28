"""An attempt: what a worker does about a task between its claim and its end."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from typing import Any

import structlog
from sqlalchemy.exc import OperationalError

from kirin.clock import now_ms
from kirin.database.engine import Database
from kirin.domain.assets import Asset
from kirin.domain.task import Task
from kirin.tasks import previews, store

log = structlog.get_logger(__name__)

PROGRESS_SECONDS = 0.5
"""How often progress is written; a cancelled task is noticed on that occasion."""


class Attempt:
    """Writes progress at intervals, and learns from that when to stop."""

    def __init__(
        self,
        database: Database,
        task: Task,
        stopping: Callable[[], bool],
        seconds: float = math.inf,
    ) -> None:
        """Begin.

        Args:
            database: where the task's row is.
            task: as it was claimed.
            stopping: tells whether the worker stops.
            seconds: how long the attempt may take.
        """
        self.task = task
        self._noted = dict(task.metadata)
        self._ends = time.monotonic() + seconds
        self._database = database
        self._stopping = stopping
        self._progress = 0.0
        self._written = time.monotonic()
        self._superseded = False
        self.watched = False
        """Whether somebody wants to see what is being rendered."""

    def progress(self, share: float) -> None:
        """Report progress, 0 to 1; it is written with the next call of :meth:`cancelled`."""
        self._progress = min(max(share, self._progress), 1.0)

    def cancelled(self) -> bool:
        """Whether to stop: the worker stops, the time is up, the task was cancelled, or another
        worker has taken it over."""
        now = time.monotonic()
        if not self._superseded and now - self._written >= PROGRESS_SECONDS:
            self._written = now
            try:
                with self._database.write() as connection:
                    at = now_ms()
                    self._superseded = not store.report_progress(
                        connection, self.task, self._progress, at
                    )
                    self.watched = previews.wanted(connection, self.task.id, at)
            except OperationalError:
                # A render survives a restart of the database.
                log.warning("progress could not be written", task=self.task.id, exc_info=True)
        return self._superseded or self.late or self._stopping()

    @property
    def late(self) -> bool:
        """Whether the time is up."""
        return time.monotonic() > self._ends

    def assign(self, engine: str) -> None:
        """Record which engine has the task now: the next attempt asks that one first."""
        with self._database.write() as connection:
            self._superseded |= not store.assign(connection, self.task, engine, now_ms())

    def remote_job_started(self, job_id: str) -> None:
        """Record the id of the job on another machine: the next attempt resumes it."""
        self.note({"job": job_id})

    def note(self, facts: Mapping[str, Any]) -> None:
        """Write facts into the task's metadata, where they stay if the attempt fails.

        Args:
            facts: JSON values by name; ``None`` takes a name away.
        """
        noted = {**self._noted, **facts}
        self._noted = {name: value for name, value in noted.items() if value is not None}
        with self._database.write() as connection:
            self._superseded |= not store.set_metadata(connection, self.task, self._noted, now_ms())

    def show(self, picture: bytes) -> None:
        """Show a JPEG of what is being rendered to whoever watches; a failure stops nothing."""
        try:
            with self._database.write() as connection:
                previews.keep(connection, self.task.id, picture)
        except OperationalError:
            log.warning("a preview could not be written", task=self.task.id, exc_info=True)

    def keep(self, assets: Mapping[str, Asset]) -> None:
        """Record the media that were fetched; the next attempt need not fetch them."""
        with self._database.write() as connection:
            self._superseded |= not store.set_assets(connection, self.task, assets, now_ms())

    def abandoned(self) -> bool:
        """Whether the task itself has ended, and not only this attempt."""
        if self.late:
            return True
        with self._database.read() as connection:
            task = store.get(connection, self.task.id)
        return task is None or task.status.final
