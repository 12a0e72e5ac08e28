"""Memory of large bodies: given back to the system soon after the last of them."""

from __future__ import annotations

import asyncio
import ctypes
from collections.abc import Callable

LARGE = 2**20
"""Bytes of a body from which it is worth the trouble."""

IDLE_SECONDS = 1.0
"""How long to wait for another large body, which would only fault the same pages in again:
under load that costs more than all the rest of a request (measured: 35 against 30 ms)."""


class HeapTrimmer:
    """Asks the C library to let go of freed memory; without glibc it does nothing.

    glibc keeps what it once had: after one body of 14 MB it would hold 36 MB for good.
    """

    def __init__(self) -> None:
        self._trim = _malloc_trim()
        self._planned: asyncio.TimerHandle | None = None

    def after(self, body_bytes: int) -> None:
        """Note that a body of this size has been done with; call it on the event loop."""
        if self._trim is None or body_bytes < LARGE:
            return
        if self._planned is not None:
            self._planned.cancel()
        self._planned = asyncio.get_running_loop().call_later(IDLE_SECONDS, self._trim, 0)


def _malloc_trim() -> Callable[[int], object] | None:
    try:
        trim: Callable[[int], object] = ctypes.CDLL(None).malloc_trim
    except (AttributeError, OSError):
        return None
    return trim
