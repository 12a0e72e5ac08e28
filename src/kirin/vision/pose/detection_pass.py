"""The person detection pass over a video: who is in it, and whether it is a single shot."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from math import hypot, log

from kirin.vision.pose.appearance import Appearance
from kirin.vision.pose.errors import NoPerson, VideoIsCut
from kirin.vision.pose.estimator import PoseEstimator
from kirin.vision.pose.frame_source import FrameSource, TimedFrame
from kirin.vision.pose.landmarks import Landmarks
from kirin.vision.pose.region import Region
from kirin.vision.pose.shot_boundary import ShotBoundaryDetector

EVERY = 0.4
"""Seconds between the frames in which people are detected."""

_LONGEST = 1.0  # seconds after which tolerances grow no further
_PEOPLE = 4  # largest people per frame: a crowd must not take for ever
_STEP = 0.5  # tolerance of the position, in sides of a region
_PACE = 1.0  # its growth per second since the last detection
_GROWTH = 0.5  # tolerance of the logarithm of a region's side; it grows by 1 per second
_ALIKE = 0.6  # least similarity of one person's appearances
_SURER = 0.2  # its growth per second: the farther apart, the stricter


@dataclass(frozen=True, slots=True, eq=False)
class PersonDetection:
    """A person detected in a frame.

    Attributes:
        seconds: time of the frame, from the first.
        region: around the person.
        look: the person's colours.
        landmarks: the person's joints, where they were kept.
    """

    seconds: float
    region: Region
    look: Appearance
    landmarks: Landmarks | None = None

    def scaled(self, share: float) -> PersonDetection:
        """The same in a video resized by a factor."""
        joints = self.landmarks.scaled(share) if self.landmarks else None
        return replace(self, region=self.region.scaled(share), landmarks=joints)

    def moved(self, other: PersonDetection) -> tuple[float, float]:
        """How far two detections are apart, and how different in size; 1 is just possible."""
        seconds = min(abs(self.seconds - other.seconds), _LONGEST)
        a, b = self.region, other.region
        away = hypot(a.x - b.x, a.y - b.y) / max(a.side, b.side) / (_STEP + _PACE * seconds)
        return away, abs(log(a.side / b.side)) / (_GROWTH + seconds)

    def mismatch(self, other: PersonDetection) -> float:
        """How badly two detections match as one person: 0 (perfectly) to 1 (just possible).

        Infinite where they are too far apart, or too different in size or colours.
        """
        seconds = min(abs(self.seconds - other.seconds), _LONGEST)
        away, grown = self.moved(other)
        alike = _ALIKE + _SURER * seconds
        unlike = (1 - self.look.similarity(other.look)) / (1 - alike)
        worst = max(away, grown, unlike)
        return (away + grown + 2 * unlike) / 4 if worst <= 1 else float("inf")


@dataclass(frozen=True, slots=True)
class DetectionPass:
    """The result of the detection pass.

    Attributes:
        size: width and height of the video in pixels.
        person: detections of the most prominent person, in order of time.
        looked_at: frames in which people were looked for.
    """

    size: tuple[int, int]
    person: tuple[PersonDetection, ...]
    looked_at: int

    def scaled(self, share: float) -> DetectionPass:
        """The same in a video resized by a factor."""
        width, height = self.size
        size = round(width * share), round(height * share)
        return replace(self, size=size, person=tuple(one.scaled(share) for one in self.person))


def detect_person(
    video: FrameSource,
    fps: float,
    estimator: PoseEstimator,
    looked: Callable[[float], None],
) -> DetectionPass:
    """Find the most prominent person of a video, with a detection every :data:`EVERY` seconds.

    Prominence is the size of a person, summed over the detections.

    Args:
        video: its frames.
        fps: approximate number of frames per second.
        estimator: detects people.
        looked: told the time of each frame.

    Raises:
        VideoIsCut: the video has more than one shot.
        NoPerson: nobody was detected.
    """
    cuts, times = ShotBoundaryDetector(), list[float]()

    def chosen() -> Iterator[TimedFrame]:
        for seconds, small, full in video.overview(EVERY - 0.5 / fps):
            cuts.add(small)
            times.append(seconds)
            if full is not None:
                yield seconds, full
            looked(seconds)

    found: DetectionPass | NoPerson
    try:
        found = find_most_prominent(chosen(), estimator)
    except NoPerson as nobody:
        found = nobody
    cut = cuts.first()
    if cut is not None:  # of a video that is cut too, this is the more useful answer
        raise VideoIsCut(times[cut])
    if isinstance(found, NoPerson):
        raise found
    return found


def find_most_prominent(frames: Iterable[TimedFrame], estimator: PoseEstimator) -> DetectionPass:
    """Find the most prominent person of frames that are at most some seconds apart.

    Args:
        frames: in order of time.
        estimator: detects people.

    Raises:
        NoPerson: nobody was detected.
    """
    people, size, count = list[list[PersonDetection]](), (0, 0), 0
    for seconds, rgb in frames:
        size, count = (rgb.shape[1], rgb.shape[0]), count + 1
        _link(
            people,
            [
                PersonDetection(seconds, one.region, Appearance.of(one), one.landmarks)
                for one in estimator.glance(rgb, _PEOPLE)
            ],
        )
    if not people:
        raise NoPerson
    largest = max(people, key=lambda seen: sum(one.region.side for one in seen))
    return DetectionPass(size, tuple(largest), count)


def _link(people: list[list[PersonDetection]], seen: list[PersonDetection]) -> None:
    """Assign the detections of one frame to known people, greedily, or to new ones."""
    pairs = [
        (_expected(detections, one.seconds).mismatch(one), i, j)
        for i, detections in enumerate(people)
        for j, one in enumerate(seen)
    ]
    matched, assigned = set[int](), set[int]()
    for mismatch, i, j in sorted(pairs):
        if mismatch <= 1 and i not in matched and j not in assigned:
            people[i].append(seen[j])
            matched.add(i)
            assigned.add(j)
    people.extend([one] for j, one in enumerate(seen) if j not in assigned)


def _expected(detections: list[PersonDetection], seconds: float) -> PersonDetection:
    """A person's last detection, extrapolated linearly to a later time."""
    last = detections[-1]
    if len(detections) < 2:
        return last
    before = detections[-2]
    ahead = min(1.0, (seconds - last.seconds) / (last.seconds - before.seconds))
    a, b = before.region, last.region
    moved = Region(b.x + ahead * (b.x - a.x), b.y + ahead * (b.y - a.y), b.side, b.angle)
    return PersonDetection(last.seconds, moved, last.look)
