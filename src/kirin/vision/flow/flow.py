"""Intermediate flow: where each part of two pictures is at any time between them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from kirin.vision.flow.alignment import Alignment, Matrix, project
from kirin.vision.flow.rife import STEP, Rife
from kirin.vision.flow.splatting import forward_splat, normalize_splats, split_values
from kirin.vision.flow.warping import WarpGrid
from kirin.vision.kernels import Plane
from kirin.vision.planes import Rgb, resize

Floats = NDArray[np.float32]

_NO_MAP: Any = None  # both coordinates are in the first map; OpenCV's type stubs demand two
_SIDE = 512  # longest side of the canvas that the network sees
_BLUR = 4  # width in cells of the averages that fill holes
_KEYS = 5  # times at which the network runs; others are interpolated from the nearest two
_WIDEST = 2.5  # greatest width and height of the canvas, in frames


@dataclass(frozen=True, slots=True)
class IntermediateFlow:
    """Where a frame at some time takes its pixels from, on a coarse grid over the frame.

    Attributes:
        first, last: the position in either picture, in its widths and heights; shape
            ``(h, w, 2)``.
        share: weight of the first picture's colour, 0 to 255; shape ``(h, w)``.
    """

    first: Floats
    last: Floats
    share: Plane

    @classmethod
    def on(cls, grid: WarpGrid) -> IntermediateFlow:
        """Room for the flow on a grid."""
        shape = (grid.rows, grid.columns)
        places = np.empty((*shape, 2), np.float32), np.empty((*shape, 2), np.float32)
        return cls(*places, np.empty(shape, np.uint8))


@dataclass(frozen=True, slots=True)
class _FlowKeyframe:
    """The network's output at one time, on the canvas."""

    time: float
    values: Floats  # position in the first picture, in the last, share, weight; shape (h, w, 6)
    velocity: Floats  # canvas pixels from time 0 to 1, shape (h, w, 2)


class Flow:
    """Flow between two pictures of one size, at any time between them.

    The camera's part of the motion is the alignment's. The rest is estimated by RIFE on a canvas:
    the frame halfway, extended to all that either picture shows. Both pictures are warped onto
    it, so that only the objects' own motion remains.
    """

    def __init__(
        self,
        canvas: _FlowCanvas,
        keys: list[_FlowKeyframe],
        alignment: Alignment,
    ) -> None:
        self._canvas = canvas
        self._keys = keys
        self._alignment = alignment
        self._middle = np.linalg.inv(alignment.at(0.5))

    @classmethod
    def find(
        cls,
        first: Rgb,
        last: Rgb,
        alignment: Alignment,
        network: Rife,
        check: Callable[[], None] = lambda: None,
    ) -> Flow:
        """Estimate the flow.

        Args:
            first, last: the pictures, of one size.
            alignment: of the two.
            network: runs a few times.
            check: called between the runs; raises to stop.
        """
        canvas = _FlowCanvas.around(alignment, first.shape[1], first.shape[0])
        here, there = canvas.warped(first, last)
        keys = []
        for number in range(1, _KEYS + 1):
            time = number / (_KEYS + 1)
            between = network.between(here, there, time)
            keys.append(canvas.key(time, between.to_first, between.to_last, between.share))
            check()
        keys = [canvas.end(keys[0], 0.0), *keys, canvas.end(keys[-1], 1.0)]
        return cls(canvas, keys, alignment)

    @property
    def reach(self) -> float:
        """An upper bound of the displacement of any point, in frame widths."""
        corners = np.array([[0.0, 0], [1, 0], [1, 1], [0, 1]])
        moved = float(np.abs(project(self._alignment.matrix, corners) - corners).max())
        own = max(float(np.abs(key.velocity).max()) for key in self._keys)
        return moved + own / self._canvas.width

    def at(self, time: float, grid: WarpGrid) -> IntermediateFlow:
        """The flow at a time, 0 to 1.

        Args:
            time: which.
            grid: over the frame; the flow is that of its cells' centres.
        """
        place = time * (len(self._keys) - 1)
        before = min(int(place), len(self._keys) - 2)
        late = place - before
        values = np.zeros((grid.rows, grid.columns, 5), np.float32)
        self._add(self._keys[before], time, 1 - late, grid, values)
        if late > 0:
            self._add(self._keys[before + 1], time, late, grid, values)
        moment = IntermediateFlow.on(grid)
        split_values(values, moment.first, moment.last, moment.share)
        return moment

    def _add(
        self, key: _FlowKeyframe, time: float, amount: float, grid: WarpGrid, values: Floats
    ) -> None:
        """Splat a keyframe's values to another time and add them with weight ``amount``."""
        # The frame's corner is the inner corner of the grid's ring.
        cells = np.array(
            [[grid.width / grid.cell, 0, 1], [0, grid.height / grid.cell, 1], [0, 0, 1]]
        )
        frame = self._alignment.at(time)
        rows, columns = (-(-side // _BLUR) * _BLUR for side in (grid.rows, grid.columns))
        landed = np.zeros((rows, columns, 6), np.float32)
        matrix = cells @ frame @ self._middle @ self._canvas.frame
        forward_splat(key.values, key.velocity, time - key.time, matrix, landed)
        first = cast(Matrix, np.linalg.inv(cells @ frame))
        last = self._alignment.matrix @ first
        normalize_splats(landed, _around(landed), first, last, time, amount, values)


def _around(values: Floats) -> Floats:
    """Box-averaged values; both sides are multiples of ``_BLUR``."""
    rows, columns = values.shape[:2]
    small = columns // _BLUR, rows // _BLUR
    means = cv2.resize(values, small, interpolation=cv2.INTER_AREA)
    return cast(Floats, cv2.resize(means, (columns, rows), interpolation=cv2.INTER_LINEAR))


@dataclass(frozen=True, slots=True)
class _FlowCanvas:
    """The area of the frame halfway, extended to both pictures."""

    width: int
    height: int
    frame: Matrix  # canvas pixels to the frame halfway
    first: Matrix  # canvas pixels to the first picture
    last: Matrix
    pixels: Floats  # centres of the pixels, shape (h, w, 2)

    @classmethod
    def around(cls, alignment: Alignment, width: int, height: int) -> _FlowCanvas:
        """A canvas for both pictures, whose size is given in pixels."""
        middle = alignment.at(0.5)
        corners = np.array([[0.0, 0], [1, 0], [1, 1], [0, 1]])
        back = middle @ np.linalg.inv(alignment.matrix)
        seen = np.concatenate([project(middle, corners), project(back, corners), corners])
        beyond = (_WIDEST - 1) / 2
        least = np.maximum(seen.min(axis=0), -beyond)
        most = np.minimum(seen.max(axis=0), 1 + beyond)
        span = most - least
        sides = span * [width, height]
        columns, rows = (max(round(side * _SIDE / sides.max() / STEP), 2) * STEP for side in sides)
        frame = np.array(
            [[span[0] / columns, 0, least[0]], [0, span[1] / rows, least[1]], [0, 0, 1]]
        )
        first = np.linalg.inv(middle) @ frame
        y, x = np.mgrid[0:rows, 0:columns].astype(np.float32)
        pixels = np.dstack([x, y]) + np.float32(0.5)
        return cls(columns, rows, frame, first, alignment.matrix @ first, pixels)

    def warped(self, first: Rgb, last: Rgb) -> tuple[Rgb, Rgb]:
        """Both pictures warped onto the canvas; where one has no pixels, it takes the other's."""
        (here, shown), (there, seen) = (
            self._warped(picture, matrix)
            for picture, matrix in ((first, self.first), (last, self.last))
        )
        return np.where(shown, here, there), np.where(seen, there, here)

    def _warped(self, picture: Rgb, matrix: Matrix) -> tuple[Rgb, NDArray[np.bool_]]:
        # Reduced to about the canvas's resolution first, so that nothing aliases.
        places = project(matrix, self.pixels[[0, 0, -1], [0, -1, 0]].astype(np.float64))
        across = (self.width - 1) / max(float(np.hypot(*(places[1] - places[0]))), 1e-6)
        down = (self.height - 1) / max(float(np.hypot(*(places[2] - places[0]))), 1e-6)
        width = int(np.clip(round(across), 16, picture.shape[1]))
        height = int(np.clip(round(down), 16, picture.shape[0]))
        small = resize(picture, width, height)
        place = project(matrix, self.pixels)
        shown = ((place > 0) & (place < 1)).all(axis=2, keepdims=True)
        at = place * np.array([width, height], np.float32) - np.float32(0.5)
        warped = cv2.remap(small, at, _NO_MAP, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        return cast(Rgb, warped), np.asarray(shown)

    def key(self, time: float, to_first: Floats, to_last: Floats, share: Floats) -> _FlowKeyframe:
        """The network's output as positions in the two pictures."""
        first = project(self.first, self.pixels + to_first)
        last = project(self.last, self.pixels + to_last)
        weight = np.ones_like(share)
        return _FlowKeyframe(time, np.dstack([first, last, share, weight]), to_last - to_first)

    def end(self, nearest: _FlowKeyframe, time: float) -> _FlowKeyframe:
        """The keyframe at time 0 or 1: of the first or last picture itself."""
        out = np.zeros((self.height, self.width, 6), np.float32)
        values = np.zeros_like(out)
        values[..., :2], values[..., 5] = nearest.velocity, 1
        forward_splat(values, nearest.velocity, time - nearest.time, np.eye(3), out)
        landed = np.ascontiguousarray(out[..., [0, 1, 5]])
        landed += np.float32(1e-2) * cv2.GaussianBlur(landed, (0, 0), 3.0)
        velocity = cast(Floats, landed[..., :2] / np.maximum(landed[..., 2:], np.float32(1e-6)))
        to_first, to_last = -np.float32(time) * velocity, np.float32(1 - time) * velocity
        share = np.full((self.height, self.width), 1 - time, np.float32)
        return self.key(time, to_first, to_last, share)
