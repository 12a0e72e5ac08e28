"""Pictures by URL: what is wrong with them fails the task, in bounded time, and nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kirin.client import Kirin, KirinApiError, TaskFailed
from support.cards import I2V
from support.loopback import PictureHost
from support.servers import Running, local_server

FETCH = "002002097"
INPUTS = "002002099"
PATH = [{"x": 10, "y": 20}, {"x": 30, "y": 40}]


def failure(kirin: Kirin, **params: Any) -> dict[str, str]:
    """The error that a task must end with."""
    with pytest.raises(TaskFailed) as failed:
        kirin.wait(kirin.create(I2V, params)["id"], interval=0.05, timeout=120)
    task = failed.value.task
    assert "output" not in task
    assert "usage" not in task
    error: dict[str, str] = task["error"]
    return error


def test_a_video_from_pictures_by_url(running: Running, host: PictureHost) -> None:  # C-1 I2V-8
    params = {
        "image": host.url(f"to?{host.url('500x400.png')}"),
        "dynamic_masks": [{"mask": host.url("250x200.png"), "trajectories": PATH}],
        "static_mask": host.url("250x200.png"),
    }
    task = running.kirin.wait(running.kirin.create(I2V, params)["id"], timeout=60)
    assert (task["metadata"]["width"], task["metadata"]["height"]) == (1074, 858)


@pytest.mark.parametrize(
    ("path", "code", "words"),
    [
        ("missing", FETCH, "404"),
        ("endless", FETCH, "bytes"),
        ("to?ftp://example.com/a.png", FETCH, "http"),
        ("to?http://169.254.169.254/latest/meta-data", FETCH, "not a public address"),
        ("to?/to?/to?/to?/to?/to?/to?/400x300.png", FETCH, "redirects"),
        ("text", INPUTS, "neither a JPEG nor a PNG"),
        ("cut", INPUTS, "broken"),
        ("200x200.png", INPUTS, "300"),
        ("2000x300.png", INPUTS, "2.5"),
    ],
)
def test_a_picture_that_cannot_be_had(
    running: Running, host: PictureHost, path: str, code: str, words: str
) -> None:  # C-1 C-2 C-3
    error = failure(running.kirin, image=host.url(path))
    assert error["code"] == code
    assert error["message"].startswith("image: ")
    assert words in error["message"]


def test_a_host_that_does_not_answer(host: PictureHost, tmp_path: Path) -> None:  # C-3
    # As few seconds as only such a host needs: on a busy machine others answer later.
    with local_server(tmp_path, KIRIN_FETCH_SECONDS="1") as server, server.client() as kirin:
        error = failure(kirin, image=host.url("hang"))
    assert error["code"] == FETCH
    assert error["message"].startswith("image: ")
    assert "in time" in error["message"]


def test_a_redirect_to_this_machine_is_not_followed(running: Running, host: PictureHost) -> None:
    # The server under test may go to 127.0.0.1, and nowhere else on this machine.
    for forbidden in ("127.0.0.2", "[::1]", "0.0.0.0"):  # noqa: S104
        error = failure(running.kirin, image=host.url(f"to?{host.url('400x300.png', forbidden)}"))
        assert error["code"] == FETCH
        assert "not a public address" in error["message"]


def test_a_port_where_nobody_listens(running: Running) -> None:
    error = failure(running.kirin, image="http://127.0.0.1:9/a.png")
    assert error["code"] == FETCH
    assert "No connection" in error["message"]


def test_rules_across_pictures_are_kept_when_they_are_there(
    running: Running, host: PictureHost
) -> None:  # I2V-6 I2V-7
    masks = [
        {"mask": host.url("250x200.png"), "trajectories": PATH},
        {"mask": host.url("500x300.png"), "trajectories": [PATH[0], {"x": 501, "y": 0}]},
    ]
    error = failure(running.kirin, image=host.url("500x400.png"), dynamic_masks=masks)
    assert error["code"] == INPUTS
    for words in (
        "dynamic_masks[1].mask: a mask has the shape",
        "dynamic_masks[1].mask: all masks have one size",
        "dynamic_masks[1].trajectories[1]: the points",
    ):
        assert words in error["message"]


def test_a_tail_is_checked_too(running: Running, host: PictureHost) -> None:  # I2V-2
    error = failure(running.kirin, image=host.url("400x300.png"), image_tail=host.url("missing"))
    assert error["code"] == FETCH
    assert error["message"].startswith("image_tail: ")


@pytest.mark.parametrize("name", ["image", "image_tail", "static_mask", "callback_url"])
def test_what_is_known_to_be_forbidden_is_refused_at_once(running: Running, name: str) -> None:
    params = {"image": "https://example.com/a.png", name: "http://127.0.0.2/a.png"}
    with pytest.raises(KirinApiError) as refused:
        running.kirin.create(I2V, params)
    assert [problem["param"] for problem in refused.value.problems] == [name]
    assert refused.value.problems[0]["code"] == "not_public"
