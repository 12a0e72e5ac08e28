"""Tracking one person through a video."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from kirin.domain.callbacks import Progress
from kirin.vision.planes import Rgb
from kirin.vision.pose.appearance import Appearance
from kirin.vision.pose.detection_pass import (
    DetectionPass,
    PersonDetection,
    detect_person,
)
from kirin.vision.pose.errors import PersonSeldomSeen
from kirin.vision.pose.estimator import PoseEstimate, PoseEstimator
from kirin.vision.pose.frame_source import FramesAtHand, FrameSource, TimedFrame
from kirin.vision.pose.landmarks import Landmarks, Values
from kirin.vision.pose.smoothing import interpolate_gaps, smooth_landmarks

_SEARCH = 0.1  # seconds between two searches for a lost person
_OTHERS = 3  # largest people that a search considers
_HELD = 0.55  # greatest mismatch from one frame to the next
_RECOGNISED = 0.13  # seconds after which a person who moves steadily is recognised by colours again
_STEADY = 0.15  # greatest difference of place or size from one frame to the next that is steady
_NEEDED = 320.0  # least side of a region in pixels of the frames: the network takes 256
_WHO = 0.3  # share of the time that it takes to look for cuts and people
_ASTRAY = 0.35  # of a region's side: this far from a detection, the track is on someone else


@dataclass(frozen=True, slots=True, eq=False)
class Track:
    """A person's joints through a video, resampled to a constant rate.

    Attributes:
        fps: samples per second.
        size: width and height of the video, pixels.
        people: the person in every sample, from the first frame on, smoothed; interpolated where
            not detected, with visibility and presence 0.
        seen: for every sample, whether the person was detected in the nearest frame.
    """

    fps: Fraction
    size: tuple[int, int]
    people: tuple[Landmarks, ...]
    seen: tuple[bool, ...]


def track_person(
    video: Callable[[], Iterable[TimedFrame]], fps: Fraction, estimator: PoseEstimator
) -> Track:
    """As :func:`track_source`, in frames that are at hand.

    Args:
        video: returns an iterator over all frames with their times, in ascending order; each of
            shape ``(height, width, 3)`` and of one size. It is called several times.
        fps: samples per second wanted; about the rate of the frames.
        estimator: finds people and joints.
    """
    return track_source(FramesAtHand(video), fps, estimator)


def track_source(
    video: FrameSource,
    fps: Fraction,
    estimator: PoseEstimator,
    progress: Progress | None = None,
    seconds: float | None = None,
) -> Track:
    """Track the most prominent person (by size times duration) of a video.

    It reads the video twice, one frame in memory at a time: very small for cuts, with a larger
    one here and there for who is in it, and in the size that the network needs to track one
    person. A lost person is only found again near where it was, and with the same appearance, so
    the track never jumps to somebody else.

    Args:
        video: its frames.
        fps: samples per second wanted; about the rate of the frames.
        estimator: finds people and joints.
        progress: told the share that is done, 0 to 1, after each frame.
        seconds: about the length of the video, for the progress of the first reading.

    Raises:
        NoPerson: nobody was detected.
        PersonSeldomSeen: more than half of the frames do not show the person.
        VideoIsCut: the video has more than one shot.
    """
    rate = float(fps)
    steps = _Steps(progress, seconds)
    first = detect_person(video, rate, estimator, steps.looked)
    nearest = min(one.region.side for one in first.person)
    share = min(_NEEDED / max(nearest, 1.0), 1.0)
    tracker: _PersonTracker | None = None
    times, found = list[float](), list[Landmarks | None]()
    for moment, rgb in video.reduced(round(max(first.size) * share)):
        share = rgb.shape[1] / first.size[0]
        tracker = tracker or _PersonTracker(first.scaled(share), rate, estimator)
        times.append(moment)
        person = tracker.next(moment, rgb)
        if tracker.mistaken:
            found[-tracker.mistaken :] = [None] * tracker.mistaken
        found.append(person.scaled(1 / share) if person else None)
        steps.tracked(moment)
    seen = np.array([one is not None for one in found])
    if not seen.sum() * 2 >= len(found):
        gap = times[_start_of_longest_gap(seen)]
        raise PersonSeldomSeen(int((~seen).sum()), len(found), gap)
    return _smooth(found, np.array(times), fps, first)


class _Steps:
    """The progress of both readings of a video."""

    def __init__(self, progress: Progress | None, seconds: float | None) -> None:
        self._progress = progress
        self._seconds = seconds or 0.0
        self._done = 0.0

    def looked(self, moment: float) -> None:
        """Shots were told apart, and people looked for, up to a time."""
        if self._seconds:
            self._tell(_WHO * moment / max(self._seconds, moment))

    def tracked(self, moment: float) -> None:
        """The person was tracked up to a time."""
        self._tell(_WHO + (1 - _WHO) * moment / max(self._seconds, moment, 1e-6))

    def _tell(self, share: float) -> None:
        share = min(share, 1.0)
        if self._progress and share > self._done:
            self._done = share
            self._progress(share)


class _PersonTracker:
    """Tracks the person of a detection pass through the frames, given in order.

    Attributes:
        mistaken: how many frames before the last one turned out to show somebody else.
    """

    def __init__(self, about: DetectionPass, fps: float, estimator: PoseEstimator) -> None:
        self._estimator = estimator
        self._pause, self._often = _SEARCH - 0.5 / fps, _RECOGNISED - 0.5 / fps
        self._detections = {one.seconds: one for one in about.person}
        self._look = about.person[0].look
        self._last: PersonDetection | None = None
        self._lost = False
        self._next_search = 0.0
        self._now = 0.0
        self._described: tuple[PoseEstimate, Appearance] | None = None
        self._recognised: PersonDetection | None = None
        self._recognise = 0.0  # when to do it next
        self._unrecognised = 0  # frames since it was done
        self.mistaken = 0

    def next(self, seconds: float, rgb: Rgb) -> Landmarks | None:
        """The person in the next frame, or ``None`` if not visible."""
        self._now = seconds
        self.mistaken = 0
        found = self._held(rgb)
        sure = self._detections.get(seconds)
        if sure and (found is None or _astray(found, sure)):
            found = self._estimator.look(rgb, sure.region)
            if found.real:
                self._look = sure.look
                self._look_of(found)
            else:
                found = None
        if found is None and (not self._lost or seconds >= self._next_search):
            self._next_search = seconds + self._pause
            found = self._searched(rgb)
        self._lost = found is None
        if found is None:
            return None
        described = self._described
        if described and described[0] is found:
            self._look = self._look.updated(described[1])
        self._last = PersonDetection(seconds, found.region, self._look)
        if described and described[0] is found:
            self._recognise, self._unrecognised = seconds + self._often, 0
            self._recognised = self._last
        else:
            self._unrecognised += 1
        return found.landmarks

    def _held(self, rgb: Rgb) -> PoseEstimate | None:
        """The person in the last frame's region, if it is still the same one."""
        if not self._last or self._lost:
            return None
        found = self._estimator.look(rgb, self._last.region)
        if not found.real:
            return None
        now = PersonDetection(self._now, found.region, self._look)
        # The colours need the mask, which costs a third of the network: seldom while all is calm.
        if self._now < self._recognise and max(now.moved(self._last)) < _STEADY:
            return found
        if self._mismatch(found, self._last) > _HELD:
            self.mistaken, self._unrecognised = self._unrecognised, 0
            self._last = self._recognised
            return None
        return found

    def _searched(self, rgb: Rgb) -> PoseEstimate | None:
        """A new search for the person, around the nearest known position."""
        near = self._nearest()
        seen = self._estimator.glance(rgb, _OTHERS, near.region)
        found = [(self._mismatch(one, near), one) for one in seen]
        fitting = [pair for pair in found if pair[0] <= 1]
        return min(fitting, key=lambda pair: pair[0])[1] if fitting else None

    def _nearest(self) -> PersonDetection:
        """The known detection that is nearest in time."""
        known = [*self._detections.values(), *([self._last] if self._last else [])]
        return min(known, key=lambda one: abs(one.seconds - self._now))

    def _mismatch(self, found: PoseEstimate, known: PersonDetection) -> float:
        now = PersonDetection(self._now, found.region, self._look_of(found))
        return now.mismatch(PersonDetection(known.seconds, known.region, self._look))

    def _look_of(self, found: PoseEstimate) -> Appearance:
        """The appearance of an estimate; that of the last one is known."""
        if self._described is None or self._described[0] is not found:
            self._described = (found, Appearance.of(found))
        return self._described[1]


def _astray(found: PoseEstimate, sure: PersonDetection) -> bool:
    away = np.hypot(found.region.x - sure.region.x, found.region.y - sure.region.y)
    return bool(away > _ASTRAY * sure.region.side)


def _start_of_longest_gap(seen: Values) -> int:
    """First frame of the longest stretch without the person."""
    best, start, length = 0, 0, 0
    for i, one in enumerate([*seen, True]):
        if one:
            if i - start > length:
                best, length = start, i - start
            start = i + 1
    return best


def _smooth(
    found: list[Landmarks | None], times: Values, fps: Fraction, about: DetectionPass
) -> Track:
    """Resample landmarks of frames at arbitrary times to a constant rate, and smooth them."""
    rate = float(fps)
    seen = np.array([one is not None for one in found])
    count = round(float(times[-1]) * rate) + 1
    moments = np.arange(count) / rate
    side = float(np.median([one.region.side for one in about.person]))
    nobody = Landmarks(np.zeros((33, 2)), np.zeros(33), np.zeros(33), 0.0)
    people = [one or nobody for one in found]
    values = np.stack([np.column_stack([one.points, one.depth]) for one in people])
    trust = np.stack([np.append(one.visibility, one.presence) for one in people])
    everywhere = np.ones(len(people), bool)
    trusted = interpolate_gaps(trust, everywhere, times, moments)
    placed = smooth_landmarks(
        interpolate_gaps(values, seen, times, moments), trusted[:, :-1], rate, side
    )
    nearest = np.abs(times[:, None] - moments[None]).argmin(axis=0)
    return Track(
        fps,
        about.size,
        tuple(
            Landmarks(place[:, :2], place[:, 2], each[:-1], float(each[-1]))
            for place, each in zip(placed, trusted, strict=True)
        ),
        tuple(bool(one) for one in seen[nearest]),
    )
