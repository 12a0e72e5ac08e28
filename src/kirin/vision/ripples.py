"""The inner loop of rippled water: what it mirrors is seen through waves in perspective."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kirin.vision.compiled import compiled
from kirin.vision.kernels import Plane
from kirin.vision.sampling import (
    ROW,
    Row,
    Words,
    between_rows,
    between_squares,
    fetch,
    places_of,
)

Floats = NDArray[np.float32]

WAVE = 24
"""Samples of the noise per wave length."""

ASPECT = 5.0
"""Width of a ripple over its depth as seen: waves that come towards the viewer lie across."""


@compiled
def _along(ramp: Row, slope: np.float32, first: np.float32, out: Row, places: Words) -> None:
    """Positions in a line of noise that repeats, and the samples before them."""
    for x in range(len(out)):
        at = ramp[x] * slope + first
        low = np.floor(at)
        out[x] = at - low
        places[x] = np.int32(low) & np.int32(255)


@compiled
def _steepness(line: Row, out: Row) -> None:
    """Differences of a line of noise that repeats from sample to sample."""
    for k in range(255):
        out[k] = line[k + 1] - line[k]
    out[255] = line[0] - line[255]


@compiled
def _raised(low: Row, rise: Row, part: Row, out: Row) -> None:
    for x in range(len(out)):
        out[x] += low[x] + rise[x] * part[x]


@compiled
def _seen_at(
    wave: Row, vigour: Row, first: np.float32, reach: np.float32, last: np.float32, out: Row
) -> None:
    """The rows that are seen through waves."""
    zero = np.float32(0)
    for x in range(len(out)):
        out[x] = min(max(first + wave[x] * vigour[x] * reach, zero), last)


@compiled
def _shaded(wave: Row, vigour: Row, shade: np.float32, out: Row) -> None:
    black = np.float32(16)
    for x in range(len(out)):
        out[x] += (out[x] - black) * shade * wave[x] * vigour[x]


@compiled
def _laid_over(value: Row, alpha: Plane, out: Plane) -> None:
    half, zero, top = np.float32(0.5), np.float32(0), np.float32(255)
    for x in range(len(out)):
        rest = np.float32(np.int32(out[x]))
        mixed = rest + (value[x] - rest) * np.float32(np.int32(alpha[x])) * np.float32(1 / 255)
        out[x] = np.uint8(np.int32(min(max(mixed + half, zero), top)))


@compiled
def ripple(
    squares: Words,
    alpha: Plane,
    runs: NDArray[np.int32],
    vigour: Floats,
    noise: Floats,
    lengths: Floats,
    depths: Floats,
    trains: Floats,
    sizes: tuple[np.float32, np.float32, np.float32, np.float32],
    out: Plane,
) -> None:
    """Blend a plane, seen through waves, into another one.

    Args:
        squares: the plane at rest, of the box alone, as :func:`pack_squares` packs it.
        alpha: where, and how much; 0 leaves ``out`` as it is to the bit.
        runs: the pixels with any alpha, from :func:`runs_of`.
        vigour: of the waves, 0 to 1: a row per row of cells, with a sample per pixel.
        noise: height of the waves, square with a side of 256, repeating; unit deviation.
        lengths: of the waves in every row, in pixels of luma.
        depths: of every row, in samples of the noise.
        trains: where the two trains of waves have got to, in samples right and down, one a row.
        sizes: pixels of luma per sample of the plane, samples per row of cells, height of the
            waves in wave lengths, and how much they shade (0 for chroma).
        out: to blend into, of the same shape.
    """
    rows, columns = out.shape
    step, cell, height, shade = sizes
    zero, half, side = np.float32(0), np.float32(0.5), np.float32(256)
    work, ramp = np.empty((5, ROW), np.float32), np.empty(ROW, np.float32)
    for x in range(ROW):
        ramp[x] = np.float32(x)
    places, words = np.empty(ROW, np.int32), np.empty(ROW, np.int32)
    line, rise = np.empty(256, np.float32), np.empty(256, np.float32)
    packed = squares.reshape(squares.size)
    for run in range(runs.shape[0]):
        y, start, end = runs[run, 0], runs[run, 1], runs[run, 2]
        count = end - start
        wave, part, low = work[0][:count], work[1][:count], work[2][:count]
        strength, value = work[3][:count], work[4][:count]
        here, found = places[:count], words[:count]
        wave[:] = zero
        for train in range(2):
            finer = np.float32(1) if train == 0 else np.float32(1.37)
            at = depths[y] * finer + trains[train, 1]
            at -= np.floor(at / side) * side
            j = np.int64(at) & 255
            between_rows(noise[j], noise[(j + 1) & 255], at - np.floor(at), line)
            _steepness(line, rise)
            slope = np.float32(WAVE / ASPECT) * step / lengths[y] * finer
            first = (np.float32(start) - np.float32(columns) * half) * slope + trains[train, 0]
            _along(ramp[:count], slope, first, part, here)
            fetch(line, here, low)
            fetch(rise, here, value)
            _raised(low, value, part, wave)
        at = min(max((np.float32(y) + half) / cell - half, zero), np.float32(len(vigour) - 1))
        i = np.int64(at)
        above = vigour[i][start:end]
        below = vigour[min(i + 1, vigour.shape[0] - 1)][start:end]
        between_rows(above, below, at - np.float32(i), strength)
        reach = height * lengths[y] / step
        _seen_at(wave, strength, np.float32(y), reach, np.float32(rows - 1), low)
        for x in range(count):
            part[x] = np.float32(start) + ramp[x]
        places_of(part, low, np.float32(columns), here)
        fetch(packed, here, found)
        between_squares(found, part, low, value)
        if shade != zero:
            _shaded(wave, strength, shade, value)
        _laid_over(value, alpha[y][start:end], out[y][start:end])
