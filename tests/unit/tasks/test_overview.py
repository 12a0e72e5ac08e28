"""What an operator sees at a glance, on both databases."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Connection, event, insert, update

from kirin.database.tables import tasks, webhooks
from kirin.domain.task import Status, Task
from kirin.tasks import overview
from kirin.tasks.overview import Lease, Outcome, Outcomes, Undelivered, WaitingTasks
from support.tasks import a_task

HOUR_MS = 3_600_000
NOW = 100 * HOUR_MS


def put(connection: Connection, engine: str | None, **values: Any) -> Task:
    task = a_task(connection, engine=engine)
    connection.execute(update(tasks).where(tasks.c.id == task.id).values(**values))
    return task


def ended(connection: Connection, ago: int, code: str | None = None) -> None:
    put(
        connection,
        "animatic",
        status=Status.COMPLETED if code is None else Status.FAILED,
        failure_code=code,
        finished_at=NOW - ago,
        queued_at=None,
    )


def webhook(connection: Connection, next_at: int | None, attempts: int) -> None:
    task = put(connection, None, queued_at=None)
    connection.execute(
        insert(webhooks).values(
            id=f"msg_{task.id}",
            task=task.id,
            account=task.account,
            sequence=1,
            url="https://example.com",
            body={},
            created_at=1,
            attempts=attempts,
            next_at=next_at,
        )
    )


def outcomes(connection: Connection) -> Outcomes:
    return overview.outcomes(connection, NOW - HOUR_MS, NOW - 24 * HOUR_MS)


def test_nothing_to_tell(connection: Connection) -> None:
    assert overview.waiting(connection) == []
    assert overview.leases(connection) == []
    assert outcomes(connection) == Outcomes((), NOW - 24 * HOUR_MS)
    assert overview.undelivered(connection) == Undelivered(0, 0, None)


def test_who_waits_for_what_and_since_when(connection: Connection) -> None:
    for engine, since in (("gpu", 70), ("animatic", 50), ("gpu", 60), (None, 90)):
        put(connection, engine, queued_at=since)
    put(connection, "gpu", queued_at=None, worker="a")
    put(connection, "gpu", queued_at=10, finished_at=20)  # to be cleaned up behind
    found = [WaitingTasks("animatic", 1, 50), WaitingTasks("gpu", 2, 60), WaitingTasks(None, 1, 90)]
    assert overview.waiting(connection) == found


def test_of_a_long_queue_the_oldest_are_counted(
    connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(overview, "MOST_WAITING", 2)
    for since in (70, 50, 60):
        put(connection, "gpu", queued_at=since)
    assert overview.waiting(connection) == [WaitingTasks("gpu", 2, 50)]


def test_who_works_on_what(connection: Connection) -> None:
    for worker, engine in (("a", "gpu"), ("b", "animatic"), ("a", "gpu"), ("a", None)):
        put(connection, engine, queued_at=None, worker=worker)
    # Its lease outlives it for a moment.
    put(connection, "gpu", queued_at=None, worker="b", finished_at=NOW)
    found = overview.leases(connection)
    counts = {(each.worker, each.engine): each.count for each in found}
    assert counts == {("a", None): 1, ("a", "gpu"): 2, ("b", "animatic"): 1}
    assert overview.busy(found) == {"a": 3, "b": 1}
    assert overview.busy([Lease("c", None, 4)]) == {"c": 4}


def test_how_tasks_have_ended(connection: Connection) -> None:
    for ago in (0, HOUR_MS, HOUR_MS + 1, 24 * HOUR_MS, 24 * HOUR_MS + 1):
        ended(connection, ago)
    ended(connection, 5, "task_cancelled")
    for _ in range(2):
        ended(connection, 2 * HOUR_MS, "render_failed")
    assert outcomes(connection) == Outcomes(
        (Outcome(None, 2, 4), Outcome("render_failed", 0, 2), Outcome("task_cancelled", 1, 1)),
        NOW - 24 * HOUR_MS,
    )


def test_of_many_that_ended_the_latest_are_counted_and_since_when(
    connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(overview, "MOST_ENDED", 2)
    for ago in (5, 15, 10):
        ended(connection, ago)
    assert outcomes(connection) == Outcomes((Outcome(None, 2, 2),), NOW - 10)


def test_webhooks_that_are_behind(connection: Connection) -> None:
    webhook(connection, None, 3)
    webhook(connection, 80, 0)
    webhook(connection, 70, 2)
    assert overview.undelivered(connection) == Undelivered(2, 1, 70)


def test_no_query_reads_a_whole_table(connection: Connection) -> None:
    """As SQLite plans it; PostgreSQL scans what is small, whatever the indexes."""
    if connection.dialect.name != "sqlite":
        pytest.skip("plans of SQLite")
    asked: list[tuple[str, Any]] = []

    def note(_: object, __: object, sql: str, values: Any, *___: object) -> None:
        asked.append((sql, values))

    event.listen(connection, "before_cursor_execute", note)
    overview.waiting(connection)
    overview.leases(connection)
    outcomes(connection)
    overview.undelivered(connection)
    event.remove(connection, "before_cursor_execute", note)
    indexes = ("ix_tasks_queued", "ix_tasks_leased", "ix_tasks_finished_at")
    for (sql, values), index in zip(asked, (*indexes, "ix_webhooks_due"), strict=True):
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", values).all()
        assert any(index in row.detail for row in plan), plan
