"""What it looks like when a machine runs out of something in the middle of a task."""

from __future__ import annotations

import errno
from typing import Final

from kirin.errors import OutOfResources

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
