"""Moderation: what a classifier objects to is refused where the request asks for it (W-1).

The classifiers of these tests take a picture's brightness for its score, or its redness.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from kirin.app import App
from kirin.orchestration.moderation import MOST_FRAMES
from kirin.settings import Settings
from kirin.storage.keys import results_prefix
from support.api import GENERATION, SUBJECT, Api, InProcess
from support.cards import ELEMENTS, I2V, MOTION, T2V
from support.loopback import FileHost
from support.pictures import base64
from support.videos import video


class Brightness:
    """Scores a picture by its brightness, and keeps count."""

    name = "brightness"

    def __init__(self) -> None:
        self.seen: list[float] = []

    def scores(self, pictures: Sequence[NDArray[np.uint8]]) -> list[float]:
        found = [float(picture.mean()) / 255 for picture in pictures]
        self.seen += found
        return found


class Redness(Brightness):
    """Scores a picture by its red; what the engine of the tests draws has no colour."""

    def scores(self, pictures: Sequence[NDArray[np.uint8]]) -> list[float]:
        means = [picture.mean(axis=(0, 1)) / 255 for picture in pictures]
        found = [max(0.0, float(mean[0] - mean[2])) for mean in means]
        self.seen += found
        return found


Opened = Callable[..., Any]


@pytest.fixture
def opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Opened:
    """Opens a server with a classifier, and a threshold."""

    @contextmanager
    def open_(classifier: Brightness, threshold: float = 0.9) -> Iterator[Api]:
        monkeypatch.setattr("kirin.composition.moderation.installed", lambda: True)
        monkeypatch.setattr("kirin.composition.moderation.OpenNsfw", lambda: classifier)
        settings = Settings(
            data_dir=tmp_path,
            engines="scripted",
            allow_hosts="127.0.0.1",
            moderation_threshold=threshold,
        )
        app = App.open(settings)
        transport = InProcess(app.http())
        try:
            yield Api(app, transport)
        finally:
            transport.end()
            app.close()

    return open_


def red(level: int) -> str:
    """A picture of so much red, inline."""
    return base64(np.full((300, 300, 3), (level, 0, 0), np.uint8))


def grey(level: int) -> str:
    """A picture of one brightness, inline."""
    return base64(np.full((300, 300, 3), level, np.uint8))


def asked(api: Api, model: str, **params: Any) -> str:
    body = {"model": model, "input": [{"params": params}], "moderation": True}
    answer = api.http.post(GENERATION, json=body)
    assert answer.status_code == 200, answer.text
    id: str = answer.json()["id"]
    return id


def assert_refused(api: Api, id: str, place: str) -> None:
    task = api.read(id)
    assert task["status"] == "failed"
    assert task["error"]["code"] == "content_refused"
    assert task["error"]["message"].startswith(f"{place}: refused by moderation")
    assert "usage" not in task
    assert list(api.app.storage.keys(results_prefix(id))) == []


def test_a_picture_is_refused_from_the_threshold_on(opened: Opened) -> None:  # W-1
    judge = Redness()
    with opened(judge, threshold=204 / 255) as api:
        id = asked(api, I2V, image=red(204), prompt="tiny")
        assert api.read(id)["metadata"]["moderation"] == {"requested": True, "available": True}
        api.run(id)
        assert_refused(api, id, "image")
        assert "from 0.80 on" in api.read(id)["error"]["message"]
        assert len(judge.seen) == 1  # nothing was rendered
        task = api.run(asked(api, I2V, image=red(203), prompt="tiny"))
        assert task["status"] == "completed"
        told = task["metadata"]["moderation"]
        assert (told["requested"], told["available"]) == (True, True)
        assert (told["classifier"], told["threshold"]) == ("brightness", 204 / 255)
        assert told["score"] == round(203 / 255, 3)
        # The picture, and a few frames of the result.
        assert told["pictures"] == len(judge.seen) - 1
        assert told["pictures"] > 2


def test_nobody_looks_who_was_not_asked(opened: Opened) -> None:  # W-1
    judge = Brightness()
    with opened(judge) as api:
        task = api.finish(I2V, image=grey(255), prompt="tiny")
        assert task["status"] == "completed"
        assert "moderation" not in task["metadata"]
    assert judge.seen == []


def test_a_result_is_looked_at_before_it_is_stored(opened: Opened) -> None:  # W-1
    """The engine of the tests draws frames of growing brightness."""
    judge = Brightness()
    with opened(judge, threshold=0.6) as api:
        id = asked(api, T2V, prompt="tiny")
        api.run(id)
        assert_refused(api, id, "the result")
    assert judge.seen == sorted(judge.seen)
    assert judge.seen[-1] >= 0.6 > judge.seen[-2]


def test_frames_of_a_video_are_looked_at(opened: Opened, files: FileHost) -> None:  # W-1
    judge = Brightness()
    given = {
        "image_url": grey(10),
        "video_url": files.add("dance.mp4", video(seconds=3.2)),
        "character_orientation": "image",
        "mode": "std",
        "prompt": "tiny",
    }
    with opened(judge, threshold=0.45) as api:
        id = asked(api, MOTION, **given)
        api.run(id)
        assert_refused(api, id, "video_url")  # grey, 128 of 255
    assert len(judge.seen) == 2
    assert len(judge.seen) <= MOST_FRAMES


def test_pictures_of_a_subject_are_looked_at(opened: Opened) -> None:  # W-1
    judge = Brightness()
    views = {"frontal_image": grey(20), "refer_images": [{"image_url": grey(255)}]}
    with opened(judge) as api:
        id = asked(api, ELEMENTS, **{**SUBJECT, "element_image_list": views})
        api.run(id)
        assert_refused(api, id, "element_image_list.refer_images[0].image_url")
        made = api.subject(element_image_list=views)  # nobody asked
        id = asked(
            api,
            "kirin_v3_i2v",
            image=grey(20),
            prompt="tiny <<<element_1>>>",
            element_list=[{"element_id": made}],
        )
        api.run(id)
        assert_refused(api, id, f"element {made}")
