"""The durable queue, on DBOS: what was put in is worked off once, whoever dies in between.

The queue carries ids only; the truth about a task is its row. That is why cancelling never
touches the queue: a worker that takes a task which has ended meanwhile has nothing to do.

Each engine has a queue of its own, so that a task goes only to workers that have its engine.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from dbos import DBOS, DBOSClient, EnqueueOptions, WorkflowSerializationFormat
from sqlalchemy import Engine

from kirin.database.engine import open_engine, parse_url

APPLICATION = "kirin"

VERSION = "1"
"""Stands for the shape of the workflow; tasks of another version would wait forever, so it
changes only when the workflow's steps do."""

WORKFLOW = "render"

ANY = "render"
"""The queue of tasks that need no engine; every worker listens to it."""

AGAIN_SECONDS = 10
"""A task is queued again once in such a span of time."""

WAITING = ("ENQUEUED", "DELAYED", "PENDING")
"""DBOS's words for a workflow that will still run, or runs."""


OVER = ("SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED")
"""Its words for one that has ended; nothing else removes these."""


def queue_name(engine: str | None) -> str:
    """The queue for tasks of an engine, or for those that need none."""
    return ANY if engine is None else f"{ANY}-{engine}"


def queue_names(engines: Sequence[str]) -> list[str]:
    """The queues that a worker with these engines listens to."""
    return [queue_name(engine) for engine in (None, *engines)]


def migrate_queue(url: str) -> None:
    """Make the tables of the task engine, or bring them up to date."""
    if parse_url(url).drivername == "sqlite":
        # DBOS migrates over an engine of its own, so WAL must be set first.
        engine = open_engine(url)
        with engine.connect():
            pass
        engine.dispose()
    DBOS.migrate(url)


class Queue:
    """Puts tasks into the queues; any process may hold one."""

    def __init__(self, engine: Engine) -> None:
        """Connect to a migrated queue database.

        Args:
            engine: from :func:`kirin.database.engine.open_engine`: on its own, DBOS races on
                SQLite between processes (WAL and BEGIN IMMEDIATE are ours).
        """
        self._client = DBOSClient(
            system_database_engine=engine,
            application_name=APPLICATION,
            # A request must not hang while the database is away: the task's row is what counts.
            retry_connection_errors=False,
        )

    def listen(self, names: Sequence[str], slots: int, poll_seconds: float) -> None:
        """Make queues known to the workers.

        Args:
            names: which.
            slots: tasks at a time in each worker, unless it says otherwise.
            poll_seconds: how often idle workers look, unless they say otherwise.
        """
        for name in names:
            self._client.register_queue(
                name, worker_concurrency=slots, polling_interval_sec=poll_seconds
            )

    def put(self, task: str, engine: str | None) -> None:
        """Queue a task; once it is queued, putting it again changes nothing."""
        self._enqueue(task, engine, workflow=task)

    def put_again(self, task: str, engine: str | None) -> None:
        """Queue a task whose earlier run ended without ending the task.

        Several workers that notice it in the same moment queue it once.
        """
        self._enqueue(task, engine, workflow=f"{task}-{time.time() // AGAIN_SECONDS:.0f}")

    def lost(self, tasks: Sequence[str]) -> list[str]:
        """Those of the given tasks that nothing in the queue will ever run."""
        waiting = self._client.list_workflows(
            workflow_ids=list(tasks), status=list(WAITING), load_input=False, load_output=False
        )
        alive = {workflow.workflow_id for workflow in waiting}
        return [task for task in tasks if task not in alive and not self._runs_again(task)]

    def knows(self, task: str) -> bool:
        """Whether the task was ever put."""
        return bool(
            self._client.list_workflows(workflow_ids=[task], load_input=False, load_output=False)
        )

    def mend(self, tasks: Mapping[str, str | None]) -> list[str]:
        """Queue those of the tasks that nothing will ever run, and tell which they were.

        Args:
            tasks: ids, and the engine of each.
        """
        lost = self.lost(list(tasks))
        for task in lost:
            if self.knows(task):
                self.put_again(task, tasks[task])
            else:
                self.put(task, tasks[task])
        return lost

    def forget(self, ended_before: int, limit: int) -> int:
        """Delete what ran and ended before a time.

        Args:
            ended_before: Unix milliseconds.
            limit: how much at most.

        Returns:
            How much it was.
        """
        when = datetime.fromtimestamp(ended_before / 1000, tz=UTC).isoformat()
        over = self._client.list_workflows(
            status=list(OVER),
            completed_before=when,
            limit=limit,
            load_input=False,
            load_output=False,
        )
        if over:
            self._client.delete_workflows([workflow.workflow_id for workflow in over])
        return len(over)

    def close(self) -> None:
        """Disconnect."""
        self._client.destroy()

    def _runs_again(self, task: str) -> bool:
        return bool(
            self._client.list_workflows(
                workflow_id_prefix=f"{task}-",
                status=list(WAITING),
                load_input=False,
                load_output=False,
            )
        )

    def _enqueue(self, task: str, engine: str | None, workflow: str) -> None:
        options = EnqueueOptions(
            workflow_name=WORKFLOW,
            queue_name=queue_name(engine),
            workflow_id=workflow,
            app_version=VERSION,
            # Inputs as JSON: who can write the database shall not be able to run code.
            serialization_type=WorkflowSerializationFormat.PORTABLE,
        )
        self._client.enqueue(options, task)
