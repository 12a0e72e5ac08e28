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

from kirin.catalogue.card import Card
from kirin.catalogue.codes import CANCELLED
from kirin.catalogue.registry import Catalogue
from kirin.catalogue.structures import Values
from kirin.clock import now_ms
from kirin.database.engine import Database
from kirin.domain.assets import Asset, AssetKind
from kirin.domain.task import Failure, Result, Status, Task
from kirin.engines.router import Router
from kirin.errors import (
    ExternalIdUsed,
    FailureKind,
    InvalidParameters,
    Problem,
    Stopped,
    TaskError,
    TaskFinished,
    UnknownTask,
)
from kirin.media.base64 import is_url
from kirin.media.intake import Intake
from kirin.media.refusal import MediaRefused
from kirin.production import Production
from kirin.storage.base import Storage
from kirin.storage.keys import input_key
from kirin.tasks import store
from kirin.tasks.attempt import Attempt
from kirin.tasks.queue import Queue
from kirin.webhooks import outbox

log = structlog.get_logger(__name__)

INLINE = "sha256:"
"""What stands in a task's parameters for a picture that came inline."""


@dataclass(frozen=True)
class Flow:
    """The rooms that a task passes through.

    Attributes:
        present: writes a task as the wire shows it, for webhooks.
        max_attempts: how many workers a task may take down with it.
    """

    catalogue: Catalogue
    database: Database
    queue: Queue
    storage: Storage
    intake: Intake
    router: Router
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
        values, problems = card.check(params)
        media, inline = self._take_in(card, values, problems)
        self._check_callback(values, problems)
        problems += card.check_media(values, _fetched(media))
        if problems:
            raise InvalidParameters(problems)
        seed = secrets.randbelow(2**31)
        storyboard = card.storyboard(values, media, seed)
        if reasons := self.router.refusals(storyboard):
            raise InvalidParameters(
                [
                    Problem(card.fields.get(r.field, r.field), "unsupported", r.message)
                    for r in reasons
                ]
            )
        for sha256, data in inline.items():
            self.storage.put_bytes(input_key(sha256), data)
        now = now_ms()
        task = Task(
            id=secrets.token_hex(16),
            account=account,
            model=model,
            status=Status.PENDING,
            created_at=now,
            updated_at=now,
            params=values,
            assets=_fetched(media),
            seed=seed,
            quote=card.quote(values, storyboard),
            external_id=values.get("external_task_id"),
            callback_url=values.get("callback_url"),
            metadata={"seed": seed, "ignored": []},
        )
        self._insert(task)
        self.queue.put(task.id)
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
            self._announce(connection, id)
        card = self.catalogue.get(task.model)
        attempt = Attempt(self.database, task, stopping)
        started = time.monotonic()
        bound = log.bind(task=id, model=task.model, attempt=task.attempt)
        try:
            if task.attempt - task.handed_back > self.max_attempts:
                raise TaskError(f"the task took down its worker {self.max_attempts} times")
            with tempfile.TemporaryDirectory(prefix="kirin-") as folder:
                results, metadata = self.production.make(card, attempt, Path(folder))
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
            self._complete(task, results, metadata | {"render_seconds": seconds})
            bound.info("task completed", seconds=seconds)

    def _take_in(
        self, card: Card, values: Values, problems: list[Problem]
    ) -> tuple[dict[str, Asset], dict[str, bytes]]:
        """Look at all media of a request: facts by path, and the bytes of what came inline."""
        media: dict[str, Asset] = {}
        inline: dict[str, bytes] = {}
        for item in card.media(values):
            try:
                if is_url(item.source):
                    self.intake.check_url(item.source)
                    media[item.path] = Asset.announced(AssetKind.IMAGE)
                else:
                    asset, data = self.intake.inline(item.source, item.parameter.limits)
                    media[item.path], inline[asset.sha256] = asset, data
                    item.replace(INLINE + asset.sha256)
            except MediaRefused as refusal:
                problems.append(Problem(item.path, refusal.code, refusal.message, refusal.rules))
        return media, inline

    def _check_callback(self, values: Values, problems: list[Problem]) -> None:
        try:
            if "callback_url" in values:
                self.intake.check_url(values["callback_url"])
        except MediaRefused as refusal:
            problems.append(Problem("callback_url", refusal.code, refusal.message, ("C-7",)))

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

    def _complete(
        self, task: Task, results: tuple[Result, ...], metadata: Mapping[str, Any]
    ) -> None:
        whole = {**task.metadata, **metadata}
        with self.database.write() as connection:
            if store.complete(connection, task, results, task.quote, whole, now_ms()):
                self._announce(connection, task.id)
                return
        for result in results:
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


def _fetched(media: Mapping[str, Asset]) -> dict[str, Asset]:
    return {path: asset for path, asset in media.items() if asset.fetched}
