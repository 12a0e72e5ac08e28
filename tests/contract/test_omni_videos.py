"""Omni models: the video that is given, and the one that is made (contract, OMN-3, 4, 10, 11).

What needs a download is checked first thing in the task, so these tests do a worker's work.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from kirin.app import App
from kirin.settings import Settings
from support.api import Api, InProcess
from support.cards import O1, OMNI
from support.loopback import FileHost
from support.videos import video

Make = Callable[..., dict[str, Any]]

both = pytest.mark.parametrize("model", [OMNI, O1])


def clip(**changes: Any) -> bytes:
    """A video of the least size and of few frames."""
    return video(**{"size": (700, 700), "fps": 2, "codec": "mpeg4", **changes})


@pytest.fixture
def make(fetching: Api, files: FileHost) -> Make:
    """Brings a task with a video's bytes to its end."""

    def run(model: str, content: bytes, use: str = "base", **changes: Any) -> dict[str, Any]:
        url = files.add("street.mp4", content)
        plain = {
            "prompt": "tiny",  # what is made of it is not looked at
            "video_list": [{"video_url": url, "refer_type": use}],
            "mode": "std",
        }
        return fetching.finish(model, **(plain | changes))

    return run


def assert_refused(task: dict[str, Any], *words: str) -> None:
    """Assert that a task failed for its video, in so many words, and cost nothing."""
    assert task["status"] == "failed", task
    assert task["error"]["code"] == "006001099"
    assert task["error"]["message"].startswith("video_list[0].video_url: ")
    for word in words:
        assert word in task["error"]["message"]
    assert "usage" not in task


@both
@pytest.mark.parametrize("use", ["base", "feature"])
@pytest.mark.parametrize(
    ("seconds", "refusal"),
    [(2, "at least 3 s"), (3, None), (10, None), (11, "at most 10 s")],
)
def test_length(make: Make, model: str, use: str, seconds: int, refusal: str | None) -> None:
    """OMN-3 OMN-4 OMN-10"""
    task = make(model, clip(seconds=seconds), use)
    if refusal:
        assert_refused(task, refusal)
    else:
        assert task["metadata"]["duration"] == (seconds if use == "base" else 5)
        assert task["metadata"]["fps"] == 24


@pytest.mark.parametrize(
    ("size", "refusal"),
    [
        ((700, 700), None),
        ((698, 700), "at least 700"),
        ((700, 698), "at least 700"),
        ((2160, 700), None),
        ((700, 2160), None),
        ((2162, 700), "at most 2160"),
    ],
    ids=str,
)
def test_sides(make: Make, size: tuple[int, int], refusal: str | None) -> None:  # OMN-3
    task = make(OMNI, clip(size=size, fps=1))
    if refusal:
        assert_refused(task, refusal)
    else:
        assert task["status"] == "completed"


def test_an_edit_has_the_shape_of_its_video(make: Make) -> None:  # OMN-4 OMN-8
    made = make(OMNI, clip(size=(1400, 700)))["metadata"]
    assert made["width"] / made["height"] == pytest.approx(2, rel=0.01)
    assert made["width"] * made["height"] == pytest.approx(1280 * 720, rel=0.01)
    # A video that lends its camera has a shape for want of another.
    alone = make(OMNI, clip(size=(1400, 700)), "feature")["metadata"]
    assert (alone["width"], alone["height"]) == (made["width"], made["height"])
    told = make(OMNI, clip(size=(1400, 700)), "feature", aspect_ratio="1:1")["metadata"]
    assert (told["width"], told["height"]) == (960, 960)


@pytest.mark.parametrize(
    ("model", "seconds", "cost"),
    [(OMNI, 3, "0.3780"), (OMNI, 3.5, "0.5040"), (O1, 10, "1.2600")],
)
def test_an_edit_costs_by_the_second_of_its_video(
    make: Make, model: str, seconds: float, cost: str
) -> None:  # OMN-4 W-6
    assert make(model, clip(seconds=seconds))["usage"] == {"cost": cost, "discount": 0.0}


def test_the_wrong_file_is_refused_by_the_models_own_rule(api: Api) -> None:  # OMN-3
    small = api.http.post("/model/v1/files", content=video(size=(360, 340))).json()["url"]
    answer = api.create(OMNI, prompt="at night", video_list=[{"video_url": small}])
    (problem,) = answer.json()["errors"]
    assert (problem["code"], problem["rules"]) == ("too_small", ["OMN-3"])


@pytest.fixture(scope="module")
def drawing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """An account on a server with the engine that draws."""
    app = App.open(Settings(data_dir=tmp_path_factory.mktemp("drawing"), engines="animatic"))
    transport = InProcess(app.http())
    yield Api(app, transport)
    transport.end()
    app.close()


VIDEO = [{"video_url": "https://example.com/street.mp4"}]


def test_an_edit_of_which_nothing_can_be_done_is_refused_before_it_is_made(
    drawing: Api,
) -> None:  # OMN-11
    answer = drawing.create(OMNI, prompt="Remove the car from <<<video_1>>>", video_list=VIDEO)
    (problem,) = answer.json()["errors"]
    assert (problem["param"], problem["code"]) == ("prompt", "unsupported")
    assert "'remove the car from video_1'" in problem["message"]


def test_a_quote_tells_what_is_not_done(drawing: Api) -> None:  # OMN-11
    params = {"prompt": "Remove the car, and it snows at dusk", "video_list": VIDEO}
    body = {"model": OMNI, "input": [{"params": params}]}
    told = drawing.http.post("/model/v1/quote", json=body).json()
    understood = [(each["kind"], each["what"]) for each in told["motion"]["understood"]]
    assert ("air", "snow") in understood
    assert {"word": "remove the car", "kind": "edit"} in told["motion"]["missing"]


def test_a_quote_tells_who_is_added(drawing: Api) -> None:  # OMN-11
    params = {"prompt": "Add a dog to <<<video_1>>>, the man smiles", "video_list": VIDEO}
    body = {"model": OMNI, "input": [{"params": params}]}
    told = drawing.http.post("/model/v1/quote", json=body).json()
    (dog,) = told["motion"]["understood"]
    assert (dog["word"], dog["kind"], dog["what"], dog["entrance"]) == (
        "dog",
        "cast",
        "dog",
        "present",
    )
    assert [each["word"] for each in told["motion"]["missing"]] == ["smiles"]
