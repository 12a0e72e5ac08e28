"""The task executor: claims a task for a worker, runs an attempt, and records how it ended."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import structlog
from opentelemetry.trace import SpanKind
from sqlalchemy.exc import OperationalError
from structlog.contextvars import bound_contextvars

from kirin import tracing
from kirin.catalogue.codes import CANCELLED
from kirin.catalogue.registry import Catalogue
from kirin.clock import now_ms
from kirin.database.engine import Database
from kirin.domain.task import Failure, Result, Task
from kirin.errors import FailureKind, Stopped, TaskError
from kirin.orchestration.resource_exhaustion import exhaustion_of
from kirin.orchestration.task_runner import TaskOutput, TaskRunner
from kirin.orchestration.transitions import Transitions
from kirin.storage.base import Storage
from kirin.storage.keys import results_prefix
from kirin.subjects import store as subjects
from kirin.tasks import store
from kirin.tasks.attempt import Attempt

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class TaskExecutor:
    """Executes tasks, one attempt per call; any number of threads may share one.

    Attributes:
        runner: makes what a task asks for.
        transitions: what follows a change of status.
        max_attempts: attempts after which a task fails, since its workers died of it.
        task_seconds: how long one attempt may take.
    """

    catalogue: Catalogue
    database: Database
    storage: Storage
    runner: TaskRunner
    transitions: Transitions
    max_attempts: int
    task_seconds: float

    def execute(self, id: str, stopping: Callable[[], bool], worker: str | None = None) -> bool:
        """Run one attempt at a task; clean up instead if the task has ended.

        Args:
            id: the task's.
            stopping: whether the worker stops.
            worker: id of the worker that must hold the task's lease; ``None`` outside a worker.

        Returns:
            Whether the worker's lease has ended with the task, as it does where there is nothing
            to clean up.

        Raises:
            Stopped: the worker stops; the task was released, and waits for another worker.
            sqlalchemy.exc.OperationalError: the database failed; the task has not ended.
        """
        with self.database.write() as connection:
            task = store.claim(connection, id, now_ms(), worker)
            if task is not None and task.attempt == 1:  # another attempt is no other status
                self.transitions.changed(connection, task)
        if task is None:
            self._clean_up(id)
            return False
        facts: tracing.Facts = {
            "kirin.task": id,
            "kirin.model": task.model,
            "kirin.attempt": task.attempt,
        }
        with (
            bound_contextvars(task=id, model=task.model, attempt=task.attempt),
            tracing.span("task", facts, parent=task.trace, kind=SpanKind.CONSUMER),
        ):
            # A lease covers the cleaning up behind earlier attempts.
            lessee = worker if task.attempt == 1 else None
            ended = self._attempt(task, stopping, lessee)
        if task.attempt > 1:
            self._clean_up(id)
        return ended and lessee is not None

    def _attempt(self, task: Task, stopping: Callable[[], bool], lessee: str | None) -> bool:
        """Run an attempt, and tell whether it was what ended the task."""
        card = self.catalogue.get(task.model)
        attempt = Attempt(self.database, task, stopping, self.task_seconds)
        started = time.monotonic()
        try:
            if task.attempt - task.releases > self.max_attempts:
                raise TaskError(f"the task took down its worker {self.max_attempts} times")
            with tempfile.TemporaryDirectory(prefix="kirin-") as folder:
                output = self.runner.run(card, attempt, Path(folder))
        except Stopped:
            if attempt.late:
                message = f"the video was not done after {self.task_seconds:g} s of work"
                late = Failure(card.codes[FailureKind.GENERATION], message)
                ended = self._fail(task, late, lessee)
                log.warning("task failed: it took too long")
                return ended
            if not stopping():
                log.info("task stopped: it was cancelled or taken over")
                return False
            self._release(task)
            raise
        except OperationalError:
            # The database's fault and not the task's: the worker's sweep releases its lease.
            raise
        except TaskError as error:
            code = error.code or card.codes[error.kind]
            ended = self._fail(task, Failure(code, error.message), lessee)
            log.info("task failed", code=code)
            return ended
        except Exception as error:
            if stopping():
                # No bug: the worker's scratch folder goes before a slow render does.
                self._release(task)
                raise Stopped from error
            if (short := exhaustion_of(error)) is not None:
                log.exception("task failed: the machine ran out of something")
                return self._fail(task, Failure(card.codes[short.kind], short.message), lessee)
            message = "the video could not be made: an internal error; the server's log tells more"
            ended = self._fail(task, Failure(card.codes[FailureKind.GENERATION], message), lessee)
            if ended:
                log.exception("task failed by a bug")
            else:
                # No bug if others took this worker for dead, and have removed its scratch folder.
                log.warning("attempt failed: its task was cancelled or taken over", exc_info=True)
            return ended
        else:
            seconds = round(time.monotonic() - started, 3)
            ended = self._complete(task, output, seconds, lessee)
            log.info("task completed", seconds=seconds)
            return ended

    def _release(self, task: Task) -> None:
        with self.database.write() as connection:
            store.release(connection, task, now_ms())
        log.info("task released")

    def _complete(self, task: Task, output: TaskOutput, seconds: float, lessee: str | None) -> bool:
        results = output.results
        metadata = {**task.metadata, **output.metadata, "render_seconds": seconds}
        with self.database.write() as connection:
            if output.subject is not None:
                subject = subjects.add(connection, task.account, output.subject, now_ms())
                results += (Result("", "element", extra={"element_id": subject.id}),)
            made_by = self.runner.maker(metadata.get("engine", ""))
            ended = store.complete(
                connection, task, results, output.charge, metadata, now_ms(), made_by, lessee
            )
            if ended is not None:
                self.transitions.changed(connection, ended)
                return True
            # Cancelled or taken over at this very moment: discard everything.
            connection.rollback()
        for result in output.results:
            if result.key:
                self.storage.delete(result.key)
        return False

    def _fail(self, task: Task, failure: Failure, lessee: str | None) -> bool:
        """End a task as failed; ``False`` if this attempt at it no longer counts."""
        with self.database.write() as connection:
            ended = store.fail(connection, task, failure, now_ms(), lessee)
            if ended is not None:
                self.transitions.changed(connection, ended)
        return ended is not None

    def _clean_up(self, id: str) -> None:
        """Remove what attempts at an ended task left behind when they were killed: remote jobs,
        and files."""
        with self.database.read() as connection:
            task = store.get(connection, id)
        if task is None or not task.status.final:
            return
        if task.attempt and task.failure and task.failure.code == CANCELLED:
            self.runner.cancel_remote_job(task)
        kept = {result.key for result in task.results}
        for key in self.storage.keys(results_prefix(id)):
            if key not in kept:
                self.storage.delete(key)
