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
from kirin.vision.pose.survey import Sighting, Survey, survey

_SEARCH = 0.1  # seconds between two searches for somebody lost
_OTHERS = 3  # people who are looked at in a search, the largest
_HELD = 0.55  # most strangeness from one frame to the next of somebody who is followed
_ASTRAY = 0.35  # of a side: how far from a sighting the one who is followed must be another


@dataclass(frozen=True, slots=True, eq=False)
class Track:
    """A person's joints through a video.

    Attributes:
        fps: frames a second.
        size: width and height of the video, pixels.
        people: the person in every frame, smoothed; bridged where not seen, with visibility
            and presence 0.
        seen: for every frame, whether the person was really seen.
    """

    fps: Fraction
    size: tuple[int, int]
    people: tuple[Landmarks, ...]
    seen: tuple[bool, ...]


def follow(video: Callable[[], Iterable[Rgb]], fps: Fraction, estimator: PoseEstimator) -> Track:
    """The person with the largest presence (size times time) in a video, frame by frame.

    It goes through the video twice, one frame in memory at a time: first to see who is there,
    then to follow the one. Somebody lost is found again only where and as they can be; nobody
    else takes their place. Takes 30 ms of one core a frame at 720p, apart from decoding.

    Args:
        video: gives its frames, the same at every call: shape ``(height, width, 3)``, all of
            one size, at a constant rate.
        fps: that rate.
        estimator: for the joints.

    Raises:
        NoPerson: nobody was seen.
        PersonSeldomSeen: more than half of the frames do not show the person.
        VideoIsCut: there is more than one shot in it.
    """
    rate = float(fps)
    first = survey(video(), rate, estimator)
    pursuit = _Pursuit(first, rate, estimator)
    found = [pursuit.next(rgb) for rgb in video()]
    seen = np.array([one is not None for one in found])
    if not seen.sum() * 2 >= len(found):
        raise PersonSeldomSeen(int((~seen).sum()), len(found), _longest_gap(seen) / rate)
    people = _smooth(found, seen, rate, first)
    return Track(fps, first.size, people, tuple(bool(one) for one in seen))


class _Pursuit:
    """Follows the person of a survey through the frames, given one after the other."""

    def __init__(self, about: Survey, fps: float, estimator: PoseEstimator) -> None:
        self._estimator = estimator
        self._fps = fps
        self._sightings = {one.frame: one for one in about.person}
        self._look = about.person[0].look
        self._last: Sighting | None = None
        self._lost_for = 0
        self._frame = -1

    def next(self, rgb: Rgb) -> Landmarks | None:
        """The person in the next frame, or ``None`` where they are not to be seen."""
        self._frame += 1
        found = self._held(rgb)
        sure = self._sightings.get(self._frame)
        if sure and (found is None or _astray(found, sure)):
            found = self._estimator.look(rgb, sure.region)
            if found.real:
                self._look = sure.look
            else:
                found = None
        if found is None and self._lost_for % max(1, round(_SEARCH * self._fps)) == 0:
            found = self._searched(rgb)
        if found is None:
            self._lost_for += 1
            return None
        self._lost_for = 0
        look = Appearance.of(found)
        self._look = self._look.learning(look)
        self._last = Sighting(self._frame, found.region, self._look)
        return found.landmarks

    def _held(self, rgb: Rgb) -> Estimate | None:
        """Whom the last frame's region still holds, if that is the same person."""
        if not self._last or self._lost_for:
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
        return min(known, key=lambda one: abs(one.frame - self._frame))

    def _strangeness(self, found: Estimate, known: Sighting) -> float:
        now = Sighting(self._frame, found.region, Appearance.of(found))
        return now.strangeness(Sighting(known.frame, known.region, self._look), self._fps)


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


def _smooth(
    found: list[Landmarks | None], seen: Values, fps: float, about: Survey
) -> tuple[Landmarks, ...]:
    side = float(np.median([one.region.side for one in about.person]))
    nobody = Landmarks(np.zeros((33, 2)), np.zeros(33), np.zeros(33), 0.0)
    people = [one or nobody for one in found]
    values = np.stack([np.column_stack([one.points, one.depth]) for one in people])
    trust = np.stack([one.visibility for one in people])
    values = smoothed(bridged(values, seen), trust, fps, side)
    return tuple(
        Landmarks(place[:, :2], place[:, 2], one.visibility, one.presence)
        for place, one in zip(values, people, strict=True)
    )
