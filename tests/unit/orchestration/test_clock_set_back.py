"""A clock that is set back while a task waits or runs: no duration becomes negative."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from sqlalchemy import Connection, update

from kirin.database.engine import Database
from kirin.database.tables import tasks
from kirin.domain.task import Status, Task
from kirin.orchestration.task_runner import waited
from kirin.tasks import statistics
from kirin.tasks.forecast import Forecaster
from support.tasks import a_task

HOUR_MS = 3_600_000
NOW = 10 * HOUR_MS


def set_back(
    connection: Connection, status: Status, started_at: int, finished_at: int | None
) -> Task:
    """A task whose clock went back by an hour before it started, and again before it ended."""
    task = a_task(connection, created_at=NOW, status=status)
    connection.execute(
        update(tasks)
        .where(tasks.c.id == task.id)
        .values(status=status, started_at=started_at, finished_at=finished_at)
    )
    return task


def test_the_time_in_the_queue() -> None:
    task = Task(
        id="a" * 32,
        account="acc",
        model="kirin_v1_6_t2v",
        status=Status.PROCESSING,
        created_at=NOW,
        updated_at=NOW,
        params={},
        seed=7,
        quote=Decimal(0),
    )
    assert waited(replace(task, started_at=NOW - HOUR_MS)) == {"queue_seconds": 0}
    assert waited(replace(task, started_at=NOW + 1500)) == {"queue_seconds": 1.5}


def test_the_times_of_metrics(connection: Connection) -> None:
    set_back(connection, Status.COMPLETED, NOW - HOUR_MS, NOW - 2 * HOUR_MS)
    (ended,) = statistics.finished(connection, 0, 10)
    assert (ended.waited, ended.worked) == (0, 0)


def test_the_forecast_of_what_follows(database: Database) -> None:
    with database.write() as connection:
        set_back(connection, Status.COMPLETED, NOW - HOUR_MS, NOW - 2 * HOUR_MS)
        set_back(connection, Status.PROCESSING, NOW + HOUR_MS, None)
        waiting = a_task(connection, created_at=NOW)
    forecast = Forecaster(database, lambda: NOW).of(waiting)
    for time in (forecast.start, forecast.finish):
        assert time is None or time >= NOW
