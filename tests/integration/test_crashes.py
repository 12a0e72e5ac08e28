"""Crashes: whoever dies, no task is lost, and none takes the server down with it."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from kirin.client import Kirin, LocalServer, TaskFailed
from support.cards import T2V
from support.holds import holding
from support.loopback import Receiver
from support.servers import alive, local_server, worker
from support.waiting import until

RECOVERY = 120
"""Seconds within which a task whose worker died is worked on again, on a machine that does other
work beside: a pause, the start of another worker, a sweep."""


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("crashes")


@pytest.fixture(scope="module")
def server(data: Path) -> Iterator[LocalServer]:
    with local_server(data) as running:
        yield running


@pytest.fixture
def kirin(server: LocalServer) -> Iterator[Kirin]:
    with server.client() as client:
        yield client


def test_a_task_survives_the_death_of_its_worker(
    kirin: Kirin, data: Path, tmp_path: Path
) -> None:  # W-4
    with holding(tmp_path) as hold, Receiver() as receiver:
        params = {"prompt": f"tiny {hold.word}", "callback_url": receiver.url("hook")}
        id = kirin.create(T2V, params)["id"]
        waiting = kirin.create(T2V, {"prompt": "a tiny lake"})["id"]
        before = until(
            lambda: task if (task := kirin.task(id))["progress"] > 0.05 else None, seconds=RECOVERY
        )
        first = worker(data)
        os.kill(first, signal.SIGKILL)
        until(lambda: not alive(first))
        # The API goes on meanwhile, and shows the task as it was.
        assert kirin.task(id)["metadata"].get("stage") == "rendering"
        assert worker(data) != first
        hold.release()
        seen: list[float] = []
        done = kirin.wait(
            id, on_change=lambda task: seen.append(task["progress"]), timeout=RECOVERY
        )
        assert seen == sorted(seen)
        assert seen[0] >= before["progress"]
        assert "/2/video.mp4" in done["output"][0]["content"][0]["url"]  # the second attempt's
        kirin.wait(waiting, timeout=RECOVERY)
        until(
            lambda: receiver.of(id) and receiver.of(id)[-1].task["status"] == "completed",
            seconds=RECOVERY,
        )
        # A second attempt is no change of status.
        assert receiver.told(id) == ["in_progress", "completed"]


def test_a_task_that_kills_its_workers_fails_and_the_server_goes_on(
    kirin: Kirin, data: Path
) -> None:  # W-7
    poison = kirin.create(T2V, {"prompt": "die"})["id"]
    waiting = kirin.create(T2V, {"prompt": "a tiny lake"})["id"]
    with pytest.raises(TaskFailed) as failed:
        kirin.wait(poison, timeout=2 * RECOVERY)
    error = failed.value.task["error"]
    assert error["code"] == "002004095"
    assert "took down its worker 2 times" in error["message"]
    kirin.wait(waiting, timeout=RECOVERY)
    worker(data)  # there is one again
