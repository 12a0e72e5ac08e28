"""The faces of a whole video: who is seen when and where."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np

from kirin.domain.lips import UNSEEN, FaceBox, FaceTrack
from kirin.media.decode import facts, frames_at
from kirin.vision.blaze import intersection_over_union, tile_starts
from kirin.vision.face.appearance import FaceAppearance
from kirin.vision.face.detector import FaceDetection
from kirin.vision.face.estimator import FaceEstimator, region_around
from kirin.vision.planes import Rgb
from kirin.vision.pose.landmarks import Values
from kirin.vision.pose.region import Region

STEP: Final = 0.2
"""Seconds from one look at a video to the next."""

MOST_LOOKS: Final = 400
"""Most looks at a video; a longer one is looked at less often."""

MOST_FACES: Final = 10
"""Most faces that are told, those that are seen longest and largest."""

LARGEST: Final = 1280
"""Longest side at which pictures are looked at."""

KNOWN_AGAIN: Final = 0.7
"""Least likeness of somebody who comes back to who was seen before. Different people in one
picture are below 0.5; one person in another light or another expression may be, too."""

_CLOSE_UP: Final = 5  # looks from one search for small faces to the next
_MOST_AT_ONCE: Final = 8  # faces whose mesh is looked at in one picture
_LEAST: Final = 24.0  # pixels: height of a face that is told
_LEAST_LOOKS: Final = 3  # in which a face is seen
_SAME_PLACE: Final = 0.25  # least overlap from look to look
_STILL_ALIKE: Final = 0.3  # least likeness from look to look: less is a cut to somebody else
_JUMP: Final = 0.75  # likeness that makes up for no overlap
_KEPT: Final = 10  # appearances that are kept of each stretch
_PRESENT: Final = 0.5
_PASSES: Final = 2
_AROUND: Final = 0.35  # of the face: margin of its picture
_FRONTAL: Final = 3.0  # exponent: a sharp profile is no better than a softer view from the front


@dataclass(frozen=True, slots=True, eq=False)
class FoundFace:
    """A person's face in a video.

    Attributes:
        track: when and where it is seen; ids are ``"1"``, ``"2"`` and so on.
        picture: its best view, cut out with some margin: sharp, and from the front.
    """

    track: FaceTrack
    picture: Rgb


def find_faces(
    path: Path,
    estimator: FaceEstimator,
    check: Callable[[], None] = lambda: None,
    progress: Callable[[float], None] = lambda _: None,
) -> list[FoundFace]:
    """Find the faces of a video, in order of their appearance and from left to right.

    The video is looked at five times a second. A face is linked from look to look by its place and
    its likeness, and gaps of up to :data:`~kirin.domain.lips.UNSEEN` seconds are closed. Somebody
    who comes back after more keeps the id if the face still looks the same: by the correlation of
    fine details of the upright face and its colour. With a much different expression, turn or light
    it is somebody new. Two faces that are seen at once are always two people.

    Args:
        path: the video.
        estimator: the networks.
        check: called for each look; raises to stop.
        progress: told which share of the video has been looked at.

    Returns:
        At most :data:`MOST_FACES`; boxes are in pixels of the video as displayed, from the hairline
        to the chin.

    Raises:
        MediaRefused: it is no video that can be read.
        OSError: there is no such file.
    """
    about = facts(path)
    step = max(STEP, about.seconds / MOST_LOOKS)
    times = np.arange(0.0, about.last + step / 2, step).clip(0, about.last).tolist()
    scale = max(1.0, max(about.width, about.height) / LARGEST)
    stretches: list[_FaceStretch] = []
    for number, (seconds, rgb) in enumerate(frames_at(path, times, LARGEST)):
        check()
        seen = list(_seen(rgb, stretches, estimator, seconds, close=number % _CLOSE_UP == 0))
        _link(stretches, seen, seconds, rgb)
        progress((number + 1) / len(times))
    lasting = [each for each in stretches if len(each.boxes) >= min(_LEAST_LOOKS, len(times))]
    people = _people(lasting)
    people.sort(key=lambda each: -each.weight)
    people = sorted(people[:MOST_FACES], key=lambda each: (each.boxes[0][0], each.boxes[0][1][0]))
    end = about.seconds
    return [
        FoundFace(_track(str(number), each, scale, step, end), each.picture)
        for number, each in enumerate(people, 1)
    ]


@dataclass(frozen=True, slots=True, eq=False)
class _FaceSight:
    """A face in one picture."""

    points: Values
    appearance: FaceAppearance

    @property
    def box(self) -> Values:
        return np.concatenate([self.points.min(axis=0), self.points.max(axis=0)])


@dataclass(slots=True, eq=False)
class _FaceStretch:
    """A face that is followed through consecutive looks; then those of one person."""

    boxes: list[tuple[float, Values]] = field(default_factory=list)
    looks: list[FaceAppearance] = field(default_factory=list)
    points: Values = field(default_factory=lambda: np.zeros((468, 2)))
    picture: Rgb = field(default_factory=lambda: np.zeros((1, 1, 3), np.uint8))
    best: float = -1.0

    @property
    def last(self) -> float:
        return self.boxes[-1][0]

    @property
    def weight(self) -> float:
        """Looks times height: who matters."""
        return sum(float(box[3] - box[1]) for _, box in self.boxes)

    def add(self, seconds: float, sight: _FaceSight, rgb: Rgb) -> None:
        box = sight.box
        self.boxes.append((seconds, box))
        self.points = sight.points
        self._keep(sight.appearance)
        look = sight.appearance
        height = float(box[3] - box[1])
        good = look.frontal**_FRONTAL * np.sqrt(look.sharpness) * min(height, 200.0)
        if good > self.best:
            self.best, self.picture = float(good), _cut_out(rgb, box)

    def _keep(self, look: FaceAppearance) -> None:
        """Keep different views: the two that are most alike are one too many."""
        self.looks.append(look)
        if len(self.looks) > _KEPT:
            pairs = [
                (self.looks[i].likeness(self.looks[i + 1]), i) for i in range(len(self.looks) - 1)
            ]
            # The last one stays: the next look is compared with it.
            del self.looks[max(pairs)[1]]

    def likeness(self, other: _FaceStretch) -> float:
        return max(a.likeness(b) for a in self.looks for b in other.looks)

    def meets(self, other: _FaceStretch) -> bool:
        """Whether both are seen at one time."""
        return bool({time for time, _ in self.boxes} & {time for time, _ in other.boxes})

    def joined(self, other: _FaceStretch) -> _FaceStretch:
        better = self if self.best >= other.best else other
        boxes = sorted([*self.boxes, *other.boxes], key=lambda each: each[0])
        looks = [*self.looks, *other.looks]
        return _FaceStretch(boxes, looks, other.points, better.picture, better.best)


def _seen(
    rgb: Rgb,
    stretches: list[_FaceStretch],
    estimator: FaceEstimator,
    seconds: float,
    *,
    close: bool,
) -> Iterator[_FaceSight]:
    """The faces of a picture: those detected, and those that are still where they were."""
    found: list[Values] = []
    regions = [each.region for each in _detections(rgb, estimator, close=close)]
    regions += [region_around(each.points) for each in stretches if seconds - each.last <= UNSEEN]
    for region in regions:
        if len(found) >= _MOST_AT_ONCE:
            return
        if any(_overlap(points, region) for points in found):
            continue
        points = _mesh(rgb, region, estimator)
        if points is None:
            continue
        box = np.concatenate([points.min(axis=0), points.max(axis=0)])
        known = (np.concatenate([each.min(axis=0), each.max(axis=0)]) for each in found)
        if box[3] - box[1] < _LEAST or any(intersection_over_union(box, b) > 0.3 for b in known):
            continue
        found.append(points)
        yield _FaceSight(points, FaceAppearance.of(rgb, points))


def _detections(rgb: Rgb, estimator: FaceEstimator, *, close: bool) -> list[FaceDetection]:
    """Detected faces; ``close`` also looks at overlapping squares, for small ones."""
    found = estimator.detector.find(rgb)
    height, width = rgb.shape[:2]
    side = min(height, width)
    if not close or max(height, width) < 1.2 * side:
        return found
    for top in tile_starts(height, side):
        for left in tile_starts(width, side):
            part = np.ascontiguousarray(rgb[top : top + side, left : left + side])
            corner = np.array([left, top])
            found += [
                FaceDetection(each.box + np.tile(corner, 2), each.marks + corner, each.score)
                for each in estimator.detector.find(part)
            ]
    return found


def _mesh(rgb: Rgb, region: Region, estimator: FaceEstimator) -> Values | None:
    points: Values | None = None
    for _ in range(_PASSES):
        points, _, presence = estimator.look(rgb, region)
        if presence < _PRESENT:
            return None
        region = region_around(points)
    if points is None:
        return None
    # Mostly outside of the picture there is nothing to be seen of a face.
    middle = points.mean(axis=0)
    inside = (middle > 0).all() and middle[0] < rgb.shape[1] and middle[1] < rgb.shape[0]
    return points if inside else None


def _overlap(points: Values, region: Region) -> bool:
    """Whether a region is that of a face that has been found."""
    middle = (points.min(axis=0) + points.max(axis=0)) / 2
    return bool(np.hypot(middle[0] - region.x, middle[1] - region.y) < 0.2 * region.side)


def _link(stretches: list[_FaceStretch], seen: list[_FaceSight], seconds: float, rgb: Rgb) -> None:
    """Give each sight to the stretch that it goes on with, the surest first, or begin one."""
    pairs: list[tuple[float, int, _FaceStretch, _FaceSight]] = []
    for stretch in stretches:
        if seconds - stretch.last > UNSEEN:
            continue
        for sight in seen:
            overlap = intersection_over_union(stretch.boxes[-1][1], sight.box)
            alike = stretch.looks[-1].likeness(sight.appearance)
            if alike >= _STILL_ALIKE and (overlap >= _SAME_PLACE or alike >= _JUMP):
                pairs.append((overlap + alike, len(pairs), stretch, sight))
    taken: list[object] = []
    for _, _, stretch, sight in sorted(pairs, key=lambda pair: (-pair[0], pair[1])):
        if not any(each is stretch or each is sight for each in taken):
            stretch.add(seconds, sight, rgb)
            taken += [stretch, sight]
    for sight in seen:
        if not any(each is sight for each in taken):
            new = _FaceStretch()
            new.add(seconds, sight, rgb)
            stretches.append(new)


def _people(stretches: list[_FaceStretch]) -> list[_FaceStretch]:
    """Join the stretches of each person, the likest first."""
    people = list(stretches)
    while True:
        pairs = [
            (a.likeness(b), i, j)
            for i, a in enumerate(people)
            for j, b in enumerate(people[:i])
            if not a.meets(b)
        ]
        best = max(pairs, default=(0.0, 0, 0))
        if best[0] < KNOWN_AGAIN:
            return people
        later = people.pop(best[1])
        people[best[2]] = people[best[2]].joined(later)


def _track(name: str, person: _FaceStretch, scale: float, step: float, end: float) -> FaceTrack:
    boxes = [(time, box * scale) for time, box in person.boxes]
    # Seen at the last look, it is seen until the next one would have been.
    time, box = boxes[-1]
    boxes.append((min(time + step, end), box))
    return FaceTrack(
        name, tuple(FaceBox(float(time), *(float(side) for side in box)) for time, box in boxes)
    )


def _cut_out(rgb: Rgb, box: Values) -> Rgb:
    """A square around a face, cut off at the picture's borders."""
    reach = float((box[2:] - box[:2]).max()) * (0.5 + _AROUND)
    x, y = (box[:2] + box[2:]) / 2
    left, top = max(0, int(x - reach)), max(0, int(y - reach))
    part = rgb[top : max(top + 1, int(y + reach)), left : max(left + 1, int(x + reach))]
    return np.array(part)
