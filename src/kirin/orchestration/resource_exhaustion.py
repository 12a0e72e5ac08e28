"""What it looks like when a machine runs out of something in the middle of a task."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import structlog

from kirin.errors import OutOfResources

log = structlog.get_logger(__name__)

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


@contextmanager
def storage_errors() -> Iterator[None]:
    """Tell a storage that fails apart from a bug.

    Raises:
        OutOfResources: in place of what storage has raised: it takes nothing in, being full or
            read-only, or does not answer.
    """
    try:
        yield
    except FileNotFoundError:
        raise  # it answers, and what should be there is not
    except OSError as error:
        log.exception("storage failed")
        short = "the server's storage does not answer or takes nothing in: try again later"
        raise exhaustion_of(error) or OutOfResources(short) from error
