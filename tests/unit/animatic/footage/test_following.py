"""The camera of a given video, followed over drawn scenes and pictures."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from PIL import Image

from kirin.domain.assets import Asset, AssetKind
from kirin.domain.footage import FootageUse
from kirin.domain.frame import Frame
from kirin.domain.storyboard import Shot, Storyboard
from support.footage import FPS, SIZE, board, clip, drawn, film, luma, wall

SCENE = "mountains by day, filmed as in <<<video_1>>>"


def follow(path: Path, prompt: str = SCENE, **changes: Any) -> Storyboard:
    return board(path, prompt, FootageUse.FEATURE, **changes)


def shift(frames: list[Frame]) -> tuple[float, float]:
    """How far the picture has gone right and down in all, in widths, by phase correlation."""
    whole = np.zeros(2)
    window = cv2.createHanningWindow(SIZE, cv2.CV_64F)
    for before, after in zip(frames[::3], frames[3::3], strict=False):
        whole += cv2.phaseCorrelate(luma(before), luma(after), window)[0]
    return float(whole[0]) / SIZE[0], float(whole[1]) / SIZE[0]


@pytest.mark.parametrize("way", [0.3, -0.3, 0.15])
def test_a_pan_makes_a_pan(tmp_path: Path, way: float) -> None:
    path = film(tmp_path / "pan.mp4", lambda t: (way * t, 0, 1, 0), seconds=2)
    frames, notes = drawn(follow(path))
    right, down = shift(frames)
    # The picture goes against the camera; what is near goes farther than what is far.
    assert right == pytest.approx(-way, rel=0.3)
    assert abs(down) < 0.03
    camera = notes["footage"]["camera"]
    assert camera["moves"] == ["pan_right" if way > 0 else "pan_left"]
    assert camera["right"] == pytest.approx(way, rel=0.06)
    assert notes["footage"]["followed"] == 1.0
    assert [each["move"] for each in notes["direction"]["moves"]] == camera["moves"]


def test_the_way_grows_with_that_of_the_video(tmp_path: Path) -> None:
    shifts = []
    for way in (0.1, 0.2, 0.3):
        path = film(tmp_path / f"{way}.mp4", lambda t, w=way: (w * t, 0, 1, 0), seconds=1.5)
        shifts.append(-shift(drawn(follow(path))[0])[0])
    assert shifts == sorted(shifts)
    assert shifts[2] / shifts[0] == pytest.approx(3, rel=0.25)


def test_a_tilt_makes_a_tilt(tmp_path: Path) -> None:
    path = film(tmp_path / "tilt.mp4", lambda t: (0, -0.12 * t, 1, 0), seconds=2)
    frames, notes = drawn(follow(path))
    right, down = shift(frames)
    assert down == pytest.approx(0.12, rel=0.4)
    assert abs(right) < 0.03
    assert notes["footage"]["camera"]["moves"] == ["tilt_up"]


def test_a_camera_at_rest_stays_at_rest(tmp_path: Path) -> None:
    path = film(tmp_path / "rest.mp4", lambda _: (0, 0, 1, 0), seconds=1)
    frames, notes = drawn(follow(path, "mountains, the camera pans right"))
    assert np.abs(shift(frames)).max() < 0.005
    assert notes["footage"]["camera"]["moves"] == ["static"]
    # The video decides; the words that ask for another camera are not followed.
    words = [each["word"] for each in notes["footage"]["missing"]]
    assert words
    assert all(each["kind"] == "camera" for each in notes["footage"]["missing"])


def test_a_picture_is_filmed_as_the_video_was(tmp_path: Path) -> None:
    path = film(tmp_path / "pan.mp4", lambda t: (0.12 * t, 0, 1, 0), seconds=2)
    Image.fromarray(wall(seed=2)).save(tmp_path / "first.png")
    first = Asset(str(tmp_path / "first.png"), AssetKind.IMAGE, "image/png", 1, 1280, 720)
    frames, _ = drawn(follow(path, "", first=first))
    assert shift(frames)[0] < -0.06


def test_a_longer_video_makes_the_same_way_more_slowly(tmp_path: Path) -> None:
    path = film(tmp_path / "pan.mp4", lambda t: (0.3 * t, 0, 1, 0), seconds=1)
    frames, notes = drawn(follow(path, seconds=2.0))
    assert len(frames) == 48
    assert shift(frames)[0] == pytest.approx(-0.3, rel=0.3)
    assert notes["footage"]["tempo"] == pytest.approx(0.5, abs=0.03)


def test_shots_share_the_way(tmp_path: Path) -> None:
    path = film(tmp_path / "pan.mp4", lambda t: (0.4 * t, 0, 1, 0), seconds=2)
    shots = (Shot("mountains by day", 1.0), Shot("mountains at dusk", 1.0))
    frames, notes = drawn(follow(path, shots=shots))
    for part, told in zip((frames[:24], frames[24:]), notes["shots"], strict=True):
        assert shift(part)[0] == pytest.approx(-0.2, rel=0.4)
        assert told["footage"]["camera"]["right"] == pytest.approx(0.2, rel=0.1)


def test_a_cut_of_the_video_is_a_cut_to_another_size(tmp_path: Path) -> None:
    path = film(tmp_path / "cut.mp4", lambda t: (0, 0, 1, 0), seconds=2, cut=0.5)
    frames, notes = drawn(follow(path))
    assert notes["footage"]["cuts"] == [pytest.approx(1.0, abs=0.05)]
    at = round(notes["footage"]["cuts"][0] * float(FPS))
    steps = [float(np.abs(luma(b) - luma(a)).mean()) for a, b in itertools.pairwise(frames)]
    assert int(np.argmax(steps)) + 1 == at
    assert steps[at - 1] > 5 * float(np.median(steps))


def test_a_video_that_tells_no_camera_leaves_it_to_the_prompt(tmp_path: Path) -> None:
    path = film(tmp_path / "black.mp4", lambda _: (0, 0, 1, 0), seconds=1, light=-900)
    made = clip(follow(path, "mountains, the camera pans right"))
    next(iter(made.frames))
    assert made.notes["footage"]["camera"] is None
    assert made.notes["footage"]["missing"] == [{"word": "camera", "kind": "motion"}]
    assert made.notes["direction"]["moves"][0]["move"] == "pan_right"
