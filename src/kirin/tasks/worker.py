"""A worker process: takes tasks from the queue and runs them, a few at a time.

It is crash-only: going down in good order leaves running tasks to the next worker by the very
path that a crash does, so that path is walked every day.
"""

from __future__ import annotations

import os
import secrets
import socket
import threading
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import structlog
from dbos import DBOS, DBOSConfig
from sqlalchemy import Engine

from kirin.database.engine import Database
from kirin.errors import Stopped
from kirin.tasks import store
from kirin.tasks.liveness import LivenessLock, is_dead
from kirin.tasks.queue import APPLICATION, QUEUE, VERSION, WORKFLOW, Queue

log = structlog.get_logger(__name__)

SWEEP_SECONDS = 2.0
"""How often a worker looks for tasks of dead workers."""

GRACE_MS = 10_000
"""Age at which a task that no one has queued counts as lost; before, its creator is at it."""

HAND_BACK_SECONDS = 5.0
"""How long a stopped render may take to clean up behind itself."""

BATCH = 500
"""Tasks that one question to the queue is about."""

RunTask = Callable[[str, Callable[[], bool]], None]
"""Runs the task of an id to its end; asks the second argument whether to stop, and if so
raises :class:`~kirin.errors.Stopped`."""


class Worker:
    """Works off the queue until told to stop."""

    def __init__(
        self,
        *,
        database: Database,
        queue: Queue,
        queue_engine: Engine,
        locks: Path,
        run: RunTask,
        now: Callable[[], int],
    ) -> None:
        """Set up; nothing runs yet.

        Args:
            database: where the tasks' rows are.
            queue, queue_engine: the queue and its database.
            locks: folder of the workers' liveness locks, shared by all workers.
            run: what to do with a task.
            now: the time in Unix milliseconds.
        """
        self.id = f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(4)}"
        self._database = database
        self._queue = queue
        self._engine = queue_engine
        self._locks = locks
        self._run = run
        self._now = now
        self._draining = threading.Event()
        self._stopping = threading.Event()
        self._running: set[str] = set()
        self._changed = threading.Condition()

    def start(self) -> None:
        """Start taking tasks, in threads of the task engine."""
        self._lock = LivenessLock(self._locks, self.id)
        config = DBOSConfig(
            name=APPLICATION,
            application_version=VERSION,
            executor_id=self.id,
            system_database_engine=self._engine,
            run_migrations=False,
            use_listen_notify=False,
            log_level="WARNING",
        )
        DBOS(config=config)

        # The number of attempts is counted in the task's row, which can also tell the user.
        # A function and not the method: the task engine marks what it registers.
        def workflow(task: str) -> None:
            self._workflow(task)

        DBOS.workflow(name=WORKFLOW, max_recovery_attempts=None)(workflow)
        DBOS.listen_queues([QUEUE])
        DBOS.launch()
        self._sweeper = threading.Thread(target=self._sweep_forever, name="sweeper", daemon=True)
        self._sweeper.start()
        log.info("worker started", worker=self.id)

    def stop(self, patience: float) -> None:
        """Take no more tasks, give running ones some seconds to end, hand back the others.

        The process must end right after, by ``os._exit``: the threads of handed-back tasks
        stay parked, so that the task engine does not count their workflows as ended.
        """
        self._draining.set()
        with self._changed:
            self._changed.wait_for(lambda: not self._running, timeout=patience)
            self._stopping.set()
            # A render looks at the flag once a frame; what takes longer dies with the process.
            self._changed.wait_for(lambda: not self._running, timeout=HAND_BACK_SECONDS)
        self._lock.release()
        log.info("worker stopped", worker=self.id)

    def _workflow(self, task: str) -> None:
        if self._draining.is_set():
            _park()
        with self._changed:
            self._running.add(task)
        try:
            self._run(task, self._stopping.is_set)
            handed_back = False
        except Stopped:
            handed_back = True
        finally:
            with self._changed:
                self._running.discard(task)
                self._changed.notify_all()
        if handed_back:
            _park()

    def _sweep_forever(self) -> None:
        # At once, too: a second start goes on with what the first has left.
        while not self._draining.is_set():
            try:
                self.sweep()
            except Exception:
                # The database may be away for a while; the next round tries again.
                log.exception("sweep failed", worker=self.id)
            self._draining.wait(SWEEP_SECONDS)

    def sweep(self) -> None:
        """Take over the tasks of dead workers, and queue those that were never queued."""
        pending = DBOS.list_workflows(status="PENDING", load_input=False, load_output=False)
        others = {w.executor_id for w in pending if w.executor_id} - {self.id}
        for worker in sorted(others):
            if is_dead(self._locks, worker):
                log.warning("taking over from a dead worker", dead=worker, worker=self.id)
                # Private, hence the exact pin of the version and the test that kills a worker.
                DBOS._recover_pending_workflows([worker])
        with self._database.read() as connection:
            unfinished = store.unfinished(connection, created_before=self._now() - GRACE_MS)
        for start in range(0, len(unfinished), BATCH):
            for task in self._queue.lost(unfinished[start : start + BATCH]):
                log.warning("queueing a lost task", task=task)
                if self._queue.knows(task):
                    self._queue.put_again(task)
                else:
                    self._queue.put(task)


def _park() -> NoReturn:
    """Keep this thread, and with it the workflow, unfinished until the process ends."""
    while True:
        threading.Event().wait()
