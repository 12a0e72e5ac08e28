"""The durable queue: carries ids, and knows which of them will still run."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kirin.tasks.queue import Queue, open_queue_database


@pytest.fixture
def queue(tmp_path: Path) -> Iterator[Queue]:
    engine = open_queue_database(f"sqlite:///{tmp_path / 'queue.db'}")
    opened = Queue(engine, poll_seconds=1, slots=1)
    yield opened
    opened.close()
    engine.dispose()


def test_what_was_never_put_is_lost(queue: Queue) -> None:
    queue.put("a")
    assert queue.lost(["a", "b", "c"]) == ["b", "c"]
    assert queue.lost([]) == []
    assert queue.knows("a")
    assert not queue.knows("b")


def test_putting_twice_changes_nothing(queue: Queue) -> None:
    queue.put("a")
    queue.put("a")
    assert queue.lost(["a"]) == []


def test_a_task_put_again_waits_under_another_name(queue: Queue) -> None:
    queue.put_again("a")
    assert not queue.knows("a")
    assert queue.lost(["a"]) == []
    assert queue.lost(["aa"]) == ["aa"]


def test_the_queue_is_on_the_disk(tmp_path: Path, queue: Queue) -> None:
    queue.put("a")
    engine = open_queue_database(f"sqlite:///{tmp_path / 'queue.db'}")
    other = Queue(engine, poll_seconds=1, slots=1)
    assert other.lost(["a", "b"]) == ["b"]
    other.close()
    engine.dispose()
