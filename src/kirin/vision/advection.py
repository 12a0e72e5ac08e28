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
                    # A plateau at both ends: most of the time one layer is seen alone.
                    w = (one - abs(turn - half) * np.float32(2)) * np.float32(1.5) - np.float32(
                        0.25
                    )
                    w = min(max(w, np.float32(0)), one)
                    w = w * w * (np.float32(3) - np.float32(2) * w)
                    maps[4, i, j] = w
                    lost = one / np.sqrt(w * w + (one - w) * (one - w)) - one
                    maps[5, i, j] = one + shares[1] * lost


@compiled
def _carry(
    source: Plane,
    x: int,
    y: int,
    course: tuple[np.float32, np.float32, np.float32, np.float32],
    layer: int,
    count: int,
    found: Floats,
) -> None:
    """Sample a run of pixels, displaced by an amount that changes evenly along it.

    Args:
        source: beyond its border it is mirrored.
        x, y: of the first pixel.
        course: displacement there to the right and down, and its change from pixel to pixel.
        layer, count: where the samples go, and how many there are.
        found: shape (2, any), filled.
    """
    dx, dy, ddx, ddy = course
    rows, columns = source.shape
    one = np.float32(65536)
    # Positions are fixed-point numbers with 16 bits after the point.
    px, py = (x << 16) + np.int64(dx * one), (y << 16) + np.int64(dy * one)
    step_x, step_y = 65536 + np.int64(ddx * one), np.int64(ddy * one)
    last_x, last_y = px + step_x * (count - 1), py + step_y * (count - 1)
    right, bottom = (columns - 1) << 16, (rows - 1) << 16
    within = min(px, last_x) >= 0 and max(px, last_x) < right
    within = within and min(py, last_y) >= 0 and max(py, last_y) < bottom
    scale, zero = np.float32(1 / 65536), np.int64(0)
    if within:
        for k in range(count):
            found[layer, k] = scale * _between(source, px, py)
            px += step_x
            py += step_y
        return
    for k in range(count):
        qx, qy = abs(px), abs(py)
        if qx >= right:
            qx = max(2 * right - qx - 1, zero)
        if qy >= bottom:
            qy = max(2 * bottom - qy - 1, zero)
        found[layer, k] = scale * _between(source, qx, qy)
        px += step_x
        py += step_y


@compiled
def _between(source: Plane, x: int, y: int) -> np.float32:
    """Bilinear interpolation at a fixed-point position, times 65536."""
    # Unsigned indices spare the test for negative ones.
    j, i = np.uint64(x >> 16), np.uint64(y >> 16)
    after, below = j + np.uint64(1), i + np.uint64(1)
    fx, fy = np.int32((x >> 8) & 255), np.int32((y >> 8) & 255)
    a, b = np.int32(source[i, j]), np.int32(source[i, after])
    c, d = np.int32(source[below, j]), np.int32(source[below, after])
    high, low = (a << 8) + (b - a) * fx, (c << 8) + (d - c) * fx
    return np.float32((high << 8) + (low - high) * fy)


@compiled
def advect(
    source: Plane,
    mean: Plane,
    alpha: Plane,
    spans: NDArray[np.int32],
    maps: Floats,
    cell: int,
    black: np.float32,
    amount: np.float32,
    out: Plane,
) -> None:
    """Blend a plane that is carried along into another one.

    Args:
        source: what is carried, of the box alone; beyond its border it is mirrored.
        mean: the same, blurred: contrast is restored about it where layers cross-fade.
        alpha: where, and how much; 0 leaves ``out`` as it is to the bit.
        spans: of each row, its first column with any alpha and the column after the last.
        maps: from :func:`layer_maps`, and as the seventh the brightness: 1 leaves it.
        cell: pixels of this plane per cell; displacements shrink with it.
        black: the level that brightness leaves in place.
        amount: 0 to 1, of the whole.
        out: to blend into, of the same shape.
    """
    rows, columns = out.shape
    cells = maps.shape[2]
    size = np.float32(1) / np.float32(cell)
    scale = np.float32(cell) / np.float32(CELL)
    line = np.empty((7, cells), np.float32)
    found = np.empty((2, cell), np.float32)
    opaque = amount / np.float32(255)
    one, half = np.float32(1), np.float32(0.5)
    for y in range(rows):
        start, end = spans[y, 0], spans[y, 1]
        if start >= end:
            continue
        at = (np.float32(y) + half) * size - half
        at = min(max(at, np.float32(0)), np.float32(maps.shape[1] - 1))
        i = np.int64(at)
        below, part = min(i + 1, maps.shape[1] - 1), at - np.float32(i)
        first = max((start - cell // 2) // cell, -1)
        for j in range(max(first, 0), min(end // cell + 2, cells)):
            for k in range(7):
                line[k, j] = maps[k, i, j] * (one - part) + maps[k, below, j] * part
            for k in range(4):
                line[k, j] *= scale
        # A run is what lies between the middles of two neighbouring cells.
        for j in range(first, cells):
            x = j * cell + cell // 2
            if x >= end:
                break
            begin = max(-x, 0)
            count = min(cell, columns - x) - begin
            touched = False
            for k in range(x + begin, x + begin + count):
                touched = touched or alpha[y, k] > 0
            if not touched:
                continue
            left, right = max(j, 0), min(j + 1, cells - 1)
            share = (np.float32(begin) + half) * size
            x += begin
            mixed = _mixed(source, line, (left, right, x, y, count), share, size, found)
            if mixed:
                near, far = line[5, left], line[5, right]
                near, far = near + (far - near) * share, (far - near) * size
                for k in range(count):
                    middle = np.float32(mean[y, x + k])
                    contrast = near + far * np.float32(k)
                    found[0, k] = middle + (found[0, k] - middle) * contrast
            near, far = line[6, left], line[6, right]
            near, far = near + (far - near) * share, (far - near) * size
            for k in range(count):
                value = black + (found[0, k] - black) * (near + far * np.float32(k))
                rest = np.float32(out[y, x + k])
                value = rest + (value - rest) * np.float32(alpha[y, x + k]) * opaque
                out[y, x + k] = np.uint8(min(max(value + half, np.float32(0)), np.float32(255)))


@compiled
def _mixed(
    source: Plane,
    line: Floats,
    run: tuple[int, int, int, int, int],
    share: np.float32,
    size: np.float32,
    found: Floats,
) -> bool:
    """Both layers of a run into ``found[0]``; whether both are seen.

    Args:
        source: what is carried.
        line: the maps in this row.
        run: the cells at its left and right end, its column, row, and length.
        share: how far its first pixel is from the left end to the right one.
        size: of a pixel, likewise.
        found: shape (2, any).
    """
    left, right, x, y, count = run
    none, one = np.float32(0.004), np.float32(1)
    most, least = max(line[4, left], line[4, right]), min(line[4, left], line[4, right])
    for layer in range(2):
        if (most if layer == 0 else one - least) <= none:
            continue
        u, v = line[2 * layer, left], line[2 * layer + 1, left]
        gx, gy = line[2 * layer, right] - u, line[2 * layer + 1, right] - v
        course = (u + gx * share, v + gy * share, gx * size, gy * size)
        # Alone, the second layer goes where the mixture would.
        into = layer if most > none else 0
        _carry(source, x, y, course, into, count, found)
    if most <= none or least >= one - none:
        return False
    more = (line[4, right] - line[4, left]) * size
    weight = line[4, left] + (line[4, right] - line[4, left]) * share
    for k in range(count):
        found[0, k] = found[1, k] + (found[0, k] - found[1, k]) * (weight + more * np.float32(k))
    return True
