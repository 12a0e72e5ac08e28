"""When things are in the air: they come in from their side, fall out of the frame, or fade."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from kirin.domain.motion import Span
from kirin.engines.animatic.cinemagraph.part import Still
from kirin.engines.animatic.scene.noise import Field

FADE_IN: Final = 0.4
"""Seconds in which the air fills where it is full from the start: frame 0 is the picture."""

_RAMP, _TAIL = 2.0, 0.4  # seconds over which the first ones set out, and the last ones
_SOFT = 0.3  # seconds in which one of them appears behind the front


@dataclass(frozen=True, slots=True)
class Presence:
    """The time in which something is in the air.

    Attributes:
        start, end: in seconds; ``end`` is infinite where it goes on after the shot.
        ramp: seconds from the first particle to the full density.
    """

    start: float
    end: float
    ramp: float

    @classmethod
    def of(cls, span: Span, still: Still) -> Presence:
        """The presence that a span of a shot means."""
        length = still.count / float(still.fps)
        start = span.start * length
        end = span.end * length if span.end < 1.0 else float("inf")
        return cls(start, end, min(_RAMP, 0.5 * (min(end, length) - start)))

    @property
    def grows(self) -> bool:
        """Whether it begins in the shot, and not before it."""
        return self.start > 0.0

    def overall(self, seconds: float) -> float:
        """Opacity, 0 to 1, of what appears and goes as a whole."""
        rise = max(self.ramp, FADE_IN) if self.grows else FADE_IN
        shown = _smooth((seconds - self.start) / rise)
        return shown * (1.0 - _smooth((seconds - self.end) / _RAMP))

    def each(self, seconds: float, delay: Field, along: Field, speed: float) -> Field:
        """Opacity of each particle.

        Args:
            seconds: since the start of the shot.
            delay: 0 to 1, when it sets out.
            along: its way from where it enters, in view heights; negative before that.
            speed: of the front behind which particles appear, in view heights per second.
        """
        seen = np.full(delay.shape, _smooth(seconds / FADE_IN), np.float32)
        since = np.float32(seconds) - np.maximum(along, np.float32(0)) / np.float32(speed)
        if self.grows:
            set_out = self.start + self.ramp * delay
            seen *= _smoothed(np.asarray((since - set_out) / _SOFT, np.float32))
        if np.isfinite(self.end):
            late = np.asarray((since - self.end - _TAIL * delay) / _SOFT, np.float32)
            seen *= np.float32(1) - _smoothed(late)
        return seen

    def done(self, speed: float) -> float:
        """Seconds after which nothing is left of what moves behind a front of this speed."""
        return self.end + max(_TAIL + _SOFT + 1.2 / speed, _RAMP)

    def empty(self, seconds: float) -> bool:
        """Whether nothing has begun yet."""
        return seconds <= self.start

    def details(self, span: Span) -> dict[str, Any]:
        """For the notes: when it comes and goes."""
        details: dict[str, Any] = {}
        if self.grows:
            details["from"] = round(span.start, 3)
        else:
            details["fades_in"] = FADE_IN
        if np.isfinite(self.end):
            details["to"] = round(span.end, 3)
        return details


def _smooth(share: float) -> float:
    share = min(max(share, 0.0), 1.0)
    return share * share * (3.0 - 2.0 * share)


def _smoothed(share: Field) -> Field:
    share = np.clip(share, np.float32(0), np.float32(1))
    return np.asarray(share * share * (np.float32(3) - np.float32(2) * share), np.float32)
