"""Timing: how far a movement has come at a share of its time."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def ease(share: Floats, ramp: float = 0.3) -> Floats:
    """Distance covered, 0 to 1: speed ramps up, holds, and ramps down.

    The ramps are smoothsteps (3 w**2 - 2 w**3), whose integral is w**3 - w**4 / 2: position
    is continuous up to its second derivative, everywhere.

    Args:
        share: of the time, 0 to 1.
        ramp: share of the time that it takes to reach full speed, and again to lose it; at
            most 0.5.

    >>> ease(np.array([0.0, 0.25, 0.5, 1.0])).round(3).tolist()
    [0.0, 0.145, 0.5, 1.0]
    """
    u = np.clip(share, 0.0, 1.0)
    short = np.minimum(u, 1.0 - u)
    w = short / ramp
    half = np.where(w < 1.0, ramp * (w**3 - w**4 / 2), short - ramp / 2) / (1.0 - ramp)
    return np.where(u <= 0.5, half, 1.0 - half)


def even(count: int) -> Floats:
    """The shares of the time at which ``count`` frames stand: the first 0, the last 1."""
    return np.linspace(0.0, 1.0, count) if count > 1 else np.zeros(1)
