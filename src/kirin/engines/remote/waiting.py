"""Waiting for other machines: in small naps, so that a cancelled task ends soon."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from kirin.engines.base import Errand

NAP: Final = 0.1
"""Seconds between two looks at whether the attempt is over."""


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How often to ask: soon at first, then more and more rarely.

    Attributes:
        first, longest: seconds before the second question, and between two later ones at most.
        growth: by what each pause is longer than the one before.
    """

    first: float = 1.0
    longest: float = 10.0
    growth: float = 1.5

    def pauses(self) -> Iterator[float]:
        """Seconds to wait, one after the other, without end."""
        pause = self.first
        while True:
            yield pause
            pause = min(pause * self.growth, self.longest)


def nap(errand: Errand, seconds: float) -> None:
    """Wait.

    Raises:
        Stopped: the attempt is over.
    """
    until = time.monotonic() + seconds
    errand.check()
    while (left := until - time.monotonic()) > 0:
        time.sleep(min(NAP, left))
        errand.check()
