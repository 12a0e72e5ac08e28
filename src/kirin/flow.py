"""The story of a task: submitted, run, cancelled. Orchestration only; the rooms do the work."""

from __future__ import annotations

import secrets
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from kirin.catalogue.codes import CANCELLED
from kirin.catalogue.registry import Catalogue
from kirin.clock import now_ms
from kirin.database.engine import Database
from kirin.domain.task import Failure, Result, Status, Task
from kirin.elements import store as elements
from kirin.errors import (
    ExternalIdUsed,
    FailureKind,
    Stopped,
    TaskError,
    TaskFinished,
    UnknownTask,
)
from kirin.production import Product, Production
from kirin.storage.base import Storage
from kirin.storage.keys import input_key
from kirin.submission import Submission
from kirin.tasks import store
from kirin.tasks.attempt import Attempt
from kirin.tasks.queue import Queue
from kirin.webhooks import outbox

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Flow:
    """The rooms that the story leads through.

    Attributes:
        present: writes a task as the wire shows it, for webhooks.
        max_attempts: how many workers a task may take down with it.
    """

    catalogue: Catalogue
    database: Database
    queue: Queue
    storage: Storage
    submission: Submission
    production: Production
    present: Callable[[Task], Mapping[str, Any]]
    max_attempts: int

    def submit(self, account: str, model: str, params: Mapping[str, Any]) -> Task:
        """Check a request and make it a durable task.

        Raises:
            UnknownModel: there is no such model.
            InvalidParameters: with everything that is wrong.
            ExternalIdUsed: the account has a task of that external id.
        """
        card = self.catalogue.get(model)
        accepted = self.submission.check(account, card, params)
        for sha256, data in accepted.inline.items():
            self.storage.put_bytes(input_key(sha256), data)
        now = now_ms()
        task = Task(
            id=secrets.token_hex(16),
            account=account,
            model=model,
            status=Status.PENDING,
            created_at=now,
            updated_at=now,
            params=accepted.values,
            assets=accepted.assets,
            elements=accepted.elements,
            seed=accepted.seed,
            quote=card.quote(accepted.values, accepted.plan),
            external_id=accepted.values.get("external_task_id"),
            callback_url=accepted.values.get("callback_url"),
            metadata={"seed": accepted.seed, "ignored": list(accepted.ignored)},
        )
        self._insert(task)
        try:
            self.queue.put(task.id)
        except Exception:
            # The task is durable; the workers' sweep queues what nobody has queued.
            log.exception("task could not be queued yet", task=task.id)
        return task

    def find(self, account: str, name: str) -> Task:
        """An account's task by its id or external id.

        Raises:
            UnknownTask: the account has none of that name.
        """
        with self.database.read() as connection:
            task = store.find(connection, account, name)
        if task is None:
            raise UnknownTask
        return task

    def page(
        self,
        account: str,
        limit: int,
        before: tuple[int, str] | None,
        status: Status | None,
        model: str | None,
    ) -> list[Task]:
        """An account's tasks, the newest first; see :func:`kirin.tasks.store.page`."""
        with self.database.read() as connection:
            return store.page(connection, account, limit, before=before, status=status, model=model)

    def cancel(self, account: str, name: str) -> Task:
        """End a task that has not ended; whoever renders it notices within a second.

        Raises:
            UnknownTask: the account has none of that name.
            TaskFinished: it has ended already.
        """
        task = self.find(account, name)
        failure = Failure(CANCELLED, "the task was cancelled")
        with self.database.write() as connection:
            if not store.cancel(connection, task, failure, now_ms()):
                raise TaskFinished
            return self._announce(connection, task.id)

    def run(self, id: str, stopping: Callable[[], bool]) -> None:
        """Take a task and bring it to its end.

        Args:
            id: the task's.
            stopping: whether this worker goes down.

        Raises:
            Stopped: the worker goes down; the task waits for another.
        """
        with self.database.write() as connection:
            task = store.claim(connection, id, now_ms())
            if task is None:
                return
            if task.attempt == 1:  # another attempt is no other status
                self._announce(connection, id)
        card = self.catalogue.get(task.model)
        attempt = Attempt(self.database, task, stopping)
        started = time.monotonic()
        bound = log.bind(task=id, model=task.model, attempt=task.attempt)
        try:
            if task.attempt - task.handed_back > self.max_attempts:
                raise TaskError(f"the task took down its worker {self.max_attempts} times")
            with tempfile.TemporaryDirectory(prefix="kirin-") as folder:
                product = self.production.make(card, attempt, Path(folder))
        except Stopped:
            if not stopping():
                bound.info("task stopped: it was cancelled or taken over")
                return
            with self.database.write() as connection:
                store.hand_back(connection, task, now_ms())
            bound.info("task handed back")
            raise
        except TaskError as error:
            self._fail(task, Failure(card.codes[error.kind], error.message))
            bound.info("task failed", reason=error.message)
        except Exception:
            bound.exception("task failed by a bug")
            message = "the video could not be made: an internal error; the server's log tells more"
            self._fail(task, Failure(card.codes[FailureKind.GENERATION], message))
        else:
            seconds = round(time.monotonic() - started, 3)
            self._complete(task, product, seconds)
            bound.info("task completed", seconds=seconds)

    def _insert(self, task: Task) -> None:
        try:
            with self.database.write() as connection:
                store.insert_task(connection, task)
        except IntegrityError:
            if task.external_id is None:
                raise
            first = self.find(task.account, task.external_id)
            raise ExternalIdUsed(
                f"external_task_id {task.external_id!r} already names task {first.id}"
            ) from None

    def _complete(self, task: Task, product: Product, seconds: float) -> None:
        results = product.results
        metadata = {**task.metadata, **product.metadata, "render_seconds": seconds}
        with self.database.write() as connection:
            if product.element is not None:
                element = elements.add(connection, task.account, product.element, now_ms())
                results += (Result("", "element", extra={"element_id": element.id}),)
            if store.complete(connection, task, results, product.cost, metadata, now_ms()):
                self._announce(connection, task.id)
                return
            # Cancelled or taken over in this very moment: nothing of it shall stay.
            connection.rollback()
        for result in product.results:
            self.storage.delete(result.key)

    def _fail(self, task: Task, failure: Failure) -> None:
        with self.database.write() as connection:
            if store.fail(connection, task, failure, task.metadata, now_ms()):
                self._announce(connection, task.id)

    def _announce(self, connection: Connection, id: str) -> Task:
        """Put a change of status into the outbox, in the transaction that makes it."""
        task = store.get(connection, id)
        if task is None:  # nothing deletes a task that has just been changed
            raise UnknownTask
        if task.callback_url:
            outbox.add(
                connection,
                task=task.id,
                account=task.account,
                url=task.callback_url,
                body=self.present(task),
                now=now_ms(),
            )
        return task
