"""The motion of a driving video's person, resampled to the frames of a clip."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np

from kirin.errors import InputsRefused
from kirin.media.decode import timed_frames
from kirin.media.refusal import MediaRefused
from kirin.vision.pose.detection_pass import TimedFrame
from kirin.vision.pose.estimator import PoseEstimator
from kirin.vision.pose.landmarks import Landmarks
from kirin.vision.pose.skeleton import Skeleton
from kirin.vision.pose.track import Track, track_person

_LARGEST = 1280  # longest side at which frames are analysed: the networks take 256 pixels


@dataclass(frozen=True, slots=True, eq=False)
class DrivingMotion:
    """A driver's movement.

    Attributes:
        skeletons: one per frame of the clip.
        width: of the video, in the skeletons' pixels.
        seen: share of the video's time in which the person was detected.
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
    ) -> DrivingMotion:
        """Track the person of a video.

        Args:
            video: the file.
            fps: its approximate frames per second; the frames' own times are used.
            estimator: finds joints.
            clip: number of frames wanted, and their rate per second.
            check: called for each frame; raises to stop.

        Raises:
            InputsRefused: there is nobody to track, or the video is cut; the message says where.
        """
        track = track_video(video, fps, estimator, check)
        count, rate = clip
        times = [float(Fraction(index) / rate) for index in range(count)]
        skeletons = [Skeleton.of(landmarks_at(track, time)) for time in times]
        return cls(skeletons, track.size[0], float(np.mean(track.seen)))


def track_video(
    video: Path, fps: Fraction, estimator: PoseEstimator, check: Callable[[], None]
) -> Track:
    """Track the person of a video file; arguments and errors as in :meth:`DrivingMotion.read`."""

    def pictures() -> Iterator[TimedFrame]:
        for seconds, rgb in timed_frames(video, max_side=_LARGEST):
            check()
            yield seconds, rgb

    try:
        return track_person(pictures, fps, estimator)
    except MediaRefused as refusal:
        raise InputsRefused(f"The reference video cannot be read: {refusal.message}") from None


def landmarks_at(track: Track, seconds: float) -> Landmarks:
    """Landmarks at a time from the first frame; beyond the end, the last ones."""
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
