"""Shot boundary detection: where a video is cut."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from kirin.vision.planes import Rgb
from kirin.vision.pose.landmarks import Values

_GRID = (32, 18)  # cells that a frame is reduced to, across and down
_REACH = 2  # cells by which something may move from one frame to the next
_LEAST = 11.0  # least mean change of a cell's colour at a cut, of 255
_ABOVE = 3.0  # least ratio to the changes of the frames around it
_NEAR = 4  # frames on either side that count as around it
_FLASH = 2  # frames after which a flash is over

_Cells = NDArray[np.float32]


class ShotBoundaryDetector:
    """Finds the hard cuts of a video, from 1.7 kB per frame.

    At a cut the picture changes strongly in one step, between steps of little change, and for
    good. Fast motion and shake change it over several frames; after a flash it changes back.
    """

    def __init__(self) -> None:
        self._frames: list[NDArray[np.uint8]] = []

    def add(self, rgb: Rgb) -> None:
        """Add the next frame."""
        self._frames.append(cast(Rgb, cv2.resize(rgb, _GRID, interpolation=cv2.INTER_AREA)))

    def first(self) -> int | None:
        """Number of the first frame of the second shot, or ``None`` if there is only one."""
        return next(self._found(), None)

    def cuts(self) -> tuple[int, ...]:
        """Numbers of the first frames of all shots but the first."""
        return tuple(self._found())

    def _found(self) -> Iterator[int]:
        pairs = zip(self._frames, self._frames[1:], strict=False)
        steps = np.array([0.0, *(_change(a, b) for a, b in pairs)])
        for i in np.flatnonzero(steps >= _LEAST).tolist():
            near = np.concatenate([steps[max(1, i - _NEAR) : i], steps[i + 1 : i + 1 + _NEAR]])
            # Without the largest: of a very short shot's two cuts, one must not hide the other.
            calm = float(np.sort(near)[: max(1, len(near) - 1)].max()) if len(near) else 0.0
            if steps[i] < _ABOVE * calm:
                continue
            before = self._frames[max(i - 1 - _FLASH, 0)]
            after = self._frames[min(i + _FLASH, len(self._frames) - 1)]
            lasting = min(_change(self._frames[i - 1], after), _change(before, self._frames[i]))
            if lasting >= _LEAST:
                yield i


def _change(before: NDArray[np.uint8], after: NDArray[np.uint8]) -> float:
    """Change between two frames that motion does not explain: mean of all cells, 0 to 255.

    Each cell is compared with the range of colours within :data:`_REACH` of it in the other
    frame. A uniform change of brightness is removed first.
    """
    a, b = before.astype(np.float32), after.astype(np.float32)
    b = b + np.clip(np.median(a) - np.median(b), -20, 20)
    return (_outside(a, b) + _outside(b, a)) / 2


def _outside(cells: _Cells, around: _Cells) -> float:
    window = np.ones((2 * _REACH + 1, 2 * _REACH + 1), np.uint8)
    low, high = cv2.erode(around, window), cv2.dilate(around, window)
    beyond: Values = np.maximum(np.maximum(low - cells, cells - high), 0).astype(np.float64)
    return float(beyond.max(axis=2).mean())
