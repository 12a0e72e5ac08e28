"""Memory of large bodies: returned to the operating system soon after the last of them."""

from __future__ import annotations

import asyncio

from kirin.memory import trim

LARGE = 2**20
"""Size of a body, in bytes, from which trimming is worth its cost."""

IDLE_SECONDS = 1.0
"""How long to wait for another large body, which would fault the same pages in again: under
load that costs more than all the rest of a request (measured: 35 against 30 ms)."""


class HeapTrimmer:
    """Makes the C library return freed memory to the operating system."""

    def __init__(self) -> None:
        self._planned: asyncio.TimerHandle | None = None

    def after(self, body_bytes: int) -> None:
        """Schedule trimming after a body of this size was released; call it on the event loop."""
        if body_bytes < LARGE:
            return
        if self._planned is not None:
            self._planned.cancel()
        self._planned = asyncio.get_running_loop().call_later(IDLE_SECONDS, trim)
