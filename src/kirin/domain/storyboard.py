"""The storyboard: an immutable, engine-neutral description of the video to make.

Cards write storyboards, engines read them; neither knows the other.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from kirin.domain.assets import Asset
from kirin.domain.camera import CameraControl
from kirin.domain.footage import Footage, FootageUse
from kirin.domain.lips import LipSync


class Quality(StrEnum):
    """How much effort a video is worth."""

    STANDARD = "standard"
    HIGH = "high"


class Orientation(StrEnum):
    """Whose facing a driven character keeps: its own picture's or the driving video's."""

    IMAGE = "image"
    VIDEO = "video"


@dataclass(frozen=True, slots=True)
class Point:
    """A position in pixels of the first frame's picture, origin top-left, y down."""

    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Stroke:
    """One motion-brush stroke: the region under ``mask`` follows ``path``.

    Attributes:
        mask: a picture of the same aspect as the shot's first frame; white moves.
        path: at least two points, in the order in which they are passed.
    """

    mask: Asset
    path: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Reference:
    """A subject that appears in a shot: pictures of the same thing, or a video of it.

    Attributes:
        name: what prompts call it; empty where they cannot name it.
        views: pictures of it, the most telling first.
        video: a video of it, for subjects that were made from one.
        number: of a picture that came with the request itself: its place among them, from 1, by
            which prompts call it ``<<<image_1>>>``; 0 for a subject, whose number is its place
            among the subjects.
    """

    name: str
    views: tuple[Asset, ...]
    video: Asset | None = None
    number: int = 0


@dataclass(frozen=True, slots=True)
class Shot:
    """One uncut stretch of the video.

    Attributes:
        prompt: what happens, in the user's words; may be empty.
        seconds: length, above 0.
        first, last: the pictures that the first and the last frame show, where given.
        references: subjects to compose into the shot.
        strokes: motion-brush strokes over ``first``, painted in this order.
        still: a mask over ``first`` of what must not move.
        camera: the move that was asked for in numbers; it counts more than the prompt's words.
    """

    prompt: str
    seconds: float
    first: Asset | None = None
    last: Asset | None = None
    references: tuple[Reference, ...] = ()
    strokes: tuple[Stroke, ...] = ()
    still: Asset | None = None
    camera: CameraControl | None = None

    @property
    def drawn(self) -> bool:
        """Whether its picture comes from the prompt alone."""
        return not (self.first or self.last or self.references)


@dataclass(frozen=True, slots=True)
class Driving:
    """A video whose movement a character follows."""

    video: Asset
    orientation: Orientation
    keep_sound: bool


@dataclass(frozen=True, slots=True)
class Storyboard:
    """Everything an engine needs to know about the video to make.

    Attributes:
        model: the Kirin model that was asked for; engines that draw do not look at it, those
            that have the work done elsewhere must name it there.
        width, height: pixels of the video, both even.
        fps: frames a second.
        shots: one or more, in playing order.
        sound: whether the video gets a sound track.
        guidance: how closely to follow the prompt, 0 (freely) to 1 (strictly).
        negative_prompt: what must not be seen, in the user's words; may be empty.
        seed: 0 to 2**31 - 1; the same storyboard and seed give the same video.
        quality: effort.
        watermark: whether a second, marked file is made.
        driving: the video to follow, for motion control.
        continues: a video whose frames come first, unchanged; the shots go on from its last one.
        footage: a video to edit or to learn the camera from.
        lips: a video whose faces are to speak, and what they say.
    """

    model: str
    width: int
    height: int
    fps: Fraction
    shots: tuple[Shot, ...]
    sound: bool = False
    guidance: float = 0.5
    negative_prompt: str = ""
    seed: int = 0
    quality: Quality = Quality.STANDARD
    watermark: bool = False
    driving: Driving | None = None
    continues: Asset | None = None
    footage: Footage | None = None
    lips: LipSync | None = None

    @property
    def seconds(self) -> float:
        """Length of all shots: of what is made anew."""
        return sum(shot.seconds for shot in self.shots)

    @property
    def measure(self) -> Asset | None:
        """The video that gives this one its length, if one does."""
        if self.driving:
            return self.driving.video
        edited = self.footage and self.footage.use is FootageUse.BASE
        return self.footage.video if self.footage and edited else None

    @property
    def frame_count(self) -> int:
        """Frames of the whole video: seconds times fps, to the nearest frame."""
        return self.cuts()[-1]

    @property
    def size(self) -> str:
        """Width, height and frames, ``1280x720x120``: videos of one size take about as long."""
        return f"{self.width}x{self.height}x{self.frame_count}"

    def lengths(self) -> tuple[int, ...]:
        """Frames of each shot; 0 for one that is shorter than a frame."""
        return tuple(end - start for start, end in itertools.pairwise((0, *self.cuts())))

    def cuts(self) -> tuple[int, ...]:
        """Frame numbers at which each shot ends (exclusive).

        They are rounded from the running time and not shot by shot, so that the frames
        of many shots add up exactly to those of the whole.
        """
        ends: list[int] = []
        elapsed: int | Fraction = 0
        for shot in self.shots:
            # Whole seconds are the rule, and fractions take twenty times as long.
            whole = int(shot.seconds)
            elapsed += whole if whole == shot.seconds else Fraction(shot.seconds)
            ends.append(round(elapsed * self.fps))
        return tuple(ends)

    def assets(self) -> Iterator[Asset]:
        """Every asset that the storyboard names; one used twice comes twice."""
        for shot in self.shots:
            if shot.first:
                yield shot.first
            if shot.last:
                yield shot.last
            for reference in shot.references:
                yield from reference.views
                if reference.video:
                    yield reference.video
            for stroke in shot.strokes:
                yield stroke.mask
            if shot.still:
                yield shot.still
        if self.driving:
            yield self.driving.video
        if self.continues:
            yield self.continues
        if self.footage:
            yield self.footage.video
        if self.lips:
            yield self.lips.video
            yield from (speech.sound for speech in self.lips.speeches)
