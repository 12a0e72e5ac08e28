"""The inner loop of swaying: a picture's plane, displaced a little and smoothly."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from kirin.vision.compiled import compiled
from kirin.vision.kernels import Plane
from kirin.vision.sampling import (
    ROW,
    Row,
    Words,
    between_fours,
    between_rows,
    between_two,
    fetch,
    places_of,
    rows_from,
)

Floats = NDArray[np.float32]
Units = NDArray[np.uint16]

STEPS: Final = 64.0
"""Units of a reach map per pixel."""


@compiled
def stretch(field: Floats, cell: float, out: Floats) -> None:
    """Interpolate the rows of a field to a sample per pixel.

    Args:
        field: shape ``(3, rows, nodes)``; node ``j`` is at pixel ``cell * j``.
        cell: pixels between two nodes.
        out: shape ``(3, rows, pixels)``.
    """
    for x in range(out.shape[2]):
        at = np.float32(x / cell)
        j = min(int(at), field.shape[2] - 2)
        part = at - np.float32(j)
        for c in range(out.shape[0]):
            for i in range(out.shape[1]):
                left = field[c, i, j]
                out[c, i, x] = left + (field[c, i, j + 1] - left) * part


@compiled
def _displaced(
    ramp: Row, first: np.float32, last: np.float32, field: Row, reach: Units, out: Row
) -> None:
    """Positions along one axis less their displacement, mirrored at the plane's border."""
    unit = np.float32(1 / 64)
    for x in range(len(out)):
        amount = np.float32(np.int32(reach[x])) * unit
        moved = abs(first + ramp[x] - amount * field[x])
        out[x] = max(last - abs(last - moved), np.float32(0))


@compiled
def _lit(gain: Row, lit: Plane, out: Row) -> None:
    black, full = np.float32(16), np.float32(1 / 255)
    for x in range(len(out)):
        out[x] += (out[x] - black) * gain[x] * np.float32(np.int32(lit[x])) * full


@compiled
def _written(value: Row, reach: Units, out: Plane) -> None:
    half, zero, top = np.float32(0.5), np.float32(0), np.float32(255)
    for x in range(len(out)):
        drawn = np.uint8(np.int32(min(max(value[x] + half, zero), top)))
        out[x] = drawn if reach[x] > 0 else out[x]


@compiled
def sway_plane(
    fours: Words,
    reach: Units,
    lit: Plane,
    runs: NDArray[np.int32],
    field: Floats,
    cell: float,
    bright: bool,
    out: Plane,
) -> None:
    """Displace a plane by backward mapping, in place.

    Where ``reach`` is 0 nothing is written. Elsewhere ``out[y, x]`` is the source at ``(x, y)``
    less ``reach[y, x] * field[:2]``, in the light of ``field[2]``. Across, the source is sampled
    by Keys' cubic, so that blades of grass stay as sharp between pixels as on them; up and down,
    where the wind moves little, two taps do.

    Args:
        fours: the plane at rest, as :func:`pack_fours` packs it.
        reach: greatest displacement in 1 / 64 pixel of this plane, of the shape of ``out``.
        lit: share of the gain of light that each pixel takes, 255 for all, of the same shape.
        runs: the pixels that move, from :func:`runs_of`.
        field: from :func:`stretch`: displacement to the right and down as shares of the reach,
            and the gain of light; row ``i`` is at pixel ``cell * i``.
        cell: pixels between two rows of the field.
        bright: whether there is any light.
        out: shape ``(rows, columns)``.
    """
    rows, columns = out.shape
    right, bottom = np.float32(columns - 1), np.float32(rows - 1)
    ramp, flat = np.empty(ROW, np.float32), np.zeros(ROW, np.float32)
    for x in range(ROW):
        ramp[x] = np.float32(x)
    work = np.empty((6, ROW), np.float32)
    places, words = np.empty(ROW, np.int32), np.empty(ROW, np.int32)
    packed = fours.reshape(fours.size)
    for run in range(runs.shape[0]):
        y, start, end = runs[run, 0], runs[run, 1], runs[run, 2]
        count = end - start
        line, column, row = work[0][:count], work[1][:count], work[2][:count]
        upper, lower, at = work[3][:count], work[4][:count], work[5][:count]
        here, found, far = places[:count], words[:count], reach[y][start:end]
        place = np.float32(y / cell)
        i = min(int(place), field.shape[1] - 2)
        share = place - np.float32(i)
        between_rows(field[0, i][start:end], field[0, i + 1][start:end], share, line)
        _displaced(ramp[:count], np.float32(start), right, line, far, column)
        between_rows(field[1, i][start:end], field[1, i + 1][start:end], share, line)
        _displaced(flat[:count], np.float32(y), bottom, line, far, row)
        for step in range(2):
            rows_from(row, np.float32(step), bottom, at)
            places_of(column, at, np.float32(columns), here)
            fetch(packed, here, found)
            between_fours(found, column, upper if step == 0 else lower)
        between_two(upper, lower, row, at)
        if bright:
            between_rows(field[2, i][start:end], field[2, i + 1][start:end], share, line)
            _lit(line, lit[y][start:end], at)
        _written(at, far, out[y][start:end])
