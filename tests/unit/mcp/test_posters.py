"""Posters: a frame of a video, and a picture, made small."""

from __future__ import annotations

from fractions import Fraction
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from kirin.mcp.posters import SIDE, poster
from kirin.media.encode import encode
from support.pictures import ramp, saved


def grey(number: int) -> NDArray[np.uint8]:
    """A frame in I420, without colour; its luma is 16 for black, and 219 steps to white."""
    frame = np.full((1080, 1280), 128, np.uint8)
    frame[:720] = 16 + 2 * number
    return frame


@pytest.fixture
def video(tmp_path: Path) -> bytes:
    """Two seconds of 24 frames: each a little brighter than the one before."""
    path = tmp_path / "video.mp4"
    encode(map(grey, range(48)), path, width=1280, height=720, fps=Fraction(24))
    return path.read_bytes()


def test_a_video_is_shown_by_its_frame_after_a_second(video: bytes) -> None:
    shown = Image.open(BytesIO(poster(video, "video") or b""))
    assert (shown.format, shown.size) == ("JPEG", (SIDE, SIDE * 9 // 16))
    assert abs(float(np.asarray(shown).mean()) - 48 * 255 / 219) < 1  # frame 24


def test_a_picture_is_shown_whole() -> None:
    shown = Image.open(BytesIO(poster(saved(ramp(1280, 640)), "image") or b""))
    assert shown.size == (SIDE, SIDE // 2)


@pytest.mark.parametrize("data", [b"", b"nothing", b"\0\0\0\x18ftypmp42" + bytes(100)])
@pytest.mark.parametrize("kind", ["video", "image"])
def test_what_cannot_be_decoded_has_none(data: bytes, kind: str) -> None:
    assert poster(data, kind) is None


def test_half_a_video_has_one_or_none(video: bytes) -> None:
    shown = poster(video[: len(video) // 2], "video")
    assert shown is None or Image.open(BytesIO(shown)).size[0] == SIDE
