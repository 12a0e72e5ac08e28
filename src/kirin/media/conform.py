"""Conforming: a video from another machine is brought to the size, rate and length asked for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kirin.errors import ResultUnusable
from kirin.media.decode import VideoFacts, frames_at
from kirin.media.frame_converter import RGB, to_planes

STRETCH: Final = 0.1
"""Largest relative change of speed of a silent video: motion stays natural."""

STRETCH_WITH_SOUND: Final = 0.02
"""The same with sound, which is not retimed: 0.1 s in 5 s is the largest lip-sync error (ITU-R
BT.1359 puts the limit of acceptability at 0.09 to 0.185 s)."""

SPARE_SECONDS: Final = 1.0
"""Longest surplus that is trimmed from the end; a longer video is not the one asked for."""

_SAME_SHAPE: Final = 0.005  # aspects that differ less are scaled, not cropped


@dataclass(frozen=True, slots=True)
class Target:
    """What was asked for.

    Attributes:
        width, height: pixels, both even.
        fps: frames a second.
        frame_count: frames of the whole.
        ends: whether the last frame is prescribed, so that the end must not be trimmed.
        sound: whether the sound is kept.
    """

    width: int
    height: int
    fps: Fraction
    frame_count: int
    ends: bool
    sound: bool

    @property
    def seconds(self) -> float:
        """Length of the whole."""
        return float(self.frame_count / self.fps)


def steps(found: VideoFacts, target: Target) -> tuple[str, ...]:
    """The conversions that a video needs, named for its metadata; empty if it fits as it is.

    Args:
        found: what the file is.
        target: what was asked for.

    Returns:
        Some of ``cropped``, ``scaled``, ``retimed`` (its speed is changed slightly), ``trimmed``
        (its end is cut off), ``resampled`` (to another or a constant frame rate; frames are
        repeated or dropped), ``silenced`` and ``transcoded``.

    Raises:
        ResultUnusable: it is much longer or shorter than asked for.
    """
    needed = []
    if (found.width, found.height) != (target.width, target.height):
        aspect = found.width / found.height * target.height / target.width
        needed += ["cropped"] if abs(aspect - 1) > _SAME_SHAPE else []
        needed.append("scaled")
    needed += _timing(found, target)
    if found.fps != target.fps or not found.constant:
        needed.append("resampled")
    if found.has_audio and not target.sound:
        needed.append("silenced")
    if not needed and not (_plays_anywhere(found) and found.frame_count == target.frame_count):
        needed.append("transcoded")
    return tuple(needed)


def frames(path: Path, found: VideoFacts, target: Target) -> Iterator[NDArray[np.uint8]]:
    """The frames of the target: for each, the picture of the file that is nearest in time.

    Args:
        path: the file.
        found: its facts, accepted by :func:`steps`.
        target: what was asked for.

    Yields:
        Exactly ``target.frame_count`` planar I420 pictures, BT.709, limited range; contiguous
        uint8 of shape ``(height * 3 // 2, width)``.

    Raises:
        ResultUnusable: the file holds no picture.
    """
    if "retimed" in _timing(found, target):
        times = np.linspace(0, found.last, target.frame_count)
    else:
        times = np.arange(target.frame_count) / float(target.fps)
    shown: RGB | None = None
    planes = np.empty((0, 0), np.uint8)
    for _, picture in frames_at(path, times.tolist()):
        if picture is not shown:
            shown, planes = picture, _planes(picture, target)
        yield planes
    if shown is None:
        raise ResultUnusable("the video has no picture")


def _plays_anywhere(found: VideoFacts) -> bool:
    """Whether every player takes the file, and shows the pixels that it holds."""
    common = found.codec == "h264" and found.pixel_format == "yuv420p"
    return common and found.faststart and found.as_stored


def _timing(found: VideoFacts, target: Target) -> list[str]:
    seconds = found.seconds
    surplus = seconds - target.seconds
    if abs(surplus) < 0.5 / float(target.fps):
        return []
    if surplus > 0 and not target.ends:
        if surplus <= SPARE_SECONDS:
            return ["trimmed"]
    elif abs(surplus) / target.seconds <= (STRETCH_WITH_SOUND if target.sound else STRETCH):
        return ["retimed"]
    raise ResultUnusable(
        f"the video that came back lasts {seconds:.3g} s instead of {target.seconds:.3g} s"
    )


def _planes(picture: RGB, target: Target) -> NDArray[np.uint8]:
    """One picture, cropped around its middle to the target's shape, scaled, and as I420."""
    height, width = picture.shape[:2]
    across = min(width, round(height * target.width / target.height))
    down = min(height, round(width * target.height / target.width))
    left, top = (width - across) // 2, (height - down) // 2
    if abs(across / width - 1) > _SAME_SHAPE or abs(down / height - 1) > _SAME_SHAPE:
        picture = np.ascontiguousarray(picture[top : top + down, left : left + across])
    return to_planes(picture, target.width, target.height)
