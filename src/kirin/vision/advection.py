"""The inner loop of moving matter: a texture carried along by a flow, in two layers cross-faded.

Each layer is the texture displaced by its own share of the flow; while one returns to its start
it is invisible, and the other is seen (Holynski et al. 2021, "Animating Pictures with Eulerian
Motion Fields", section 3.3, use the same two layers with a network).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kirin.vision.compiled import compiled
from kirin.vision.kernels import Plane
from kirin.vision.sampling import (
    PIECE,
    Row,
    Words,
    between_rows,
    between_squares,
    fetch,
    places_of,
)

Floats = NDArray[np.float32]

CELL = 8
"""Pixels of luma per cell of the maps that a flow is given on."""


@compiled
def layer_maps(
    paths: Floats, phase: Floats, swing: Floats, shares: tuple[np.float32, np.float32], maps: Floats
) -> None:
    """Displacement and weight of both layers in one frame.

    Args:
        paths: shape (steps, rows, columns, 2): where matter was, in pixels right and down, at
            steps from half a period ago (last) to half a period ahead (first).
        phase: shape (rows, columns): cycles that have passed.
        swing: of the same shape as ``paths[0]``: added to both displacements.
        shares: of ``swing``; and of the lost contrast that is to be given back.
        maps: shape (7, rows, columns); the first six are filled with x and y of the first layer,
            x and y of the second one, the weight of the first, and the contrast to give back.
    """
    steps = paths.shape[0]
    half, one = np.float32(0.5), np.float32(1)
    for i in range(phase.shape[0]):
        for j in range(phase.shape[1]):
            for layer in range(2):
                turn = phase[i, j] + half * np.float32(1 - layer)
                turn -= np.floor(turn)
                at = turn * np.float32(steps - 1)
                k = min(np.int64(at), steps - 2)
                part = at - np.float32(k)
                for axis in range(2):
                    maps[2 * layer + axis, i, j] = (
                        paths[k, i, j, axis] * (one - part)
                        + paths[k + 1, i, j, axis] * part
                        + swing[i, j, axis] * shares[0]
                    )
                if layer == 0:
                    # A plateau at both ends, short, so that no fade is faster than the motion.
                    w = one - abs(turn - half) * np.float32(2)
                    w = min(max(w * np.float32(1.2) - np.float32(0.1), np.float32(0)), one)
                    w = w * w * (np.float32(3) - np.float32(2) * w)
                    maps[4, i, j] = w
                    lost = one / np.sqrt(w * w + (one - w) * (one - w)) - one
                    maps[5, i, j] = one + shares[1] * lost


@compiled
def _mirrored(
    ramp: Row, above: Row, below: Row, share: np.float32, course: tuple[np.float32, ...], out: Row
) -> None:
    """Positions of a run along one axis, mirrored at the border of what is sampled.

    Args:
        ramp: 0, 1, 2 ... along the run, or 0 across it.
        above, below: displacements in pixels of luma, of two rows of cells.
        share: of the lower row.
        course: the first position, pixels of this plane per pixel of luma, and the last position
            that there is.
        out: filled.
    """
    first, scale, last = course
    zero = np.float32(0)
    for x in range(len(out)):
        moved = first + ramp[x] + (above[x] + (below[x] - above[x]) * share) * scale
        moved = last - abs(last - abs(moved))
        out[x] = min(max(moved, zero), last)


@compiled
def _crossed(first: Row, weight: Row, out: Row) -> None:
    """Cross-fade to ``first``, by its weight."""
    for x in range(len(out)):
        out[x] += (first[x] - out[x]) * weight[x]


@compiled
def _contrasted(mean: Plane, contrast: Row, out: Row) -> None:
    for x in range(len(out)):
        middle = np.float32(np.int32(mean[x]))
        out[x] = middle + (out[x] - middle) * contrast[x]


@compiled
def _lit(gain: Row, black: np.float32, out: Row) -> None:
    for x in range(len(out)):
        out[x] = black + (out[x] - black) * gain[x]


@compiled
def _laid(value: Row, alpha: Plane, opaque: np.float32, out: Plane) -> None:
    half, zero, top = np.float32(0.5), np.float32(0), np.float32(255)
    for x in range(len(out)):
        rest = np.float32(np.int32(out[x]))
        mixed = rest + (value[x] - rest) * np.float32(np.int32(alpha[x])) * opaque
        out[x] = np.uint8(np.int32(min(max(mixed + half, zero), top)))


@compiled
def advect(
    squares: Words,
    mean: Plane,
    alpha: Plane,
    runs: NDArray[np.int32],
    maps: Floats,
    cell: int,
    black: np.float32,
    amount: np.float32,
    out: Plane,
) -> None:
    """Blend a plane that is carried along into another one.

    Args:
        squares: what is carried, of the box alone, as :func:`pack_squares` packs it; beyond its
            border it is mirrored.
        mean: the same, blurred: contrast is restored about it where layers cross-fade.
        alpha: where, and how much; 0 leaves ``out`` as it is to the bit.
        runs: the pixels with any alpha, from :func:`runs_of`.
        maps: from :func:`layer_maps`, and as the seventh the brightness: 1 leaves it. Stretched
            along the rows to a sample per pixel of this plane: shape (7, rows of cells, columns).
        cell: rows of pixels of this plane per row of cells; displacements shrink with it.
        black: the level that brightness leaves in place.
        amount: 0 to 1, of the whole.
        out: to blend into, of the same shape.
    """
    columns, cells = out.shape[1], maps.shape[1]
    size, scale = np.float32(1) / np.float32(cell), np.float32(cell) / np.float32(CELL)
    zero, one, half, none = np.float32(0), np.float32(1), np.float32(0.5), np.float32(0.004)
    right, bottom = np.float32(columns - 1), np.float32(out.shape[0] - 1)
    opaque = amount / np.float32(255)
    ramp, flat = np.empty(PIECE, np.float32), np.zeros(PIECE, np.float32)
    for x in range(PIECE):
        ramp[x] = np.float32(x)
    work = np.empty((5, PIECE), np.float32)
    places, words = np.empty(PIECE, np.int32), np.empty(PIECE, np.int32)
    packed = squares.reshape(squares.size)
    for run in range(runs.shape[0]):
        y, start, end = runs[run, 0], runs[run, 1], runs[run, 2]
        count = end - start
        at = min(max((np.float32(y) + half) * size - half, zero), np.float32(cells - 1))
        i = np.int64(at)
        share = at - np.float32(i)
        j = min(i + 1, cells - 1)
        # First the row, and then its part: only so it is known to be contiguous.
        weight, column, row = work[0][:count], work[1][:count], work[2][:count]
        value, other = work[3][:count], work[4][:count]
        between_rows(maps[4, i][start:end], maps[4, j][start:end], share, weight)
        least, most = weight.min(), weight.max()
        across, down = (np.float32(start), scale, right), (np.float32(y), scale, bottom)
        for layer in range(2):
            if (one - least if layer == 0 else most) <= none:
                continue
            # The second layer first, which the first fades into.
            k = 2 - 2 * layer
            one_row, next_row = maps[k, i][start:end], maps[k, j][start:end]
            _mirrored(ramp[:count], one_row, next_row, share, across, column)
            one_row, next_row = maps[k + 1, i][start:end], maps[k + 1, j][start:end]
            _mirrored(flat[:count], one_row, next_row, share, down, row)
            places_of(column, row, np.float32(columns), places[:count])
            fetch(packed, places[:count], words[:count])
            alone = layer == 1 and one - least <= none
            into = value if layer == 0 or alone else other
            between_squares(words[:count], column, row, into)
        if most > none and one - least > none:
            _crossed(other, weight, value)
            between_rows(maps[5, i][start:end], maps[5, j][start:end], share, weight)
            _contrasted(mean[y][start:end], weight, value)
        between_rows(maps[6, i][start:end], maps[6, j][start:end], share, weight)
        _lit(weight, black, value)
        _laid(value, alpha[y][start:end], opaque, out[y][start:end])
