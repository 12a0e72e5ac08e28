"""Following a face through a video: its mesh in each frame in which it is to speak."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kirin.domain.frame import Frame
from kirin.domain.lips import FaceBox, FaceTrack
from kirin.vision.blaze import intersection_over_union
from kirin.vision.face.estimator import FaceEstimator, region_around
from kirin.vision.face.face import NOSE_TIP, OUTER_LIPS
from kirin.vision.planes import Planes, Rgb
from kirin.vision.pose.landmarks import Values
from kirin.vision.pose.region import Region

LEAST_MOUTH: Final = 14.0
"""Pixels of the video: width of the smallest mouth whose movement can be drawn."""

PROFILE: Final = 0.2
"""Share of a face's width between its nose and its nearer edge, below which it is a profile."""

_PRESENT: Final = 0.5  # least presence of a face, as for pictures
_REACH: Final = 0.75  # of a face box's size: how far beyond it the face is looked for
_STRAY: Final = 0.6  # of a face box's size: how far the middle of a mesh may be from the box's
_SAME: Final = 0.2  # least overlap of a detection with the box of the face that is followed
_STEADY: Final = 0.035  # seconds, standard deviation: smoothing of the points in time
_EASE: Final = 0.15  # seconds in which a mouth goes over from the video's to the voice's

_EDGES: Final = (234, 454)  # mesh points at the ears: the person's right and left


@dataclass(frozen=True, slots=True, eq=False)
class FollowedFace:
    """A face in consecutive frames.

    Attributes:
        first: number of the first frame.
        points: meshes, shape ``(n, 468, 2)``, pixels of the frames; undefined where not found.
        why: for each frame why the mouth cannot be moved; empty where it can.
        weight: shape ``(n,)``: how far the mouth has gone over from the video's own to the
            voice's, 0 to 1.
    """

    first: int
    points: NDArray[np.float32]
    why: tuple[str, ...]
    weight: NDArray[np.float64]

    def part(self, first: int, last: int) -> FollowedFace:
        """The frames from number ``first`` to before ``last``."""
        span = slice(max(0, first - self.first), max(0, last - self.first))
        start = self.first + span.start
        return FollowedFace(start, self.points[span], self.why[span], self.weight[span])

    def missing(self, fps: float) -> list[dict[str, object]]:
        """The stretches in which the mouth is left as it is, for the task's metadata."""
        found: list[dict[str, object]] = []
        for number, why in enumerate(self.why):
            if not why:
                continue
            if number and self.why[number - 1] == why:
                found[-1]["end"] = round((self.first + number + 1) / fps, 3)
            else:
                span = {
                    "start": round((self.first + number) / fps, 3),
                    "end": round((self.first + number + 1) / fps, 3),
                }
                found.append({**span, "why": why})
        return found


class FaceFollower:
    """Finds one face again and again, by its last mesh or else by its box.

    Args:
        estimator: the networks.
        track: the face; boxes in pixels of the video as displayed.
        scale: pixels of a frame per pixel of the video, across and down.
    """

    def __init__(
        self, estimator: FaceEstimator, track: FaceTrack, scale: tuple[float, float]
    ) -> None:
        self._estimator = estimator
        self._track = track
        self._scale = np.array([*scale, *scale])
        self._last: Values | None = None

    def find(self, frame: Frame, seconds: float) -> tuple[Values | None, str]:
        """The mesh of the face in a frame, shape (468, 2), or why there is none to be used."""
        box = self._track.at(seconds)
        if box is None:
            self._last = None
            return None, "the face is not in the picture"
        place = _sides(box) * self._scale
        points = self._followed(frame, place)
        if points is None:
            points = self._detected(frame, place)
        self._last = points
        if points is None:
            return None, "the face is not found"
        return points, _obstacle(points)

    def _followed(self, frame: Frame, place: Values) -> Values | None:
        if self._last is None:
            return None
        region = region_around(self._last)
        reach = 0.75 * region.side
        rgb, corner = _cut(frame, region.x - reach, region.y - reach, 2 * reach)
        return self._looked(rgb, corner, region, place, 1)

    def _detected(self, frame: Frame, place: Values) -> Values | None:
        middle = (place[:2] + place[2:]) / 2
        side = float((place[2:] - place[:2]).max())
        reach = side * (0.5 + _REACH)
        rgb, corner = _cut(frame, middle[0] - reach, middle[1] - reach, 2 * reach)
        if min(rgb.shape[:2]) < 8:
            return None
        shift = np.array([*corner, *corner])
        faces = self._estimator.detector.find(rgb)
        alike = [(intersection_over_union(each.box + shift, place), each) for each in faces]
        best = max(alike, key=lambda pair: pair[0], default=None)
        if best is None or best[0] < _SAME:
            return None
        own = best[1].region
        region = Region(own.x + corner[0], own.y + corner[1], own.side, own.angle)
        return self._looked(rgb, corner, region, place, 2)

    def _looked(
        self, rgb: Rgb, corner: tuple[int, int], region: Region, place: Values, passes: int
    ) -> Values | None:
        """The mesh in a region, if it is a face and where the track says that its face is."""
        if min(rgb.shape[:2]) < 8:
            return None
        points = None
        for _ in range(passes):
            inside = Region(region.x - corner[0], region.y - corner[1], region.side, region.angle)
            found, _, presence = self._estimator.look(rgb, inside)
            if presence < _PRESENT:
                return None
            points = found + corner
            region = region_around(points)
        if points is None:
            return None
        away = (points.min(axis=0) + points.max(axis=0)) / 2 - (place[:2] + place[2:]) / 2
        size = place[2:] - place[:2]
        return points if (np.abs(away) < _STRAY * size).all() else None


def follow(
    frames: Iterable[Frame],
    first: int,
    fps: float,
    follower: FaceFollower,
    check: Callable[[], None],
    seen: Callable[[Frame, Values], None],
) -> FollowedFace:
    """Follow a face through consecutive frames.

    Args:
        frames: those in which it is to speak; one that is shown again may be the same object.
        first: number of the first one in the video.
        fps: frames a second.
        follower: knows the face.
        check: called for each frame; raises to stop.
        seen: given each frame with a usable mesh.
    """
    found: list[NDArray[np.float32]] = []
    why: list[str] = []
    shown: Frame | None = None
    for number, frame in enumerate(frames):
        check()
        if frame is shown:
            found.append(found[-1])
            why.append(why[-1])
            continue
        shown = frame
        points, obstacle = follower.find(frame, (first + number) / fps)
        if points is not None and not obstacle:
            seen(frame, points)
        blank = np.zeros((468, 2), np.float32)
        found.append(blank if points is None else points.astype(np.float32))
        why.append(obstacle)
    points_ = np.stack(found) if found else np.zeros((0, 468, 2), np.float32)
    weight = np.zeros(len(found))
    for start, end in _runs(why):
        points_[start:end] = _steadied(points_[start:end], _STEADY * fps)
        at = (np.arange(end - start) + 0.5) / fps
        eased = np.clip(np.minimum(at, at[::-1]) / _EASE, 0, 1)
        weight[start:end] = eased * eased * (3 - 2 * eased)
    return FollowedFace(first, points_, tuple(why), weight)


def _sides(box: FaceBox) -> Values:
    return np.array([box.left, box.top, box.right, box.bottom])


def _cut(frame: Frame, left: float, top: float, side: float) -> tuple[Rgb, tuple[int, int]]:
    """A square of a frame in RGB, cut off at its borders, and its corner; both even."""
    planes = Planes.of_frame(frame)
    height, width = planes.y.shape
    x0, y0 = (max(0, int(value) // 2 * 2) for value in (left, top))
    x1 = min(width, int(left + side) // 2 * 2 + 2)
    y1 = min(height, int(top + side) // 2 * 2 + 2)
    if x1 <= x0 or y1 <= y0:
        return np.zeros((0, 0, 3), np.uint8), (x0, y0)
    half = slice(y0 // 2, y1 // 2), slice(x0 // 2, x1 // 2)
    part = Planes(planes.y[y0:y1, x0:x1], planes.u[half], planes.v[half])
    return part.to_rgb(), (x0, y0)


def _obstacle(points: Values) -> str:
    """Why the mouth of a face cannot be moved; empty if it can."""
    corners = points[[OUTER_LIPS[0][0], OUTER_LIPS[0][-1]]]
    right, left = points[list(_EDGES)]
    across = left - right
    nose = float((points[NOSE_TIP] - right) @ across / max(float(across @ across), 1e-9))
    if not PROFILE <= nose <= 1 - PROFILE:
        return "the face is in profile"
    if float(np.hypot(*(corners[1] - corners[0]))) < LEAST_MOUTH:
        return "the mouth is too small"
    return ""


def _runs(why: list[str]) -> list[tuple[int, int]]:
    """Start and end of each stretch without an obstacle."""
    edges = np.flatnonzero(np.diff([0, *(not each for each in why), 0]))
    return [(int(a), int(b)) for a, b in edges.reshape(-1, 2)]


def _steadied(points: NDArray[np.float32], frames: float) -> NDArray[np.float32]:
    """Points smoothed in time without delay by a Gaussian; ``frames`` is its deviation."""
    reach = min(int(np.ceil(2.5 * frames)), len(points) - 1)
    if reach < 1:
        return points
    bell = np.exp(-0.5 * (np.arange(-reach, reach + 1) / frames) ** 2)
    padded = np.pad(points, ((reach, reach), (0, 0), (0, 0)), mode="reflect", reflect_type="odd")
    smooth = np.zeros(points.shape, np.float32)
    for k, weight in enumerate(bell / bell.sum()):
        smooth += padded[k : k + len(points)] * np.float32(weight)
    return smooth
