"""The backdrop: a picture without its character."""

from __future__ import annotations

from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from kirin.vision.inpainting.holes import inpaint_holes
from kirin.vision.kernels import Plane
from kirin.vision.planes import Rgb

_RIM = 0.006  # of the longest side: the margin of the hole, as in ``inpaint_holes``
_BESIDE = 24  # pixels on either side of a hole that are looked at
_EVEN = 4.0  # greatest difference of their levels from the median, for most of them
_MOST = 0.6  # share of these pixels that count as most
_ALIKE = 10.0  # greatest difference of levels between both sides
_ROWS = 5  # neighbouring rows that must agree as well


def clear_backdrop(rgb: Rgb, alpha: Plane) -> Rgb:
    """Fill the place of a character.

    Where a row has one even colour on both sides of the hole, it goes on in between: skies, walls
    and fences of flat drawings continue straight. The rest is inpainted with patches.

    Args:
        rgb: the picture, shape ``(h, w, 3)``.
        alpha: the character, shape ``(h, w)``.
    """
    radius = max(2, round(_RIM * max(alpha.shape)))
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1, 2 * radius + 1))
    hole = cv2.dilate((alpha > 0).astype(np.uint8), disc) > 0
    filled = rgb.copy()
    done = _bridge_rows(filled, hole)
    left = (hole & ~done).astype(np.uint8) * 255
    return inpaint_holes(filled, cast(Plane, left)) if left.any() else filled


def _bridge_rows(rgb: Rgb, hole: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Continue even rows across the hole, in place; returns where."""
    done = np.zeros_like(hole)
    rows = np.flatnonzero(hole.any(axis=1))
    width = hole.shape[1]
    spans: dict[int, tuple[int, int, NDArray[np.float64], NDArray[np.float64]]] = {}
    for row in rows.tolist():
        columns = np.flatnonzero(hole[row])
        start, end = int(columns[0]), int(columns[-1]) + 1
        if start < _BESIDE or end > width - _BESIDE:
            continue
        sides = rgb[row, start - _BESIDE : start], rgb[row, end : end + _BESIDE]
        ends = [np.median(side, axis=0) for side in sides]
        even = [
            (np.abs(side - middle).max(axis=1) <= _EVEN).mean() >= _MOST
            for side, middle in zip(sides, ends, strict=True)
        ]
        if all(even) and np.abs(ends[0] - ends[1]).max() <= _ALIKE:
            spans[row] = (start, end, ends[0], ends[1])
    for row, (start, end, before, after) in spans.items():
        near = [other in spans for other in range(row - _ROWS, row + _ROWS + 1)]
        if sum(near) < _ROWS:
            continue
        share = np.linspace(0.0, 1.0, end - start)[:, None]
        line = np.round(before + share * (after - before)).astype(np.uint8)
        inside = hole[row, start:end]
        rgb[row, start:end][inside] = line[inside]
        done[row, start:end] = inside
    return done
