"""The durable queue: carries ids, and knows which of them will still run."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import text

from kirin.database.engine import open_engine
from kirin.tasks.idle import look_first
from kirin.tasks.queue import Queue, migrate_queue, queue_name, queue_names
from support.databases import KINDS, Databases


@pytest.fixture(params=KINDS)
def url(request: pytest.FixtureRequest, databases: Databases, tmp_path: Path) -> Iterator[str]:
    with databases.empty(request.param, tmp_path) as empty:
        for _ in range(2):  # the second time there is nothing to do
            migrate_queue(empty)
        yield empty


@pytest.fixture
def queue(url: str) -> Iterator[Queue]:
    engine = open_engine(url)
    opened = Queue(engine)
    yield opened
    opened.close()
    engine.dispose()


def test_each_engine_has_a_queue_and_there_is_one_for_all() -> None:
    assert queue_name("animatic") == "render-animatic"
    assert queue_names(["animatic", "diffusion"]) == [
        "render",
        "render-animatic",
        "render-diffusion",
    ]


def test_what_was_never_put_is_lost(queue: Queue) -> None:
    queue.put("a", "animatic")
    assert queue.lost(["a", "b", "c"]) == ["b", "c"]
    assert queue.lost([]) == []
    assert queue.knows("a")
    assert not queue.knows("b")


def test_putting_twice_changes_nothing(queue: Queue) -> None:
    queue.put("a", None)
    queue.put("a", None)
    assert queue.lost(["a"]) == []


def test_what_ended_is_forgotten_after_a_while(url: str, queue: Queue) -> None:
    for name in ("waits", "runs", "done", "cancelled", "late"):
        queue.put(name, None)
    engine = open_engine(url)
    status = "dbos.workflow_status" if "postgresql" in url else "workflow_status"
    with engine.begin() as connection:
        for name, word, at in (
            ("runs", "PENDING", None),
            ("done", "SUCCESS", 1000),
            ("cancelled", "CANCELLED", 1000),
            ("late", "SUCCESS", 3000),
        ):
            connection.execute(
                text(
                    f"UPDATE {status} SET status = :word, completed_at = :at "  # noqa: S608
                    "WHERE workflow_uuid = :name"
                ),
                {"word": word, "at": at, "name": name},
            )
    engine.dispose()
    assert queue.forget(2000, 1) == 1
    assert queue.forget(2000, 5) == 1
    assert queue.forget(2000, 5) == 0
    left = [name for name in ("waits", "runs", "done", "cancelled", "late") if queue.knows(name)]
    assert left == ["waits", "runs", "late"]


def test_a_task_put_again_waits_under_another_name(queue: Queue) -> None:
    queue.put_again("a", "animatic")
    assert not queue.knows("a")
    assert queue.lost(["a"]) == []
    assert queue.lost(["aa"]) == ["aa"]


def test_lost_tasks_are_put_into_the_queue_of_their_engine(url: str, queue: Queue) -> None:
    queue.put("a", "animatic")
    assert queue.mend({"a": "animatic", "b": "scripted", "c": None}) == ["b", "c"]
    assert queue.mend({"a": "animatic", "b": "scripted", "c": None}) == []
    schema = "dbos." if url.startswith("postgresql") else ""
    engine = open_engine(url)
    with engine.connect() as connection:
        rows = connection.execute(
            text(f"SELECT workflow_uuid, queue_name FROM {schema}workflow_status")  # noqa: S608
        )
        assert dict(tuple(row) for row in rows) == {
            "a": "render-animatic",
            "b": "render-scripted",
            "c": "render",
        }
    engine.dispose()


def test_the_queue_is_on_the_disk(url: str, queue: Queue) -> None:
    queue.put("a", None)
    engine = open_engine(url)
    other = Queue(engine)
    assert other.lost(["a", "b"]) == ["b"]
    other.close()
    engine.dispose()


def test_an_idle_worker_takes_only_where_something_waits(queue: Queue) -> None:
    system: Any = queue._client._sys_db
    begun: list[str] = []

    def take(queue: Any, *_: Any) -> tuple[list[str], None]:
        begun.append(queue.name)
        return ["a task"], None

    copy = SimpleNamespace(engine=system.engine, tables=system.tables, start_queued_workflows=take)
    look_first(SimpleNamespace(_sys_db=copy))  # type: ignore[arg-type]
    mine, other = (SimpleNamespace(name=queue_name(name)) for name in ("animatic", "grey"))
    assert copy.start_queued_workflows(mine, 1) == ([], None)
    queue.put("t1", "animatic")
    assert copy.start_queued_workflows(other, 1) == ([], None)
    assert copy.start_queued_workflows(mine, 1) == (["a task"], None)
    assert begun == [mine.name]
