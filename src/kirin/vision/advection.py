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
    paths: Floats, phase: Floats, swing: Floats, share: np.float32, maps: Floats
) -> None:
    """Displacement and weight of both layers in one frame.

    Args:
        paths: shape (steps, rows, columns, 2): where matter was, in pixels right and down, at
            steps from half a period ago (last) to half a period ahead (first).
        phase: shape (rows, columns): cycles that have passed.
        swing: of the same shape as ``paths[0]``: added to both displacements.
        share: of ``swing``.
        maps: shape (6, rows, columns), filled with x and y of the first layer, x and y of the
            second one, the weight of the first, and the contrast that the cross-fade has taken.
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
                        + swing[i, j, axis] * share
                    )
                if layer == 0:
                    # A plateau at both ends: most of the time one layer is seen alone.
                    w = (one - abs(turn - half) * np.float32(2)) * np.float32(1.5) - np.float32(
                        0.25
                    )
                    w = min(max(w, np.float32(0)), one)
                    w = w * w * (np.float32(3) - np.float32(2) * w)
                    maps[4, i, j] = w
                    maps[5, i, j] = one / np.sqrt(w * w + (one - w) * (one - w))


@compiled
def _sample(source: Plane, x: np.float32, y: np.float32) -> np.float32:
    """Bilinear interpolation; beyond its border a plane is mirrored."""
    right, bottom = np.float32(source.shape[1] - 1), np.float32(source.shape[0] - 1)
    zero, one = np.float32(0), np.float32(1)
    x, y = abs(x), abs(y)
    if x > right:
        x = max(right + right - x, zero)
    if y > bottom:
        y = max(bottom + bottom - y, zero)
    j, i = min(np.int64(x), source.shape[1] - 2), min(np.int64(y), source.shape[0] - 2)
    fx, fy = x - np.float32(j), y - np.float32(i)
    high = np.float32(source[i, j]) * (one - fx) + np.float32(source[i, j + 1]) * fx
    low = np.float32(source[i + 1, j]) * (one - fx) + np.float32(source[i + 1, j + 1]) * fx
    return np.float32(high + (low - high) * fy)


@compiled
def advect(
    source: Plane,
    mean: Plane,
    alpha: Plane,
    maps: Floats,
    gain: Floats,
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
        maps: from :func:`layer_maps`.
        gain: brightness per cell, 1 leaves it.
        cell: pixels of this plane per cell; displacements shrink with it.
        black: the level that gain leaves in place.
        amount: 0 to 1, of the whole.
        out: to blend into, of the same shape.
    """
    rows, columns = out.shape
    cells = maps.shape[2]
    size = np.float32(1) / np.float32(cell)
    scale = np.float32(cell) / np.float32(CELL)
    line = np.empty((7, cells), np.float32)
    zero, one, half, full = np.float32(0), np.float32(1), np.float32(0.5), np.float32(255)
    opaque = amount / full
    for y in range(rows):
        at = (np.float32(y) + half) * size - half
        at = min(max(at, zero), np.float32(maps.shape[1] - 1))
        i = min(np.int64(at), max(maps.shape[1] - 2, 0))
        low = min(i + 1, maps.shape[1] - 1)
        part = at - np.float32(i)
        for j in range(cells):
            for k in range(6):
                line[k, j] = maps[k, i, j] * (one - part) + maps[k, low, j] * part
            line[6, j] = gain[i, j] * (one - part) + gain[low, j] * part
        for x in range(columns):
            a = alpha[y, x]
            if a == 0:
                continue
            at = (np.float32(x) + half) * size - half
            at = min(max(at, zero), np.float32(cells - 1))
            j = min(np.int64(at), max(cells - 2, 0))
            after = min(j + 1, cells - 1)
            part = at - np.float32(j)
            weight = line[4, j] + (line[4, after] - line[4, j]) * part
            value = zero
            for layer in range(2):
                share = weight if layer == 0 else one - weight
                if share < np.float32(0.004):
                    continue
                dx = line[2 * layer, j]
                dx = (dx + (line[2 * layer, after] - dx) * part) * scale
                dy = line[2 * layer + 1, j]
                dy = (dy + (line[2 * layer + 1, after] - dy) * part) * scale
                value += share * _sample(source, np.float32(x) + dx, np.float32(y) + dy)
            contrast = line[5, j] + (line[5, after] - line[5, j]) * part
            if contrast > np.float32(1.003):
                middle = np.float32(mean[y, x])
                value = middle + (value - middle) * contrast
            bright = line[6, j] + (line[6, after] - line[6, j]) * part
            value = black + (value - black) * bright
            rest = np.float32(out[y, x])
            value = rest + (value - rest) * np.float32(a) * opaque
            out[y, x] = np.uint8(min(max(value + half, zero), full))
