"""What follows a change of a task's status, in the transaction that changes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import Connection

from kirin.accounts.billing import Billing
from kirin.clock import now_ms
from kirin.domain.batch import BatchState
from kirin.domain.task import Task
from kirin.errors import UnknownTask
from kirin.tasks import batches, events, previews, store
from kirin.webhooks import outbox


class CallbackWriter(Protocol):
    """Writes what callbacks say."""

    def dialect_of(self, task: Task) -> str | None:
        """The dialect in whose words a task tells of itself; ``None`` for the native ones."""
        ...

    def body(self, task: Task, dialect: str) -> Mapping[str, Any] | None:
        """What is told of a task of a dialect that has changed its status; ``None`` where nothing
        is."""
        ...


@dataclass(frozen=True)
class Transitions:
    """Settles what a task costs, and tells whoever follows it.

    Attributes:
        serialise: writes a task as the wire shows it, for events.
        serialise_batch: the same of a batch.
        callbacks: writes it for its callback URL, where it was made in another API.
    """

    billing: Billing
    serialise: Callable[[Task], Mapping[str, Any]]
    serialise_batch: Callable[[BatchState], Mapping[str, Any]]
    callbacks: CallbackWriter

    def created(self, connection: Connection, task: Task) -> None:
        """Tell of a new task in an event. No webhook: its creator holds the answer."""
        events.add(connection, task, self.serialise(task), task.created_at)

    def publish(self, connection: Connection, id: str) -> Task:
        """Settle a task that has ended; tell of its status in an event, and in a webhook where
        the task wants one.

        Raises:
            UnknownTask: it was removed.
        """
        task = store.get(connection, id)
        if task is None:  # nothing deletes a task that has just been changed
            raise UnknownTask
        self.changed(connection, task)
        return task

    def changed(self, connection: Connection, task: Task) -> None:
        """As :meth:`publish`, where what the change has left of the task is known.

        What other tasks of the account wait for, its balance and the number of its events, comes
        last: both rows stay locked until the end of the transaction.
        """
        if task.status.final:
            previews.forget(connection, task.id)
            self.billing.settle(connection, task, now_ms())
        body = self.serialise(task)
        events.add(connection, task, body, now_ms())
        if task.callback_url:
            self._call_back(connection, task, task.callback_url, body)
        if task.status.final and task.batch is not None:
            self.end_batch(connection, task)

    def end_batch(self, connection: Connection, last: Task) -> None:
        """End the batch of a task that has ended if it was the last one, and tell of it.

        Args:
            last: the task; what is told is kept with it.
        """
        now = now_ms()
        state = batches.finish(connection, last.batch or "", now)
        if state is None or state.batch.callback_url is None:
            return
        body = self.serialise_batch(state)
        outbox.add(
            connection,
            task=last.id,
            account=last.account,
            url=state.batch.callback_url,
            body=body,
            reports=body["status"],
            now=now,
            batch=state.batch.id,
        )

    def _call_back(
        self, connection: Connection, task: Task, url: str, native: Mapping[str, Any]
    ) -> None:
        dialect = self.callbacks.dialect_of(task)
        told = native if dialect is None else self.callbacks.body(task, dialect)
        if told is not None:
            outbox.add(
                connection,
                task=task.id,
                account=task.account,
                url=url,
                dialect=dialect,
                body=told,
                reports=native["status"],
                now=now_ms(),
            )
