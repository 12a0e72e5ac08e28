"""What a client may ask of tasks: a quote, a new task, its state, its end, its removal."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import structlog
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from kirin import tracing
from kirin.accounts.billing import Billing, Terms
from kirin.accounts.limits import DAY_MS
from kirin.accounts.store import check_open
from kirin.catalogue.codes import CANCELLED
from kirin.catalogue.registry import Catalogue
from kirin.clock import now_ms
from kirin.database.engine import Database
from kirin.domain.request import NO_OPTIONS, RequestOptions
from kirin.domain.storyboard import Storyboard
from kirin.domain.tariff import Estimate
from kirin.domain.task import Failure, Status, Task
from kirin.errors import (
    ExternalIdUsed,
    IdempotencyKeyUsed,
    TaskFinished,
    TaskUnfinished,
    UnknownTask,
)
from kirin.orchestration.face_sessions import FACES, faces_to_json
from kirin.orchestration.moderation import Moderation
from kirin.orchestration.request_validation import RequestValidator
from kirin.orchestration.transitions import Transitions
from kirin.storage.base import Storage
from kirin.tasks import idempotency, store, workload
from kirin.tasks.idempotency import IdempotencyKey
from kirin.tasks.task_filter import TaskFilter

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Quote:
    """What a request would come to.

    Attributes:
        estimate: what it would cost.
        preview: what it would show; see :meth:`kirin.engines.router.Router.preview`.
    """

    estimate: Estimate
    preview: Mapping[str, Any]


@dataclass(frozen=True)
class TaskService:
    """The tasks of all accounts, as their clients see them.

    Attributes:
        transitions: what follows a change of status.
        moderation: tells whether there is a classifier.
        idempotency_ms: how long an idempotency key stands for the task that it has made.
    """

    catalogue: Catalogue
    database: Database
    storage: Storage
    validator: RequestValidator
    billing: Billing
    transitions: Transitions
    idempotency_ms: int
    moderation: Moderation

    def quote(self, account: str, model: str, params: Mapping[str, Any]) -> Quote:
        """What a request would cost and show; it is checked as :meth:`submit` would check it.

        Raises:
            UnknownModel: there is no such model.
            InvalidParameters: with everything that is wrong.
        """
        card = self.catalogue.get(model)
        accepted = self.validator.check(account, card, params)
        plan, terms = accepted.plan, self._terms(account, None)
        preview: Mapping[str, Any] = {}
        if isinstance(plan, Storyboard):
            with self.validator.inputs.readable(accepted.inputs) as read:
                preview = self.validator.router.preview(plan, read)
        return Quote(card.estimate(accepted.values, plan, terms.discount), preview)

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
        if (task := self._made_by(account, idempotency_key)) is not None:
            return task, True
        try:
            return self.submit(account, model, params, idempotency_key, key, options), False
        except (IntegrityError, ExternalIdUsed):
            # Another request with this key was faster by a moment.
            if (task := self._made_by(account, idempotency_key)) is not None:
                return task, True
            raise

    def _made_by(self, account: str, idempotency_key: IdempotencyKey) -> Task | None:
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
            return self._submit(account, model, params, idempotency_key, key, options)

    def _submit(
        self,
        account: str,
        model: str,
        params: Mapping[str, Any],
        idempotency_key: IdempotencyKey | None,
        key: str | None,
        options: RequestOptions,
    ) -> Task:
        card = self.catalogue.get(model)
        accepted = self.validator.check(account, card, params)
        self.validator.inputs.store(accepted.inputs)
        terms = self._terms(account, key)
        estimate = card.estimate(accepted.values, accepted.plan, terms.discount)
        now = now_ms()
        task = Task(
            id=secrets.token_hex(16),
            account=account,
            model=card.id,
            status=Status.PENDING,
            created_at=now,
            updated_at=now,
            params=accepted.values,
            assets=accepted.inputs.known,
            subjects=accepted.subjects,
            engine=accepted.engine,
            size=accepted.plan.size if isinstance(accepted.plan, Storyboard) else None,
            seed=accepted.seed,
            key=key,
            tariff=estimate.tariff,
            quote=estimate.most.cost,
            external_id=accepted.values.get("external_task_id"),
            callback_url=accepted.values.get("callback_url"),
            trace=tracing.current(),
            options=options,
            metadata={
                "seed": accepted.seed,
                "ignored": [*accepted.ignored, *options.ignored],
                **self.moderation.announced(options.moderation),
                **({FACES: faces_to_json(accepted.faces)} if accepted.faces else {}),
            },
        )
        self._insert(task, idempotency_key, terms)
        log.info("task accepted", task=task.id, model=card.id, account=account)
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

    def _insert(self, task: Task, idempotency_key: IdempotencyKey | None, terms: Terms) -> None:
        with self.database.write() as connection:
            self._check_external_id(connection, task)
            self._admit(connection, task, terms)
            # Again, now that the balance is locked and nobody else creates a task here. An
            # insertion that conflicts with a task would wait for whoever is just ending that one,
            # and who ends a task waits for the balance.
            self._check_external_id(connection, task)
            store.insert_task(connection, task)
            if idempotency_key is not None:
                since = task.created_at - self.idempotency_ms
                idempotency.remember(
                    connection, task.account, idempotency_key, task.id, task.created_at, since
                )
            self.transitions.created(connection, task)

    def _check_external_id(self, connection: Connection, task: Task) -> None:
        """Check that the external id neither names another task, nor is the id of one, which
        lookups would find.

        That no external id is the id of the new task needs no check: ids have 128 random bits, so
        that no client can guess one that is yet to be made.

        Raises:
            ExternalIdUsed: it is.
        """
        if task.external_id is None:
            return
        if (first := store.named(connection, task.account, task.external_id)) is not None:
            raise ExternalIdUsed(
                f"external_task_id {task.external_id!r} already names task {first}"
            )
        if store.has(connection, task.account, task.external_id):
            raise ExternalIdUsed(
                f"external_task_id {task.external_id!r} is the id of another task: choose another"
            )

    def _admit(self, connection: Connection, task: Task, terms: Terms) -> None:
        """Set the money aside, and hold the account and the key against their limits."""
        self.billing.hold(connection, task)
        check_open(connection, task.account)
        today = task.created_at // DAY_MS * DAY_MS
        for held in terms.limited:
            load = workload.measure(connection, task.account, held.key, today)
            held.limits.check(held.whose, load, task.quote, task.created_at)

    def _terms(self, account: str, key: str | None) -> Terms:
        with self.database.read() as connection:
            return self.billing.terms(connection, account, key)
