"""Batches: up to 100 requests that are checked, paid, followed and cancelled as one (rule N-16)."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import structlog
from sqlalchemy.exc import IntegrityError

from kirin import tracing
from kirin.accounts.billing import Terms
from kirin.clock import now_ms
from kirin.domain.batch import Batch, BatchState
from kirin.domain.money import dollars
from kirin.domain.request import TaskRequest
from kirin.domain.tariff import Charge, Estimate
from kirin.domain.task import Task
from kirin.errors import (
    ApiError,
    BatchFinished,
    ExternalIdUsed,
    InsufficientBalance,
    InvalidParameters,
    Problem,
    TaskFinished,
    UnknownBatch,
    UnknownModel,
    UnknownTask,
)
from kirin.media.refusal import MediaRefused
from kirin.orchestration.admission import Applicant
from kirin.orchestration.input_resolver import SeenInputs
from kirin.orchestration.task_service import TaskService
from kirin.tasks import batches
from kirin.tasks.idempotency import IdempotencyKey

log = structlog.get_logger(__name__)

NamePlace = Callable[[int, str], str]
"""What a problem of one of the requests is called in the words of the batch; takes the place of
the request, from 0, and the path of the parameter."""


@dataclass(frozen=True, slots=True)
class BatchRequest:
    """A request for a batch, as it was read.

    Attributes:
        requests: 1 to 100 of them.
        name: names what is wrong with one of them.
        callback_url: is told once, when the last task has ended.
        metadata: the client's own notes.
    """

    requests: Sequence[TaskRequest]
    name: NamePlace
    callback_url: str | None = None
    metadata: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class BatchQuote:
    """What a batch would cost.

    Attributes:
        items: model, cost, and whether the result is there already, of each request.
    """

    items: Sequence[tuple[str, Estimate, bool]]

    @property
    def least(self) -> Charge:
        """The sum of what each costs at least."""
        return _sum(estimate.least for _, estimate, _ in self.items)

    @property
    def most(self) -> Charge:
        """The sum of what each costs at most: what is held."""
        return _sum(estimate.most for _, estimate, _ in self.items)


@dataclass(frozen=True)
class BatchService:
    """The batches of all accounts, as their clients see them."""

    tasks: TaskService

    def quote(self, account: str, asked: BatchRequest) -> BatchQuote:
        """What a batch would cost; it is checked as :meth:`submit` would check it.

        Raises:
            InvalidParameters: with everything that is wrong with any of its requests.
        """
        admission, terms = self.tasks.admission, self.tasks.terms(account, None)
        seen = SeenInputs()

        def examine(request: TaskRequest) -> tuple[str, Estimate, bool]:
            accepted, estimate, source = admission.examine(account, request, terms, seen)
            accepted.inputs.inline.clear()
            return admission.catalogue.id_of(request.model), estimate, source is not None

        return BatchQuote(self._each(asked, examine))

    def submit(
        self,
        account: str,
        asked: BatchRequest,
        idempotency_key: IdempotencyKey | None,
        key: str | None,
    ) -> tuple[BatchState, bool]:
        """Accept all of a batch or nothing: one transaction writes all tasks.

        Returns:
            The batch, and whether an earlier request with the same idempotency key has made it.

        Raises:
            InvalidParameters: with everything that is wrong with any of its requests.
            InsufficientBalance: the account has less than all of it may come to.
            LimitReached: the account or the key would have more in hand than it may.
            ExternalIdUsed: the account has a task with such an id or external id.
            IdempotencyKeyUsed: the key came with another body before.
            StorageAway: the pictures cannot be kept.
        """
        if (first := self._made_by(account, idempotency_key)) is not None:
            return first, True
        try:
            with tracing.span("submit batch", {"kirin.tasks": len(asked.requests)}):
                return self._submit(account, asked, idempotency_key, key), False
        except (IntegrityError, ExternalIdUsed):
            # Another request with this key was faster by a moment.
            if (first := self._made_by(account, idempotency_key)) is not None:
                return first, True
            raise

    def find(self, account: str, id: str) -> BatchState:
        """An account's batch.

        Raises:
            UnknownBatch: the account has none of that id.
        """
        with self.tasks.database.read() as connection:
            found = batches.find(connection, account, id)
        if found is None:
            raise UnknownBatch
        return found

    def page(self, account: str, limit: int, before: tuple[int, str] | None) -> list[BatchState]:
        """An account's batches, the newest first; see :func:`kirin.tasks.batches.page`."""
        with self.tasks.database.read() as connection:
            return batches.page(connection, account, limit, before)

    def cancel(self, account: str, id: str) -> BatchState:
        """End all tasks of a batch that have not ended.

        Raises:
            UnknownBatch: the account has none of that id.
            BatchFinished: all its tasks have ended.
        """
        found = self.find(account, id)
        if found.batch.finished_at is not None:
            raise BatchFinished
        with self.tasks.database.write() as connection:
            batches.mark_cancelled(connection, id, now_ms())
        for member in found.members:
            if member.status.final:
                continue
            try:
                self.tasks.cancel(account, member.id)
            except (TaskFinished, UnknownTask):  # it has ended meanwhile
                continue
        return self.find(account, id)

    def _submit(
        self,
        account: str,
        asked: BatchRequest,
        idempotency_key: IdempotencyKey | None,
        key: str | None,
    ) -> BatchState:
        self._check_callback(asked)
        terms = self.tasks.terms(account, key)
        applicant, seen = Applicant(account, key, terms), SeenInputs()
        prepared: list[Task] = []

        def prepare(request: TaskRequest) -> None:
            prepared.append(self.tasks.admission.prepare(applicant, request, seen))

        with self.tasks.admission.written_or_withdrawn(prepared):
            self._each(asked, prepare)
            return self._write(asked, prepared, terms, idempotency_key)

    def _write(
        self,
        asked: BatchRequest,
        prepared: Sequence[Task],
        terms: Terms,
        idempotency_key: IdempotencyKey | None,
    ) -> BatchState:
        now = now_ms()
        account = prepared[0].account
        batch = Batch(
            id=secrets.token_hex(16),
            account=account,
            size=len(prepared),
            quote=sum((task.quote for task in prepared), Decimal(0)),
            created_at=now,
            callback_url=asked.callback_url,
            metadata=asked.metadata,
        )
        # They were prepared one after the other, and are made now.
        members = [
            replace(
                task,
                batch=batch.id,
                place=place,
                created_at=now,
                updated_at=now,
                finished_at=now if task.status.final else None,
            )
            for place, task in enumerate(prepared)
        ]
        with self.tasks.database.write() as connection:
            held = Decimal(0)
            for task in members:
                try:
                    self.tasks.admission.write(connection, task, terms)
                except InsufficientBalance as error:
                    raise _short_of(batch, held, error) from error
                held += task.quote
            batches.add(connection, batch)
            self.tasks.remember(connection, members[0], idempotency_key)
            # Where every result is there already, it has ended by now.
            self.tasks.transitions.end_batch(connection, members[-1])
            state = batches.find(connection, account, batch.id)
        if state is None:  # it was written in this transaction
            raise UnknownBatch
        log.info("batch accepted", batch=batch.id, tasks=batch.size, account=account)
        return state

    def _each(self, asked: BatchRequest, work: Callable[[TaskRequest], Any]) -> list[Any]:
        """Do something with each request.

        Raises:
            InvalidParameters: with everything that is wrong with any of them, each thing once.
        """
        done, problems = [], dict[Problem, None]()
        names: dict[str, int] = {}
        for place, request in enumerate(asked.requests):
            try:
                done.append(work(request))
            except InvalidParameters as refusal:
                found = [replace(p, param=asked.name(place, p.param)) for p in refusal.problems]
                problems |= dict.fromkeys(found)
            except UnknownModel as error:
                where = asked.name(place, "model")
                problems[Problem(where, error.code, error.message, ("N-16",))] = None
            name = request.params.get("external_task_id")
            if isinstance(name, str) and name and names.setdefault(name, place) != place:
                where = asked.name(place, "external_task_id")
                message = f"request {names[name]} of this batch has it already"
                problems[Problem(where, "repeated", message, ("C-8", "N-16"))] = None
        if problems:
            raise InvalidParameters(list(problems))
        return done

    def _check_callback(self, asked: BatchRequest) -> None:
        if asked.callback_url is None:
            return
        try:
            self.tasks.validator.ingest.check_url(asked.callback_url)
        except MediaRefused as refusal:
            problem = Problem("callback_url", refusal.code, refusal.message, ("C-7", "N-16"))
            raise InvalidParameters([problem]) from refusal

    def _made_by(self, account: str, key: IdempotencyKey | None) -> BatchState | None:
        first = self.tasks.made_by(account, key) if key is not None else None
        if first is None or first.batch is None:  # the keys of batches have made nothing else
            return None
        return self.find(account, first.batch)


def _short_of(batch: Batch, held: Decimal, error: ApiError) -> InsufficientBalance:
    """The refusal of a whole batch; what was held for a part of it is there again."""
    told: Any = error.details.get("balance", {})
    there = Decimal(told.get("available", "0")) + held
    needed, have = dollars(batch.quote), dollars(there)
    return InsufficientBalance(
        f"insufficient balance: the batch takes {needed} USD, and the balance is {have} USD: "
        "top it up, or wait until unfinished tasks release what they do not need",
        {"balance": {"needed": needed, "available": have, "currency": "USD"}},
    )


def _sum(charges: Any) -> Charge:
    found = list(charges)
    return Charge(
        sum((each.cost for each in found), Decimal(0)),
        sum((each.discount for each in found), Decimal(0)),
    )
