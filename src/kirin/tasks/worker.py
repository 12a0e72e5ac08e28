"""A worker process: leases tasks from the queue, a few at a time, and works on them.

It is crash-only: an orderly stop leaves running tasks to other workers the same way a crash does,
so that path is used every day.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress

import structlog
from sqlalchemy.exc import SQLAlchemyError

from kirin.database.engine import Database
from kirin.errors import Stopped
from kirin.tasks import heartbeats, queue
from kirin.tasks.heartbeats import StallDetector
from kirin.tasks.liveness import Liveness
from kirin.tasks.runs import Runs, task_of
from kirin.tasks.worker_ids import new_id

log = structlog.get_logger(__name__)

SWEEP_SECONDS = 2.0
"""How often a worker looks for tasks of dead workers."""

HEARTBEAT_SECONDS = 2.0
"""How often a worker counts up its heartbeat."""

RECORD_SWEEPS = 30
"""Sweeps between two looks at the record of this worker's own runs: a minute."""

STALLED_CHECKS = 8
"""Sweeps that find a heartbeat unchanged before the worker's tasks are taken over: 16 s."""

LOCK_LOST_STATUS = 75
"""Exit status of a worker that has lost its lock."""

JOIN_SECONDS = 1.0
"""How long one of the worker's own threads may take to notice that it is over."""

ABORT_SECONDS = 5.0
"""How long aborted renders may take to clean up when the worker stops."""

MIGRATION = "migration of the runs"
"""Purpose of the transaction in which DBOS's tables are created."""

RunTask = Callable[[str, Callable[[], bool], str], bool]
"""Works on a task until it ends. Takes the task's id, a function that tells whether to stop, and
the id of the worker that holds the lease. Returns whether the lease has ended with the task. Raises
:class:`~kirin.errors.Stopped` when it stops."""


class Worker:
    """Works on queued tasks until told to stop."""

    def __init__(
        self,
        *,
        database: Database,
        runs: Runs,
        liveness: Liveness,
        engines: Sequence[str],
        slots: int,
        poll_seconds: float,
        run: RunTask,
        now: Callable[[], int],
        expire: Callable[[], object] = int,
    ) -> None:
        """Set up; nothing runs yet.

        Args:
            database: where the tasks' rows are.
            runs: the record of who works on what.
            liveness: the workers' locks, shared by all workers.
            engines: names of the engines of this worker.
            slots: tasks at a time, over all engines.
            poll_seconds: how often to look for new tasks while a slot is free.
            run: what to do with a task.
            now: the time in Unix milliseconds.
            expire: ends tasks that have waited for too long.
        """
        self.id = new_id()
        self._database = database
        self._runs = runs
        self._liveness = liveness
        self._engines = tuple(engines)
        self._slots = slots
        self._poll_seconds = poll_seconds
        self._run = run
        self._now = now
        self._expire = expire
        self._retiring = threading.Event()
        self._on_drained: Callable[[], object] | None = None
        self._stalls = StallDetector(STALLED_CHECKS)
        self._draining = threading.Event()
        self._stopping = threading.Event()
        self._retired = threading.Event()
        self._threads: list[threading.Thread] = []
        self._running: set[str] = set()
        self._unattended: set[str] = set()
        self._unattended_runs: set[str] = set()
        self._sweeps = 0
        self._changed = threading.Condition()

    def enter(self) -> None:
        """Acquire this worker's lock, which shows that it is alive; it takes no tasks yet."""
        self._lock = self._liveness.hold(self.id)

    def migrate(self) -> None:
        """Create the tables of the runs, or bring them up to date."""
        with self._database.write_alone(MIGRATION):
            self._runs.migrate()

    def start(self, on_drained: Callable[[], object] | None = None) -> None:
        """Start taking tasks, in threads; :meth:`enter` comes first.

        Args:
            on_drained: called once when it was told to take nothing new and has ended what it had.
        """
        self._on_drained = on_drained
        self._beat_once()
        self._runs.launch(self.id, self._work)
        # The heart beats until the last task is released: else a worker that gives its tasks time
        # to end would look stalled meanwhile.
        heartbeat = (self._beat, HEARTBEAT_SECONDS, self._retired)
        sweep = (self.sweep, SWEEP_SECONDS, self._draining)
        self._threads = [
            threading.Thread(target=self._repeat, args=heartbeat, name="heartbeat", daemon=True),
            threading.Thread(target=self._repeat, args=sweep, name="sweep", daemon=True),
            threading.Thread(target=self._dispatch, name="dispatch", daemon=True),
        ]
        for thread in self._threads:
            thread.start()
        log.info("worker started", worker=self.id, engines=self._engines, slots=self._slots)

    def stop(self, patience: float) -> None:
        """Take no more tasks, give running ones time to end, and release the others.

        The process must end right after, by ``os._exit``: a render that does not react to the
        stop may still be running in a thread.

        Args:
            patience: seconds to wait for running tasks before they are aborted.
        """
        self._draining.set()
        with self._changed:
            self._changed.notify_all()
            self._changed.wait_for(lambda: not self._running, timeout=patience)
            self._stopping.set()
            # A render looks at the flag once per frame; what takes longer dies with the process.
            self._changed.wait_for(lambda: not self._running, timeout=ABORT_SECONDS)
        # Else a last beat could register again what is deregistered here.
        self._retired.set()
        for thread in self._threads:
            thread.join(JOIN_SECONDS)
        with suppress(SQLAlchemyError), self._database.write() as connection:
            queue.requeue(connection, self.id)
            heartbeats.deregister(connection, self.id)
        with suppress(Exception):  # else the next worker's first sweep does it
            self._runs.cancel(self._runs.unfinished(self.id))
        self._lock.release()
        log.info("worker stopped", worker=self.id)

    @property
    def busy(self) -> bool:
        """Whether it works on a task, or is about to stop."""
        return bool(self._running) or self._leaving()

    def is_dead(self, worker: str) -> bool:
        """Whether another worker's process has ended."""
        return self._liveness.is_dead(worker)

    def _dispatch(self) -> None:
        """Lease tasks whenever slots are free, until the worker stops."""
        while not self._draining.is_set():
            with self._changed:
                self._changed.wait_for(lambda: self._free() or self._leaving())
            if self._retiring.is_set():
                self._finish()
                return
            try:
                self._await_waiting()
                leased = self._lease()
                started = [self._start(task) for task in leased]
            except Exception:
                log.exception("dispatch failed", worker=self.id)
                leased, started = [], [False]
            if not all(started):
                # The database may be unreachable for a while.
                self._draining.wait(SWEEP_SECONDS)
            elif not leased:  # another worker was faster
                self._draining.wait(self._poll_seconds)

    def _leaving(self) -> bool:
        return self._draining.is_set() or self._retiring.is_set()

    def _finish(self) -> None:
        """Wait for what is being worked on, and tell that nothing is left to do."""
        with self._changed:
            self._changed.wait_for(lambda: not self._running or self._draining.is_set())
        if not self._draining.is_set():
            log.info("worker drained", worker=self.id)
            if self._on_drained is not None:
                self._on_drained()

    def _await_waiting(self) -> None:
        """Poll until a task waits, or the worker stops."""
        # One connection for all polls: to check one out of the pool costs as much as a poll.
        # Leasing takes SQLite's one write lock, so it is only tried when there is a task.
        with self._database.read() as connection:
            while not self._leaving():
                if queue.has_waiting(connection, self._engines):
                    return
                with self._changed:
                    self._changed.wait(self._poll_seconds)

    def _lease(self) -> list[str]:
        if self._leaving():
            return []
        with self._database.write() as connection:
            leased = queue.lease(connection, self.id, self._engines, self._free())
        with self._changed:
            self._running.update(leased)
        return leased

    def _free(self) -> int:
        return self._slots - len(self._running)

    def _start(self, task: str) -> bool:
        try:
            if not self._draining.is_set():
                self._runs.start(task)
                return True
        except Exception:
            log.exception("run could not start", task=task, worker=self.id)
        # Its lease is unattended now, so the sweep releases it, or the stop.
        self._ended(task)
        return False

    def _work(self, task: str) -> None:
        """Work on a leased task; the body of a run."""
        try:
            released = False
            with suppress(Stopped):
                released = self._run(task, self._stopping.is_set, self.id)
            if not released:
                with self._database.write() as connection:
                    queue.release(connection, self.id, task)
        finally:
            # After an error of the database, the sweep releases the lease.
            self._ended(task)

    def _ended(self, task: str) -> None:
        with self._changed:
            self._running.discard(task)
            self._changed.notify_all()

    def _repeat(self, work: Callable[[], None], pause: float, end: threading.Event) -> None:
        # The first time at once: after a restart there may be tasks to take over.
        while not end.is_set():
            try:
                work()
            except Exception:
                # The database may be unreachable for a while; the next round tries again.
                log.exception(f"{threading.current_thread().name} failed", worker=self.id)
            end.wait(pause)

    def _beat(self) -> None:
        try:
            self._lock.check()
        except Exception as error:
            if not self._retired.is_set():
                log.error("lock lost, the process ends", worker=self.id, reason=str(error))
                sys.stderr.flush()
                os._exit(LOCK_LOST_STATUS)
        self._beat_once()

    def _beat_once(self) -> None:
        with self._database.write() as connection:
            heartbeats.beat(connection, self.id, self._now(), self._engines, self._slots)
            draining = heartbeats.is_draining(connection, self.id)
        if draining and not self._retiring.is_set():
            log.info("worker drains: it takes no more tasks", worker=self.id)
            self._retiring.set()
            with self._changed:
                self._changed.notify_all()

    def sweep(self) -> None:
        """Take over the tasks of dead and stalled workers, and release unattended leases."""
        self._expire()
        # Read before the workers: a run that is new has a worker that is registered already.
        runs = {} if self._sweeps else self._runs.unfinished()
        with self._database.read() as connection:
            beats = heartbeats.latest(connection)
            lessees = queue.lessees(connection)
            own = queue.leased(connection, self.id)
        self._release_unattended(own)
        for worker in sorted((lessees | beats.keys()) - {self.id}):
            dead = self._liveness.is_dead(worker)
            if dead or self._stalls.stalled(beats, worker):
                self._take_over(worker, dead)
        known = beats.keys() | lessees | {self.id}
        self._runs.cancel([run for run, worker in runs.items() if worker not in known])
        self._sweeps += 1
        if self._sweeps % RECORD_SWEEPS == 0:
            self._cancel_unattended()

    def _take_over(self, worker: str, dead: bool) -> None:
        reason = "dead" if dead else "stalled"
        with self._database.write() as connection:
            orphaned = queue.requeue(connection, worker)
            heartbeats.deregister(connection, worker)
        self._stalls.forget(worker)
        log.warning(
            f"took over from a {reason} worker", other=worker, worker=self.id, tasks=orphaned
        )
        self._runs.cancel(self._runs.unfinished(worker))

    def _release_unattended(self, leased: set[str]) -> None:
        """Release leases of this worker that no run of it attends to: the run could not start, or
        its end could not be written, since the database was unreachable or its disk full."""
        unattended = leased - self._running
        # Found twice in a row: not one that starts or ends at this very moment.
        for task in unattended & self._unattended:
            log.warning("releasing an unattended lease", task=task, worker=self.id)
            with self._database.write() as connection:
                queue.release(connection, self.id, task)
        self._unattended = unattended

    def _cancel_unattended(self) -> None:
        """Mark runs of this worker as cancelled that have ended without a record of it: the
        database was unreachable or its disk full."""
        runs = {r for r in self._runs.unfinished(self.id) if task_of(r) not in self._running}
        # Found twice in a row: not one that ends at this very moment.
        self._runs.cancel(runs & self._unattended_runs)
        self._unattended_runs = runs
