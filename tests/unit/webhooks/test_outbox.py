"""The outbox: what is due, in order for each task, left to one sender at a time."""

from __future__ import annotations

from sqlalchemy import Connection, select

from kirin.database.tables import webhooks
from kirin.domain.task import Task
from kirin.webhooks import outbox
from kirin.webhooks.outbox import Webhook
from support.tasks import a_task

LEASE = 1000
URL = "https://example.com/hook"


def tell(connection: Connection, task: Task, word: str, now: int = 100) -> None:
    body = {"id": task.id, "status": word}
    outbox.add(connection, task=task.id, account=task.account, url=URL, body=body, now=now)


def take(connection: Connection, now: int, limit: int = 10) -> list[Webhook]:
    return outbox.take_due(connection, now, LEASE, limit)


def heard(connection: Connection, message: Webhook, next_at: int | None = None) -> None:
    outbox.settle(connection, message.id, next_at=next_at, status=200, outcome="ok")


def test_a_message_is_due_at_once(connection: Connection) -> None:  # C-7
    task = a_task(connection)
    assert not outbox.any_due(connection, 100)
    tell(connection, task, "processing")
    assert not outbox.any_due(connection, 99)
    assert outbox.any_due(connection, 100)
    (message,) = take(connection, 100)
    assert message == Webhook(
        f"{task.id}:0", task.account, URL, {"id": task.id, "status": "processing"}, 1
    )


def test_messages_of_a_task_go_one_after_the_other(connection: Connection) -> None:  # C-7
    task = a_task(connection)
    for word in ("processing", "completed"):
        tell(connection, task, word)
    (first,) = take(connection, 100)
    assert first.body["status"] == "processing"
    assert take(connection, 100) == []
    heard(connection, first)
    (second,) = take(connection, 100)
    assert second.body["status"] == "completed"
    heard(connection, second)
    assert take(connection, 10**9) == []


def test_a_message_that_waits_for_another_try_holds_up_the_next(connection: Connection) -> None:
    task = a_task(connection)
    for word in ("processing", "completed"):
        tell(connection, task, word)
    (first,) = take(connection, 100)
    heard(connection, first, next_at=5000)
    assert take(connection, 4999) == []
    (again,) = take(connection, 5000)
    assert (again.id, again.attempts) == (first.id, 2)


def test_tasks_do_not_wait_for_each_other(connection: Connection) -> None:
    tasks = [a_task(connection) for _ in range(3)]
    for task in tasks:
        tell(connection, task, "processing")
    assert {m.body["id"] for m in take(connection, 100)} == {task.id for task in tasks}


def test_no_more_are_taken_than_asked_for_the_longest_due_first(connection: Connection) -> None:
    for now in (300, 100, 200):
        tell(connection, a_task(connection), str(now), now=now)
    assert [m.body["status"] for m in take(connection, 1000, limit=2)] == ["100", "200"]


def test_what_is_taken_is_left_alone_until_its_lease_ends(connection: Connection) -> None:
    tell(connection, a_task(connection), "processing")
    (first,) = take(connection, 100)
    assert take(connection, 100 + LEASE - 1) == []
    (again,) = take(connection, 100 + LEASE)
    assert (again.id, again.attempts) == (first.id, 2)


def test_given_up_messages_hold_up_nobody(connection: Connection) -> None:
    task = a_task(connection)
    for word in ("processing", "completed"):
        tell(connection, task, word)
    (first,) = take(connection, 100)
    outbox.settle(connection, first.id, next_at=None, status=None, outcome="x" * 5000)
    (second,) = take(connection, 100)
    assert second.body["status"] == "completed"
    rows = connection.execute(select(webhooks).order_by(webhooks.c.sequence)).all()
    assert (rows[0].next_at, rows[0].status, len(rows[0].outcome)) == (None, None, 2048)


def test_a_receiver_may_say_anything(connection: Connection) -> None:
    tell(connection, a_task(connection), "processing")
    (first,) = take(connection, 100)
    outbox.settle(connection, first.id, next_at=None, status=200, outcome="a\0b")
    assert connection.execute(select(webhooks.c.outcome)).scalar_one() == "a\ufffdb"
