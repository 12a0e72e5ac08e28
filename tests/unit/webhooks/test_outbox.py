"""The outbox: what is due, in order for each task, claimed by one sender at a time."""

from __future__ import annotations

from sqlalchemy import Connection, select

from kirin.accounts import store as accounts
from kirin.database.tables import webhooks
from kirin.domain.task import Task
from kirin.webhooks import history, outbox
from kirin.webhooks.outbox import ORDER_MS, Saturated, Webhook
from support.tasks import a_task

LEASE = 1000
NOBODY = Saturated()
URL = "https://example.com/hook"


def tell(connection: Connection, task: Task, word: str, now: int = 100, url: str = URL) -> None:
    body = {"id": task.id, "status": word}
    outbox.add(
        connection,
        task=task.id,
        account=task.account,
        url=url,
        body=body,
        reports=word,
        now=now,
    )


def take(
    connection: Connection,
    now: int,
    limit: int = 10,
    saturated: Saturated = NOBODY,
    lease: int = LEASE,
) -> list[Webhook]:
    due = outbox.due(connection, now, limit, saturated)
    claimed = [outbox.claim(connection, message, now, lease) for message in due]
    return [message for message in claimed if message]


def settle(
    connection: Connection,
    message: Webhook,
    next_at: int | None = None,
    *,
    status: int = 200,
    now: int = 100,
) -> None:
    attempt = history.Attempt(message.attempts, now, 5, status, "ok")
    history.record(connection, message.id, attempt)
    outbox.settle(connection, message, now=now, next_at=next_at, status=status, outcome="ok")


def test_a_message_is_due_at_once(connection: Connection) -> None:  # C-7
    task = a_task(connection)
    assert not outbox.any_due(connection, 100)
    tell(connection, task, "in_progress")
    assert not outbox.any_due(connection, 99)
    assert outbox.any_due(connection, 100)
    (message,) = take(connection, 100)
    body = {"id": task.id, "status": "in_progress"}
    assert message == Webhook(
        f"{task.id}:0", task.id, 0, task.account, URL, None, body, attempts=1, next_at=100 + LEASE
    )


def test_messages_of_a_task_go_one_after_the_other(connection: Connection) -> None:  # C-7
    task = a_task(connection)
    for word in ("in_progress", "completed"):
        tell(connection, task, word)
    (first,) = take(connection, 100)
    assert first.body["status"] == "in_progress"
    assert take(connection, 100) == []
    settle(connection, first)
    (second,) = take(connection, 100)
    assert second.body["status"] == "completed"
    settle(connection, second)
    assert take(connection, 10**9) == []


def test_a_message_that_is_retried_soon_holds_up_the_next(connection: Connection) -> None:
    task = a_task(connection)
    for word in ("in_progress", "completed"):
        tell(connection, task, word)
    (first,) = take(connection, 100)
    settle(connection, first, next_at=5000)
    assert take(connection, 4999) == []
    (again,) = take(connection, 5000)
    assert (again.id, again.attempts) == (first.id, 2)


def test_tasks_do_not_wait_for_each_other(connection: Connection) -> None:
    tasks = [a_task(connection) for _ in range(3)]
    for task in tasks:
        tell(connection, task, "in_progress")
    assert {m.body["id"] for m in take(connection, 100)} == {task.id for task in tasks}


def test_no_more_are_taken_than_asked_for_the_longest_due_first(connection: Connection) -> None:
    for now in (300, 100, 200):
        tell(connection, a_task(connection), str(now), now=now)
    assert [m.body["status"] for m in take(connection, 1000, limit=2)] == ["100", "200"]


def test_what_is_taken_is_left_alone_until_its_lease_ends(connection: Connection) -> None:
    tell(connection, a_task(connection), "in_progress")
    (first,) = take(connection, 100)
    assert take(connection, 100 + LEASE - 1) == []
    (again,) = take(connection, 100 + LEASE)
    assert (again.id, again.attempts) == (first.id, 2)


def test_given_up_messages_hold_up_nobody(connection: Connection) -> None:
    task = a_task(connection)
    for word in ("in_progress", "completed"):
        tell(connection, task, word)
    (first,) = take(connection, 100)
    outbox.settle(connection, first, now=100, next_at=None, status=None, outcome="x" * 5000)
    (second,) = take(connection, 100)
    assert second.body["status"] == "completed"
    rows = connection.execute(select(webhooks).order_by(webhooks.c.sequence)).all()
    assert (rows[0].next_at, rows[0].status, len(rows[0].outcome)) == (None, None, 2048)


def test_a_receiver_may_say_anything(connection: Connection) -> None:
    tell(connection, a_task(connection), "in_progress")
    (first,) = take(connection, 100)
    outbox.settle(connection, first, now=100, next_at=None, status=200, outcome="a\0b")
    assert connection.execute(select(webhooks.c.outcome)).scalar_one() == "a\ufffdb"


def test_a_message_whose_retry_is_far_away_holds_up_nothing(connection: Connection) -> None:
    task = a_task(connection)
    for word in ("in_progress", "completed"):
        tell(connection, task, word)
    (first,) = take(connection, 100)
    settle(connection, first, next_at=100 + ORDER_MS + 1, status=500)
    (second,) = take(connection, 100)
    assert second.body["status"] == "completed"


def test_no_two_messages_of_a_task_are_sent_at_the_same_time(connection: Connection) -> None:
    task = a_task(connection)
    for word in ("in_progress", "completed"):
        tell(connection, task, word)
    (first,) = take(connection, 100)
    late, lease = 100 + ORDER_MS + 1, 3 * ORDER_MS
    settle(connection, first, next_at=late, status=500)
    (second,) = take(connection, 100, lease=lease)
    assert take(connection, late, lease=lease) == []  # the first is due, the second on its way
    settle(connection, second, next_at=late + ORDER_MS, status=500, now=late)
    assert [message.id for message in take(connection, late, lease=lease)] == [first.id]


def test_a_claim_by_a_faster_clock_is_a_claim(connection: Connection) -> None:  # C-7
    """What looks at the outbox may have read its clock a moment before another one's claim."""
    task = a_task(connection)
    for word in ("in_progress", "completed"):
        tell(connection, task, word)
    lease = 3 * ORDER_MS
    (first,) = take(connection, 105, lease=lease)
    assert outbox.due(connection, 100, 10, NOBODY) == []
    settle(connection, first)
    assert [m.body["status"] for m in outbox.due(connection, 100, 10, NOBODY)] == ["completed"]


def test_a_delivered_message_supersedes_the_earlier_ones(connection: Connection) -> None:
    task, other = a_task(connection), a_task(connection)
    for word in ("in_progress", "completed"):
        tell(connection, task, word)
    tell(connection, other, "in_progress")
    for message in take(connection, 100):
        settle(connection, message, next_at=100_000, status=500)
    (second,) = take(connection, 100)
    settle(connection, second)
    outbox.supersede_earlier(connection, second)
    assert [message.task for message in take(connection, 10**9)] == [other.id]


def test_a_later_message_that_may_have_arrived_goes_before_earlier_ones(
    connection: Connection,
) -> None:  # C-7
    """Its sender has died after it was sent: a receiver that has taken it must not be told what
    was before."""
    task = a_task(connection)
    for word in ("in_progress", "completed"):
        tell(connection, task, word)
    (first,) = take(connection, 100)
    settle(connection, first, next_at=100 + 2 * ORDER_MS, status=503)
    (second,) = take(connection, 101)
    assert second.sequence == 1
    later = 10 * ORDER_MS  # both are due, the earlier one for longer
    (again,) = take(connection, later)
    assert again.id == second.id
    assert take(connection, later) == []
    settle(connection, again, now=later)
    outbox.supersede_earlier(connection, again)
    assert take(connection, 2 * later) == []


def test_a_later_message_that_was_refused_leaves_the_earlier_one_first(
    connection: Connection,
) -> None:
    task = a_task(connection)
    for word in ("in_progress", "completed"):
        tell(connection, task, word)
    (first,) = take(connection, 100)
    settle(connection, first, next_at=100 + 2 * ORDER_MS, status=503)
    (second,) = take(connection, 101)
    settle(connection, second, next_at=100 + 2 * ORDER_MS, status=503)
    (again,) = take(connection, 10 * ORDER_MS)
    assert again.id == first.id


def test_an_attempt_that_outlives_its_claim_still_counts(connection: Connection) -> None:
    tell(connection, a_task(connection), "in_progress")
    (first,) = take(connection, 100)
    (second,) = take(connection, 100 + LEASE)
    settle(connection, first, next_at=50_000, status=500, now=100 + LEASE + 1)
    assert take(connection, 49_999) == []
    settle(connection, second, next_at=None, now=100 + LEASE + 2)
    assert take(connection, 10**9) == []


def test_a_redelivery_asked_for_while_it_is_sent_is_not_lost(connection: Connection) -> None:
    tell(connection, a_task(connection), "in_progress")
    (first,) = take(connection, 100)
    history.redeliver(connection, first.id, 150)
    settle(connection, first, now=200)
    assert [message.id for message in take(connection, 200)] == [first.id]


def test_accounts_take_turns(connection: Connection) -> None:
    """A thousand messages of one account do not push aside the one of another."""
    busy = accounts.ensure_account(connection, "busy", 1)
    for now in range(20):
        tell(connection, a_task(connection, account=busy), f"busy {now}", now=now)
    tell(connection, a_task(connection), "other", now=90)
    words = [message.body["status"] for message in take(connection, 100, limit=3)]
    assert words == ["busy 0", "other", "busy 1"]


def test_saturated_accounts_and_hosts_are_left_out(connection: Connection) -> None:
    busy = accounts.ensure_account(connection, "busy", 1)
    tell(connection, a_task(connection, account=busy), "busy")
    for url in (
        "http://slow.test",
        "http://slow.test/",
        "http://slow.test:81/x",
        "http://slow.test?a",
    ):
        tell(connection, a_task(connection), "slow", url=url)
    tell(connection, a_task(connection), "near", url="http://slow.testing/")
    saturated = Saturated({busy}, {"http://slow.test"})
    assert [m.body["status"] for m in take(connection, 100, saturated=saturated)] == ["near"]
