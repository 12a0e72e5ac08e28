"""Admission: a request becomes a task that is fit to be written, and is written with all it needs.

The two steps are apart because what is slow, media and copies, must not happen while other writers
wait; and because a batch writes many tasks in one transaction.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from kirin import tracing
from kirin.accounts.billing import Billing, Terms
from kirin.accounts.limits import DAY_MS
from kirin.accounts.store import check_open
from kirin.catalogue.registry import Catalogue
from kirin.clock import now_ms
from kirin.domain.request import TaskRequest
from kirin.domain.storyboard import Storyboard
from kirin.domain.tariff import Estimate
from kirin.domain.task import Status, Task
from kirin.errors import ExternalIdUsed, InvalidParameters, Problem
from kirin.media.refusal import MediaRefused
from kirin.orchestration.face_sessions import FACES, faces_to_json
from kirin.orchestration.input_resolver import SeenInputs
from kirin.orchestration.moderation import Moderation
from kirin.orchestration.request_validation import RequestValidator, ValidatedRequest
from kirin.orchestration.reuse import Reuse, without_places
from kirin.orchestration.transitions import Transitions
from kirin.tasks import store, workload


@dataclass(frozen=True, slots=True)
class Applicant:
    """Who asks for tasks.

    Attributes:
        account: id.
        key: id of the API key that asks; ``None`` where none is known.
        terms: on which the account creates tasks.
    """

    account: str
    key: str | None
    terms: Terms


@dataclass(frozen=True)
class Admission:
    """Admits tasks.

    Attributes:
        transitions: what follows a change of status.
        moderation: tells whether there is a classifier.
        reuse: finds results that are there already.
    """

    catalogue: Catalogue
    validator: RequestValidator
    billing: Billing
    transitions: Transitions
    moderation: Moderation
    reuse: Reuse

    def examine(
        self, account: str, asked: TaskRequest, terms: Terms, seen: SeenInputs | None = None
    ) -> tuple[ValidatedRequest, Estimate, Task | None]:
        """Check a request: what is accepted, what it costs, and whose result is its answer.

        Raises:
            UnknownModel: there is no such model.
            InvalidParameters: with everything that is wrong.
        """
        accepted, estimate = self._check(account, asked, terms, seen)
        source = self.reuse.find(account, accepted, asked.options)
        return accepted, self.reuse.estimate(estimate) if source else estimate, source

    def prepare(
        self, applicant: Applicant, asked: TaskRequest, seen: SeenInputs | None = None
    ) -> Task:
        """The task that a request asks for, with its inputs stored; not written yet.

        A task that is completed already has copies of another's results, which
        :meth:`written_or_withdrawn` removes if it is not written after all.

        Raises:
            UnknownModel: there is no such model.
            InvalidParameters: with everything that is wrong.
            StorageAway: the pictures cannot be kept.
        """
        options = asked.options
        accepted, estimate = self._check(applicant.account, asked, applicant.terms, seen)
        self.validator.inputs.store(accepted.inputs)
        if not isinstance(accepted.plan, Storyboard):
            self._keep_files(accepted)
        accepted.inputs.inline.clear()  # a batch has up to a hundred of them
        now = now_ms()
        recipe = self.reuse.recipe(accepted, options)
        task = Task(
            id=secrets.token_hex(16),
            account=applicant.account,
            model=self.catalogue.id_of(asked.model),
            status=Status.PENDING,
            created_at=now,
            updated_at=now,
            params=accepted.values,
            assets=accepted.inputs.known,
            subjects=accepted.subjects,
            engine=accepted.engine,
            size=accepted.plan.size if isinstance(accepted.plan, Storyboard) else None,
            seed=accepted.seed,
            key=applicant.key,
            tariff=estimate.tariff,
            quote=estimate.most.cost,
            external_id=accepted.values.get("external_task_id"),
            callback_url=accepted.values.get("callback_url"),
            trace=tracing.current(),
            options=options,
            recipe=recipe,
            metadata={
                "seed": accepted.seed,
                "ignored": [
                    *accepted.ignored,
                    *options.ignored,
                    *self.reuse.ignored(accepted, options),
                ],
                **self.moderation.announced(options.moderation),
                **({FACES: faces_to_json(accepted.faces)} if accepted.faces else {}),
            },
        )
        source = self.reuse.find(applicant.account, accepted, options, recipe)
        if source is not None:
            charge = self.reuse.estimate(estimate).most
            return self.reuse.fulfil(task, source, charge) or task
        return task

    def write(self, connection: Connection, task: Task, terms: Terms) -> None:
        """Write a task: it is queued, or has ended already, and its price is held or paid.

        Raises:
            AccountClosed: the account was erased at this very moment.
            InsufficientBalance: the account has less than the task may come to.
            LimitReached: the account or the key has as much in hand as it may.
            ExternalIdUsed: the account has a task with that id or external id.
            sqlalchemy.exc.IntegrityError: the account has just used the external id.
        """
        self._check_external_id(connection, task)
        self._admit(connection, task, terms)
        # Again, now that the balance is locked and nobody else creates a task here. An
        # insertion that conflicts with a task would wait for whoever is just ending that one,
        # and who ends a task waits for the balance.
        self._check_external_id(connection, task)
        store.insert_task(connection, task)
        if task.status.final:
            self.transitions.publish(connection, task.id)
        else:
            self.transitions.created(connection, task)

    @contextmanager
    def written_or_withdrawn(self, prepared: Sequence[Task]) -> Iterator[None]:
        """Within the block tasks are written; if that fails, what was copied for them is removed.

        Where the database fails nobody knows whether it has committed. Copies then stay, and if
        there is no task of theirs, garbage collection finds them.
        """
        try:
            yield
        except OperationalError:
            raise
        except BaseException:
            for task in prepared:
                self.reuse.discard([result.key for result in task.results])
            raise

    def _check(
        self, account: str, asked: TaskRequest, terms: Terms, seen: SeenInputs | None
    ) -> tuple[ValidatedRequest, Estimate]:
        """What is accepted of a request, and what it costs to make."""
        card = self.catalogue.get(asked.model)
        accepted = self.validator.check(account, card, asked.params, asked.options.seed, seen)
        return accepted, card.estimate(accepted.values, accepted.plan, terms.discount)

    def _keep_files(self, accepted: ValidatedRequest) -> None:
        try:
            self.validator.inputs.keep_files(accepted.inputs)
        except MediaRefused as refusal:
            place = next(iter(accepted.inputs.media), "")
            problem = Problem(place, refusal.code, refusal.message, refusal.rules)
            raise InvalidParameters([problem]) from refusal

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
            limits = without_places(held.limits) if task.status.final else held.limits
            if not limits.on_tasks:
                continue
            load = workload.measure(connection, task.account, held.key, today)
            limits.check(held.whose, load, task.quote, task.created_at)
