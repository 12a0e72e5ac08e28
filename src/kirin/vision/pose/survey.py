"""A first look at a video: who is in it, and whether it is one shot."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import hypot, log

from kirin.vision.planes import Rgb
from kirin.vision.pose.appearance import Appearance
from kirin.vision.pose.cuts import CutFinder
from kirin.vision.pose.estimator import PoseEstimator
from kirin.vision.pose.refusal import NoPerson, VideoIsCut
from kirin.vision.pose.region import Region

TimedFrame = tuple[float, Rgb]
"""A frame, and the seconds from the first at which it is shown."""

EVERY = 0.4
"""Seconds from one look at the video to the next."""

_LONGEST = 1.0  # seconds for which this goes on: then they may be anywhere, so they are not here
_PEOPLE = 4  # that are looked at, the largest: a crowd must not take for ever
_STEP = 0.5  # of a region's side: how far somebody is from where we expect them
_PACE = 1.0  # sides a second that this grows by, the longer we have not seen them
_GROWTH = 0.5  # of the logarithm of a region's side, likewise
_ALIKE = 0.6  # least likeness of one and the same person,
_SURER = 0.2  # and more of it for every second that we have not seen them


@dataclass(frozen=True, slots=True, eq=False)
class Sighting:
    """Somebody at one moment.

    Attributes:
        seconds: when, from the first frame.
        region: around them.
        look: their colours.
    """

    seconds: float
    region: Region
    look: Appearance

    def strangeness(self, other: Sighting) -> float:
        """How unlike the same person two sightings are: 0, quite the same, to 1, just possible.

        Infinite where they are too far apart, too different in size or in colours.
        """
        seconds = min(abs(self.seconds - other.seconds), _LONGEST)
        a, b = self.region, other.region
        away = hypot(a.x - b.x, a.y - b.y) / max(a.side, b.side) / (_STEP + _PACE * seconds)
        grown = abs(log(a.side / b.side)) / (_GROWTH + seconds)
        alike = _ALIKE + _SURER * seconds
        unlike = (1 - self.look.likeness(other.look)) / (1 - alike)
        worst = max(away, grown, unlike)
        return (away + grown + 2 * unlike) / 4 if worst <= 1 else float("inf")


@dataclass(frozen=True, slots=True)
class Survey:
    """What a first look at a video tells.

    Attributes:
        size: width and height, pixels.
        person: sightings of the one with the largest presence, in order of time.
    """

    size: tuple[int, int]
    person: tuple[Sighting, ...]


def survey(frames: Iterable[TimedFrame], fps: float, estimator: PoseEstimator) -> Survey:
    """Look through a video, at people every 0.4 s.

    The person with the largest presence is the one whose sizes, summed over the sightings, are
    largest.

    Args:
        frames: with the seconds at which each is shown, from the first.
        fps: how many frames a second there are, about.
        estimator: finds people.

    Raises:
        VideoIsCut: there is more than one shot in it.
        NoPerson: nobody was seen.
    """
    cuts, people = CutFinder(), list[list[Sighting]]()
    times, size, next_look = list[float](), (0, 0), 0.0
    for seconds, rgb in frames:
        cuts.add(rgb)
        times.append(seconds)
        size = (rgb.shape[1], rgb.shape[0])
        if seconds >= next_look:
            next_look = seconds + EVERY - 0.5 / fps
            seen = estimator.glance(rgb, _PEOPLE)
            _link(people, [Sighting(seconds, one.region, Appearance.of(one)) for one in seen])
    cut = cuts.first()
    if cut is not None:
        raise VideoIsCut(times[cut])
    if not people:
        raise NoPerson
    largest = max(people, key=lambda seen: sum(one.region.side for one in seen))
    return Survey(size, tuple(largest))


def _link(people: list[list[Sighting]], seen: list[Sighting]) -> None:
    """Add sightings of one frame to the people they are of, or as somebody new."""
    pairs = [
        (_expected(sightings, one.seconds).strangeness(one), i, j)
        for i, sightings in enumerate(people)
        for j, one in enumerate(seen)
    ]
    known, told = set[int](), set[int]()
    for strangeness, i, j in sorted(pairs):
        if strangeness <= 1 and i not in known and j not in told:
            people[i].append(seen[j])
            known.add(i)
            told.add(j)
    people.extend([one] for j, one in enumerate(seen) if j not in told)


def _expected(sightings: list[Sighting], seconds: float) -> Sighting:
    """The last of somebody, moved on to a later time as they moved before."""
    last = sightings[-1]
    if len(sightings) < 2:
        return last
    before = sightings[-2]
    ahead = min(1.0, (seconds - last.seconds) / (last.seconds - before.seconds))
    a, b = before.region, last.region
    moved = Region(b.x + ahead * (b.x - a.x), b.y + ahead * (b.y - a.y), b.side, b.angle)
    return Sighting(last.seconds, moved, last.look)
