"""How the time of moving matter runs: at rest, getting under way, and coming to rest again."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kirin.domain.motion import Span

Floats = NDArray[np.float64]

_START = 0.35  # s: what moved before the shot began is under way almost at once
_EASE = 1.2  # s: what begins or stops within the shot takes its time


class Progress:
    """Time and vigour of matter in every frame of a shot.

    Attributes:
        seconds: that the matter has moved, 0 in frame 0; float64, one per frame.
        vigour: 0 at rest to 1 in full motion, likewise; 0 in frame 0.

    Args:
        span: when it moves.
        count, fps: of the shot.
        start: seconds in which it gets under way at the beginning of the shot.
    """

    def __init__(self, span: Span, count: int, fps: float, start: float = _START) -> None:
        at = np.arange(count) / fps
        length = max(count, 2) / fps
        first, end = span.start * length, span.end * length
        rise = _EASE if span.start > 0 else start
        # A span may be shorter than its ramps.
        rise = min(rise, max(end - first, 1 / fps) / 2)
        grown = _smooth((at - first) / rise)
        if span.end < 1:
            fall = min(_EASE, max(end - first, 1 / fps) / 2)
            grown = grown * _smooth((end - at) / fall)
        grown[:1] = 0.0
        self.vigour: Floats = grown
        self.seconds: Floats = (
            np.concatenate([[0.0], np.cumsum((grown[1:] + grown[:-1]) / 2)]) / fps
        )


def _smooth(share: Floats) -> Floats:
    w = np.clip(share, 0.0, 1.0)
    return w * w * (3 - 2 * w)
