"""What it looks like when a machine runs out of something in the middle of a task."""

from __future__ import annotations

import errno
import time
from collections.abc import Callable
from typing import Final, TypeVar

import structlog

from kirin.errors import OutOfResources

log = structlog.get_logger(__name__)

T = TypeVar("T")

STORAGE_SECONDS = 60.0
"""How long a worker waits for a storage that fails."""

PAUSE_SECONDS = 1.0
"""Between two tries."""

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_OPENCV_OUT_OF_MEMORY: Final = -4
"""``cv::Error::StsNoMem``: OpenCV has an error class of its own, which only says a number."""


def exhaustion_of(error: Exception) -> OutOfResources | None:
    """What the user is told if an error means that memory or disk has run out, else ``None``."""
    if isinstance(error, MemoryError) or getattr(error, "code", None) == _OPENCV_OUT_OF_MEMORY:
        return OutOfResources("the machine has too little memory for this video")
    if isinstance(error, OSError) and error.errno in _FULL:
        return OutOfResources("the machine's disk is full: its operator must free some")
    return None


def patiently(use: Callable[[], T]) -> T:
    """Use storage; where it fails, wait until it works again, since a render should not be lost by
    a restart of the bucket or of the network.

    Args:
        use: may be called again after it has failed.

    Raises:
        OutOfResources: it is full, or still fails after :data:`STORAGE_SECONDS`.
    """
    give_up = time.monotonic() + STORAGE_SECONDS
    while True:
        try:
            return use()
        except FileNotFoundError:
            raise  # it answers, and what should be there is not
        except OSError as error:
            short = exhaustion_of(error)
            if short is None and time.monotonic() < give_up:
                log.warning("storage failed; trying again", reason=str(error)[:500])
                time.sleep(PAUSE_SECONDS)
                continue
            log.exception("storage failed")
            message = "the server's storage does not answer or takes nothing in: try again later"
            raise short or OutOfResources(message) from error
