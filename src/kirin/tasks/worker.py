"""A worker process: takes tasks from the queues of its engines, a few at a time.

It is crash-only: going down in good order leaves running tasks to the next worker by the very
path that a crash does, so that path is walked every day.
"""

from __future__ import annotations

import os
import secrets
import socket
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import NoReturn

import structlog
from dbos import DBOS, DBOSConfig
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from kirin.database.engine import Database
from kirin.errors import Stopped
from kirin.tasks import presence, slots, store
from kirin.tasks.liveness import Liveness
from kirin.tasks.presence import Watch
from kirin.tasks.queue import APPLICATION, VERSION, WORKFLOW, Queue, queue_names

log = structlog.get_logger(__name__)

SWEEP_SECONDS = 2.0
"""How often a worker looks for tasks of dead workers."""

BEAT_SECONDS = 2.0
"""How often a worker shows that it is awake."""

PATIENCE = 8
"""Sweeps that find a worker standing still before its tasks are taken over: 16 s."""

LOST_STATUS = 75
"""Exit status of a worker whose lock was lost."""

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
    """Works off its queues until told to stop."""

    def __init__(
        self,
        *,
        database: Database,
        queue: Queue,
        queue_engine: Engine,
        liveness: Liveness,
        engines: Sequence[str],
        slots: int,
        poll_seconds: float,
        run: RunTask,
        now: Callable[[], int],
    ) -> None:
        """Set up; nothing runs yet.

        Args:
            database: where the tasks' rows are.
            queue, queue_engine: the queues and their database.
            liveness: the workers' locks, shared by all workers.
            engines: names of the engines that are here.
            slots: tasks at a time.
            poll_seconds: how often to look for new tasks.
            run: what to do with a task.
            now: the time in Unix milliseconds.
        """
        self.id = f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(4)}"
        self._database = database
        self._queue = queue
        self._queue_engine = queue_engine
        self._liveness = liveness
        self._engines = tuple(engines)
        self._names = queue_names(engines)
        self._slots = slots
        self._free = threading.Semaphore(slots)
        self._poll_seconds = poll_seconds
        self._run = run
        self._now = now
        self._watch = Watch(PATIENCE)
        self._draining = threading.Event()
        self._stopping = threading.Event()
        self._running: set[str] = set()
        self._begun: set[str] = set()
        self._idle: set[str] = set()
        self._changed = threading.Condition()

    def enter(self) -> None:
        """Show that this worker is alive; it takes no tasks yet."""
        self._lock = self._liveness.hold(self.id)

    def start(self) -> None:
        """Start taking tasks, in threads of the task engine; :meth:`enter` comes first."""
        self._count_up()
        self._queue.listen(self._names, self._slots, self._poll_seconds)
        config = DBOSConfig(
            name=APPLICATION,
            application_version=VERSION,
            executor_id=self.id,
            system_database_engine=self._queue_engine,
            run_migrations=False,
            use_listen_notify=False,
            log_level="WARNING",
        )
        dbos = DBOS(config=config)

        # The number of attempts is counted in the task's row, which can also tell the user.
        # A function and not the method: the task engine marks what it registers.
        def workflow(task: str) -> None:
            self._workflow(task)

        DBOS.workflow(name=WORKFLOW, max_recovery_attempts=None)(workflow)
        DBOS.listen_queues(self._names)
        DBOS.launch()
        slots.limit(dbos, self._names, self._slots, self._poll_seconds)
        for name, work, pause in (
            ("beat", self._beat, BEAT_SECONDS),
            ("sweeper", self.sweep, SWEEP_SECONDS),
        ):
            arguments = (name, work, pause)
            threading.Thread(target=self._repeat, args=arguments, name=name, daemon=True).start()
        log.info("worker started", worker=self.id, queues=self._names, slots=self._slots)

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
        with suppress(SQLAlchemyError), self._database.write() as connection:
            presence.strike_off(connection, self.id)
        log.info("worker stopped", worker=self.id)

    def knows_dead(self, worker: str) -> bool:
        """Whether another worker's process is gone."""
        return self._liveness.is_dead(worker)

    def _workflow(self, task: str) -> None:
        id = DBOS.workflow_id or task
        self._begun.add(id)
        try:
            self._take(task)
        finally:
            self._begun.discard(id)

    def _take(self, task: str) -> None:
        # Two queues that are looked at in the same moment may give one task too many.
        with self._free:
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

    def _repeat(self, name: str, work: Callable[[], None], pause: float) -> None:
        # At once, too: a second start goes on with what the first has left.
        while not self._draining.is_set():
            try:
                work()
            except Exception:
                # The database may be away for a while; the next round tries again.
                log.exception(f"{name} failed", worker=self.id)
            self._draining.wait(pause)

    def _beat(self) -> None:
        try:
            self._lock.check()
        except Exception as error:
            if not self._draining.is_set():
                log.error("the lock is lost, the process ends", worker=self.id, reason=str(error))
                sys.stderr.flush()
                os._exit(LOST_STATUS)
        self._count_up()

    def _count_up(self) -> None:
        with self._database.write() as connection:
            presence.beat(connection, self.id, self._now(), self._engines, self._slots)

    def sweep(self) -> None:
        """Take over the tasks of dead workers, and queue those that were never queued."""
        with self._database.read() as connection:
            beats = presence.beats(connection)
        pending = DBOS.list_workflows(status="PENDING", load_input=False, load_output=False)
        busy = {w.executor_id for w in pending if w.executor_id}
        self._let_go({w.workflow_id for w in pending if w.executor_id == self.id})
        for worker in sorted((busy | beats.keys()) - {self.id}):
            dead = self._liveness.is_dead(worker)
            if dead or self._watch.frozen(beats, worker):
                log.warning(
                    "taking over from a dead worker" if dead else "taking over from a frozen one",
                    dead=worker,
                    worker=self.id,
                )
                # Private, hence the exact pin of the version and the test that kills a worker.
                DBOS._recover_pending_workflows([worker])
                with self._database.write() as connection:
                    presence.strike_off(connection, worker)
                self._watch.forget(worker)
        with self._database.read() as connection:
            unfinished = store.unfinished(connection, created_before=self._now() - GRACE_MS)
        for start in range(0, len(unfinished), BATCH):
            part = dict(list(unfinished.items())[start : start + BATCH])
            for task in self._queue.mend(part):
                log.warning("queued a lost task", task=task)

    def _let_go(self, mine: set[str]) -> None:
        """Give up runs of this worker that ended here, though the queue could not be told: its
        disk was full, or it was away. What their tasks need is then seen like any other."""
        idle = mine - self._begun
        for id in idle & self._idle:  # twice: not one that begins in this moment
            log.warning("giving up a run whose end could not be written", run=id)
            DBOS.cancel_workflow(id)
        self._idle = idle


def _park() -> NoReturn:
    """Keep this thread, and with it the workflow, unfinished until the process ends."""
    while True:
        threading.Event().wait()
