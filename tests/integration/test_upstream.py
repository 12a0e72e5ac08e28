"""A server that has its videos made by another one, through a line that is not always good."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from kirin.client import Kirin, TaskFailed
from kirin.media.decode import facts
from support.cards import ELEMENTS, MOTION, T2V, V3
from support.holds import holding
from support.loopback import FileHost
from support.pictures import inline
from support.relay import Relay
from support.servers import Running, local_server, worker
from support.videos import video
from support.waiting import until

FILE = """
[engines.gone]
kind = "kirin"
url = "http://127.0.0.1:9"
key = "none"

[engines.far]
kind = "kirin"
url = "{url}"
key = "{key}"
poll_seconds = 0.1
"""


def short(prompt: str) -> dict[str, Any]:
    """Parameters of a video of three seconds, the least there is."""
    return {"image": inline(640, 360), "prompt": prompt, "duration": "3"}


@dataclass
class Two:
    """A server, and the one that makes its videos."""

    near: Kirin
    far: Kirin
    line: Relay
    data: Path

    def far_task(self, near: dict[str, Any]) -> dict[str, Any]:
        """What became of a task at the other server, where it has our id as its name."""
        return self.far.task(near["id"])


@pytest.fixture(scope="module")
def servers(running: Running, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Two]:
    data = tmp_path_factory.mktemp("near")
    with Relay(running.server.base_url) as line:
        file = data / "engines.toml"
        file.write_text(FILE.format(url=line.url(""), key=running.server.api_key))
        settings = {
            "KIRIN_ENGINES": "gone,far,scripted",  # nobody listens where the first should be
            "KIRIN_ENGINE_FILE": str(file),
            "KIRIN_SLOTS": "4",
        }
        with local_server(data, **settings) as server, server.client() as near:
            yield Two(near, running.kirin, line, data)


@pytest.fixture
def two(servers: Two) -> Two:
    servers.line.lose, servers.line.posts = 0, 0
    return servers


def contents(folder: Path) -> Iterator[tuple[Path, bytes]]:
    """The files of a server that runs: some of them go while one looks."""
    for place, _, names in os.walk(folder):
        for name in names:
            with suppress(FileNotFoundError):
                yield Path(place, name), Path(place, name).read_bytes()


def test_a_video_is_made_there_and_kept_here(two: Two, running: Running, tmp_path: Path) -> None:
    params = short("a lake") | {"watermark_info": {"enabled": True}}
    task = two.near.wait(two.near.create(V3, params)["id"], timeout=120)
    made = two.far_task(task)
    assert task["output"][0]["jobId"] == made["id"]
    assert len(made["output"][0]["content"]) == 1  # the mark is put on here
    assert task["metadata"]["engine"] == "far"
    assert task["metadata"]["upstream"]["engine"] == "scripted"
    assert task["metadata"]["upstream_cost"] == {"amount": made["usage"]["cost"], "unit": "USD"}
    assert "conformed" not in task["metadata"]
    for marked in (False, True):
        found = facts(two.near.download(task, tmp_path / "video.mp4", watermarked=marked))
        assert (found.width, found.height, found.frame_count) == (1280, 720, 72)
    # The key is in its file and nowhere else.
    secret = running.server.api_key.encode()
    assert [path.name for path, content in contents(two.data) if secret in content] == [
        "engines.toml"
    ]


def test_subjects_are_made_there_and_gone_after(two: Two) -> None:
    sides = [{"image_url": inline(400, 300)}]
    subject = {
        "element_name": "Ada",
        "element_description": "a woman",
        "reference_type": "image_refer",
        "element_image_list": {"frontal_image": inline(300, 400), "refer_images": sides},
    }
    before = two.far.elements()["elements"]
    made = two.near.wait(two.near.create(ELEMENTS, subject)["id"], timeout=120)
    element = made["output"][0]["content"][0]["element_id"]
    params = short("<<<element_1>>> waits") | {"element_list": [{"element_id": element}]}
    task = two.near.wait(two.near.create(V3, params)["id"], timeout=120)
    assert two.far_task(task)["id"] == task["output"][0]["jobId"]
    assert two.far.elements()["elements"] == before


def test_a_reference_video_is_sent_ahead(two: Two) -> None:
    with FileHost() as host:
        dance = host.add("dance.mp4", video(sound=True))
        params = {
            "image_url": inline(640, 360),
            "video_url": dance,
            "character_orientation": "image",
            "mode": "std",
        }
        task = two.near.wait(two.near.create(MOTION, params)["id"], timeout=120)
    assert task["metadata"]["engine"] == "far"
    assert task["metadata"]["conformed"]["steps"] == ["dubbed"]  # the engine for tests is silent


def test_an_answer_that_got_lost_orders_nothing_twice(two: Two) -> None:
    two.line.lose = 1
    task = two.near.wait(two.near.create(V3, short("a lake"))["id"], timeout=120)
    assert task["output"][0]["jobId"] == two.far_task(task)["id"]
    assert two.line.posts == 1


def test_a_worker_that_is_killed_orders_nothing_twice(two: Two, tmp_path: Path) -> None:
    with holding(tmp_path) as hold:
        task = two.near.create(V3, short(f"tiny {hold.word}"))
        until(lambda: two.near.task(task["id"])["progress"] > 0)
        os.kill(worker(two.data), signal.SIGKILL)
    done = two.near.wait(task["id"], timeout=120)
    assert done["output"][0]["jobId"] == two.far_task(done)["id"]
    assert two.line.posts == 1


def test_what_is_cancelled_here_is_cancelled_there(two: Two) -> None:
    task = two.near.create(V3, short("crawl"))
    until(lambda: two.near.task(task["id"])["progress"] > 0)
    two.near.cancel(task["id"])
    made = until(lambda: (t := two.far_task(task))["status"] == "failed" and t)
    assert made["error"]["code"] == "task_cancelled"


def test_what_is_cancelled_while_the_worker_is_dead_is_cancelled_there(two: Two) -> None:
    task = two.near.create(V3, short("crawl") | {"duration": "15"})
    until(lambda: two.near.task(task["id"])["progress"] > 0)
    os.kill(worker(two.data), signal.SIGKILL)
    two.near.cancel(task["id"])
    made = until(lambda: (t := two.far_task(task))["status"] == "failed" and t)
    assert made["error"]["code"] == "task_cancelled"


@pytest.mark.parametrize(
    ("prompt", "words"),
    [("fail", "far: the scripted engine was told to fail"), ("crash", "internal error")],
)
def test_a_failure_there_is_told_here_in_the_models_code(two: Two, prompt: str, words: str) -> None:
    with pytest.raises(TaskFailed, match=f"^002004095: .*{words}"):
        two.near.wait(two.near.create(T2V, {"prompt": prompt})["id"], timeout=120)
