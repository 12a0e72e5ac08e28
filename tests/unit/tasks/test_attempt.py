"""An attempt: writes progress now and then, and so learns when to stop."""

from __future__ import annotations

import pytest

from kirin.database.engine import Database
from kirin.domain.task import Failure, Task
from kirin.tasks import attempt as attempts
from kirin.tasks import store
from kirin.tasks.attempt import Attempt
from support.tasks import a_task


@pytest.fixture
def task(database: Database) -> Task:
    with database.write() as connection:
        found = store.claim(connection, a_task(connection).id, 2000)
    assert found is not None
    return found


def progress(database: Database, task: Task) -> float:
    with database.read() as connection:
        found = store.get(connection, task.id)
    assert found is not None
    return found.progress


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Progress is written each time."""
    monkeypatch.setattr(attempts, "PROGRESS_SECONDS", 0)


def test_progress_is_written_when_asked_to_stop(
    database: Database, task: Task, at_once: None
) -> None:  # W-4
    attempt = Attempt(database, task, lambda: False)
    for share, shown in ((0.4, 0.4), (0.1, 0.4), (7.0, 1.0), (-1.0, 1.0)):
        attempt.progress(share)
        assert not attempt.cancelled()
        assert progress(database, task) == shown


def test_progress_is_written_now_and_then_only(
    database: Database, task: Task, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attempts, "PROGRESS_SECONDS", 3600)  # it is not time again yet
    attempt = Attempt(database, task, lambda: False)
    attempt.progress(0.4)
    assert not attempt.cancelled()
    assert progress(database, task) == 0


def test_it_stops_when_the_worker_does(database: Database, task: Task) -> None:
    stopping = False
    attempt = Attempt(database, task, lambda: stopping)
    assert not attempt.cancelled()
    stopping = True
    assert attempt.cancelled()


def test_it_stops_when_the_task_is_cancelled(database: Database, task: Task, at_once: None) -> None:
    attempt = Attempt(database, task, lambda: False)
    assert not attempt.cancelled()
    with database.write() as connection:
        store.cancel(connection, task, Failure("task_cancelled", ""), 3000)
    assert attempt.cancelled()
    assert attempt.cancelled()


def test_it_stops_when_another_worker_has_taken_over(
    database: Database, task: Task, at_once: None
) -> None:
    attempt = Attempt(database, task, lambda: False)
    with database.write() as connection:
        store.claim(connection, task.id, 3000)
    attempt.progress(0.9)
    assert attempt.cancelled()
    assert progress(database, task) == 0
