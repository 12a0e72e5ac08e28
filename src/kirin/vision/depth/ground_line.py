"""The ground line: where the ground of a picture ends and what stands on it begins."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from kirin.vision.compiled import compiled
from kirin.vision.lab import colour_change, to_lab
from kirin.vision.planes import Rgb

Floats = NDArray[np.float32]
Mask = NDArray[np.bool_]

_WINDOW = 0.06  # of the height: rows above and below the line that are compared
_TEXTURE = 1.5  # weight of a change of texture against one of colour
_BEND = 1.2  # cost of a row up or down per column, in units of contrast
_STEEP = 3  # rows per column at most
_UPPERMOST, _LOWEST = 0.12, 0.90  # rows between which the line is searched


@dataclass(frozen=True, slots=True, eq=False)
class GroundLine:
    """The line along which the ground ends.

    Attributes:
        rows: its row in each column, in pixels.
        contrast: mean difference of colour and texture across it, in units of Lab.
        typical: the same across the average row.
        unlevel: mean distance from its median, as a share of the height.
    """

    rows: NDArray[np.int64]
    contrast: float
    typical: float
    unlevel: float
    height: int

    @property
    def clear(self) -> bool:
        """Whether it stands out: the more it must, the less level it is."""
        ratio = self.contrast / max(self.typical, 0.5)
        if self.contrast < 12.0 or self.unlevel > 0.09:
            return False
        return ratio > (1.7 if self.unlevel < 0.03 else 2.2)

    @property
    def row(self) -> float:
        """Its median row, as a share of the height."""
        return float(np.median(self.rows) / self.height)

    @classmethod
    def find(cls, small: Rgb, sky: Mask, hidden: Mask) -> GroundLine | None:
        """The line across the picture with the greatest contrast between above and below.

        Args:
            small: the picture, reduced.
            sky: what is sky: the line lies below it.
            hidden: what stands before the ground: the line passes behind it.
        """
        height, width = sky.shape
        contrast = _contrast(small, sky | hidden)
        end = np.where(sky.any(axis=0), height - np.argmax(sky[::-1], axis=0), 0)
        rows = np.arange(height)[:, None]
        allowed = (rows >= np.maximum(end + 2, _UPPERMOST * height)[None]) & (
            rows < _LOWEST * height
        )
        if not allowed.any(axis=0).all():
            return None
        typical = float(contrast[allowed & ~hidden].mean()) if (allowed & ~hidden).any() else 0.0
        cost = np.where(hidden, typical, contrast).astype(np.float32)
        cost[~allowed] = -40.0
        path = np.empty(width, np.int64)
        _best_path(np.ascontiguousarray(cost.T), np.float32(_BEND), _STEEP, path)
        columns = np.arange(width)
        seen = ~hidden[path, columns]
        if seen.mean() < 0.25:
            return None
        along = float(contrast[path, columns][seen].mean())
        unlevel = float(np.abs(path - np.median(path)).mean() / height)
        return cls(path, along, typical, unlevel, height)


def _contrast(small: Rgb, barred: Mask) -> Floats:
    """Difference of colour and texture between the windows above and below each pixel."""
    lab = to_lab(small)
    texture = np.minimum(colour_change(lab), np.float32(12))
    features = np.dstack([lab, texture * np.float32(_TEXTURE)])
    known = (~barred).astype(np.float32)
    reach = max(4, round(_WINDOW * small.shape[0]))
    size = (2 * (small.shape[1] // 64) + 5, reach)
    weight = cv2.boxFilter(known, -1, size, borderType=cv2.BORDER_CONSTANT)
    mean = cv2.boxFilter(features * known[..., None], -1, size, borderType=cv2.BORDER_CONSTANT)
    mean = mean / np.maximum(weight, np.float32(0.05))[..., None]
    half = reach // 2 + 1
    above = np.roll(mean, half, axis=0)
    below = np.roll(mean, -half, axis=0)
    sure = np.minimum(np.roll(weight, half, axis=0), np.roll(weight, -half, axis=0)) > 0.2
    change = np.linalg.norm(above - below, axis=2) * sure
    change[:half] = change[-half:] = 0
    return cast(Floats, change.astype(np.float32))


@compiled
def _best_path(gain: Floats, bend: np.float32, steep: int, path: NDArray[np.int64]) -> None:
    """Dynamic programming: the row for each column with the greatest sum of gains.

    Args:
        gain: shape ``(columns, rows)``.
        bend: what each row up or down between neighbours costs.
        steep: rows between neighbours at most.
        path: filled with a row for each column.
    """
    columns, rows = gain.shape
    total = np.empty((columns, rows), np.float32)
    origin = np.zeros((columns, rows), np.int64)
    total[0] = gain[0]
    for x in range(1, columns):
        for y in range(rows):
            best, where = np.float32(-1e30), y
            for step in range(-steep, steep + 1):
                before = y + step
                if 0 <= before < rows:
                    value = total[x - 1, before] - bend * np.float32(abs(step))
                    if value > best:
                        best, where = value, before
            total[x, y] = best + gain[x, y]
            origin[x, y] = where
    row = 0
    for y in range(rows):
        if total[columns - 1, y] > total[columns - 1, row]:
            row = y
    for x in range(columns - 1, -1, -1):
        path[x] = row
        row = origin[x, row]
