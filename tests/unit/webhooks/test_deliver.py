"""Delivery: signed, retried after failures, in order, and never to where it must not go."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from socket import create_server

import httpx
import pytest
from sqlalchemy import Row, select
from standardwebhooks.webhooks import Webhook as Verifier

from kirin.accounts import store as accounts
from kirin.app import signing_secrets
from kirin.clock import now_ms
from kirin.database.engine import Database
from kirin.database.tables import webhooks
from kirin.domain.task import Task
from kirin.media.egress import EgressPolicy
from kirin.webhooks import deliver, outbox
from kirin.webhooks.deliver import Deliverer
from support.loopback import Receiver
from support.tasks import a_task
from support.waiting import until


@pytest.fixture(autouse=True)
def _hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deliver, "RETRY_SECONDS", (0.05, 0.1))
    monkeypatch.setattr(deliver, "POLL_SECONDS", 0.02)
    monkeypatch.setattr(deliver, "TIMEOUT_SECONDS", 1.0)


@contextmanager
def delivering(
    database: Database, client: Callable[[], httpx.Client] = httpx.Client
) -> Iterator[None]:
    deliverer = Deliverer(database, client, signing_secrets, now_ms)
    deliverer.start()
    try:
        yield
    finally:
        deliverer.stop()
        deliverer._thread.join(5)


@pytest.fixture
def task(database: Database) -> Task:
    with database.write() as connection:
        return a_task(connection)


def tell(database: Database, task: Task, url: str, *words: str) -> None:
    with database.write() as connection:
        for word in words:
            body = {"id": task.id, "status": word, "prompt": "馬 🐴"}
            outbox.add(
                connection, task=task.id, account=task.account, url=url, body=body, now=now_ms()
            )


def settled(database: Database) -> Sequence[Row[tuple[object, ...]]]:
    """All messages, once none is left to send."""

    def look() -> Sequence[Row[tuple[object, ...]]]:
        with database.read() as connection:
            rows = connection.execute(select(webhooks).order_by(webhooks.c.sequence)).all()
        return rows if all(row.next_at is None for row in rows) else []

    return until(look, seconds=10)


def test_a_message_is_signed(database: Database, task: Task) -> None:  # C-7
    with Receiver() as receiver, delivering(database):
        tell(database, task, receiver.url("hook"), "processing")
        (row,) = settled(database)
    (message,) = receiver.messages
    with database.read() as connection:
        secret = accounts.webhook_secret(connection, task.account)
    assert Verifier(secret).verify(message.body, dict(message.headers)) == message.task
    assert message.id == row.id
    assert message.task["prompt"] == "馬 🐴"
    assert (row.status, row.attempts, row.outcome) == (200, 1, "heard")


def test_another_account_signs_otherwise(database: Database, task: Task) -> None:  # C-7
    with Receiver() as receiver, delivering(database):
        tell(database, task, receiver.url("hook"), "processing")
        settled(database)
    (message,) = receiver.messages
    with pytest.raises(Exception, match="signature"):
        Verifier(accounts.new_webhook_secret()).verify(message.body, dict(message.headers))


def test_it_is_sent_again_until_it_is_heard(database: Database, task: Task) -> None:  # C-7
    with Receiver(500, 302) as receiver, delivering(database):
        tell(database, task, receiver.url("hook"), "processing", "completed")
        rows = settled(database)
    assert [m.task["status"] for m in receiver.messages] == ["processing"] * 3 + ["completed"]
    assert len({m.id for m in receiver.messages[:3]}) == 1  # the receiver can tell a repetition
    assert [row.attempts for row in rows] == [3, 1]
    stamps = [int(m.headers["webhook-timestamp"]) for m in receiver.messages]
    assert stamps == sorted(stamps)


def test_it_is_given_up_after_the_last_try(database: Database, task: Task) -> None:
    with Receiver(500, 500, 500, 500) as receiver, delivering(database):
        tell(database, task, receiver.url("hook"), "processing")
        (row,) = settled(database)
    assert (row.attempts, row.status) == (3, 500)
    assert len(receiver.messages) == 3


def test_who_is_gone_is_left_alone(database: Database, task: Task) -> None:
    with Receiver(410) as receiver, delivering(database):
        tell(database, task, receiver.url("hook"), "processing")
        (row,) = settled(database)
    assert (row.attempts, row.status) == (1, 410)


@pytest.mark.parametrize("form", ["seconds", "date"])
def test_it_waits_as_long_as_it_is_asked_to(database: Database, task: Task, form: str) -> None:
    date = format_datetime(datetime.now(tz=UTC) + timedelta(hours=1), usegmt=True)
    given = {"seconds": "3600", "date": date}[form]
    with Receiver(503, Retry_After=given) as receiver, delivering(database):
        tell(database, task, receiver.url("hook"), "processing")

        def later() -> int:
            with database.read() as connection:
                row = connection.execute(select(webhooks)).one()
            return row.next_at if row.status == 503 else 0

        assert until(later) - now_ms() > 3_300_000
    assert len(receiver.messages) == 1


def test_nobody_there(database: Database, task: Task) -> None:
    with delivering(database):
        tell(database, task, "http://127.0.0.1:9/hook", "processing")
        (row,) = settled(database)
    assert (row.status, row.attempts) == (None, 3)
    assert row.outcome.startswith("ConnectError")


def test_redirects_are_not_followed(database: Database, task: Task) -> None:
    with (
        Receiver() as elsewhere,
        Receiver(307, Location=elsewhere.url("hook")) as receiver,
        delivering(database),
    ):
        tell(database, task, receiver.url("hook"), "processing")
        rows = settled(database)
    assert [row.attempts for row in rows] == [2]
    assert elsewhere.messages == []


def test_forbidden_addresses_are_not_called(database: Database, task: Task) -> None:  # C-7
    with Receiver() as receiver, delivering(database, EgressPolicy().client):
        tell(database, task, receiver.url("hook"), "processing")
        (row,) = settled(database)
    assert receiver.messages == []
    assert "UrlRefused" in row.outcome


def test_a_receiver_that_never_answers_holds_up_nobody_else(database: Database, task: Task) -> None:
    with database.write() as connection:
        other = a_task(connection)
    with Receiver() as receiver, create_server(("127.0.0.1", 0)) as deaf, delivering(database):
        tell(database, task, f"http://127.0.0.1:{deaf.getsockname()[1]}/", "processing")
        tell(database, other, receiver.url("hook"), "processing")
        until(lambda: receiver.messages)
        with database.read() as connection:
            first = connection.execute(select(webhooks).where(webhooks.c.task == task.id)).one()
        assert first.outcome is None
        settled(database)
