"""Lip sync: faces of a video, and the voices that their lips are to follow."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from kirin.domain.assets import Asset

UNSEEN: Final = 0.75
"""Seconds between two boxes of a face from which it is out of sight in between."""


@dataclass(frozen=True, slots=True)
class FaceBox:
    """Where a face is at a moment.

    Attributes:
        seconds: since the first frame.
        left, top, right, bottom: pixels of the video as displayed.
    """

    seconds: float
    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class FaceTrack:
    """One person's face through a video.

    Attributes:
        id: the same person's for as long as the faces of the video are kept.
        boxes: in the order of time, at least one; between two of them it moves in a straight line,
            unless they are more than :data:`UNSEEN` apart.
    """

    id: str
    boxes: tuple[FaceBox, ...]

    @property
    def start(self) -> float:
        """Seconds at which the face is seen first."""
        return self.boxes[0].seconds

    @property
    def end(self) -> float:
        """Seconds at which it is seen last."""
        return self.boxes[-1].seconds

    def at(self, seconds: float) -> FaceBox | None:
        """Where it is at a time; ``None`` while it is out of sight."""
        if not self.start <= seconds <= self.end:
            return None
        for before, after in pairwise(self.boxes):
            if before.seconds <= seconds <= after.seconds:
                step = after.seconds - before.seconds
                if step > UNSEEN and before.seconds < seconds < after.seconds:
                    return None
                share = (seconds - before.seconds) / step if step else 0.0
                return FaceBox(
                    seconds,
                    before.left + share * (after.left - before.left),
                    before.top + share * (after.top - before.top),
                    before.right + share * (after.right - before.right),
                    before.bottom + share * (after.bottom - before.bottom),
                )
        return self.boxes[0]


@dataclass(frozen=True, slots=True)
class FaceSearch:
    """A video in which the faces of people are to be found."""

    video: Asset


@dataclass(frozen=True, slots=True)
class FaceSession:
    """What a search for faces has found.

    Attributes:
        id: what later requests call it.
        video: where they were found.
        faces: those whose lips can be moved.
    """

    id: str
    video: Asset
    faces: tuple[FaceTrack, ...]

    def face(self, id: str) -> FaceTrack | None:
        """The face of that id."""
        return next((face for face in self.faces if face.id == id), None)


@dataclass(frozen=True, slots=True)
class Speech:
    """What a face is to say.

    Attributes:
        face: whose lips move.
        sound: a sound file with the voice.
        start, end: seconds of the sound between which it is used.
        insert: seconds of the video at which it begins.
        volume: of the voice, 0 to 2; 1 leaves it as it is.
        original_volume: of the video's own sound meanwhile, 0 to 2.
    """

    face: FaceTrack
    sound: Asset
    start: float
    end: float
    insert: float
    volume: float = 1.0
    original_volume: float = 1.0


@dataclass(frozen=True, slots=True)
class LipSync:
    """A video whose faces are to speak.

    Attributes:
        video: the video; everything but the mouths stays as it is.
        speeches: at least one.
    """

    video: Asset
    speeches: tuple[Speech, ...]
