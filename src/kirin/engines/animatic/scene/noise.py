"""Gradient noise and fractal Brownian motion, for clouds, ridges, dunes and nebulae."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kirin.vision.compiled import compiled

Field = NDArray[np.float32]
"""A scalar field: two axes, float32."""

_SIZE = 256


def smoothstep(low: float, high: float, value: Field) -> Field:
    """3 t**2 - 2 t**3, where t runs from 0 at ``low`` to 1 at ``high``; ``low`` may be larger."""
    share = np.clip((value - low) / (high - low), 0.0, 1.0)
    return np.asarray(share * share * (3.0 - 2.0 * share), np.float32)


class Noise:
    """Perlin's gradient noise with the quintic fade of Perlin 2002 ("Improving noise").

    Args:
        rng: shuffles the lattice; advanced by one permutation.
    """

    def __init__(self, rng: np.random.Generator) -> None:
        self._lattice = np.tile(rng.permutation(_SIZE).astype(np.int32), 2)

    def fbm(
        self,
        x: NDArray[Any],
        y: NDArray[Any],
        octaves: int = 6,
        gain: float = 0.5,
        ridge: float = 0.0,
    ) -> Field:
        """Fractal Brownian motion at positions ``(x, y)``, about -1 to 1.

        Args:
            x, y: arrays that broadcast to one shape.
            octaves: each has twice the frequency of the one before, and is rotated.
            gain: amplitude of an octave relative to the one before.
            ridge: 0 for smooth hills, 1 for sharp crests (Musgrave's ridged multifractal, in which
                finer octaves are weaker in the valleys).
        """
        across, down = np.broadcast_arrays(x, y)
        out = np.empty(across.shape, np.float32)
        _fbm(
            np.ascontiguousarray(across, np.float32),
            np.ascontiguousarray(down, np.float32),
            self._lattice,
            octaves,
            gain,
            ridge,
            out,
        )
        return out


_ANGLES = np.arange(_SIZE) * (2 * math.pi / _SIZE) * 97  # 97 decorrelates neighbours
_GRADIENT_X = np.cos(_ANGLES).astype(np.float32)
_GRADIENT_Y = np.sin(_ANGLES).astype(np.float32)


@compiled
def _corner(
    lattice: NDArray[np.int32], ix: int, iy: int, dx: np.float32, dy: np.float32
) -> np.float32:
    at = lattice[lattice[ix & 255] + (iy & 255)]
    value: np.float32 = _GRADIENT_X[at] * dx + _GRADIENT_Y[at] * dy
    return value


@compiled
def _noise(lattice: NDArray[np.int32], x: float, y: float) -> np.float32:
    ix, iy = math.floor(x), math.floor(y)
    fx, fy = np.float32(x - ix), np.float32(y - iy)
    one = np.float32(1)
    jx, jy = int(ix), int(iy)
    sx = fx * fx * fx * (fx * (fx * np.float32(6) - np.float32(15)) + np.float32(10))
    sy = fy * fy * fy * (fy * (fy * np.float32(6) - np.float32(15)) + np.float32(10))
    a = _corner(lattice, jx, jy, fx, fy)
    b = _corner(lattice, jx + 1, jy, fx - one, fy)
    c = _corner(lattice, jx, jy + 1, fx, fy - one)
    d = _corner(lattice, jx + 1, jy + 1, fx - one, fy - one)
    top = a + sx * (b - a)
    return (top + sy * (c + sx * (d - c) - top)) * np.float32(1.4)


@compiled
def _fbm(
    x: Field,
    y: Field,
    lattice: NDArray[np.int32],
    octaves: int,
    gain: float,
    ridge: float,
    out: Field,
) -> None:
    rows, columns = out.shape
    # Rotating each octave by 37 degrees hides the lattice.
    cos, sin = 2.0 * 0.7986, 2.0 * 0.6018
    for i in range(rows):
        for j in range(columns):
            u, v = float(x[i, j]), float(y[i, j])
            amplitude, total, norm, weight = 1.0, 0.0, 0.0, 1.0
            for _ in range(octaves):
                value = float(_noise(lattice, u, v))
                if ridge > 0.0:
                    crest = 1.0 - abs(value)
                    crest = crest * crest * weight
                    weight = float(min(max(crest * 1.8, 0.0), 1.0))
                    value = value * (1.0 - ridge) + (2.0 * crest - 1.0) * ridge
                total += value * amplitude
                norm += amplitude
                amplitude *= gain
                u, v = cos * u - sin * v + 17.3, sin * u + cos * v - 9.1
            out[i, j] = total / norm
