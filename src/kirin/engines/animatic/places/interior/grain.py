"""Grain: hashed chances and value noise, for points that each have a seed of their own."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from kirin.engines.animatic.places.interior.tracing import Table
from kirin.vision.compiled import compiled

Cells = NDArray[np.int64]


def _word(value: Any) -> NDArray[np.uint32]:
    return np.asarray(value).astype(np.int64).astype(np.uint32)


def chance(i: Any, j: Any, seed: Any) -> Table:
    """Random numbers from 0 to 1 by cell: a hash with the multipliers of Teschner 2003."""
    h = np.atleast_1d(
        _word(np.asarray(i, np.int64) * 73856093)
        ^ _word(np.asarray(j, np.int64) * 19349663)
        ^ _word(np.asarray(seed, np.int64) * 83492791 + 12345)
    )
    h = (h ^ (h >> np.uint32(15))) * np.uint32(0x2C1B3C6D)
    h = (h ^ (h >> np.uint32(12))) * np.uint32(0x297A2D39)
    h ^= h >> np.uint32(15)
    return np.asarray(h.astype(np.float32) * np.float32(1 / 4294967296.0))


@compiled
def _value(x: float, y: float, seed: int) -> Any:
    """Value noise, 0 to 1."""
    i, j = np.int64(np.floor(x)), np.int64(np.floor(y))
    u, v = x - i, y - j
    u, v = u * u * (3 - 2 * u), v * v * (3 - 2 * v)
    total = 0.0
    for k in range(4):
        p, q = k % 2, k // 2
        h = np.uint32((i + p) * 73856093) ^ np.uint32((j + q) * 19349663)
        h ^= np.uint32(seed * 83492791 + 12345)
        h = np.uint32((h ^ (h >> np.uint32(15))) * np.uint32(0x2C1B3C6D))
        h = np.uint32((h ^ (h >> np.uint32(12))) * np.uint32(0x297A2D39))
        h = np.uint32(h ^ (h >> np.uint32(15)))
        total += float(h) * (u if p else 1.0 - u) * (v if q else 1.0 - v)
    return total / 4294967296.0


@compiled
def _fill(x: Table, y: Table, seed: Cells, octaves: int, out: Table) -> None:
    for n in range(x.shape[0]):
        total, scale, weight, rest = 0.0, 1.0, 1.0, 1.0
        for octave in range(octaves):
            # The last octave takes what is left, so that the weights sum to one.
            weight = rest if octave == octaves - 1 else rest * (0.55 + 0.095 * octave)
            rest -= weight
            total += weight * _value(scale * x[n] + 7 * octave, scale * y[n], seed[n] + octave)
            scale *= 2.1
        out[n] = total


def _noise(x: Any, y: Any, seed: Any, octaves: int) -> Table:
    # One type of array for the compiled loop: a broadcast one is read-only.
    a, b, c = np.broadcast_arrays(x, y, seed)
    out = np.empty(a.shape, np.float32)
    _fill(a.astype(np.float32), b.astype(np.float32), c.astype(np.int64), octaves, out)
    return out


def grain(x: Any, y: Any, seed: Any) -> Table:
    """Value noise, 0 to 1."""
    return _noise(x, y, seed, 1)


def cloudy(x: Any, y: Any, seed: Any) -> Table:
    """Three octaves of value noise, 0 to 1."""
    return _noise(x, y, seed, 3)
