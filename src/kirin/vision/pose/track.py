"""Following one person through a video."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from kirin.vision.planes import Rgb
from kirin.vision.pose.appearance import Appearance
from kirin.vision.pose.estimator import Estimate, PoseEstimator
from kirin.vision.pose.landmarks import Landmarks, Values
from kirin.vision.pose.refusal import PersonSeldomSeen
from kirin.vision.pose.smoothing import bridged, smoothed
from kirin.vision.pose.survey import Sighting, Survey, TimedFrame, survey

_SEARCH = 0.1  # seconds between two searches for somebody lost
_OTHERS = 3  # people who are looked at in a search, the largest
_HELD = 0.55  # most strangeness from one frame to the next of somebody who is followed
_ASTRAY = 0.35  # of a side: how far from a sighting the one who is followed must be another


@dataclass(frozen=True, slots=True, eq=False)
class Track:
    """A person's joints through a video, at a constant rate whatever the video's own is.

    Attributes:
        fps: moments a second.
        size: width and height of the video, pixels.
        people: the person at every moment, from the first frame on, smoothed; bridged where not
            seen, with visibility and presence 0.
        seen: for every moment, whether the frame nearest to it really shows the person.
    """

    fps: Fraction
    size: tuple[int, int]
    people: tuple[Landmarks, ...]
    seen: tuple[bool, ...]


def follow(
    video: Callable[[], Iterable[TimedFrame]], fps: Fraction, estimator: PoseEstimator
) -> Track:
    """The person with the largest presence (size times time) in a video.

    It goes through the video twice, one frame in memory at a time: first to see who is there,
    then to follow the one. Somebody lost is found again only where and as they can be; nobody
    else takes their place. Takes 30 ms of one core a frame at 720p, apart from decoding.

    Args:
        video: gives its frames, the same at every call: each with the seconds from the first at
            which it is shown, in ascending order, and pixels of shape ``(height, width, 3)``, all
            of one size.
        fps: how many moments a second are wanted; about as many frames as there are.
        estimator: for the joints.

    Raises:
        NoPerson: nobody was seen.
        PersonSeldomSeen: more than half of the frames do not show the person.
        VideoIsCut: there is more than one shot in it.
    """
    rate = float(fps)
    first = survey(video(), rate, estimator)
    pursuit = _Pursuit(first, rate, estimator)
    times, found = list[float](), list[Landmarks | None]()
    for seconds, rgb in video():
        times.append(seconds)
        found.append(pursuit.next(seconds, rgb))
    seen = np.array([one is not None for one in found])
    if not seen.sum() * 2 >= len(found):
        gap = times[_longest_gap(seen)]
        raise PersonSeldomSeen(int((~seen).sum()), len(found), gap)
    return _smooth(found, np.array(times), fps, first)


class _Pursuit:
    """Follows the person of a survey through the frames, given one after the other."""

    def __init__(self, about: Survey, fps: float, estimator: PoseEstimator) -> None:
        self._estimator = estimator
        self._pause = _SEARCH - 0.5 / fps
        self._sightings = {one.seconds: one for one in about.person}
        self._look = about.person[0].look
        self._last: Sighting | None = None
        self._lost = False
        self._next_search = 0.0
        self._now = 0.0

    def next(self, seconds: float, rgb: Rgb) -> Landmarks | None:
        """The person in the next frame, or ``None`` where they are not to be seen."""
        self._now = seconds
        found = self._held(rgb)
        sure = self._sightings.get(seconds)
        if sure and (found is None or _astray(found, sure)):
            found = self._estimator.look(rgb, sure.region)
            if found.real:
                self._look = sure.look
            else:
                found = None
        if found is None and (not self._lost or seconds >= self._next_search):
            self._next_search = seconds + self._pause
            found = self._searched(rgb)
        self._lost = found is None
        if found is None:
            return None
        look = Appearance.of(found)
        self._look = self._look.learning(look)
        self._last = Sighting(seconds, found.region, self._look)
        return found.landmarks

    def _held(self, rgb: Rgb) -> Estimate | None:
        """Whom the last frame's region still holds, if that is the same person."""
        if not self._last or self._lost:
            return None
        found = self._estimator.look(rgb, self._last.region)
        if not found.real or self._strangeness(found, self._last) > _HELD:
            return None
        return found

    def _searched(self, rgb: Rgb) -> Estimate | None:
        """The person, looked for anew near where they were or will be."""
        near = self._nearest()
        seen = self._estimator.glance(rgb, _OTHERS, near.region)
        found = [(self._strangeness(one, near), one) for one in seen]
        fitting = [pair for pair in found if pair[0] <= 1]
        return min(fitting, key=lambda pair: pair[0])[1] if fitting else None

    def _nearest(self) -> Sighting:
        """What we know of the person nearest in time."""
        known = [*self._sightings.values(), *([self._last] if self._last else [])]
        return min(known, key=lambda one: abs(one.seconds - self._now))

    def _strangeness(self, found: Estimate, known: Sighting) -> float:
        now = Sighting(self._now, found.region, Appearance.of(found))
        return now.strangeness(Sighting(known.seconds, known.region, self._look))


def _astray(found: Estimate, sure: Sighting) -> bool:
    away = np.hypot(found.region.x - sure.region.x, found.region.y - sure.region.y)
    return bool(away > _ASTRAY * sure.region.side)


def _longest_gap(seen: Values) -> int:
    """The first frame of the longest stretch without the person."""
    best, start, length = 0, 0, 0
    for i, one in enumerate([*seen, True]):
        if one:
            if i - start > length:
                best, length = start, i - start
            start = i + 1
    return best


def _smooth(found: list[Landmarks | None], times: Values, fps: Fraction, about: Survey) -> Track:
    """The person at a constant rate, from what was found in frames at their own times."""
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
    trusted = bridged(trust, everywhere, times, moments)
    placed = smoothed(bridged(values, seen, times, moments), trusted[:, :-1], rate, side)
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
