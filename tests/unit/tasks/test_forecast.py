"""Forecasts: places in the queue, and times from what the latest tasks took."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import update

from kirin.database.engine import Database
from kirin.database.tables import tasks
from kirin.domain.task import Status, Task
from kirin.tasks import forecast, heartbeats
from kirin.tasks.forecast import Forecast, Forecaster
from support.tasks import a_task

NOW = 1_000_000
HD, FULL = "1280x720x120", "1920x1080x120"


@pytest.fixture(autouse=True)
def _worker(database: Database) -> None:
    work(database, "a", "animatic")


def work(database: Database, name: str, *engines: str, slots: int = 1) -> None:
    with database.write() as connection:
        heartbeats.beat(connection, name, NOW, engines, slots)


def add(database: Database, created_at: int = NOW, **changes: Any) -> Task:
    with database.write() as connection:
        return a_task(connection, created_at=created_at, engine="animatic", **changes)


def took(database: Database, seconds: float, size: str = HD, **changes: Any) -> None:
    task = add(database, size=size, **changes)
    with database.write() as connection:
        connection.execute(
            update(tasks)
            .where(tasks.c.id == task.id)
            .values(
                status=Status.COMPLETED,
                started_at=NOW - 500_000,
                finished_at=NOW - 500_000 + round(seconds * 1000),
            )
        )


def start(database: Database, task: Task, ago: int) -> Task:
    with database.write() as connection:
        connection.execute(
            update(tasks)
            .where(tasks.c.id == task.id)
            .values(status=Status.PROCESSING, started_at=NOW - ago)
        )
    return replace(task, status=Status.PROCESSING, started_at=NOW - ago)


def of(database: Database, task: Task) -> Forecast:
    return Forecaster(database, lambda: NOW).of(task)


def test_without_a_past_there_is_only_a_place(database: Database) -> None:
    first, second = add(database, NOW - 2, size=HD), add(database, NOW - 1, size=HD)
    assert of(database, first) == Forecast(1, NOW, None)
    assert of(database, second) == Forecast(2, None, None)


def test_those_before_count_by_what_their_like_took(database: Database) -> None:
    for seconds in (9, 10, 100):  # the odd one moves nothing
        took(database, seconds)
    took(database, 40, FULL)
    add(database, NOW - 3, size=HD)
    add(database, NOW - 2, size=FULL)
    mine = add(database, NOW - 1, size=HD)
    assert of(database, mine) == Forecast(3, NOW + 50_000, NOW + 60_000)


def test_those_in_work_count_by_what_is_left_of_them(database: Database) -> None:
    took(database, 10)
    start(database, add(database, NOW - 9, size=HD), ago=4000)
    start(database, add(database, NOW - 8, size=HD), ago=60_000)  # any moment now
    add(database, NOW - 7, size=HD)
    mine = add(database, NOW - 1, size=HD)
    # The first takes over at once from the one that is overdue, mine from the other.
    assert of(database, mine) == Forecast(2, NOW + 6000, NOW + 16_000)


def test_free_slots_are_taken_at_once(database: Database) -> None:
    took(database, 10)
    work(database, "b", "animatic", "diffusion", slots=2)
    start(database, add(database, NOW - 9, size=HD), ago=4000)
    waiting = [add(database, NOW - number, size=HD) for number in (3, 2, 1)]
    starts = [of(database, task).start for task in waiting]
    assert starts == [NOW, NOW, NOW + 6000]


def test_nobody_has_the_engine(database: Database) -> None:
    took(database, 10)
    with database.write() as connection:
        task = a_task(connection, created_at=NOW, engine="diffusion", size=HD)
        free = a_task(connection, created_at=NOW, engine=None, model="kirin_custom_elements")
    assert of(database, task) == Forecast(1, attended=False)
    assert of(database, free) == Forecast(1, NOW, None)
    work(database, "b", "diffusion")
    assert of(database, task) == Forecast(1, NOW, NOW + 10_000)


def test_a_worker_that_beats_no_more_is_not_counted_on(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forecast, "FRESH_SECONDS", 0)
    monkeypatch.setattr(heartbeats, "INACTIVE_SECONDS", 0)
    forecaster, task = Forecaster(database, lambda: NOW), add(database, size=HD)
    assert forecaster.of(task).attended
    assert not forecaster.of(task).attended
    work(database, "a")
    assert forecaster.of(task).attended


def test_a_task_in_work_has_no_place(database: Database) -> None:
    took(database, 10)
    early = start(database, add(database, size=HD), ago=4000)
    late = start(database, add(database, size=HD), ago=40_000)
    assert of(database, early) == Forecast(None, NOW - 4000, NOW + 6000)
    assert of(database, late) == Forecast(None, NOW - 40_000, NOW)


def test_another_size_of_the_model_is_better_than_nothing(database: Database) -> None:
    took(database, 40, FULL)
    took(database, 7, model="kirin_v1_i2v")
    assert of(database, add(database, size=HD)) == Forecast(1, NOW, NOW + 40_000)


def test_what_was_never_timed_does_not_count(database: Database) -> None:
    task = add(database, size=HD)
    with database.write() as connection:
        connection.execute(
            update(tasks).where(tasks.c.id == task.id).values(status=Status.COMPLETED)
        )
    assert of(database, add(database, size=HD)) == Forecast(1, NOW, None)


def test_only_the_latest_count(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forecast, "SAMPLES", 3)
    for seconds in (50, 50, 50, 51, 52, 53):
        took(database, seconds)
    assert of(database, add(database, size=HD)).finish == NOW + 52_000


def test_other_engines_have_lines_of_their_own(database: Database) -> None:
    with database.write() as connection:
        a_task(connection, created_at=NOW - 5, engine="diffusion")
        a_task(connection, created_at=NOW - 5, engine=None)
    assert of(database, add(database)).position == 1


def test_behind_the_longest_queue_there_are_no_places(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forecast, "LONGEST_QUEUE", 2)
    waiting = [add(database, NOW + number) for number in range(3)]
    assert [of(database, task).position for task in waiting] == [1, 2, None]


def test_the_queue_is_looked_at_once_for_many(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forecast, "FRESH_SECONDS", 3600)
    forecaster = Forecaster(database, lambda: NOW)
    first = add(database, NOW - 2)
    assert forecaster.of(first).position == 1
    add(database, NOW - 3)
    assert forecaster.of(first).position == 1
    monkeypatch.setattr(forecast, "FRESH_SECONDS", 0)
    assert forecaster.of(first).position == 2
