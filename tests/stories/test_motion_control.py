"""A character moves as the person in a video does, as a client sees it."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import chain
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from kirin.client import Kirin, TaskFailed
from kirin.domain.soundtrack import Copied
from kirin.media.decode import frames
from kirin.media.encode import encode
from kirin.vision.planes import picture_to_frame
from support.cards import ELEMENTS, MOTION
from support.films import Make, assert_plays_anywhere
from support.loopback import FileHost
from support.motion import some_frames
from support.pictures import RGB, base64
from support.sound import clicking, clicks

WALKING = Path(__file__).parents[1] / "media" / "walking.mp4"
SIZE = (1080, 560)
MOMENTS = (0.5, 1.25, 2.0)


@pytest.fixture(scope="module")
def host() -> Iterator[FileHost]:
    with FileHost() as files:
        yield files


@pytest.fixture(scope="module")
def driver(host: FileHost, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The walking clip, with sound."""
    folder = tmp_path_factory.mktemp("driver")
    sound = clicking(folder / "clicks.mp4", "aac", at=MOMENTS, seconds=3)
    path = folder / "driver.mp4"
    film(frames(WALKING), path, sound)
    host.add("driver.mp4", path.read_bytes())
    return path


@pytest.fixture(scope="module")
def woman() -> RGB:
    """The walking woman standing still, in a field of her own."""
    return next(rgb for number, rgb in enumerate(frames(WALKING)) if number == 22)


def film(pictures: Iterator[RGB], path: Path, sound: Path | None = None) -> None:
    """Pictures as a video of 30 frames a second."""
    audio = Copied(sound) if sound else None
    planes = (picture_to_frame(np.ascontiguousarray(rgb), *SIZE) for rgb in pictures)
    encode(planes, path, width=SIZE[0], height=SIZE[1], fps=Fraction(30), audio=audio)


def packets(path: Path) -> list[bytes]:
    with av.open(str(path)) as container:
        return [bytes(packet) for packet in container.demux(audio=0) if packet.size]


def request(host: FileHost, picture: RGB, **more: Any) -> dict[str, Any]:
    return {
        "image_url": base64(picture),
        "video_url": host.url("driver.mp4"),
        "character_orientation": "image",
        "mode": "std",
        **more,
    }


def test_it_walks_and_keeps_the_sound(  # MC-1 MC-2 MC-6 MC-9
    make: Make, host: FileHost, driver: Path, woman: RGB
) -> None:
    video = make(MOTION, **request(host, woman))
    assert_plays_anywhere(video.path, size=(1334, 692), fps=30, seconds=3)
    told = video.task["metadata"]
    assert told["orientation"] == "image"
    assert told["person_seen"] > 0.9
    assert {"left_leg", "right_leg"} <= set(told["moving"])
    first, middle, last = some_frames(video.path, 0, 45, 89)
    assert np.abs(first.astype(int) - middle)[200:].max() > 60  # her, walking
    sky = np.s_[:60]
    assert np.abs(first[sky].astype(int) - last[sky]).mean() < 2  # the place stays
    copied = packets(video.path)
    assert copied == packets(driver)[: len(copied)]
    assert clicks(video.path) == pytest.approx(MOMENTS, abs=0.005)


def test_a_subject_takes_the_pictures_place(  # MC-4 MC-7 EL-1
    make: Make, kirin: Kirin, host: FileHost, driver: Path, woman: RGB
) -> None:
    params = {
        "element_name": "the walker",
        "element_description": "a woman in sports clothes",
        "reference_type": "image_refer",
        "element_image_list": {
            "frontal_image": base64(woman),
            "refer_images": [{"image_url": base64(woman)}],
        },
    }
    task = kirin.wait(kirin.create(ELEMENTS, params)["id"], timeout=60)
    element = int(task["output"][0]["content"][0]["element_id"])
    empty = np.full((560, 1080, 3), (90, 140, 200), np.uint8)
    video = make(
        MOTION,
        **request(
            host,
            empty,
            element_list=[{"element_id": element}],
            character_orientation="video",
            keep_original_sound="no",
        ),
    )
    assert video.task["metadata"]["subject"] == "the walker"
    (frame,) = some_frames(video.path, 45)
    blue = np.abs(frame.astype(int) - (90, 140, 200)).max(axis=2) < 12
    assert 0.5 < blue.mean() < 0.98  # the place, and somebody in it
    with pytest.raises(IndexError):
        clicks(video.path)


def failure(kirin: Kirin, params: dict[str, Any]) -> str:
    """What a task that must fail says; it must cost nothing."""
    task = kirin.create(MOTION, params)
    with pytest.raises(TaskFailed) as failed:
        kirin.wait(task["id"], timeout=120)
    assert "usage" not in failed.value.task
    message: str = failed.value.task["error"]["message"]
    return message


@pytest.mark.usefixtures("driver")
def test_a_picture_of_nobody_is_named(kirin: Kirin, host: FileHost) -> None:
    message = failure(kirin, request(host, np.full((560, 1080, 3), 128, np.uint8)))
    assert message.startswith("image_url: The picture shows no person")


def test_a_cut_is_named_by_its_second(
    kirin: Kirin, host: FileHost, woman: RGB, tmp_path: Path
) -> None:
    path = tmp_path / "cut.mp4"
    shown = list(frames(WALKING))
    film(chain(shown[:60], (255 - rgb[::-1] for rgb in shown[60:])), path)
    url = host.add("cut.mp4", path.read_bytes())
    message = failure(kirin, request(host, woman, video_url=url))
    assert message.startswith("video_url: The video is cut at 2.00 s")


def test_a_video_of_nobody_is_named(
    kirin: Kirin, host: FileHost, woman: RGB, tmp_path: Path
) -> None:
    path = tmp_path / "nobody.mp4"
    film((np.full((560, 1080, 3), 120, np.uint8) for _ in range(90)), path)
    url = host.add("nobody.mp4", path.read_bytes())
    message = failure(kirin, request(host, woman, video_url=url))
    assert message.startswith("video_url: There is nobody in the video")
