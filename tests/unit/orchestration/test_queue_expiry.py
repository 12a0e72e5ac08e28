"""Tasks that wait for too long end, and cost nothing; on both databases."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from kirin.accounts import ledger
from kirin.accounts import store as accounts
from kirin.accounts.billing import Billing
from kirin.accounts.ledger import Balance
from kirin.catalogue.codes import WAITED_TOO_LONG
from kirin.database.engine import Database
from kirin.database.tables import events, tasks
from kirin.domain.task import Task
from kirin.orchestration.queue_expiry import QueueExpiry
from kirin.orchestration.transitions import Transitions
from kirin.tasks import queue, store
from support.tasks import a_task

NOW = 100_000
HERE = ("scripted",)


class NoCallbacks:
    def dialect_of(self, task: Task) -> str | None:
        return None

    def body(self, task: Task, dialect: str) -> None:
        return None


def expiry(database: Database, seconds: float | None) -> QueueExpiry:
    def serialise(task: Task) -> dict[str, Any]:
        return {"id": task.id, "status": task.status.value}

    transitions = Transitions(Billing(prepaid=True), serialise, lambda _: {}, NoCallbacks())
    return QueueExpiry(database, transitions, seconds, lambda: NOW)


def test_what_waits_for_too_long_fails_and_is_refunded(database: Database) -> None:
    with database.write() as connection:
        account = accounts.ensure_account(connection, "test", 1)
        ledger.top_up(connection, account, 1_000_000, 1, reference=None, note="")
        old = a_task(connection, created_at=NOW - 10_001)
        ledger.hold(connection, account, old.id, 280_000, 1, granted=False)
        young = a_task(connection, created_at=NOW - 10_000)
        held = a_task(connection, created_at=1)
        queue.prioritise(connection, held.id, 1)
        assert queue.lease(connection, "w", HERE, 1) == [held.id]
    assert expiry(database, None).expire() == 0
    assert expiry(database, 10).expire() == 1
    assert expiry(database, 10).expire() == 0
    with database.read() as connection:
        ended = store.get(connection, old.id)
        assert ended is not None
        assert ended.failure is not None
        assert ended.failure.code == WAITED_TOO_LONG
        assert "10 s" in ended.failure.message
        assert ledger.balance(connection, account) == Balance(1_000_000, 0)
        told = connection.execute(select(events.c.task).where(events.c.task == old.id)).all()
        assert len(told) == 1
        waiting = select(tasks.c.id).where(tasks.c.queued_at.is_not(None))
        assert set(connection.execute(waiting).scalars()) == {young.id}


def test_one_that_was_begun_before_is_let_be(database: Database) -> None:
    """Its worker went away, and it waits for another."""
    with database.write() as connection:
        task = a_task(connection, created_at=1)
        queue.lease(connection, "w", HERE, 1)
        assert store.claim(connection, task.id, 2, "w") is not None
        queue.requeue(connection, "w")
    assert expiry(database, 10).expire() == 0
