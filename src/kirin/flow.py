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
from opentelemetry.trace import SpanKind
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError, OperationalError
from structlog.contextvars import bound_contextvars

from kirin import tracing
from kirin.accounts.billing import Billing, Terms
from kirin.accounts.limits import DAY_MS
from kirin.catalogue.codes import CANCELLED
from kirin.catalogue.registry import Catalogue
from kirin.clock import now_ms
from kirin.database.engine import Database
from kirin.domain.storyboard import Storyboard
from kirin.domain.tariff import Estimate
from kirin.domain.task import Failure, Result, Status, Task
from kirin.elements import store as elements
from kirin.errors import (
    ExternalIdUsed,
    FailureKind,
    IdempotencyKeyUsed,
    Stopped,
    TaskError,
    TaskFinished,
    TaskUnfinished,
    UnknownTask,
)
from kirin.production import Product, Production
from kirin.shortage import shortage
from kirin.storage.base import Storage
from kirin.storage.keys import results_prefix
from kirin.submission import Submission
from kirin.tasks import events, idempotency, store, workload
from kirin.tasks.attempt import Attempt
from kirin.tasks.idempotency import Token
from kirin.tasks.queue import Queue
from kirin.tasks.store import Only
from kirin.webhooks import outbox

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Flow:
    """The rooms that the story leads through.

    Attributes:
        present: writes a task as the wire shows it, for webhooks.
        max_attempts: how many workers a task may take down with it.
        task_seconds: how long one attempt may work on it.
        idempotency_ms: how long an idempotency key stands for the task that it has made.
    """

    catalogue: Catalogue
    database: Database
    queue: Queue
    storage: Storage
    submission: Submission
    production: Production
    billing: Billing
    present: Callable[[Task], Mapping[str, Any]]
    max_attempts: int
    task_seconds: float
    idempotency_ms: int

    def quote(self, account: str, model: str, params: Mapping[str, Any]) -> Estimate:
        """What a request would cost; it is checked as :meth:`submit` would check it.

        Raises:
            UnknownModel: there is no such model.
            InvalidParameters: with everything that is wrong.
        """
        card = self.catalogue.get(model)
        accepted = self.submission.check(account, card, params)
        return card.estimate(accepted.values, accepted.plan, self._terms(account, None).discount)

    def submit_once(
        self,
        account: str,
        model: str,
        params: Mapping[str, Any],
        token: Token,
        key: str | None = None,
    ) -> tuple[Task, bool]:
        """Submit, unless a request with the same token has done so already.

        Returns:
            The task, and whether an earlier request has made it.

        Raises:
            IdempotencyKeyUsed: the key came with another body before.
            ApiError: as :meth:`submit`; the key is then as free as before.
        """
        if (task := self._made_by(account, token)) is not None:
            return task, True
        try:
            return self.submit(account, model, params, token, key), False
        except IntegrityError:
            # Another request with this key was faster by a moment.
            if (task := self._made_by(account, token)) is not None:
                return task, True
            raise

    def _made_by(self, account: str, token: Token) -> Task | None:
        with self.database.read() as connection:
            since = now_ms() - self.idempotency_ms
            first = idempotency.earlier(connection, account, token.key, since)
            if first is None:
                return None
            task = store.get(connection, first.task)
        if first.digest != token.digest:
            raise IdempotencyKeyUsed(
                f"Idempotency-Key {token.key!r} came with another body before, which made task "
                f"{first.task}: a new request takes a new key"
            )
        return task

    def submit(
        self,
        account: str,
        model: str,
        params: Mapping[str, Any],
        token: Token | None = None,
        key: str | None = None,
    ) -> Task:
        """Check a request and make it a durable task.

        Args:
            key: id of the API key that asks.

        Raises:
            InsufficientBalance: the account has less than the task may come to.
            LimitReached: the account or the key has as much in hand as it may.
            sqlalchemy.exc.IntegrityError: another request has used the token meanwhile.
            UnknownModel: there is no such model.
            InvalidParameters: with everything that is wrong.
            ExternalIdUsed: the account has a task of that external id.
            StorageAway: the pictures cannot be kept.
        """
        with tracing.span("submit", {"kirin.model": self.catalogue.get(model).id}):
            return self._submit(account, model, params, token, key)

    def _submit(
        self,
        account: str,
        model: str,
        params: Mapping[str, Any],
        token: Token | None,
        key: str | None,
    ) -> Task:
        card = self.catalogue.get(model)
        accepted = self.submission.check(account, card, params)
        self.submission.reception.keep(accepted.arrivals)
        terms = self._terms(account, key)
        estimate = card.estimate(accepted.values, accepted.plan, terms.discount)
        now = now_ms()
        task = Task(
            id=secrets.token_hex(16),
            account=account,
            model=model,
            status=Status.PENDING,
            created_at=now,
            updated_at=now,
            params=accepted.values,
            assets=accepted.arrivals.known,
            elements=accepted.elements,
            engine=accepted.engine,
            size=accepted.plan.size if isinstance(accepted.plan, Storyboard) else None,
            seed=accepted.seed,
            key=key,
            tariff=estimate.tariff,
            quote=estimate.most.cost,
            external_id=accepted.values.get("external_task_id"),
            callback_url=accepted.values.get("callback_url"),
            trace=tracing.current(),
            metadata={"seed": accepted.seed, "ignored": list(accepted.ignored)},
        )
        self._insert(task, token, terms)
        try:
            self.queue.put(task.id, task.engine)
        except Exception:
            # The task is durable; the workers' sweep queues what nobody has queued.
            log.exception("task could not be queued yet", task=task.id)
        log.info("task accepted", task=task.id, model=model, account=account)
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
        only: Only,
    ) -> list[Task]:
        """An account's tasks, the newest first; see :func:`kirin.tasks.store.page`."""
        with self.database.read() as connection:
            return store.page(connection, account, limit, before=before, only=only)

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

    def remove(self, account: str, name: str) -> Task:
        """Take an ended task out of the account: its files, and what was asked for.

        What it cost stays in the books. What it was made from goes with the next round of
        housekeeping, unless another task or a subject needs it.

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
                self.storage.delete(result.key)
        return task

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
            if task is not None and task.attempt == 1:  # another attempt is no other status
                self._announce(connection, id)
        if task is None:
            self._tidy(id)
            return
        facts: tracing.Facts = {
            "kirin.task": id,
            "kirin.model": task.model,
            "kirin.attempt": task.attempt,
        }
        with (
            bound_contextvars(task=id, model=task.model, attempt=task.attempt),
            tracing.span("task", facts, parent=task.trace, kind=SpanKind.CONSUMER),
        ):
            self._work(task, stopping)
        if task.attempt > 1:
            self._tidy(id)

    def _work(self, task: Task, stopping: Callable[[], bool]) -> None:
        card = self.catalogue.get(task.model)
        attempt = Attempt(self.database, task, stopping, self.task_seconds)
        started = time.monotonic()
        try:
            if task.attempt - task.handed_back > self.max_attempts:
                raise TaskError(f"the task took down its worker {self.max_attempts} times")
            with tempfile.TemporaryDirectory(prefix="kirin-") as folder:
                product = self.production.make(card, attempt, Path(folder))
        except Stopped:
            if attempt.late:
                message = f"the video was not done after {self.task_seconds:g} s of work"
                self._fail(task, Failure(card.codes[FailureKind.GENERATION], message))
                log.warning("task failed: it took too long")
                return
            if not stopping():
                log.info("task stopped: it was cancelled or taken over")
                return
            with self.database.write() as connection:
                store.hand_back(connection, task, now_ms())
            log.info("task handed back")
            raise
        except OperationalError:
            # The database's fault and not the task's: the workers' sweep queues it again.
            raise
        except TaskError as error:
            self._fail(task, Failure(card.codes[error.kind], error.message))
            log.info("task failed", code=card.codes[error.kind])
        except Exception as error:
            if (short := shortage(error)) is not None:
                log.exception("task failed: the machine ran out of something")
                self._fail(task, Failure(card.codes[short.kind], short.message))
                return
            log.exception("task failed by a bug")
            message = "the video could not be made: an internal error; the server's log tells more"
            self._fail(task, Failure(card.codes[FailureKind.GENERATION], message))
        else:
            seconds = round(time.monotonic() - started, 3)
            self._complete(task, product, seconds)
            log.info("task completed", seconds=seconds)

    def _insert(self, task: Task, token: Token | None, terms: Terms) -> None:
        try:
            with self.database.write() as connection:
                self._admit(connection, task, terms)
                store.insert_task(connection, task)
                if token is not None:
                    since = task.created_at - self.idempotency_ms
                    idempotency.remember(
                        connection, task.account, token, task.id, task.created_at, since
                    )
                events.add(connection, task, self.present(task), task.created_at)
        except IntegrityError:
            if token is not None and self._made_by(task.account, token) is not None:
                raise
            if task.external_id is None:
                raise
            with self.database.read() as connection:
                first = store.named(connection, task.account, task.external_id)
            raise ExternalIdUsed(
                f"external_task_id {task.external_id!r} already names task {first}"
            ) from None

    def _admit(self, connection: Connection, task: Task, terms: Terms) -> None:
        """Set the money aside, and hold the account and the key against their limits."""
        self.billing.hold(connection, task)
        today = task.created_at // DAY_MS * DAY_MS
        for held in terms.held:
            load = workload.measure(connection, task.account, held.key, today)
            held.limits.check(held.whose, load, task.quote, task.created_at)

    def _terms(self, account: str, key: str | None) -> Terms:
        with self.database.read() as connection:
            return self.billing.terms(connection, account, key)

    def _complete(self, task: Task, product: Product, seconds: float) -> None:
        results = product.results
        metadata = {**task.metadata, **product.metadata, "render_seconds": seconds}
        with self.database.write() as connection:
            if product.element is not None:
                element = elements.add(connection, task.account, product.element, now_ms())
                results += (Result("", "element", extra={"element_id": element.id}),)
            if store.complete(connection, task, results, product.charge, metadata, now_ms()):
                self._announce(connection, task.id)
                return
            # Cancelled or taken over in this very moment: nothing of it shall stay.
            connection.rollback()
        for result in product.results:
            self.storage.delete(result.key)

    def _fail(self, task: Task, failure: Failure) -> None:
        with self.database.write() as connection:
            if store.fail(connection, task, failure, now_ms()):
                self._announce(connection, task.id)

    def _tidy(self, id: str) -> None:
        """Clear away what attempts at an ended task left when they were killed: orders elsewhere,
        and files."""
        with self.database.read() as connection:
            task = store.get(connection, id)
        if task is None or not task.status.final:
            return
        if task.attempt and task.failure and task.failure.code == CANCELLED:
            self.production.call_off(task)
        kept = {result.key for result in task.results}
        for key in self.storage.keys(results_prefix(id)):
            if key not in kept:
                self.storage.delete(key)

    def _announce(self, connection: Connection, id: str) -> Task:
        """Follow up a change of status, in the transaction that makes it: settle what it costs
        where it has ended, tell of it in an event, and in a webhook where the task wants one."""
        task = store.get(connection, id)
        if task is None:  # nothing deletes a task that has just been changed
            raise UnknownTask
        if task.status.final:
            self.billing.settle(connection, task, now_ms())
        body = self.present(task)
        events.add(connection, task, body, now_ms())
        if task.callback_url:
            outbox.add(
                connection,
                task=task.id,
                account=task.account,
                url=task.callback_url,
                body=body,
                now=now_ms(),
            )
        return task
