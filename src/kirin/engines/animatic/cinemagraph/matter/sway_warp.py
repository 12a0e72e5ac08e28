"""The inner loop of swaying: a picture's plane, displaced a little and smoothly."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from kirin.vision.compiled import compiled
from kirin.vision.kernels import Plane

Floats = NDArray[np.float32]

STEPS: Final = 64.0
"""Units of a reach map per pixel."""


@compiled
def sway_plane(
    source: Plane,
    margin: int,
    reach: NDArray[np.uint16],
    lit: Plane,
    spans: NDArray[np.int32],
    field: Floats,
    cell: float,
    out: Plane,
) -> None:
    """Displace a plane by backward mapping, in place.

    Where ``reach`` is 0 nothing is written. Elsewhere ``out[y, x]`` is the source at ``(x, y)``
    less ``reach[y, x] * field[:2]``, in the light of ``field[2]``. Across, the source is sampled
    by Keys' cubic, so that blades of grass stay as sharp between pixels as on them; up and down,
    where the wind moves little, two taps do.

    Args:
        source: the plane at rest, with a margin on all sides, wider by two than any displacement.
        margin: its width.
        reach: greatest displacement in 1 / 64 pixel of this plane, of the shape of ``out``.
        lit: share of the gain of light that each pixel takes, 255 for all, of the same shape.
        spans: first and last column plus one that move in each row, shape ``(rows, 2)``.
        field: shape ``(3, rows, columns)``: displacement to the right and down as shares of the
            reach, and the gain of light; node ``(i, j)`` is at pixel ``cell * (j, i)``.
        cell: pixels between two nodes.
        out: shape ``(rows, columns)``.
    """
    rows, columns = out.shape
    nodes, stride = field.shape[2], source.shape[1]
    flat = source.reshape(-1)
    line = np.empty((3, nodes), np.float32)
    across, down, light = (
        np.empty(columns, np.float32),
        np.empty(columns, np.float32),
        np.empty(columns, np.float32),
    )
    corner = np.empty(columns, np.int32)
    taps = np.empty((8, columns), np.float32)
    unit, half, one = np.float32(1 / 64), np.float32(0.5), np.float32(1)
    black, zero, top = np.float32(16), np.float32(0), np.float32(255)
    two, three, four, five = np.float32(2), np.float32(3), np.float32(4), np.float32(5)
    per_cell, per_full = np.float32(1 / cell), np.float32(1 / 255)
    for y in range(rows):
        first, last = spans[y, 0], spans[y, 1]
        if first >= last:
            continue
        place = np.float32(y) * per_cell
        row = min(int(place), field.shape[1] - 2)
        share = place - np.float32(row)
        for c in range(3):
            for j in range(nodes):
                upper = field[c, row, j]
                line[c, j] = upper + share * (field[c, row + 1, j] - upper)
        far, share_lit, target = reach[y], lit[y], out[y]
        for x in range(first, last):
            at = np.float32(x) * per_cell
            j = min(np.int32(at), nodes - 2)
            t = at - np.float32(j)
            amount = np.float32(far[x]) * unit
            right = line[0, j] + t * (line[0, j + 1] - line[0, j])
            below = line[1, j] + t * (line[1, j + 1] - line[1, j])
            bright = line[2, j] + t * (line[2, j + 1] - line[2, j])
            sx = np.float32(x + margin) - amount * right
            sy = np.float32(y + margin) - amount * below
            ix, iy = np.int32(sx), np.int32(sy)
            across[x], down[x] = sx - np.float32(ix), sy - np.float32(iy)
            light[x] = one + bright * np.float32(share_lit[x]) * per_full
            corner[x] = iy * np.int32(stride) + ix - 1
        for x in range(first, last):
            at_ = np.int64(corner[x])
            for k in range(4):
                taps[k, x] = np.float32(flat[at_ + k])
                taps[4 + k, x] = np.float32(flat[at_ + stride + k])
        for x in range(first, last):
            s, t = down[x], across[x]
            a = taps[0, x] + s * (taps[4, x] - taps[0, x])
            b = taps[1, x] + s * (taps[5, x] - taps[1, x])
            c_ = taps[2, x] + s * (taps[6, x] - taps[2, x])
            d = taps[3, x] + s * (taps[7, x] - taps[3, x])
            cube = three * (b - c_) + d - a
            square = two * a - five * b + four * c_ - d
            value = b + half * t * (c_ - a + t * (square + t * cube))
            value = black + (value - black) * light[x] + half
            drawn = np.uint8(np.int32(min(max(value, zero), top)))
            target[x] = drawn if far[x] > 0 else target[x]
