"""What a client may ask of tasks: a quote, a new task, its state, its end, its removal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import structlog
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from kirin import tracing
from kirin.accounts.billing import Billing, Terms
from kirin.catalogue.codes import CANCELLED
from kirin.catalogue.registry import Catalogue
from kirin.clock import now_ms
from kirin.database.engine import Database
from kirin.domain.request import NO_OPTIONS, RequestOptions, TaskRequest
from kirin.domain.storyboard import Storyboard
from kirin.domain.tariff import Estimate
from kirin.domain.task import Failure, Task
from kirin.errors import (
    ExternalIdUsed,
    IdempotencyKeyUsed,
    TaskFinished,
    TaskUnfinished,
    UnknownTask,
)
from kirin.orchestration.admission import Admission, Applicant
from kirin.orchestration.request_validation import RequestValidator
from kirin.orchestration.transitions import Transitions
from kirin.storage.base import Storage
from kirin.tasks import idempotency, store
from kirin.tasks.idempotency import IdempotencyKey
from kirin.tasks.task_filter import TaskFilter

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Quote:
    """What a request would come to.

    Attributes:
        estimate: what it would cost.
        preview: what it would show; see :meth:`kirin.engines.router.Router.preview`.
        reused: whether the result is there already.
    """

    estimate: Estimate
    preview: Mapping[str, Any]
    reused: bool = False


@dataclass(frozen=True)
class TaskService:
    """The tasks of all accounts, as their clients see them.

    Attributes:
        admission: makes tasks of requests.
        transitions: what follows a change of status.
        idempotency_ms: how long an idempotency key stands for the task that it has made.
    """

    catalogue: Catalogue
    database: Database
    storage: Storage
    billing: Billing
    transitions: Transitions
    admission: Admission
    idempotency_ms: int

    @property
    def validator(self) -> RequestValidator:
        """What checks requests, for whoever tells what would be accepted."""
        return self.admission.validator

    def quote(
        self,
        account: str,
        model: str,
        params: Mapping[str, Any],
        options: RequestOptions = NO_OPTIONS,
    ) -> Quote:
        """What a request would cost and show; it is checked as :meth:`submit` would check it.

        Raises:
            UnknownModel: there is no such model.
            InvalidParameters: with everything that is wrong.
        """
        asked, terms = TaskRequest(model, params, options), self.terms(account, None)
        accepted, estimate, source = self.admission.examine(account, asked, terms)
        preview: Mapping[str, Any] = {}
        if isinstance(accepted.plan, Storyboard):
            with self.validator.inputs.readable(accepted.inputs) as read:
                preview = self.validator.router.preview(accepted.plan, read)
        return Quote(estimate, preview, reused=source is not None)

    def submit_once(
        self,
        account: str,
        model: str,
        params: Mapping[str, Any],
        idempotency_key: IdempotencyKey,
        key: str | None = None,
        options: RequestOptions = NO_OPTIONS,
    ) -> tuple[Task, bool]:
        """Submit, unless a request with the same idempotency key has done so already.

        Returns:
            The task, and whether an earlier request has made it.

        Raises:
            IdempotencyKeyUsed: the key came with another body before.
            ApiError: as :meth:`submit`; the key is then as free as before.
        """
        if (task := self.made_by(account, idempotency_key)) is not None:
            return task, True
        try:
            return self.submit(account, model, params, idempotency_key, key, options), False
        except (IntegrityError, ExternalIdUsed):
            # Another request with this key was faster by a moment.
            if (task := self.made_by(account, idempotency_key)) is not None:
                return task, True
            raise

    def made_by(self, account: str, idempotency_key: IdempotencyKey) -> Task | None:
        """The task, or the first of the batch, that an idempotency key has made; ``None`` if it
        has made none, or too long ago.

        Raises:
            IdempotencyKeyUsed: the key came with another body.
        """
        with self.database.read() as connection:
            since = now_ms() - self.idempotency_ms
            first = idempotency.earlier(connection, account, idempotency_key.key, since)
            if first is None:
                return None
            task = store.get(connection, first.task)
        if first.digest != idempotency_key.digest:
            raise IdempotencyKeyUsed(
                f"Idempotency-Key {idempotency_key.key!r} was used before, with another body, and "
                f"created task {first.task}: use a new key for a new request"
            )
        return task

    def remember(self, connection: Connection, task: Task, key: IdempotencyKey | None) -> None:
        """Write down which key has made a task, in the transaction that makes it."""
        if key is not None:
            since = task.created_at - self.idempotency_ms
            idempotency.remember(connection, task.account, key, task.id, task.created_at, since)

    def submit(
        self,
        account: str,
        model: str,
        params: Mapping[str, Any],
        idempotency_key: IdempotencyKey | None = None,
        key: str | None = None,
        options: RequestOptions = NO_OPTIONS,
    ) -> Task:
        """Check a request and accept it: one transaction makes it a durable, queued task.

        Args:
            key: id of the API key that asks.
            options: what the request says beside its parameters.

        Raises:
            AccountClosed: the account was erased at this very moment.
            InsufficientBalance: the account has less than the task may come to.
            LimitReached: the account or the key has as much in hand as it may.
            sqlalchemy.exc.IntegrityError: a concurrent request has used the idempotency key.
            UnknownModel: there is no such model.
            InvalidParameters: with everything that is wrong.
            ExternalIdUsed: the account has a task with that id or external id.
            StorageAway: the pictures cannot be kept.
        """
        with tracing.span("submit", {"kirin.model": self.catalogue.get(model).id}):
            return self._submit(account, TaskRequest(model, params, options), idempotency_key, key)

    def _submit(
        self,
        account: str,
        asked: TaskRequest,
        idempotency_key: IdempotencyKey | None,
        key: str | None,
    ) -> Task:
        terms = self.terms(account, key)
        task = self.admission.prepare(Applicant(account, key, terms), asked)

        def write(connection: Connection) -> None:
            self.admission.write(connection, task, terms)
            self.remember(connection, task, idempotency_key)

        with self.admission.written_or_withdrawn([task]):
            self.database.write_shared(write)
        log.info("task accepted", task=task.id, model=task.model, account=account)
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
        only: TaskFilter,
        *,
        oldest_first: bool = False,
        skip: int = 0,
    ) -> list[Task]:
        """An account's tasks, the newest first; see :func:`kirin.tasks.store.page`."""
        with self.database.read() as connection:
            return store.page(
                connection,
                account,
                limit,
                before=before,
                only=only,
                oldest_first=oldest_first,
                skip=skip,
            )

    def position(self, account: str, id: str) -> tuple[int, str]:
        """Where a task is in a listing, even if it has been removed since.

        Raises:
            UnknownTask: the account had none of that id.
        """
        with self.database.read() as connection:
            found = store.position(connection, account, id)
        if found is None:
            raise UnknownTask
        return found

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
            return self.transitions.publish(connection, task.id)

    def remove(self, account: str, name: str) -> Task:
        """Take an ended task out of the account: its files, and what was asked for.

        What it cost stays in the books. What it was made from goes with the next
        garbage collection, unless another task or a subject needs it; so do its files where
        storage does not answer.

        Raises:
            UnknownTask: the account has none of that name.
            TaskUnfinished: it goes on.
        """
        task = self.find(account, name)
        with self.database.write() as connection:
            if not store.remove(connection, task.id, now_ms()):
                raise TaskUnfinished
        for result in task.results:
            if result.key:
                self._delete(task, result.key)
        return task

    def _delete(self, task: Task, key: str) -> None:
        """Delete a file of a removed task, at once if storage answers."""
        try:
            self.storage.delete(key)
        except OSError:
            # Nothing refers to it any more, so garbage collection deletes it later.
            log.warning("a removed file is still there", task=task.id, key=key, exc_info=True)

    def terms(self, account: str, key: str | None) -> Terms:
        """The terms on which an account, or one of its keys, creates tasks."""
        with self.database.read() as connection:
            return self.billing.terms(connection, account, key)
