"""Frame sources: a video that is read several times, each time in the size that is needed."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from kirin.media.decode import overview, timed_frames
from kirin.vision.beside import ahead
from kirin.vision.planes import Rgb

TimedFrame = tuple[float, Rgb]
"""The time of a frame in seconds from the first, and its pixels."""

OverviewFrame = tuple[float, Rgb, Rgb | None]
"""The time of a frame, the frame very small, and in full size where that was asked for."""

LARGEST = 1280
"""Longest side at which frames are analysed: the networks take 256 pixels."""

_SMALL = 192  # longest side at which shots are told apart: on a grid of 32 x 18 cells


class FrameSource(Protocol):
    """The frames of a video, in order of display; each method reads it from the start.

    To decode and to scale frames takes as long as the networks do, so what looks at few frames, or
    at small ones, asks for just these.
    """

    def overview(self, apart: float) -> Iterable[OverviewFrame]:
        """All frames, reduced as far as a source can; and in full size the first, and each that
        comes so many seconds after the last one.
        """
        ...

    def some(self, numbers: Container[int]) -> Iterable[TimedFrame]:
        """Frames by their numbers, in full size."""
        ...

    def reduced(self, side: int) -> Iterable[TimedFrame]:
        """All frames, with a longer side of so many pixels, or of more."""
        ...


@dataclass(frozen=True, slots=True)
class VideoFile:
    """The frames of a file, at most :data:`LARGEST` pixels wide and high.

    Attributes:
        path: the file.
        check: called for each frame; raises to stop.
    """

    path: Path
    check: Callable[[], None]

    def overview(self, apart: float) -> Iterator[OverviewFrame]:
        """All frames, very small, and some in full size too: the video is decoded once for both."""
        for timed in ahead(overview(self.path, _SMALL, LARGEST, apart)):
            self.check()
            yield timed

    def some(self, numbers: Container[int]) -> Iterator[TimedFrame]:
        """Frames by their numbers."""
        return self._checked(timed_frames(self.path, numbers, LARGEST))

    def reduced(self, side: int) -> Iterator[TimedFrame]:
        """All frames."""
        side = min(side, LARGEST)
        return self._checked(timed_frames(self.path, max_side=side))

    def _checked(self, timed: Iterator[TimedFrame]) -> Iterator[TimedFrame]:
        for each in ahead(timed):
            self.check()
            yield each


@dataclass(frozen=True, slots=True)
class FramesAtHand:
    """Frames that are at hand in one size.

    Attributes:
        frames: gives all of them, as often as it is called.
    """

    frames: Callable[[], Iterable[TimedFrame]]

    def overview(self, apart: float) -> Iterator[OverviewFrame]:
        """All frames, in their size."""
        wanted = 0.0
        for seconds, rgb in self.frames():
            chosen = seconds >= wanted
            if chosen:
                wanted = seconds + apart
            yield seconds, rgb, rgb if chosen else None

    def some(self, numbers: Container[int]) -> Iterator[TimedFrame]:
        """Frames by their numbers."""
        return (timed for number, timed in enumerate(self.frames()) if number in numbers)

    def reduced(self, side: int) -> Iterable[TimedFrame]:  # noqa: ARG002  the protocol's
        """All frames, in their size."""
        return self.frames()
