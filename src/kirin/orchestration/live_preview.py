"""The live preview of a task: now and then a frame of what is being rendered, for who watches."""

from __future__ import annotations

import time
from typing import Final

from kirin.domain.frame import Frame
from kirin.media.stills import jpeg_of
from kirin.tasks.attempt import Attempt

EVERY_SECONDS: Final = 0.5

SIDE: Final = 640
"""Pixels of the longer side: some 20 to 60 KB."""


class LivePreview:
    """Takes every frame of a rendering, and shows one in half a second to whoever watches."""

    def __init__(self, attempt: Attempt) -> None:
        """Set up.

        Args:
            attempt: it knows whether anybody watches.
        """
        self._attempt = attempt
        self._shown = -EVERY_SECONDS

    def show(self, frame: Frame) -> None:
        """Take the next frame; costs next to nothing where nobody watches."""
        now = time.monotonic()
        if self._attempt.watched and now - self._shown >= EVERY_SECONDS:
            self._shown = now
            self._attempt.show(jpeg_of(frame, SIDE))
