"""Smooth random fields."""

from __future__ import annotations

from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


def smooth_noise(shape: tuple[int, int], scale: float, seed: int, *, tiled: bool = False) -> Floats:
    """Gaussian noise of one size, zero mean and unit deviation.

    Args:
        shape: height and width.
        scale: sigma of its blobs, in samples.
        seed: of the random numbers.
        tiled: whether it repeats without a seam.
    """
    values = np.random.default_rng(seed).standard_normal(shape).astype(np.float32)
    pad = round(3 * scale) + 1
    padded = np.pad(values, pad, mode="wrap") if tiled else np.pad(values, pad, mode="reflect")
    smooth = cv2.GaussianBlur(padded, (0, 0), scale)[pad:-pad, pad:-pad]
    smooth = smooth - smooth.mean()
    return cast(Floats, np.ascontiguousarray(smooth / max(float(smooth.std()), 1e-6)))


def curl(shape: tuple[int, int], scale: float, seed: int) -> tuple[Floats, Floats]:
    """A field without sources or sinks: the turned gradient of noise (Bridson et al. 2007).

    Returns:
        Its components to the right and down, of about unit deviation.
    """
    potential = smooth_noise(shape, scale, seed) * np.float32(scale)
    gy, gx = np.gradient(potential)
    return cast(Floats, gy.astype(np.float32)), cast(Floats, -gx.astype(np.float32))
