"""Finding where a video is cut from one shot to another."""

from __future__ import annotations

from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from kirin.vision.planes import Rgb
from kirin.vision.pose.landmarks import Values

_GRID = (32, 18)  # cells that a frame is reduced to, across and down
_REACH = 2  # cells that something may move from one frame to the next
_LEAST = 11.0  # mean change of a cell's colour that a cut makes, of 255
_ABOVE = 3.0  # times as much as any frame near it changes
_NEAR = 4  # frames on every side
_FLASH = 2  # frames after which a flash is over, and a new shot is not

_Cells = NDArray[np.float32]


class CutFinder:
    """Looks at every frame of a video, keeps 1.7 kB of each, and names the first cut.

    A cut changes much at once, where its neighbours change little, and for good: quick motion
    and shaking go on for several frames, a flash goes back.
    """

    def __init__(self) -> None:
        self._frames: list[NDArray[np.uint8]] = []

    def add(self, rgb: Rgb) -> None:
        """Take the next frame."""
        self._frames.append(cast(Rgb, cv2.resize(rgb, _GRID, interpolation=cv2.INTER_AREA)))

    def first(self) -> int | None:
        """The number of the first frame of the second shot, or ``None`` if there is but one."""
        pairs = zip(self._frames, self._frames[1:], strict=False)
        steps = np.array([0.0, *(_change(a, b) for a, b in pairs)])
        for i in np.flatnonzero(steps >= _LEAST).tolist():
            near = np.concatenate([steps[max(1, i - _NEAR) : i], steps[i + 1 : i + 1 + _NEAR]])
            # A shot of a frame or two is a flash; its two steps must not hide each other.
            calm = float(np.sort(near)[: max(1, len(near) - 1)].max()) if len(near) else 0.0
            if steps[i] < _ABOVE * calm:
                continue
            before = self._frames[max(i - 1 - _FLASH, 0)]
            after = self._frames[min(i + _FLASH, len(self._frames) - 1)]
            lasting = min(_change(self._frames[i - 1], after), _change(before, self._frames[i]))
            if lasting >= _LEAST:
                return i
        return None


def _change(before: NDArray[np.uint8], after: NDArray[np.uint8]) -> float:
    """How much changes beyond what motion explains, mean of all cells, 0 to 255.

    A cell is compared with all that could have moved there: with the range of colours around
    its place, on either side in time. Light that changes everywhere alike is taken out first.
    """
    a, b = before.astype(np.float32), after.astype(np.float32)
    b = b + np.clip(np.median(a) - np.median(b), -20, 20)
    return (_outside(a, b) + _outside(b, a)) / 2


def _outside(cells: _Cells, around: _Cells) -> float:
    window = np.ones((2 * _REACH + 1, 2 * _REACH + 1), np.uint8)
    low, high = cv2.erode(around, window), cv2.dilate(around, window)
    beyond: Values = np.maximum(np.maximum(low - cells, cells - high), 0).astype(np.float64)
    return float(beyond.max(axis=2).mean())
