"""The frames of a given video at the size and the rate of the new one, read when asked for."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from kirin.domain.frame import Frame
from kirin.engines.animatic.pictures import center_crop
from kirin.errors import InputsRefused, attributed_to
from kirin.media.decode import facts, frames_at
from kirin.media.refusal import MediaRefused
from kirin.vision.planes import Rgb, picture_to_frame


class FootageFrames:
    """A video as the renderer of a shot. One picture is in memory, however long it is.

    Args:
        video: the file.
        times: of the frames, in seconds from its first picture, ascending.
        size: width and height of the frames, even; the video is cropped to their aspect.

    Raises:
        InputsRefused: the file cannot be read.
    """

    def __init__(self, video: Path, times: Sequence[float], size: tuple[int, int]) -> None:
        self._video, self._times, self._size = video, times, size
        with readable():
            self.facts = facts(video)
        shrunk = max(size[0] / self.facts.width, size[1] / self.facts.height)
        longest = max(self.facts.width, self.facts.height)
        # Decoders shrink faster than filters do; enlarged it is only once.
        self._side = math.ceil(longest * shrunk) if shrunk < 1 else None
        self._pictures: Iterator[Rgb] = iter(())
        self._next = 0
        self._last: tuple[int, Frame] | None = None

    @property
    def notes(self) -> dict[str, Any]:
        """How the shot is made."""
        return {"method": "edited video"}

    def frame(self, index: int) -> Frame:
        """A frame; one before the last one asked for starts the video anew."""
        if self._last is None or self._last[0] != index:
            if index < self._next or self._next == 0:
                self._pictures, self._next = self._from(index), index
            with readable():
                picture = next(self._pictures)
                while self._next < index:
                    picture, self._next = next(self._pictures), self._next + 1
            self._next += 1
            width, height = self._size
            cropped = center_crop(picture, width, height)
            self._last = index, picture_to_frame(cropped, width, height)
        return self._last[1]

    def _from(self, index: int) -> Iterator[Rgb]:
        for _, picture in frames_at(self._video, self._times[index:], self._side):
            yield picture


@contextmanager
def readable() -> Iterator[None]:
    """Turn what is wrong with a video into an error of the task."""
    with attributed_to("footage"):
        try:
            yield
        except MediaRefused as refusal:
            message = f"The reference video cannot be read: {refusal.message}"
            raise InputsRefused(message) from None


def frame_moments(count: int, fps: float) -> list[float]:
    """Times of so many frames at a rate, in seconds."""
    return [number / fps for number in range(count)]
