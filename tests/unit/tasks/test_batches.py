"""Batches and recipes in both databases: a batch ends once, with its last task."""

from __future__ import annotations

import secrets
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Connection

from kirin.database.engine import Database
from kirin.domain.batch import Batch
from kirin.domain.task import Failure, Result, Status, Task
from kirin.tasks import batches, recipes, store
from support.tasks import a_task

BROKEN = Failure("task_cancelled", "the task was cancelled")
RESULTS = (Result("results/a/1/video.mp4", "video"),)


def a_batch(connection: Connection, size: int = 2, **changes: Any) -> tuple[Batch, list[Task]]:
    """A batch of fresh tasks."""
    id = secrets.token_hex(16)
    tasks = [a_task(connection, batch=id, place=place, **changes) for place in range(size)]
    batch = Batch(id, tasks[0].account, size, Decimal("0.56"), 1000, metadata={"a": [1, None]})
    batches.add(connection, batch)
    return batch, tasks


def end(connection: Connection, task: Task) -> None:
    assert store.cancel(connection, task, BROKEN, 2000)


def test_it_ends_once_with_its_last_task(connection: Connection) -> None:
    batch, (first, second) = a_batch(connection)
    assert batches.finish(connection, batch.id, 3000) is None
    end(connection, first)
    assert batches.finish(connection, batch.id, 3000) is None
    end(connection, second)
    state = batches.finish(connection, batch.id, 3000)
    assert state is not None
    assert (state.batch.finished_at, state.batch.status) == (3000, Status.FAILED)
    assert state.batch.metadata == {"a": [1, None]}
    assert [member.code for member in state.members] == ["task_cancelled"] * 2
    assert batches.finish(connection, batch.id, 4000) is None


def test_two_who_end_the_last_two_tasks_end_it_once(shared_database: Database) -> None:
    """Each sees the other's task unfinished when it ends its own; one of them ends the batch."""
    if not shared_database.remote:
        pytest.skip("SQLite has one writer at a time")
    with shared_database.write() as connection:
        batch, (first, second) = a_batch(connection)
    with shared_database.write() as one:
        end(one, first)
        with shared_database.write() as other:
            end(other, second)
            assert batches.finish(other, batch.id, 3000) is None
        assert batches.finish(one, batch.id, 3000) is not None
    with shared_database.write() as connection:
        assert batches.finish(connection, batch.id, 4000) is None


def test_it_goes_with_its_last_task(connection: Connection) -> None:
    batch, tasks = a_batch(connection)
    for task in tasks:
        end(connection, task)
    assert batches.finish(connection, batch.id, 3000)
    assert batches.delete_empty(connection, 3001, 10) == 0
    assert batches.delete_of(connection, batch.account) >= 1
    assert batches.find(connection, batch.account, batch.id) is None
    found = store.get(connection, tasks[0].id)
    assert found is not None
    assert (found.batch, found.place) == (None, None)


def test_an_ended_task_is_inserted_as_it_is_and_waits_for_nobody(connection: Connection) -> None:
    recipe = secrets.token_hex(32)
    task = a_task(
        connection,
        status=Status.COMPLETED,
        progress=1.0,
        results=RESULTS,
        cost=Decimal("0.2800"),
        finished_at=1000,
        recipe=recipe,
        made_by="scripted 1",
    )
    assert store.get(connection, task.id) == task
    assert store.claim(connection, task.id, 2000) is None
    found = recipes.find
    assert found(connection, recipe, "scripted 1", task.account) == task.id
    assert found(connection, recipe, "scripted 1", None) == task.id
    assert found(connection, recipe, "scripted 2", task.account) is None
    assert found(connection, recipe, "scripted 1", "another") is None
    assert store.remove(connection, task.id, 3000)
    assert found(connection, recipe, "scripted 1", None) is None
