"""The motion of a driving video's person, resampled to the frames of a clip."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np

from kirin.domain.callbacks import Progress
from kirin.errors import InputsRefused
from kirin.media.refusal import MediaRefused
from kirin.vision.pose.continuation import continue_outside
from kirin.vision.pose.estimator import PoseEstimator
from kirin.vision.pose.frame_source import VideoFile
from kirin.vision.pose.landmarks import Landmarks
from kirin.vision.pose.skeleton import Skeleton
from kirin.vision.pose.track import Track, track_source


@dataclass(frozen=True, slots=True, eq=False)
class DrivingMotion:
    """A driver's movement.

    Attributes:
        skeletons: one per frame of the clip.
        width: of the video, in the skeletons' pixels.
        seen: share of the video's time in which the person was detected.
        outside: share of the frames in which the video cuts off a leg at its side, so that the
            movement was continued.
    """

    skeletons: list[Skeleton]
    width: int
    seen: float
    outside: float = 0.0

    @classmethod
    def read(
        cls,
        video: Path,
        fps: Fraction,
        estimator: PoseEstimator,
        clip: tuple[int, Fraction],
        check: Callable[[], None],
        progress: Progress | None = None,
    ) -> DrivingMotion:
        """Track the person of a video.

        Args:
            video: the file.
            fps: its approximate frames per second; the frames' own times are used.
            estimator: finds joints.
            clip: number of frames wanted, and their rate per second.
            check: called for each frame; raises to stop.
            progress: told the share of the work that is done, 0 to 1.

        Raises:
            InputsRefused: there is nobody to track, or the video is cut; the message says where.
        """
        count, rate = clip
        track = track_video(video, fps, estimator, check, progress, float(count / rate))
        times = [float(Fraction(index) / rate) for index in range(count)]
        skeletons = [Skeleton.of(landmarks_at(track, time)) for time in times]
        width = track.size[0]
        skeletons, outside = continue_outside(skeletons, width, float(rate))
        return cls(skeletons, width, float(np.mean(track.seen)), outside)


def track_video(
    video: Path,
    fps: Fraction,
    estimator: PoseEstimator,
    check: Callable[[], None],
    progress: Progress | None = None,
    seconds: float | None = None,
) -> Track:
    """Track the person of a video file.

    Args:
        video, fps, estimator, check, progress: as for :meth:`DrivingMotion.read`.
        seconds: about the length of the video, if it is known.

    Raises:
        InputsRefused: as there.
    """
    try:
        return track_source(VideoFile(video, check), fps, estimator, progress, seconds)
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
