"""Motion: what the person of a driving video does, at the times that a clip shows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np

from kirin.errors import InputsRefused
from kirin.media.decode import timed_frames
from kirin.media.refusal import MediaRefused
from kirin.vision.pose.estimator import PoseEstimator
from kirin.vision.pose.landmarks import Landmarks
from kirin.vision.pose.skeleton import Skeleton
from kirin.vision.pose.survey import TimedFrame
from kirin.vision.pose.track import Track, follow

_LARGEST = 1280  # longest side at which people are looked for: their networks see 256 pixels


@dataclass(frozen=True, slots=True, eq=False)
class Motion:
    """A driver's movement.

    Attributes:
        skeletons: one for each frame of the clip.
        width: of the video that they are in, pixels.
        seen: share of the video's time in which the person is seen.
    """

    skeletons: list[Skeleton]
    width: int
    seen: float

    @classmethod
    def read(
        cls,
        video: Path,
        fps: Fraction,
        estimator: PoseEstimator,
        clip: tuple[int, Fraction],
        check: Callable[[], None],
    ) -> Motion:
        """Follow the person of a video.

        Args:
            video: the file.
            fps: its frames a second, about: frames count at the times at which they are shown.
            estimator: finds joints.
            clip: how many frames are wanted, and how many a second.
            check: called for each frame; raises to stop.

        Raises:
            InputsRefused: there is nobody to follow, or the video is cut; the message says
                where.
        """

        track = tracked(video, fps, estimator, check)
        count, rate = clip
        times = [float(Fraction(index) / rate) for index in range(count)]
        skeletons = [Skeleton.of(moment(track, time)) for time in times]
        return cls(skeletons, track.size[0], float(np.mean(track.seen)))


def tracked(
    video: Path, fps: Fraction, estimator: PoseEstimator, check: Callable[[], None]
) -> Track:
    """Follow the person of a video file; arguments and errors as in :meth:`Motion.read`."""

    def pictures() -> Iterator[TimedFrame]:
        for seconds, rgb in timed_frames(video, max_side=_LARGEST):
            check()
            yield seconds, rgb

    try:
        return follow(pictures, fps, estimator)
    except MediaRefused as refusal:
        raise InputsRefused(f"The reference video cannot be read: {refusal.message}") from None


def moment(track: Track, seconds: float) -> Landmarks:
    """The person at a time, counted from the first frame; after the end, as at the end."""
    place = max(seconds * float(track.fps), 0.0)
    last = len(track.people) - 1
    first = min(int(place), last)
    one, two = track.people[first], track.people[min(first + 1, last)]
    share = min(place - first, 1.0)
    return Landmarks(
        one.points + share * (two.points - one.points),
        one.depth + share * (two.depth - one.depth),
        one.visibility + share * (two.visibility - one.visibility),
        one.presence + share * (two.presence - one.presence),
    )
