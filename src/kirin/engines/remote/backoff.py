"""Polling other machines: growing delays, and a sleep that notices cancellation."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from kirin.engines.base import RenderContext

CANCEL_POLL_SECONDS: Final = 0.1
"""Time between two checks for cancellation while sleeping."""


@dataclass(frozen=True, slots=True)
class Backoff:
    """Exponential backoff: frequent polls at first, then fewer.

    Attributes:
        first: seconds before the second poll.
        longest: upper bound of the later delays, in seconds.
        growth: factor between successive delays.
    """

    first: float = 1.0
    longest: float = 10.0
    growth: float = 1.5

    def delays(self) -> Iterator[float]:
        """Seconds to wait before each further poll, without end."""
        delay = self.first
        while True:
            yield delay
            delay = min(delay * self.growth, self.longest)


def sleep(context: RenderContext, seconds: float) -> None:
    """Sleep, checking for cancellation meanwhile.

    Raises:
        Stopped: the attempt is over.
    """
    until = time.monotonic() + seconds
    context.raise_if_cancelled()
    while (left := until - time.monotonic()) > 0:
        time.sleep(min(CANCEL_POLL_SECONDS, left))
        context.raise_if_cancelled()
