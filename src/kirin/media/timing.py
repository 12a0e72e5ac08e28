"""Timing: when the pictures of a video track are shown, and its frame rate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import log
from typing import Final

STANDARD_RATES: Final = tuple(
    Fraction(rate)
    for rate in (
        *(1, 2, 3, 4, 5, 6, 8, 10, 12, Fraction(25, 2), 15, 16, 18, 20),
        *(Fraction(24_000, 1001), 24, 25, Fraction(30_000, 1001), 30, 48, 50),
        *(Fraction(60_000, 1001), 60, 90, 100, Fraction(120_000, 1001), 120, 240),
    )
)
"""Frames a second that cameras, editors and screens work at."""

MOST_PACKETS: Final = 200_000
"""Most packets whose times are read: about an hour at 50 frames a second."""

_TOLERANCE: Final = 0.0015
"""Seconds by which the pictures of a constant rate may be off: containers round to 1 ms."""

_SHARE: Final = 4
"""A varying rate is taken from the lower quartile of its intervals: too low a rate loses movement,
where too high a one only repeats pictures."""


@dataclass(frozen=True, slots=True)
class Timing:
    """When pictures are shown; all times in seconds.

    Attributes:
        count: pictures.
        start, last: when the first and the last one are shown.
        end: when the last one is over.
        rate: frames a second; where they vary, of the shorter intervals.
        constant: whether the intervals are all alike.
    """

    count: int
    start: Fraction
    last: Fraction
    end: Fraction
    rate: Fraction
    constant: bool

    @property
    def seconds(self) -> Fraction:
        """From the first picture to the end of the last."""
        return self.end - self.start

    @property
    def nominal_rate(self) -> Fraction:
        """The frame rate to work at: a whole number or a standard rate, never an average."""
        if self.constant and self.rate.denominator == 1:
            return self.rate
        return nearest_standard_rate(self.rate)


def timing(
    shown: Sequence[tuple[int, int]], time_base: Fraction, declared: Fraction | None
) -> Timing | None:
    """Timing of a track, from its packets.

    Args:
        shown: presentation time and duration of each packet, in units of ``time_base``, in any
            order; a duration of 0 is unknown.
        time_base: seconds of a unit.
        declared: the frame rate that the file states, for a track of one picture.

    Returns:
        ``None`` if there is no packet.
    """
    if not shown:
        return None
    ordered = sorted(shown)
    times = [time for time, _ in ordered]
    start, last, count = times[0], times[-1], len(times)
    steps = sorted(b - a for a, b in pairwise(times) if b > a)
    if steps:
        mean = Fraction(last - start, count - 1)
        off = max(abs(time - start - index * mean) for index, time in enumerate(times))
        constant = off <= 1 or off * time_base <= _TOLERANCE
        step = mean if constant else Fraction(steps[len(steps) // _SHARE])
        rate = 1 / (step * time_base)
    else:
        constant, rate = True, declared or Fraction(1)
        step = 1 / (rate * time_base)
    duration = ordered[-1][1] or step
    return Timing(
        count=count,
        start=start * time_base,
        last=last * time_base,
        end=(last + duration) * time_base,
        rate=rate,
        constant=constant,
    )


def nearest_standard_rate(rate: Fraction) -> Fraction:
    """The standard rate whose ratio to ``rate`` is nearest to 1."""
    return min(STANDARD_RATES, key=lambda standard: abs(log(standard / rate)))
