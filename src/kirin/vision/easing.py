"""Easing: how far a movement has got at a fraction of its time."""

from __future__ import annotations

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_Share = TypeVar("_Share", float, NDArray[np.float32], NDArray[np.float64])


def smoothstep(share: _Share) -> _Share:
    """A ramp from 0 to 1 that is level at both ends, 3 w**2 - 2 w**3, for shares from 0 to 1."""
    return share * share * (3 - 2 * share)


def ease(share: Floats, ramp: float = 0.3) -> Floats:
    """Fraction of the distance covered: the speed ramps up, holds, and ramps down.

    The speed's ramps are smoothsteps, 3 w**2 - 2 w**3, with the integral w**3 - w**4 / 2. So
    the position has a continuous second derivative everywhere.

    Args:
        share: of the time, 0 to 1.
        ramp: share of the time that each ramp takes; at most 0.5.

    Returns:
        0 to 1, in the shape of ``share``.

    >>> ease(np.array([0.0, 0.25, 0.5, 1.0])).round(3).tolist()
    [0.0, 0.145, 0.5, 1.0]
    """
    u = np.clip(share, 0.0, 1.0)
    short = np.minimum(u, 1.0 - u)
    w = short / ramp
    half = np.where(w < 1.0, ramp * (w**3 - w**4 / 2), short - ramp / 2) / (1.0 - ramp)
    return np.where(u <= 0.5, half, 1.0 - half)


def frame_times(count: int) -> Floats:
    """Times of ``count`` frames as shares of the whole: from 0 for the first to 1 for the last."""
    return np.linspace(0.0, 1.0, count) if count > 1 else np.zeros(1)
