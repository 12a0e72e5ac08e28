"""The shutter: what goes fast is blurred along its way while the film is exposed."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final, Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from kirin.domain.frame import Frame
from kirin.engines.animatic.camera.pose import Pose
from kirin.engines.animatic.photo.rest_view import distance_from
from kirin.vision.planes import Planes

Floats = NDArray[np.float32]

_OPEN: Final = 0.5
"""Share of a frame's time in which the shutter is open: 180 degrees, as film cameras have it."""
_LEAST: Final = 0.0022
"""Way in views, while the shutter is open, from which it is seen as blur: 4 pixels of 1920."""
_STRIDE: Final = 0.006
"""Most of the way, in views, between two exposures; a line filter joins them."""
_MOST: Final = 8
"""Exposures of a frame."""


class Exposed(Protocol):
    """What is exposed."""

    def frame(self, pose: Pose, number: int) -> Frame:
        """A frame in a pose, a new one each time."""
        ...


class Shutter:
    """Exposes the frames of a path.

    Args:
        poses: one per frame.
        width: of the view in pixels.
        ways: how far the camera goes while the shutter is open, in views.
    """

    def __init__(self, poses: Sequence[Pose], width: int, ways: Sequence[float]) -> None:
        self._poses = poses
        self._width = width
        self._ways = ways

    @classmethod
    def of(cls, poses: Sequence[Pose], width: int) -> Shutter | None:
        """A shutter for a path, if any frame of it is blurred."""
        ways = [
            distance_from(*_ends(poses, number)) if 0 < number < len(poses) - 1 else 0.0
            for number in range(len(poses))
        ]
        return cls(poses, width, ways) if any(way >= _LEAST for way in ways) else None

    def blurs(self, number: int) -> bool:
        """Whether a frame is blurred."""
        return self._ways[number] >= _LEAST

    def expose(self, number: int, scene: Exposed) -> Frame:
        """A blurred frame: the mean of what passes while the shutter is open."""
        start, end = _ends(self._poses, number)
        count = int(np.clip(math.ceil(self._ways[number] / _STRIDE), 2, _MOST))
        total: Floats = np.zeros(1, np.float32)
        for index in range(count):
            pose = _between(start, end, (index + 0.5) / count)
            frame = scene.frame(pose, number)
            total = total + frame.astype(np.float32)
        frame = np.round(total / count).astype(np.uint8)
        self._join(frame, start, end, count)
        return frame

    def _join(self, frame: Frame, start: Pose, end: Pose, count: int) -> None:
        """Blur along the mean way between two exposures, so that they make one streak."""
        one, other = start.view(0.5), end.view(0.5)
        height = frame.shape[0] * 2 / 3
        across = (other.x - one.x) * one.scale * self._width / count
        down = (other.y - one.y) * one.scale * height / count
        if math.hypot(across, down) < 1.5:
            return
        planes = Planes.of_frame(frame)
        for plane, step in ((planes.y, 1), (planes.u, 2), (planes.v, 2)):
            kernel = _line(across / step, down / step)
            cv2.filter2D(plane, -1, kernel, plane, borderType=cv2.BORDER_REFLECT)


def _ends(poses: Sequence[Pose], number: int) -> tuple[Pose, Pose]:
    """Where the shutter opens and closes, around a frame."""
    before, here, after = poses[number - 1], poses[number], poses[number + 1]
    return _between(here, before, _OPEN / 2), _between(here, after, _OPEN / 2)


def _between(one: Pose, other: Pose, share: float) -> Pose:
    return Pose(
        **{
            name: getattr(one, name) + (getattr(other, name) - getattr(one, name)) * share
            for name in Pose.__dataclass_fields__
        }
    )


def _line(across: float, down: float) -> Floats:
    """A kernel that averages along a line of this length, centred, with soft ends."""
    reach = math.ceil(max(abs(across), abs(down)) / 2) + 1
    kernel = np.zeros((2 * reach + 1, 2 * reach + 1), np.float32)
    steps = max(math.ceil(4 * max(abs(across), abs(down))), 1)
    for share in (np.arange(steps) + 0.5) / steps - 0.5:
        x, y = reach + across * share, reach + down * share
        left, top = math.floor(x), math.floor(y)
        for i, j in ((0, 0), (0, 1), (1, 0), (1, 1)):
            weight = (1 - abs(y - top - i)) * (1 - abs(x - left - j))
            kernel[min(top + i, 2 * reach), min(left + j, 2 * reach)] += weight
    if abs(down) < 0.5:
        kernel = kernel[reach - 1 : reach + 2]
    return np.asarray(kernel / kernel.sum(), np.float32)
