"""Videos for tests, made in code: grey, small and short, and ones that are none."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import cache
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast

import av
import numpy as np
from av.codec.context import Flags
from numpy.typing import NDArray

RATE = 48_000
"""Samples of sound a second."""

TICKS = 600
"""Units a second of the timestamps of :func:`timed_video`, as of QuickTime."""

DROPPING = [*range(0, 45 * 20, 20), *range(900, 3 * TICKS, 100)]
"""Timestamps of 30 frames a second for 1.5 s, then of a fifth of them up to 3 s."""


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


def timed_video(
    path: Path, times: Sequence[int], ticks: int = TICKS, size: tuple[int, int] = (64, 64)
) -> Path:
    """A video whose brightness tells the time: 16 to 235 from 0 to 3 s."""
    with av.open(str(path), "w", format="mp4", options={"video_track_timescale": str(ticks)}) as c:
        stream = c.add_stream("libx264", rate=30, options={"crf": "4"})
        width, height = size
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        stream.codec_context.time_base = Fraction(1, ticks)
        stream.codec_context.flags |= Flags.frame_duration
        steps = [b - a for a, b in pairwise(times)]
        for time, step in zip(times, [*steps, steps[-1]], strict=True):
            luma = min(round(16 + 219 * time / ticks / 3), 235)
            planes = np.full((height * 3 // 2, width), 128, np.uint8)
            planes[:height] = luma
            frame = av.VideoFrame.from_ndarray(planes, format="yuv420p")
            frame.pts, frame.duration, frame.time_base = time, step, Fraction(1, ticks)
            c.mux(stream.encode(frame))
        c.mux(stream.encode(None))
    return path


def told_seconds(picture: NDArray[np.uint8]) -> float:
    """The time that a picture's brightness tells."""
    return float(picture.mean()) / 255 * 3


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
