"""A server that has its videos made by another one, in every dialect that has both halves."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from kirin.client import Kirin, KirinApiError, TaskFailed
from kirin.engines.upstream.dialect import Recovery
from kirin.media.decode import facts
from support.cards import I2V, T2V
from support.holds import holding
from support.pictures import inline
from support.relay import Relay
from support.servers import Running, local_server, worker
from support.waiting import until


@dataclass(frozen=True)
class Line:
    """How a dialect is spoken with a provider.

    Attributes:
        entry: of the engine file, beside its address and key.
        base: what follows the server's address.
        submissions: ends of the paths that tasks are posted to.
        recovery: how it becomes clear whether a task was accepted.
        words, picture: models that are asked for.
        lacks: whether it has no negative prompt.
        cancels: whether it can cancel a task.
    """

    entry: str
    base: str
    submissions: tuple[str, ...]
    recovery: Recovery = Recovery.BY_KEY
    words: str = T2V
    picture: str = I2V
    lacks: bool = False
    cancels: bool = True


NATIVE = "native_params = true\nidempotent = true"
"""What another Kirin server can do beyond what its dialects are made for."""

V3 = {"words": "kirin_v3_t2v", "picture": "kirin_v3_i2v"}

LINES = {
    "fal": Line(f'kind = "fal"\n{NATIVE}', "/fal", (T2V, I2V)),
    "kling_new": Line(
        'kind = "kling_new"',
        "",
        ("/kling-3.0",),
        Recovery.BY_NAME,
        **V3,
        lacks=True,
        cancels=False,
    ),
    "openai": Line(f'kind = "openai"\n{NATIVE}', "/v1", ("/v1/videos",)),
    "openai, plain": Line('kind = "openai"', "/v1", ("/v1/videos",), Recovery.NONE, lacks=True),
    "openrouter": Line(
        f'kind = "openrouter"\n{NATIVE}', "/api/v1", ("/api/v1/videos",), cancels=False
    ),
    "replicate": Line(f'kind = "replicate"\n{NATIVE}', "/replicate/v1", ("/predictions",)),
    "veo": Line(f'kind = "veo"\n{NATIVE}', "/v1beta", (":predictLongRunning",)),
}

FILE = """
[engines.far]
{entry}
url = "{url}"
key = "{key}"
poll_seconds = 0.1
"""


@dataclass
class Two:
    """A server, and the one that makes its videos.

    Attributes:
        way: how they speak.
        data: the folder of the first.
    """

    way: Line
    near: Kirin
    far: Kirin
    line: Relay
    data: Path

    def far_task(self, task: dict[str, Any]) -> dict[str, Any]:
        """What became of a task at the other server."""
        id = until(lambda: self.near.task(task["id"])["metadata"].get("job"), seconds=60)
        return self.far.task(id)

    def create(self, *, picture: bool = False, **params: Any) -> str:
        """A new task here; its id."""
        model = self.way.picture if picture else self.way.words
        given = {"image": inline(640, 360)} if picture else {}
        return self.near.create(model, {**given, "prompt": "a tiny lake", **params})["id"]

    def far_tasks(self) -> dict[str, str]:
        """Statuses of the newest tasks at the other server, by id."""
        return {task["id"]: task["status"] for task in self.far.tasks()["tasks"]}

    def far_status(self, id: str) -> str | None:
        """Status of a task there; ``None`` if there is none of that id."""
        return self.far_tasks().get(id)


@pytest.fixture(scope="module", params=LINES)
def servers(
    request: pytest.FixtureRequest, running: Running, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Two]:
    line = LINES[request.param]
    data = tmp_path_factory.mktemp("near")
    with Relay(running.server.base_url, *line.submissions) as relay:
        file = data / "engines.toml"
        url = relay.url(line.base.lstrip("/"))
        file.write_text(FILE.format(entry=line.entry, url=url, key=running.server.api_key))
        settings = {"KIRIN_ENGINES": "far", "KIRIN_ENGINE_FILE": str(file), "KIRIN_SLOTS": "4"}
        with local_server(data, **settings) as server, server.client() as near:
            yield Two(line, near, running.kirin, relay, data)


@pytest.fixture
def two(servers: Two) -> Two:
    servers.line.lose, servers.line.posts = 0, 0
    return servers


def test_words_become_a_video_there_that_is_kept_here(two: Two, tmp_path: Path) -> None:
    task = two.near.wait(two.create(), timeout=120)
    made = two.far_task(task)
    assert (made["model"], task["metadata"]["engine"]) == (two.way.words, "far")
    assert task["output"][0]["jobId"] == made["id"]
    found = facts(two.near.download(task, tmp_path / "video.mp4"))
    assert (found.width, found.height) == (1280, 720)
    assert found.frame_count == task["metadata"]["frames"]


def test_a_picture_arrives_there(two: Two, tmp_path: Path) -> None:
    task = two.near.wait(two.create(picture=True), timeout=120)
    assert two.far_task(task)["model"] == two.way.picture
    found = facts(two.near.download(task, tmp_path / "video.mp4"))
    assert (found.width, found.height) == (1280, 720)


def test_a_failure_there_is_told_here_in_the_models_code(two: Two) -> None:
    with pytest.raises(TaskFailed, match=r"^\d{6}095: .*far: the scripted engine was told"):
        two.near.wait(two.create(prompt="fail"), timeout=120)


def test_what_is_cancelled_here_is_cancelled_there(two: Two) -> None:
    if not two.way.cancels:
        pytest.skip("this API cannot cancel a task")
    id = two.create(prompt="crawl tiny")
    until(lambda: two.near.task(id)["progress"] > 0, seconds=60)
    job = two.far_task(two.near.task(id))["id"]
    two.near.cancel(id)
    # Some dialects remove what they cancel.
    until(lambda: two.far_status(job) in (None, "failed"), seconds=60)


def test_an_answer_that_got_lost_orders_nothing_twice(two: Two) -> None:
    two.line.lose = 1
    before = two.far_tasks().keys()
    id = two.create()
    if two.way.recovery is Recovery.NONE:
        with pytest.raises(TaskFailed, match="the task may have started, so it is not repeated"):
            two.near.wait(id, timeout=120)
    else:
        assert two.near.wait(id, timeout=120)["metadata"]["engine"] == "far"
    assert two.line.posts == (2 if two.way.recovery is Recovery.BY_KEY else 1)
    assert len(two.far_tasks().keys() - before) == 1


def test_a_worker_that_is_killed_orders_nothing_twice(two: Two, tmp_path: Path) -> None:
    with holding(tmp_path) as hold:
        id = two.create(prompt=f"tiny {hold.word}")
        until(lambda: two.near.task(id)["progress"] > 0, seconds=60)
        os.kill(worker(two.data), signal.SIGKILL)
    done = two.near.wait(id, timeout=120)
    assert done["output"][0]["jobId"] == two.far_task(done)["id"]
    assert two.line.posts == 1


def test_what_the_dialect_cannot_say_is_refused_by_name(two: Two) -> None:
    if two.way.lacks:
        with pytest.raises(KirinApiError, match="far takes no negative_prompt"):
            two.create(negative_prompt="boats")
    else:
        task = two.near.wait(two.create(negative_prompt="boats"), timeout=120)
        asked = two.far.request(two.far_task(task)["id"])["input"][0]["params"]
        assert asked["negative_prompt"] == "boats"
