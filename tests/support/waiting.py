"""Waiting for what another thread or process does: with a deadline, and no fixed sleeps."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def until(look: Callable[[], T], seconds: float = 60.0, every: float = 0.05) -> T:
    """Look until what is seen is truthy, and give it.

    Raises:
        AssertionError: the time is over; the message shows what was seen last.
    """
    deadline = time.monotonic() + seconds
    while True:
        seen = look()
        if seen:
            return seen
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds:g} s: {look} last gave {seen!r}")
        time.sleep(every)
