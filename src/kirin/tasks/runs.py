"""Runs: each time a worker works on a task is a workflow of DBOS, under an id of its own.

Only calls that DBOS documents are used. It is imported late: that takes half a second, and of all
processes only workers need it.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Collection
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING

from kirin.database.engine import open_engine, parse_url

if TYPE_CHECKING:
    from dbos import DBOSClient
    from sqlalchemy import Engine

APPLICATION = "kirin"

VERSION = "2"
"""The version of the workflow's shape. DBOS starts no workflow of another version."""

WORKFLOW = "render"

UNFINISHED = ("ENQUEUED", "DELAYED", "PENDING")
"""DBOS's statuses of a workflow that runs or is yet to run."""

FINISHED = ("SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED")
"""DBOS's statuses of a workflow that has ended."""

IDLE_SECONDS = 60.0
"""How often DBOS looks for messages and schedules, of which there are none."""


def task_of(run: str) -> str:
    """The task that a run works on, by the run's id."""
    return run.partition("-")[0]


class Runs:
    """Starts runs in this process, and keeps the record of runs in order."""

    def __init__(self, url: str) -> None:
        """Set up; nothing is connected yet.

        Args:
            url: of the database that has DBOS's tables.
        """
        self._url = url

    def migrate(self) -> None:
        """Create DBOS's tables, or bring them up to date."""
        from dbos import DBOS

        if parse_url(self._url).drivername == "sqlite":
            # DBOS migrates through an engine of its own, so WAL mode must be set before.
            engine = open_engine(self._url)
            with engine.connect():
                pass
            engine.dispose()
        DBOS.migrate(self._url)

    def launch(self, worker: str, work: Callable[[str], None]) -> None:
        """Get ready to start runs; once in a process.

        Args:
            worker: id of this worker, unique among all processes.
            work: works on the task of an id, in a thread of DBOS.
        """
        from dbos import DBOS, DBOSConfig, WorkflowSerializationFormat

        # A function, since DBOS marks what it registers, and a method cannot be marked.
        def workflow(task: str) -> None:
            work(task)

        DBOS(
            config=DBOSConfig(
                name=APPLICATION,
                application_version=VERSION,
                executor_id=worker,
                system_database_engine=self._engine,
                run_migrations=False,
                use_listen_notify=False,
                notification_listener_polling_interval_sec=IDLE_SECONDS,
                scheduler_polling_interval_sec=IDLE_SECONDS,
                log_level="WARNING",
            )
        )
        self._workflow = DBOS.workflow(
            name=WORKFLOW,
            # Attempts are counted in the task's row, where the user can be told of them.
            max_recovery_attempts=None,
            # JSON and not pickle: write access to the database must not mean running code.
            serialization_type=WorkflowSerializationFormat.PORTABLE,
        )(workflow)
        logging.getLogger("dbos").addFilter(_is_news)
        DBOS.listen_queues([])  # the queue is ours, see kirin.tasks.queue
        DBOS.launch()

    def start(self, task: str) -> None:
        """Start a run of a task in a thread, after writing it down."""
        from dbos import DBOS, SetWorkflowID

        with SetWorkflowID(f"{task}-{secrets.token_hex(4)}"):
            DBOS.start_workflow(self._workflow, task)

    def unfinished(self, worker: str | None = None) -> dict[str, str | None]:
        """Ids of the runs that have not ended, and the worker of each.

        Args:
            worker: only runs of this one.
        """
        runs = self._client.list_workflows(
            status=list(UNFINISHED), executor_id=worker, load_input=False, load_output=False
        )
        return {run.workflow_id: run.executor_id for run in runs}

    def cancel(self, runs: Collection[str]) -> None:
        """Mark runs as cancelled, since the worker that started them is gone."""
        if runs:
            self._client.cancel_workflows(list(runs))

    def delete(self, ended_before: int, limit: int) -> int:
        """Delete the record of runs that ended before a time.

        Args:
            ended_before: Unix milliseconds.
            limit: how many at most.

        Returns:
            How many were deleted.
        """
        when = datetime.fromtimestamp(ended_before / 1000, tz=UTC).isoformat()
        ended = self._client.list_workflows(
            status=list(FINISHED),
            completed_before=when,
            limit=limit,
            load_input=False,
            load_output=False,
        )
        if ended:
            self._client.delete_workflows([run.workflow_id for run in ended])
        return len(ended)

    def close(self) -> None:
        """Disconnect, if anything was connected."""
        if "_client" in self.__dict__:
            self._client.destroy()
        if "_engine" in self.__dict__:
            self._engine.dispose()

    @cached_property
    def _engine(self) -> Engine:
        # With an engine of its own, DBOS races on SQLite: WAL and BEGIN IMMEDIATE are ours.
        return open_engine(self._url)

    @cached_property
    def _client(self) -> DBOSClient:
        from dbos import DBOSClient

        return DBOSClient(
            system_database_engine=self._engine,
            application_name=APPLICATION,
            retry_connection_errors=False,
        )


def _is_news(record: logging.LogRecord) -> bool:
    """Whether a line of DBOS's log tells anything but that a run has ended which others cancelled.

    They did so since they took this worker for dead: that is no error, and a warning that the run's
    outcome does not count stands before it.
    """
    from dbos import error

    happened = record.exc_info[1] if record.exc_info else None
    return not isinstance(happened, error.DBOSAwaitedWorkflowCancelledError)
