"""Delivery: signed, retried after failures, in order, fair, and never to where it must not go."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from socket import create_server
from typing import Any

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
from kirin.webhooks.outbox import Saturated
from support.loopback import Receiver
from support.tasks import a_task
from support.waiting import until


@pytest.fixture(autouse=True)
def _hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deliver, "RETRY_SECONDS", (0.05, 0.1))
    monkeypatch.setattr(deliver, "POLL_SECONDS", 0.02)
    # Where nobody is silent, an attempt that takes long is no failed one.
    monkeypatch.setattr(deliver, "TIMEOUT_SECONDS", 60.0)
    monkeypatch.setattr(deliver, "BODY_SECONDS", 60.0)
    monkeypatch.setattr(deliver, "LEASE_MS", 600_000)


@contextmanager
def delivering(
    database: Database,
    client: Callable[[], httpx.Client] = httpx.Client,
    renew_links: Callable[[str | None, Mapping[str, Any]], Mapping[str, Any]] = lambda _, body: (
        body
    ),
) -> Iterator[None]:
    deliverer = Deliverer(database, client, signing_secrets, renew_links, now_ms)
    deliverer.start()
    try:
        yield
    finally:
        deliverer.stop()
        deliverer._thread.join(60)
        deliverer._pool.shutdown()


@pytest.fixture
def task(database: Database) -> Task:
    with database.write() as connection:
        return a_task(connection)


def tell(database: Database, task: Task, url: str, *words: str) -> None:
    with database.write() as connection:
        for word in words:
            outbox.add(
                connection,
                task=task.id,
                account=task.account,
                url=url,
                body={"id": task.id, "status": word, "prompt": "馬 🐴"},
                reports=word,
                now=now_ms(),
            )


def settled(database: Database) -> Sequence[Row[tuple[object, ...]]]:
    """All messages, once none is left to send."""

    def look() -> Sequence[Row[tuple[object, ...]]]:
        with database.read() as connection:
            rows = connection.execute(select(webhooks).order_by(webhooks.c.sequence)).all()
        return rows if all(row.next_at is None for row in rows) else []

    return until(look, seconds=60)


def test_a_message_is_signed(database: Database, task: Task) -> None:  # C-7
    with Receiver() as receiver, delivering(database):
        tell(database, task, receiver.url("hook"), "in_progress")
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
        tell(database, task, receiver.url("hook"), "in_progress")
        settled(database)
    (message,) = receiver.messages
    with pytest.raises(Exception, match="signature"):
        Verifier(accounts.new_webhook_secret()).verify(message.body, dict(message.headers))


def test_it_is_sent_again_until_it_is_heard(database: Database, task: Task) -> None:  # C-7
    with Receiver(500, 302) as receiver, delivering(database):
        tell(database, task, receiver.url("hook"), "in_progress", "completed")
        rows = settled(database)
    assert [m.task["status"] for m in receiver.messages] == ["in_progress"] * 3 + ["completed"]
    assert len({m.id for m in receiver.messages[:3]}) == 1  # the receiver can tell a repetition
    assert [row.attempts for row in rows] == [3, 1]
    stamps = [int(m.headers["webhook-timestamp"]) for m in receiver.messages]
    assert stamps == sorted(stamps)


def test_it_is_given_up_after_the_last_try(database: Database, task: Task) -> None:
    with Receiver(500, 500, 500, 500) as receiver, delivering(database):
        tell(database, task, receiver.url("hook"), "in_progress")
        (row,) = settled(database)
    assert (row.attempts, row.status) == (3, 500)
    assert len(receiver.messages) == 3


def test_who_was_frozen_since_its_claim_sends_nothing_that_another_has_sent(
    database: Database, task: Task
) -> None:  # C-7
    deliverer = Deliverer(database, httpx.Client, signing_secrets, lambda _, body: body, now_ms)
    with Receiver() as receiver:
        tell(database, task, receiver.url("hook"), "in_progress", "completed")
        with database.write() as connection:
            (first,) = outbox.due(connection, now_ms(), 2, Saturated())
            frozen = outbox.claim(connection, first, now_ms(), 0)  # at once over
        assert frozen
        with delivering(database):
            settled(database)
        assert receiver.told(task.id) == ["in_progress", "completed"]
        deliverer._deliver(frozen)
        assert len(receiver.messages) == 2


def test_who_is_gone_is_left_alone(database: Database, task: Task) -> None:
    with Receiver(410) as receiver, delivering(database):
        tell(database, task, receiver.url("hook"), "in_progress")
        (row,) = settled(database)
    assert (row.attempts, row.status) == (1, 410)


@pytest.mark.parametrize("form", ["seconds", "date"])
def test_it_waits_as_long_as_it_is_asked_to(database: Database, task: Task, form: str) -> None:
    date = format_datetime(datetime.now(tz=UTC) + timedelta(hours=1), usegmt=True)
    given = {"seconds": "3600", "date": date}[form]
    with Receiver(503, Retry_After=given) as receiver, delivering(database):
        tell(database, task, receiver.url("hook"), "in_progress")

        def later() -> int:
            with database.read() as connection:
                row = connection.execute(select(webhooks)).one()
            return row.next_at if row.status == 503 else 0

        assert until(later) - now_ms() > 3_300_000
    assert len(receiver.messages) == 1


@pytest.mark.parametrize(
    ("header", "most"),
    [
        ("9" * 400, 95_040),
        ("Fri, 31 Dec 99999999999999999999 23:59:59 GMT", 1),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 95_040),
        ("-3600", 1),
        ("soon", 1),
    ],
)
def test_a_wait_that_makes_no_sense_is_clamped(
    database: Database, task: Task, header: str, most: float
) -> None:
    with Receiver(503, Retry_After=header) as receiver, delivering(database):
        tell(database, task, receiver.url("hook"), "in_progress")

        waits: list[float] = []

        def tried() -> int:
            with database.read() as connection:
                row = connection.execute(select(webhooks)).one()
            # While the second attempt is under way, its time says when it would be taken for lost.
            if row.attempts == 1 and row.status and row.next_at is not None:
                waits.append(row.next_at - now_ms())
            return row.attempts if row.status else 0

        until(tried)
        assert all(wait <= most * 1000 for wait in waits)
        if most == 1:
            settled(database)


def test_what_cannot_be_sent_is_given_up_too(database: Database, task: Task) -> None:
    with delivering(database):
        tell(database, task, "http://[", "in_progress")
        (row,) = settled(database)
    assert (row.status, row.attempts) == (None, 3)


def test_the_last_status_is_not_held_up_by_an_undelivered_one(
    database: Database, task: Task, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deliver, "RETRY_SECONDS", (0.05, 300, 86_400))
    with Receiver(500, 500) as receiver, delivering(database):
        tell(database, task, receiver.url("hook"), "in_progress", "completed")
        first, last = settled(database)
    assert receiver.told(task.id) == ["in_progress", "completed"]
    assert [m.task["status"] for m in receiver.messages] == ["in_progress"] * 2 + ["completed"]
    assert (first.status, first.attempts) == (500, 2)  # superseded
    assert (last.status, last.attempts) == (200, 1)


class Raw:
    """A server that reads a request and sends these bytes, and then closes, hangs or goes on."""

    def __init__(self, answer: bytes, then: str) -> None:
        self._bytes, self._then = answer, then
        self._server = create_server(("127.0.0.1", 0))
        self.closing = threading.Event()
        self.url = f"http://127.0.0.1:{self._server.getsockname()[1]}/hook"
        self.requests = 0

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._server.accept()
                self.requests += 1
                threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection: Any) -> None:
        with connection, suppress(OSError):
            request = b""
            while not request.endswith(b"}"):  # what is left unread would reset the connection
                if not (piece := connection.recv(65_536)):
                    return
                request += piece
            connection.sendall(self._bytes)
            while self._then == "goes on" and not self.closing.wait(0.01):
                connection.sendall(b"1\r\nx\r\n")
            if self._then == "hangs":
                self.closing.wait(300)

    def __enter__(self) -> Raw:
        threading.Thread(target=self._serve, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.closing.set()
        self._server.close()


OK = b"HTTP/1.1 200 OK\r\n"


@pytest.mark.parametrize(
    ("answer", "then", "outcome"),
    [
        (OK + b"Content-Encoding: gzip\r\nContent-Length: 4\r\n\r\njunk", "closes", "gzip"),
        (OK + b"Content-Length: 400\r\n\r\nshort", "closes", "short"),
        (OK + b"Content-Length: 1\r\n\r\nlonger", "closes", "l"),
        (OK + b"Content-Length: 400\r\n\r\nbegun", "hangs", "begun"),
        (OK + b"Content-Length: 400\r\n\r\n", "hangs", ""),
        (OK + b"Transfer-Encoding: chunked\r\n\r\nnonsense\r\n", "closes", ""),
        (OK + b"Transfer-Encoding: chunked\r\n\r\n5\r\nbegun\r\n", "goes on", "begun"),
        (OK + b"\r\nuntil it closes", "closes", "until it closes"),
        (b"HTTP/1.1 204 No Content\r\n\r\n", "closes", ""),
    ],
)
def test_the_status_decides_whatever_the_body(
    database: Database,
    task: Task,
    monkeypatch: pytest.MonkeyPatch,
    answer: bytes,
    then: str,
    outcome: str,
) -> None:
    monkeypatch.setattr(deliver, "BODY_SECONDS", 0.2)
    monkeypatch.setattr(deliver, "TIMEOUT_SECONDS", 300.0)  # longer than is waited here
    with Raw(answer, then) as server, delivering(database):
        tell(database, task, server.url, "in_progress")
        (row,) = settled(database)
    assert (row.attempts, server.requests) == (1, 1)
    assert row.status in (200, 204)
    assert outcome in row.outcome


def test_links_are_signed_anew_for_each_attempt(database: Database, task: Task) -> None:
    renewals: list[int] = []

    def renew_links(_: str | None, body: Mapping[str, Any]) -> Mapping[str, Any]:
        renewals.append(1)
        return {**body, "link": len(renewals)}

    with Receiver(500, 500) as receiver, delivering(database, renew_links=renew_links):
        tell(database, task, receiver.url("hook"), "completed")
        settled(database)
    with database.read() as connection:
        secret = accounts.webhook_secret(connection, task.account)
    assert [message.task["link"] for message in receiver.messages] == [1, 2, 3]
    assert {message.task["status"] for message in receiver.messages} == {"completed"}
    assert len({message.id for message in receiver.messages}) == 1
    for message in receiver.messages:
        Verifier(secret).verify(message.body, dict(message.headers))


def test_a_slow_receiver_of_one_account_holds_up_no_other(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Hundreds of messages to a host that never answers take their share and no more."""
    monkeypatch.setattr(deliver, "TIMEOUT_SECONDS", 300.0)  # longer than is waited here
    with database.write() as connection:
        busy = accounts.ensure_account(connection, "busy", 1)
        slow = [a_task(connection, account=busy) for _ in range(100)]
        elsewhere, other = a_task(connection, account=busy), a_task(connection)
    with Receiver() as receiver, create_server(("127.0.0.1", 0), backlog=200) as deaf:
        for each in slow:
            tell(database, each, f"http://127.0.0.1:{deaf.getsockname()[1]}/", "in_progress")
        tell(database, elsewhere, receiver.url("hook", "localhost"), "in_progress")
        tell(database, other, receiver.url("hook", "localhost"), "in_progress")
        with delivering(database):
            until(lambda: receiver.of(other.id) and receiver.of(elsewhere.id), seconds=200)
            deaf.close()  # the attempts under way end


def test_nobody_there(database: Database, task: Task) -> None:
    with delivering(database):
        tell(database, task, "http://127.0.0.1:9/hook", "in_progress")
        (row,) = settled(database)
    assert (row.status, row.attempts) == (None, 3)
    assert row.outcome.startswith("ConnectError")


def test_redirects_are_not_followed(database: Database, task: Task) -> None:
    with (
        Receiver() as elsewhere,
        Receiver(307, Location=elsewhere.url("hook")) as receiver,
        delivering(database),
    ):
        tell(database, task, receiver.url("hook"), "in_progress")
        rows = settled(database)
    assert [row.attempts for row in rows] == [2]
    assert elsewhere.messages == []


def test_forbidden_addresses_are_not_called(database: Database, task: Task) -> None:  # C-7
    with Receiver() as receiver, delivering(database, EgressPolicy().client):
        tell(database, task, receiver.url("hook"), "in_progress")
        (row,) = settled(database)
    assert receiver.messages == []
    assert "UrlRefused" in row.outcome


def test_a_receiver_that_never_answers_holds_up_nobody_else(database: Database, task: Task) -> None:
    with database.write() as connection:
        other = a_task(connection)
    with Receiver() as receiver, create_server(("127.0.0.1", 0)) as deaf, delivering(database):
        tell(database, task, f"http://127.0.0.1:{deaf.getsockname()[1]}/", "in_progress")
        tell(database, other, receiver.url("hook"), "in_progress")
        until(lambda: receiver.messages)
        with database.read() as connection:
            first = connection.execute(select(webhooks).where(webhooks.c.task == task.id)).one()
        assert first.outcome is None
        deaf.close()  # the attempt under way ends, and those to come
        settled(database)
