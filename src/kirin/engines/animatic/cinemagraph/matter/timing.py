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
    """

    def __init__(self, span: Span, count: int, fps: float) -> None:
        at = np.arange(count) / fps
        length = max(count, 2) / fps
        start, end = span.start * length, span.end * length
        rise = _EASE if span.start > 0 else _START
        # A span may be shorter than its ramps.
        rise = min(rise, max(end - start, 1 / fps) / 2)
        grown = _smooth((at - start) / rise)
        if span.end < 1:
            fall = min(_EASE, max(end - start, 1 / fps) / 2)
            grown = grown * _smooth((end - at) / fall)
        grown[:1] = 0.0
        self.vigour: Floats = grown
        self.seconds: Floats = (
            np.concatenate([[0.0], np.cumsum((grown[1:] + grown[:-1]) / 2)]) / fps
        )


def _smooth(share: Floats) -> Floats:
    w = np.clip(share, 0.0, 1.0)
    return w * w * (3 - 2 * w)
