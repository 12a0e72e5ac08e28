"""The durable queue, on DBOS: what was put in is worked off once, whoever dies in between.

The queue carries ids only; the truth about a task is its row. That is why cancelling never
touches the queue: a worker that takes a task which has ended meanwhile has nothing to do.
"""

from __future__ import annotations

import time
from collections.abc import Sequence

from dbos import DBOS, DBOSClient, EnqueueOptions, WorkflowSerializationFormat
from sqlalchemy import Engine

from kirin.database.engine import sqlite_engine

APPLICATION = "kirin"

VERSION = "1"
"""Stands for the shape of the workflow; tasks of another version would wait forever, so it
changes only when the workflow's steps do."""

QUEUE = "render"
WORKFLOW = "render"

WAITING = ("ENQUEUED", "DELAYED", "PENDING")
"""DBOS's words for a workflow that will still run, or runs."""


def open_queue_database(url: str) -> Engine:
    """Make or migrate the tables of the task engine and open them.

    DBOS gets our SQLite engine, since on its own it races between processes (WAL and
    BEGIN IMMEDIATE are ours); it migrates over an engine of its own, so WAL must be set first.
    """
    engine = sqlite_engine(url)
    with engine.connect():
        pass
    DBOS.migrate(url)
    return engine


class Queue:
    """Puts tasks into the queue; any process may hold one."""

    def __init__(self, engine: Engine, poll_seconds: float, slots: int) -> None:
        """Connect to a migrated queue database.

        Args:
            engine: from :func:`open_queue_database`.
            poll_seconds: how often idle workers look.
            slots: tasks at a time in each worker.
        """
        self._client = DBOSClient(system_database_engine=engine, application_name=APPLICATION)
        self._client.register_queue(
            QUEUE, worker_concurrency=slots, polling_interval_sec=poll_seconds
        )

    def put(self, task: str) -> None:
        """Queue a task; once it is queued, putting it again changes nothing."""
        self._enqueue(task, workflow=task)

    def put_again(self, task: str) -> None:
        """Queue a task whose earlier run ended without ending the task."""
        self._enqueue(task, workflow=f"{task}-{time.time_ns()}")

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

    def _enqueue(self, task: str, workflow: str) -> None:
        options = EnqueueOptions(
            workflow_name=WORKFLOW,
            queue_name=QUEUE,
            workflow_id=workflow,
            app_version=VERSION,
            # Inputs as JSON: who can write the database shall not be able to run code.
            serialization_type=WorkflowSerializationFormat.PORTABLE,
        )
        self._client.enqueue(options, task)
