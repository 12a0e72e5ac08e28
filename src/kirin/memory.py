"""The C library's heap: what has been freed, given back to the system."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from functools import cache


def trim() -> None:
    """Let go of freed memory, in some milliseconds; without glibc it does nothing.

    glibc keeps what it once had: after one request of 14 MB it would hold 36 MB for good, and
    after the preparation of a take 130 MB while the encoder asks for more.
    """
    if (release := _release()) is not None:
        release(0)


@cache
def _release() -> Callable[[int], object] | None:
    try:
        release: Callable[[int], object] = ctypes.CDLL(None).malloc_trim
    except (AttributeError, OSError):
        return None
    return release
