"""The first videos that a newcomer makes: what was asked for is seen in the pictures."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest

from kirin.media.images import load_rgb
from kirin_client import picture
from support.cards import I2V, T2V
from support.films import Video, assert_plays_anywhere
from support.motion import Motion, difference, motion, some_frames

PHOTO = Path(__file__).parents[2] / "examples" / "photos" / "china.jpg"
SIZE = (1176, 784)
"""Of a video from the photograph, which is 640 by 427."""

Make = Callable[..., Video]


@pytest.fixture(scope="module")
def photo() -> str:
    return picture(PHOTO)


def seen(video: Video) -> Motion:
    """What the camera did from the first picture to the last."""
    last = video.task["metadata"]["frames"] - 1
    return motion(*some_frames(video.path, 0, last))


def test_a_video_from_words(make: Make) -> None:  # T2V-1 T2V-5 W-6 W-8
    video = make(T2V, prompt="Sunrise over misty mountains and a lake, the camera pushes in")
    assert_plays_anywhere(video.path, size=(1280, 720), fps=24, seconds=5)
    told = video.task["metadata"]
    assert told["engine"] == "animatic"
    assert told["method"] == "procedural scene"  # it says what it is
    assert video.moves == ["push_in"]
    assert video.task["usage"]["cost"] == "0.2800"
    frames = some_frames(video.path, 0, 1, 60, 119)
    assert all(frame.std() > 10 for frame in frames)  # a picture, not a plain colour
    assert difference(frames[0], frames[1]) < difference(frames[0], frames[3])
    assert difference(frames[0], frames[2]) > 1  # something moves


def test_the_camera_pushes_into_a_photograph(make: Make, photo: str) -> None:  # I2V-8 W-5
    video = make(I2V, image=photo, prompt="The camera pushes in")
    assert_plays_anywhere(video.path, size=SIZE, fps=30, seconds=5)
    assert video.task["output"][0]["content"][0]["size"] == "1176x784"
    assert video.moves == ["push_in"]
    moved = seen(video)
    assert moved.scale > 1.05
    assert abs(moved.turn) < 1


def test_it_begins_with_the_photograph_and_stays_when_told_to(make: Make, photo: str) -> None:
    video = make(I2V, image=photo, prompt="Static camera, locked-off shot")
    assert video.moves == ["static"]
    first, last = some_frames(video.path, 0, 149)
    shown = cv2.resize(load_rgb(PHOTO), SIZE, interpolation=cv2.INTER_AREA)
    assert np.corrcoef(first.ravel(), shown.ravel())[0, 1] > 0.97
    moved = motion(first, last)
    assert moved.scale == pytest.approx(1, abs=0.002)
    assert max(abs(moved.right), abs(moved.down)) < 1


def test_left_is_not_right(make: Make, photo: str) -> None:
    left = make(I2V, image=photo, prompt="The camera pans left")
    right = make(I2V, image=photo, prompt="镜头向右平移")
    assert left.moves == ["pan_left"]
    assert right.moves == ["truck_right"]
    # What the camera turns away from leaves the picture on the other side.
    assert seen(left).right > 40
    assert seen(right).right < -40
    assert abs(seen(left).down) < 10
    assert abs(seen(right).down) < 10
