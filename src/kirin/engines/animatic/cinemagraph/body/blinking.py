"""When somebody blinks: irregular moments, and how far the lids are closed in each frame."""

from __future__ import annotations

import random
from collections.abc import Sequence

import numpy as np

from kirin.domain.motion import WHOLE, Span

# Seconds. A spontaneous blink closes faster than it opens (VanderWerf et al. 2003).
_CLOSES = 0.12
_HELD = 0.05
_OPENS = 0.2
_FIRST = (0.7, 1.5)  # to the first blink
_PAUSE = (1.5, 3.4)  # between two: 18 to 40 a minute
_END = 0.1  # open at the end of the shot


def closed_lids(count: int, fps: float, seed: int, span: Span = WHOLE) -> Sequence[float]:
    """By which share the lids are closed in each frame, 0 to 1; open in the first and the last.

    Args:
        count, fps: of the shot.
        seed: of the moments.
        span: of the shot in which they blink.
    """
    times = np.arange(count) / fps
    length = count / fps
    closed = np.zeros(count)
    for moment in _moments(length * span.start, length * min(span.end, 1.0), seed):
        peak = round(moment * fps) / fps  # on a frame, so that some frame shows it closed
        falls = np.clip((times - peak + _CLOSES) / _CLOSES, 0, 1)
        rises = np.clip((times - peak - _HELD) / _OPENS, 0, 1)
        # The lid starts abruptly and comes to rest gently, both ways.
        one = np.sin(falls * np.pi / 2) ** 1.5 * (1 - rises * rises * (3 - 2 * rises))
        closed = np.maximum(closed, one)
    closed[closed < 1e-3] = 0.0
    closed[[0, -1]] = 0.0
    return [float(each) for each in closed]


def _moments(start: float, end: float, seed: int) -> list[float]:
    """When the lids are closed, seconds."""
    chance = random.Random(seed)  # noqa: S311  # not a secret
    last = end - _HELD - _OPENS - _END
    first = start + chance.uniform(*_FIRST)
    if first > last:
        first = (start + _CLOSES + last) / 2
    moments = []
    while first <= last and first > start + _CLOSES:
        moments.append(first)
        first += chance.uniform(*_PAUSE)
    return moments
