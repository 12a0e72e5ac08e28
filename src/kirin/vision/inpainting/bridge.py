"""Lines that a hole interrupts - a stem, a rope, an edge - are continued straight through it."""

from __future__ import annotations

from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from kirin.vision.kernels import Plane
from kirin.vision.planes import Rgb

Floats = NDArray[np.float32]

_ANGLES = 36  # directions that are tried
_REACH = 4  # pixels on both sides of the hole whose mean is compared
_BROAD = 0.12  # of the hole's height across a direction: blur that leaves lines only
_ALIKE = 0.65  # least correlation of both sides across a direction: chance reaches 0.4
_LONG = 0.6  # of the hole's greatest length: rows from which both sides are compared
_GAP = 13  # rows between those of a line that belong to it too
_CLEAR = 14.0  # least contrast of a line, in 8-bit steps of all channels together
_SAME = 60.0  # greatest difference of a line's two ends, likewise


def bridge_lines(rgb: Rgb, hole: Plane, usable: Plane) -> tuple[Rgb, Plane]:
    """Continue the lines of one direction that lead into a hole on both sides.

    Args:
        rgb: a picture, shape ``(h, w, 3)``.
        hole: 1 in the hole.
        usable: 1 where the picture may be taken from.

    Returns:
        the picture with the lines, and a plane that is 1 on them.
    """
    best, found = 0.0, None
    for number in range(_ANGLES):
        turned = _Turned.of(rgb, hole, usable, 180.0 * number / _ANGLES)
        strength = turned.common()
        if strength > best:
            best, found = strength, turned
    return found.bridged(rgb, hole) if found else (rgb, np.zeros_like(hole))


class _Turned:
    """A picture turned so that one direction is horizontal, and its hole's rows."""

    def __init__(
        self,
        picture: Rgb,
        turn: NDArray[np.float64],
        rows: NDArray[np.int64],
        ends: NDArray[np.int64],
    ) -> None:
        self._picture = picture
        self._turn = turn
        self._rows = rows
        self._ends = ends
        sides = [self._means(column) for column in (ends[:, 0] - _REACH, ends[:, 1])]
        self._left, self._right = sides
        sigma = max(_BROAD * len(rows), 2.0)
        self._lines = [side - _smooth(side, sigma) for side in sides]

    @classmethod
    def of(cls, rgb: Rgb, hole: Plane, usable: Plane, degrees: float) -> _Turned:
        height, width = hole.shape
        side = int(np.ceil(np.hypot(height, width))) + 2
        turn = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
        turn[:, 2] += (side / 2 - width / 2, side / 2 - height / 2)
        picture = cv2.warpAffine(rgb, turn, (side, side))
        gap, free = (
            cv2.warpAffine(mask, turn, (side, side), flags=cv2.INTER_NEAREST) > 0
            for mask in (hole, usable)
        )
        rows = np.flatnonzero(gap.any(axis=1))
        gap, free = gap[rows], np.pad(free[rows], ((0, 0), (_REACH, _REACH)))
        start, end = gap.argmax(axis=1), side - gap[:, ::-1].argmax(axis=1)
        near = np.arange(_REACH)
        around = np.concatenate([start[:, None] + near, end[:, None] + _REACH + near], axis=1)
        kept = np.take_along_axis(free, around, axis=1).all(axis=1)
        ends = np.stack([start[kept], end[kept]], axis=1)
        return cls(cast(Rgb, picture), cast(NDArray[np.float64], turn), rows[kept], ends)

    def common(self) -> float:
        """How strong the lines are that both sides share; 0 if they are not alike."""
        # At its ends, across a line, a hole is short, and both sides show that line.
        lengths = self._ends[:, 1] - self._ends[:, 0]
        long = lengths > _LONG * max(lengths.max(initial=0), 1)
        left, right = (side[long] for side in self._lines)
        if len(left) < 6:
            return 0.0
        energy = [float((side**2).sum()) for side in (left, right)]
        if min(energy) / len(left) < (_CLEAR / 2) ** 2:
            return 0.0
        shared = float((left * right).sum())
        return shared if shared > _ALIKE * float(np.sqrt(energy[0] * energy[1])) else 0.0

    def bridged(self, rgb: Rgb, hole: Plane) -> tuple[Rgb, Plane]:
        """The picture and the mask of the lines."""
        left, right = self._lines
        strength = np.minimum(*(np.sqrt((side**2).sum(axis=1)) for side in (left, right)))
        same = np.sqrt(((self._left - self._right) ** 2).sum(axis=1)) < _SAME
        along = (left * right).sum(axis=1) > 0
        chosen = (strength > _CLEAR) & same & along
        # One row on each side belongs to a line's edge, and a thick line is not cut in two.
        column = cv2.dilate(chosen.astype(np.uint8)[:, None], np.ones((3, 1), np.uint8))
        column = cv2.morphologyEx(column, cv2.MORPH_CLOSE, np.ones((_GAP, 1), np.uint8))
        # A single row is chance.
        column = cv2.morphologyEx(column, cv2.MORPH_OPEN, np.ones((4, 1), np.uint8))
        chosen = column.reshape(-1) > 0
        lines = np.zeros(self._picture.shape[:2], np.uint8)
        drawn = self._picture.astype(np.float32)
        for row, (start, end), left_, right_, kept in zip(
            self._rows, self._ends, self._left, self._right, chosen, strict=True
        ):
            if kept:
                share = ((np.arange(start, end) + 0.5 - start) / (end - start))[:, None]
                drawn[row, start:end] = left_ * (1 - share) + right_ * share
                lines[row, start:end] = 255
        size = (hole.shape[1], hole.shape[0])
        back = cv2.WARP_INVERSE_MAP | cv2.INTER_LINEAR
        weight = cv2.warpAffine(lines, self._turn, size, flags=back)
        over = cv2.warpAffine(drawn, self._turn, size, flags=back)
        on = ((weight > 127) & (hole > 0)).astype(np.uint8)
        out = np.where(on[..., None] > 0, np.clip(over + 0.5, 0, 255).astype(np.uint8), rgb)
        return out, on

    def _means(self, starts: NDArray[np.int64]) -> Floats:
        """Mean colour of a few pixels of each row, from a column on; shape ``(rows, 3)``."""
        columns = starts[:, None] + np.arange(_REACH)
        found = self._picture[self._rows[:, None], columns].astype(np.float32)
        return cast(Floats, found.mean(axis=1))


def _smooth(values: Floats, sigma: float) -> Floats:
    if not len(values):
        return values
    border = cv2.BORDER_REPLICATE
    tall = int(4 * sigma) | 1
    mixed = cv2.GaussianBlur(values[:, None], (1, tall), 0.1, sigmaY=sigma, borderType=border)
    return cast(Floats, mixed.reshape(values.shape))
