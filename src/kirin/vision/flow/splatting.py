"""Forward splatting: samples are added to a grid where they land.

This is average splatting in the terms of Niklaus and Liu 2020 ("Softmax Splatting"): a bilinear
summation splat whose result is divided by the sum of its weights.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kirin.vision.compiled import compiled
from kirin.vision.kernels import Plane

Floats = NDArray[np.float32]


@compiled
def _add(out: Floats, row: int, column: int, share: np.float32, value: Floats) -> None:
    """Add a share of six values to a cell, if it is on the grid."""
    if 0 <= row < out.shape[0] and 0 <= column < out.shape[1]:
        for k in range(6):
            out[row, column, k] += share * value[k]


@compiled
def forward_splat(
    values: Floats, velocity: Floats, time: float, matrix: NDArray[np.float64], out: Floats
) -> None:
    """Move samples and add them to a grid, bilinearly to the four nearest cells.

    Args:
        values: shape ``(h, w, 6)``; the last is the sample's weight, by which the others have
            been multiplied already.
        velocity: in samples per unit of time; shape ``(h, w, 2)``.
        time: for how long they move; may be negative.
        matrix: the homography from the moved positions to the grid, shape (3, 3); 0.5 is the
            centre of the first sample and of the first cell.
        out: the grid, shape ``(gh, gw, 6)``.
    """
    height, width = values.shape[:2]
    rows, columns = out.shape[:2]
    one, half, zero = np.float32(1), np.float32(0.5), np.float32(0)
    passed = np.float32(time)
    m = matrix.astype(np.float32)
    for row in range(height):
        for column in range(width):
            x = np.float32(column) + half + passed * velocity[row, column, 0]
            y = np.float32(row) + half + passed * velocity[row, column, 1]
            depth = m[2, 0] * x + m[2, 1] * y + m[2, 2]
            if depth <= zero:
                continue
            at_x = (m[0, 0] * x + m[0, 1] * y + m[0, 2]) / depth + half
            at_y = (m[1, 0] * x + m[1, 1] * y + m[1, 2]) / depth + half
            # Shifted by one cell, so that truncation rounds down.
            if not (at_x > zero and at_y > zero and at_x < columns + 1 and at_y < rows + 1):
                continue
            right, lower = int(at_x), int(at_y)
            across, down = at_x - np.float32(right), at_y - np.float32(lower)
            value = values[row, column]
            if 0 < right < columns and 0 < lower < rows:
                near, far = (one - across) * (one - down), across * (one - down)
                under, beyond = (one - across) * down, across * down
                for k in range(6):
                    out[lower - 1, right - 1, k] += near * value[k]
                    out[lower - 1, right, k] += far * value[k]
                    out[lower, right - 1, k] += under * value[k]
                    out[lower, right, k] += beyond * value[k]
                continue
            _add(out, lower - 1, right - 1, (one - across) * (one - down), value)
            _add(out, lower - 1, right, across * (one - down), value)
            _add(out, lower, right - 1, (one - across) * down, value)
            _add(out, lower, right, across * down, value)


@compiled
def normalize_splats(
    splatted: Floats,
    around: Floats,
    first: NDArray[np.float64],
    last: NDArray[np.float64],
    time: float,
    amount: float,
    out: Floats,
) -> None:
    """Divide splatted values by their weights, fill holes, and add the result to ``out``.

    Args:
        splatted: position in the first picture, in the last, share of the first, weight; shape
            ``(h, w, 6)``.
        around: the same, blurred: fills holes.
        first, last: homographies from the grid to either picture, shape (3, 3): fill what has
            no samples around it.
        time: share of the last picture in such cells.
        amount: weight of the result.
        out: position in the first, in the last, share; shape ``(h, w, 5)``.
    """
    rows, columns = out.shape[:2]
    little, least = np.float32(1e-2), np.float32(1e-3)
    scale = np.float32(amount)
    for row in range(rows):
        y = row + 0.5
        for column in range(columns):
            x = column + 0.5
            here, near = splatted[row, column], around[row, column]
            total = here[5] + little * near[5]
            if total >= least:
                for k in range(5):
                    out[row, column, k] += scale * (here[k] + little * near[k]) / total
                continue
            for side in range(2):
                matrix = last if side else first
                depth = matrix[2, 0] * x + matrix[2, 1] * y + matrix[2, 2]
                for axis in range(2):
                    at = matrix[axis, 0] * x + matrix[axis, 1] * y + matrix[axis, 2]
                    out[row, column, 2 * side + axis] += scale * np.float32(at / depth)
            out[row, column, 4] += scale * np.float32(1.0 - time)


@compiled
def split_values(values: Floats, first: Floats, last: Floats, share: Plane) -> None:
    """Separate positions and shares; outside of one picture, the other gets the whole share.

    Args:
        values: position in the first picture, in the last, each in its widths and heights, and
            share of the first; shape ``(h, w, 5)``.
        first, last: filled with the positions; shape ``(h, w, 2)``.
        share: filled with the share of the first picture, 0 to 255; shape ``(h, w)``.
    """
    rows, columns = share.shape
    steep, half, zero, one = np.float32(200), np.float32(0.5), np.float32(0), np.float32(1)
    for row in range(rows):
        for column in range(columns):
            a, b, c, d, part = values[row, column]
            first[row, column, 0], first[row, column, 1] = a, b
            last[row, column, 0], last[row, column, 1] = c, d
            # 1 inside a picture and 0 outside, with a ramp of 0.5% of its side.
            near = min(a, one - a, b, one - b) * steep + half
            far = min(c, one - c, d, one - d) * steep + half
            part = min(max(part, zero), one)
            weight = part * min(max(near, zero), one)
            other = (one - part) * min(max(far, zero), one)
            total = weight + other
            mixed = weight / total if total > np.float32(1e-6) else part
            share[row, column] = np.uint8(mixed * np.float32(255) + half)
