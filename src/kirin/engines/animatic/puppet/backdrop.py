"""The backdrop: a picture without its character."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from kirin.vision.compiled import compiled
from kirin.vision.inpainting.holes import inpaint_holes
from kirin.vision.kernels import Plane
from kirin.vision.planes import Rgb

Values = NDArray[np.float64]

_RIM = 0.006  # of the longest side: the margin of the hole, as in ``inpaint_holes``
_BESIDE = 20  # pixels on either side of a hole that are looked at
_MIDDLE = _BESIDE // 2  # the colour of a side is that of the middle of these
_EVEN = 5.0  # greatest difference of their levels from the median, for most of them
_MOST = 0.6  # share of these pixels that count as most
_FLAT = 0.8  # share of even rows from which a picture is drawn in flat colours
_SOFT = 0.5  # pixels: sigma that softens the edges as in the picture
_SHEAR = 1.5  # levels that it costs to match a row with a higher or lower one, per row


def clear_backdrop(rgb: Rgb, alpha: Plane) -> Rgb:
    """Fill the place of a character.

    What is drawn in flat colours goes on from one side of the hole to the other: the colours of
    both sides, from top to bottom, are aligned, and those that match are joined by straight lines,
    so that ridges, rails and floors continue. Other pictures are inpainted with patches.

    Args:
        rgb: the picture, shape ``(h, w, 3)``.
        alpha: the character, shape ``(h, w)``.
    """
    radius = max(2, round(_RIM * max(alpha.shape)))
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1, 2 * radius + 1))
    hole = cv2.dilate((alpha > 0).astype(np.uint8), disc) > 0
    sides = _BothSides.of(rgb, hole)
    if sides is None:
        return inpaint_holes(rgb, alpha)
    filled = rgb.copy()
    joined = _joined(sides, hole.shape)
    soft = cast(Rgb, cv2.GaussianBlur(joined, (3, 3), _SOFT))
    filled[hole] = soft[hole]
    return filled


@dataclass(frozen=True, slots=True, eq=False)
class _BothSides:
    """The colours on both sides of a hole, for each of its rows.

    Attributes:
        top: its first row.
        start, end: its first column and the one after its last, shape ``(rows,)``.
        left, right: the colours beside it, shape ``(rows, 3)``.
    """

    top: int
    start: NDArray[np.int64]
    end: NDArray[np.int64]
    left: Values
    right: Values

    @classmethod
    def of(cls, rgb: Rgb, hole: NDArray[np.bool_]) -> _BothSides | None:
        """The sides of a hole; ``None`` where they are not flat, or there are none."""
        rows = np.flatnonzero(hole.any(axis=1))
        if not len(rows):
            return None
        top, bottom, width = int(rows[0]), int(rows[-1]) + 1, hole.shape[1]
        part = hole[top:bottom]
        if not part.any(axis=1).all():  # the person is in two pieces
            return None
        start, end = part.argmax(axis=1), width - part[:, ::-1].argmax(axis=1)
        if start.min() < _BESIDE or end.max() > width - _BESIDE:
            return None
        beside = np.arange(_BESIDE)
        numbers = np.arange(top, bottom)[:, None]
        looks = [
            rgb[numbers, columns].astype(np.float64)
            for columns in (start[:, None] - 1 - beside, end[:, None] + beside)
        ]
        middles = [np.median(look, axis=1) for look in looks]
        even = [
            (np.abs(look - middle[:, None]).max(axis=2) <= _EVEN).mean(axis=1) >= _MOST
            for look, middle in zip(looks, middles, strict=True)
        ]
        if np.mean(even) < _FLAT:
            return None
        return cls(top, start, end, middles[0], middles[1])


def _joined(sides: _BothSides, shape: tuple[int, int]) -> Rgb:
    """The colours of both sides joined by straight lines, shape ``(h, w, 3)``."""
    pairs = _aligned(sides.left, sides.right, _SHEAR)
    number = np.zeros(shape, np.int32)
    number[sides.top + len(sides.start) - 1 :] = len(pairs) - 1
    for k, (i, j) in enumerate(pairs.tolist()):
        following = pairs[min(k + 1, len(pairs) - 1)]
        corners = [
            (sides.start[i] - _MIDDLE, i),
            (sides.end[j] + _MIDDLE, j),
            (sides.end[following[1]] + _MIDDLE, following[1]),
            (sides.start[following[0]] - _MIDDLE, following[0]),
        ]
        quad = np.array([(x, y + sides.top) for x, y in corners], np.int32)
        cv2.fillPoly(number, [quad], k)
    y = np.clip(np.arange(shape[0]) - sides.top, 0, len(sides.start) - 1)
    start, end = sides.start[y][:, None], sides.end[y][:, None]
    x = np.arange(shape[1])[None]
    share = np.clip((x - start) / np.maximum(end - start, 1), 0.0, 1.0)[..., None]
    left, right = sides.left[pairs[:, 0]][number], sides.right[pairs[:, 1]][number]
    return cast(Rgb, np.round(left + share * (right - left)).astype(np.uint8))


@compiled
def _aligned(left: Values, right: Values, shear: float) -> NDArray[np.int64]:
    """Align two columns of colours (dynamic time warping), as pairs of rows, shape ``(n, 2)``.

    Args:
        left, right: colours, shape ``(rows, 3)``.
        shear: cost of each step of one column alone.
    """
    count = len(left)
    cost = np.full((count, count), np.inf)
    step = np.zeros((count, count), np.int8)
    for i in range(count):
        for j in range(count):
            away = 0.0
            for k in range(3):
                away += abs(left[i, k] - right[j, k])
            before = 0.0
            if i > 0 or j > 0:
                before = np.inf
                if i > 0 and j > 0:
                    before = cost[i - 1, j - 1]
                if i > 0 and cost[i - 1, j] + shear < before:
                    before, step[i, j] = cost[i - 1, j] + shear, 1
                if j > 0 and cost[i, j - 1] + shear < before:
                    before, step[i, j] = cost[i, j - 1] + shear, 2
            cost[i, j] = before + away
    pairs = np.zeros((2 * count, 2), np.int64)
    i, j, length = count - 1, count - 1, 0
    while True:
        pairs[length, 0], pairs[length, 1] = i, j
        length += 1
        if i == 0 and j == 0:
            break
        taken = step[i, j]
        if taken != 2:
            i -= 1
        if taken != 1:
            j -= 1
    return pairs[:length][::-1].copy()
