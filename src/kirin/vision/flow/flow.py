"""The flow between two pictures: where every part of them is at any moment in between."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from kirin.vision.flow.alignment import Alignment, Matrix, project
from kirin.vision.flow.rife import STEP, Rife
from kirin.vision.flow.splatting import gather, settle, splat
from kirin.vision.kernels import Plane
from kirin.vision.planes import Rgb, resize

Floats = NDArray[np.float32]

_NO_MAP: Any = None  # places are in one map; OpenCV's types want two
_SIDE = 512  # longest side of the canvas on which the network looks
_GRID = 480  # longest side of the grid on which a moment is told
_BLUR = 6  # places that a hole in it is filled from, across
_KEYS = 5  # moments that the network is asked for; others follow from the nearest two
_WIDEST = 2.5  # frames that the canvas is wide or high at most


@dataclass(frozen=True, slots=True)
class Moment:
    """What is seen at a moment, on a coarse grid over the frame.

    Attributes:
        first, last: where each place is in either picture, in widths and heights of it; shape
            ``(h, w, 2)``.
        share: how much of its colour comes from the first picture, of 255; shape ``(h, w)``.
    """

    first: Floats
    last: Floats
    share: Plane


@dataclass(frozen=True, slots=True)
class _Key:
    """What the network saw at a moment, on the canvas."""

    time: float
    values: Floats  # place in the first picture, in the last, share, weight; shape (h, w, 6)
    pace: Floats  # canvas pixels for the whole time, shape (h, w, 2)


class Flow:
    """Where the parts of two pictures of one size are at any moment between them.

    The camera's part of the way is the alignment's. The rest is found on a canvas: the frame
    halfway, and around it all that either picture shows. There both lie on top of each other,
    so that only what moved by itself is left to find.
    """

    def __init__(
        self, canvas: _Canvas, keys: list[_Key], alignment: Alignment, grid: tuple[int, int]
    ) -> None:
        self._canvas = canvas
        self._keys = keys
        self._alignment = alignment
        self._middle = np.linalg.inv(alignment.at(0.5))
        columns, rows = grid
        self._landed = np.empty((rows, columns, 6), np.float32)
        self._values = np.empty((rows, columns, 5), np.float32)
        self._moment = Moment(
            np.empty((rows, columns, 2), np.float32),
            np.empty((rows, columns, 2), np.float32),
            np.empty((rows, columns), np.uint8),
        )

    @classmethod
    def find(
        cls,
        first: Rgb,
        last: Rgb,
        alignment: Alignment,
        network: Rife,
        check: Callable[[], None] = lambda: None,
    ) -> Flow:
        """Find the flow; ``check`` is called between the steps."""
        canvas = _Canvas.around(alignment, first.shape[1], first.shape[0])
        here, there = canvas.brought(first, last)
        keys = []
        for number in range(1, _KEYS + 1):
            time = number / (_KEYS + 1)
            between = network.between(here, there, time)
            keys.append(canvas.key(time, between.to_first, between.to_last, between.share))
            check()
        keys = [canvas.end(keys[0], 0.0), *keys, canvas.end(keys[-1], 1.0)]
        scale = _GRID / max(first.shape) / _BLUR
        columns, rows = (max(round(side * scale), 1) * _BLUR for side in first.shape[1::-1])
        return cls(canvas, keys, alignment, (columns, rows))

    @property
    def reach(self) -> float:
        """The farthest way that anything goes, in frame widths."""
        corners = np.array([[0.0, 0], [1, 0], [1, 1], [0, 1]])
        moved = float(np.abs(project(self._alignment.matrix, corners) - corners).max())
        own = max(float(np.abs(key.pace).max()) for key in self._keys)
        return moved + own / self._canvas.width

    def at(self, time: float) -> Moment:
        """What is seen at a moment, 0 to 1; in memory that the next call writes again."""
        place = time * (len(self._keys) - 1)
        before = min(int(place), len(self._keys) - 2)
        late = place - before
        self._values[:] = 0
        self._add(self._keys[before], time, 1 - late)
        if late > 0:
            self._add(self._keys[before + 1], time, late)
        settle(self._values, self._moment.first, self._moment.last, self._moment.share)
        return self._moment

    def _add(self, key: _Key, time: float, amount: float) -> None:
        """Add a key's values where they have moved to at another moment."""
        rows, columns = self._values.shape[:2]
        grid = np.diag([columns, rows, 1.0])
        frame = self._alignment.at(time)
        self._landed[:] = 0
        matrix = grid @ frame @ self._middle @ self._canvas.frame
        splat(key.values, key.pace, time - key.time, matrix, self._landed)
        first = cast(Matrix, np.linalg.inv(grid @ frame))
        last = self._alignment.matrix @ first
        around = _around(self._landed)
        gather(self._landed, around, first, last, time, amount, self._values)


def _around(values: Floats) -> Floats:
    """Values blurred; both sides are multiples of ``_BLUR``, so that any number may have one."""
    rows, columns = values.shape[:2]
    small = columns // _BLUR, rows // _BLUR
    means = cv2.resize(values, small, interpolation=cv2.INTER_AREA)
    return cast(Floats, cv2.resize(means, (columns, rows), interpolation=cv2.INTER_LINEAR))


@dataclass(frozen=True, slots=True)
class _Canvas:
    """The frame halfway and what lies around it."""

    width: int
    height: int
    frame: Matrix  # canvas pixels to the frame halfway
    first: Matrix  # canvas pixels to the first picture
    last: Matrix
    pixels: Floats  # places of the pixels, shape (h, w, 2)

    @classmethod
    def around(cls, alignment: Alignment, width: int, height: int) -> _Canvas:
        """As large as both pictures together, for frames of some aspect."""
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

    def brought(self, first: Rgb, last: Rgb) -> tuple[Rgb, Rgb]:
        """Both pictures, as they lie on the canvas; where one has nothing, the other's pixels."""
        (here, shown), (there, seen) = (
            self._laid(picture, matrix)
            for picture, matrix in ((first, self.first), (last, self.last))
        )
        return np.where(shown, here, there), np.where(seen, there, here)

    def _laid(self, picture: Rgb, matrix: Matrix) -> tuple[Rgb, NDArray[np.bool_]]:
        # First to about the canvas's resolution, so that nothing aliases.
        places = project(matrix, self.pixels[[0, 0, -1], [0, -1, 0]].astype(np.float64))
        across = (self.width - 1) / max(float(np.hypot(*(places[1] - places[0]))), 1e-6)
        down = (self.height - 1) / max(float(np.hypot(*(places[2] - places[0]))), 1e-6)
        width = int(np.clip(round(across), 16, picture.shape[1]))
        height = int(np.clip(round(down), 16, picture.shape[0]))
        small = resize(picture, width, height)
        place = project(matrix, self.pixels)
        shown = ((place > 0) & (place < 1)).all(axis=2, keepdims=True)
        at = place * np.array([width, height], np.float32) - np.float32(0.5)
        laid = cv2.remap(small, at, _NO_MAP, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        return cast(Rgb, laid), np.asarray(shown)

    def key(self, time: float, to_first: Floats, to_last: Floats, share: Floats) -> _Key:
        """What the network says, told in the pictures' own places."""
        first = project(self.first, self.pixels + to_first)
        last = project(self.last, self.pixels + to_last)
        weight = np.ones_like(share)
        return _Key(time, np.dstack([first, last, share, weight]), to_last - to_first)

    def end(self, nearest: _Key, time: float) -> _Key:
        """The key of the first or last picture itself: nothing in it has moved yet."""
        out = np.zeros((self.height, self.width, 6), np.float32)
        values = np.zeros_like(out)
        values[..., :2], values[..., 5] = nearest.pace, 1
        splat(values, nearest.pace, time - nearest.time, np.eye(3), out)
        landed = np.ascontiguousarray(out[..., [0, 1, 5]])
        landed += np.float32(1e-2) * cv2.GaussianBlur(landed, (0, 0), 3.0)
        pace = cast(Floats, landed[..., :2] / np.maximum(landed[..., 2:], np.float32(1e-6)))
        to_first, to_last = -np.float32(time) * pace, np.float32(1 - time) * pace
        share = np.full((self.height, self.width), 1 - time, np.float32)
        return self.key(time, to_first, to_last, share)
