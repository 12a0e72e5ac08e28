"""Videos for tests, made in code: grey, small and short, and ones that are none."""

from __future__ import annotations

from functools import cache
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast

import av
import numpy as np

RATE = 48_000
"""Samples of sound a second."""


def write_video(
    path: Path,
    *,
    size: tuple[int, int] = (360, 340),
    seconds: float = 3,
    fps: int = 10,
    kind: str = "mp4",
    codec: str = "libx264",
    rotation: int = 0,
    sound: bool = False,
    uneven: bool = False,
    options: dict[str, str] | None = None,
) -> Path:
    """A grey video in a file; ``uneven`` makes each second frame last three times as long."""
    with av.open(str(path), "w", format=kind, options=options or {}) as container:
        stream = cast(av.VideoStream, container.add_stream(codec, rate=fps))
        stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
        if rotation:
            stream.set_display_rotation(rotation)
        track = container.add_stream("aac", rate=RATE) if sound else None
        grey = np.full(size[::-1], 128, np.uint8)
        at = 0
        while at < round(seconds * fps):
            # Odd sides are only possible by way of another format.
            frame = av.VideoFrame.from_ndarray(grey, format="gray").reformat(format="yuv420p")
            frame.pts = at
            at += 3 if uneven and at % 4 else 1
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
        if track is not None:
            _add_silence(container, track)
    return path


@cache
def video(**options: Any) -> bytes:
    """The content of such a file, encoded once for all tests that ask alike."""
    with TemporaryDirectory() as folder:
        return write_video(Path(folder) / "video", **options).read_bytes()


def sound_alone() -> bytes:
    """An MP4 of silence, and no picture in it."""
    file = BytesIO()
    with av.open(file, "w", format="mp4") as container:
        _add_silence(container, container.add_stream("aac", rate=RATE))
    return file.getvalue()


def _add_silence(container: av.container.OutputContainer, track: av.AudioStream) -> None:
    silence = np.zeros((1, RATE), np.float32)
    tone = av.AudioFrame.from_ndarray(silence, format="fltp", layout="mono")
    tone.rate = RATE
    container.mux(track.encode(tone))
    container.mux(track.encode(None))
