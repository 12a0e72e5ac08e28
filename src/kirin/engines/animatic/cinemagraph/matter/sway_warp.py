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

_BLOCK: Final = 32  # pixels that are sampled together: fastest, measured


@compiled
def _displace(
    reach: NDArray[np.uint16],
    lit: Plane,
    line: Floats,
    cell: float,
    span: tuple[int, int],
    into: tuple[Floats, Floats, Floats],
) -> None:
    """Where each pixel of a row comes from, relative to it, and the light on it.

    Args:
        reach, lit: of the row.
        line: shape ``(3, nodes)``: the field on the row.
        cell: pixels between two nodes.
        span: first column, and last plus one.
        into: offsets to the right and down in pixels, and factors of light.
    """
    right, below, light = into
    first, last = span
    unit, one = np.float32(1 / 64), np.float32(1)
    per_cell, per_full = np.float32(1 / cell), np.float32(1 / 255)
    for j in range(int(first / cell), min(int(last / cell) + 1, line.shape[1] - 1)):
        start, end = max(int(np.ceil(j * cell)), first), min(int(np.ceil((j + 1) * cell)), last)
        a, b, c = line[0, j], line[1, j], line[2, j]
        da, db = (line[0, j + 1] - a) * per_cell, (line[1, j + 1] - b) * per_cell
        dc = (line[2, j + 1] - c) * per_cell
        from_node = np.float32(start - j * cell)
        for x in range(start, end):
            t = from_node + np.float32(x - start)
            amount = np.float32(reach[x]) * unit
            right[x] = -amount * (a + t * da)
            below[x] = -amount * (b + t * db)
            light[x] = one + (c + t * dc) * np.float32(lit[x]) * per_full


@compiled
def _sample(
    source: Plane, row: int, column: int, right: Floats, below: Floats, out: Floats
) -> None:
    """Sample a block of a row at offsets that vary little from pixel to pixel.

    Every whole offset that any pixel needs is computed for all of them, and each selects its
    own result: this vectorises, and is faster by half than reading pixel by pixel.

    Args:
        source: the plane.
        row, column: of the block's first pixel in it.
        right, below: offsets, pixels.
        out: at least as long; floats from 0 to 255.
    """
    half, two, three = np.float32(0.5), np.float32(2), np.float32(3)
    four, five = np.float32(4), np.float32(5)
    zero, one = np.float32(0), np.float32(1)
    count = len(right)
    left, most, upper, lower = right[0], right[0], below[0], below[0]
    for i in range(count):
        left, most = min(left, right[i]), max(most, right[i])
        upper, lower = min(upper, below[i]), max(lower, below[i])
    for down in range(int(np.floor(upper)), int(np.floor(lower)) + 1):
        for across in range(int(np.floor(left)), int(np.floor(most)) + 1):
            at = column + across - 1
            above, under = source[row + down, at:], source[row + down + 1, at:]
            from_x, from_y = np.float32(across), np.float32(down)
            for i in range(count):
                t, s = right[i] - from_x, below[i] - from_y
                a, b = np.float32(above[i]), np.float32(above[i + 1])
                c, d = np.float32(above[i + 2]), np.float32(above[i + 3])
                a += s * (np.float32(under[i]) - a)
                b += s * (np.float32(under[i + 1]) - b)
                c += s * (np.float32(under[i + 2]) - c)
                d += s * (np.float32(under[i + 3]) - d)
                cube = three * (b - c) + d - a
                square = two * a - five * b + four * c - d
                value = b + half * t * (c - a + t * (square + t * cube))
                mine = (t >= zero) & (t < one) & (s >= zero) & (s < one)
                out[i] = value if mine else out[i]


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
    nodes = field.shape[2]
    line = np.empty((3, nodes), np.float32)
    right, below = np.empty(columns, np.float32), np.empty(columns, np.float32)
    light, mixed = np.empty(columns, np.float32), np.empty(_BLOCK, np.float32)
    black, half = np.float32(16), np.float32(0.5)
    zero, top = np.float32(0), np.float32(255)
    for y in range(rows):
        first, last = spans[y, 0], spans[y, 1]
        if first >= last:
            continue
        place = np.float32(y / cell)
        row = min(int(place), field.shape[1] - 2)
        share = place - np.float32(row)
        for c in range(3):
            for j in range(nodes):
                upper = field[c, row, j]
                line[c, j] = upper + share * (field[c, row + 1, j] - upper)
        _displace(reach[y], lit[y], line, cell, (first, last), (right, below, light))
        for start in range(first, last, _BLOCK):
            end = min(start + _BLOCK, last)
            far, target, gain = reach[y, start:end], out[y, start:end], light[start:end]
            if not far.any():
                continue
            _sample(source, y + margin, start + margin, right[start:end], below[start:end], mixed)
            for i in range(end - start):
                value = black + (mixed[i] - black) * gain[i] + half
                drawn = np.uint8(np.int32(min(max(value, zero), top)))
                target[i] = drawn if far[i] > 0 else target[i]
