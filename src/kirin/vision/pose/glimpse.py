"""A glimpse of a driving video: its person in a few frames, for what must be known soon."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Final

from kirin.errors import InputsRefused
from kirin.media.refusal import MediaRefused
from kirin.vision.pose.continuation import continue_outside
from kirin.vision.pose.detection_pass import find_most_prominent
from kirin.vision.pose.estimator import PoseEstimator
from kirin.vision.pose.frame_source import VideoFile
from kirin.vision.pose.motion import DrivingMotion
from kirin.vision.pose.skeleton import Skeleton

FRAMES: Final = 16
"""Frames that are looked at, at most."""

_EVERY = 0.2  # seconds between two of them, at least
_CERTAIN = 2  # frames that cut a leg off before it counts: in a single one tracking may disagree


def glimpse_motion(
    video: Path,
    fps: Fraction,
    estimator: PoseEstimator,
    seconds: float,
    check: Callable[[], None],
) -> DrivingMotion:
    """The person of a video as :meth:`DrivingMotion.read` finds it, in a few frames alone.

    Cuts are not looked for, and whether the person is seen often enough.

    Args:
        video: the file.
        fps: its approximate frames per second.
        estimator: finds joints.
        seconds: how much of it is used, from its start.
        check: called for each frame that is looked at; raises to stop.

    Returns:
        A skeleton for each of the frames in which the person was found.

    Raises:
        InputsRefused: there is nobody in it, or it cannot be read.
    """
    count = max(int(seconds * float(fps)), 1)
    every = max(_EVERY * float(fps), count / FRAMES)
    numbers = frozenset(int(k * every) for k in range(FRAMES) if int(k * every) < count)
    try:
        frames = VideoFile(video, check).some(numbers)
        found = find_most_prominent(frames, estimator)
    except MediaRefused as refusal:
        raise InputsRefused(f"The reference video cannot be read: {refusal.message}") from None
    skeletons = [Skeleton.of(one.landmarks) for one in found.person if one.landmarks]
    width = found.size[0]
    skeletons, outside = continue_outside(skeletons, width, float(fps) / every)
    if outside * len(skeletons) < _CERTAIN - 0.5:
        outside = 0.0
    return DrivingMotion(skeletons, width, len(found.person) / found.looked_at, outside)
