"""The inner loop of rippled water: what it mirrors is seen through waves in perspective."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kirin.vision.compiled import compiled
from kirin.vision.kernels import Plane

Floats = NDArray[np.float32]

WAVE = 24
"""Samples of the noise per wave length."""

ASPECT = 5.0
"""Width of a ripple over its depth as seen: waves that come towards the viewer lie across."""


@compiled
def ripple(
    source: Plane,
    alpha: Plane,
    vigour: Floats,
    noise: Floats,
    lengths: Floats,
    depths: Floats,
    first: tuple[np.float32, np.float32],
    second: tuple[np.float32, np.float32],
    sizes: tuple[np.float32, np.float32, np.float32, np.float32],
    out: Plane,
) -> None:
    """Blend a plane, seen through waves, into another one.

    Args:
        source: the plane at rest, of the box alone.
        alpha: where, and how much; 0 leaves ``out`` as it is to the bit.
        vigour: of the waves in each cell, 0 to 1.
        noise: height of the waves, square with a side of 256, repeating; unit deviation.
        lengths: of the waves in every row, in pixels of luma.
        depths: of every row, in samples of the noise.
        first, second: where the two trains of waves have got to, in samples right and down.
        sizes: pixels of luma per sample of the plane, samples per cell, height of the waves in
            wave lengths, and how much they shade (0 for chroma).
        out: to blend into, of the same shape.
    """
    rows, columns = out.shape
    step, cell, height, shade = sizes
    zero, one, half, full = np.float32(0), np.float32(1), np.float32(0.5), np.float32(255)
    finer = np.float32(1.37)
    line = np.empty((2, 256), np.float32)
    middle = np.float32(columns) * half
    side = np.float32(256)
    for y in range(rows):
        for train in range(2):
            at = depths[y] + first[1] if train == 0 else depths[y] * finer + second[1]
            at -= np.floor(at / side) * side
            j = np.int64(at) & 255
            part = at - np.float32(np.int64(at))
            for k in range(256):
                line[train, k] = noise[j, k] * (one - part) + noise[(j + 1) & 255, k] * part
        along = np.float32(WAVE / ASPECT) * step / lengths[y]
        reach = height * lengths[y] / step
        at = min(max((np.float32(y) + half) / cell - half, zero), np.float32(vigour.shape[0] - 1))
        i = np.int64(at)
        row, low = np.float32(at - np.float32(i)), min(i + 1, vigour.shape[0] - 1)
        for x in range(columns):
            a = alpha[y, x]
            if a == 0:
                continue
            at = (np.float32(x) + half) / cell - half
            at = min(max(at, zero), np.float32(vigour.shape[1] - 1))
            j = np.int64(at)
            after, part = min(j + 1, vigour.shape[1] - 1), at - np.float32(j)
            upper = vigour[i, j] + (vigour[i, after] - vigour[i, j]) * part
            lower = vigour[low, j] + (vigour[low, after] - vigour[low, j]) * part
            strength = upper + (lower - upper) * row
            u = (np.float32(x) - middle) * along
            wave = _at(line[0], u + first[0]) + _at(line[1], u * finer + second[0])
            wave *= strength
            py = min(max(np.float32(y) + wave * reach, zero), np.float32(rows - 1))
            k = min(np.int64(py), rows - 2)
            fy = py - np.float32(k)
            value = np.float32(source[k, x]) * (one - fy) + np.float32(source[k + 1, x]) * fy
            if shade != zero:
                value += (value - np.float32(16)) * shade * wave
            rest = np.float32(out[y, x])
            value = rest + (value - rest) * np.float32(a) / full
            out[y, x] = np.uint8(min(max(value + half, zero), full))


@compiled
def _at(line: Floats, u: np.float32) -> np.float32:
    low = np.floor(u)
    part = u - low
    k = np.int64(low) & 255
    return np.float32(line[k] * (np.float32(1) - part) + line[(k + 1) & 255] * part)
