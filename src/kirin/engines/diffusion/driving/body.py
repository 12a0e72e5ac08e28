"""A body: the points of a person that pose pictures show, as Wan-Animate knows them.

It was trained on the 133 points of COCO-WholeBody, found by ViTPose: twenty of the body, and
twenty-one of each hand. BlazePose has the body's; of a hand it has the wrist and three knuckles,
so that fingers are lost.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kirin.vision.pose.landmarks import Joint, Landmarks

Values = NDArray[np.float64]


class Spot(IntEnum):
    """The points, those of the body in Wan-Animate's order; left and right are the person's."""

    NOSE = 0
    NECK = 1
    RIGHT_SHOULDER = 2
    RIGHT_ELBOW = 3
    RIGHT_WRIST = 4
    LEFT_SHOULDER = 5
    LEFT_ELBOW = 6
    LEFT_WRIST = 7
    RIGHT_HIP = 8
    RIGHT_KNEE = 9
    RIGHT_ANKLE = 10
    LEFT_HIP = 11
    LEFT_KNEE = 12
    LEFT_ANKLE = 13
    RIGHT_EYE = 14
    LEFT_EYE = 15
    RIGHT_EAR = 16
    LEFT_EAR = 17
    LEFT_TOE = 18
    RIGHT_TOE = 19
    LEFT_THUMB = 20
    LEFT_INDEX = 21
    LEFT_PINKY = 22
    RIGHT_THUMB = 23
    RIGHT_INDEX = 24
    RIGHT_PINKY = 25


BODY: Final = 20
"""How many of the points are the body's."""

_SOURCES: dict[Spot, tuple[Joint, ...]] = {
    Spot.NECK: (Joint.LEFT_SHOULDER, Joint.RIGHT_SHOULDER),
    Spot.LEFT_TOE: (Joint.LEFT_FOOT_INDEX,),
    Spot.RIGHT_TOE: (Joint.RIGHT_FOOT_INDEX,),
}
_FACE = [Spot.NOSE, Spot.RIGHT_EYE, Spot.LEFT_EYE]
_TWINS = [(spot, Spot[spot.name.replace("LEFT", "RIGHT")]) for spot in Spot if "LEFT" in spot.name]
_SWAPPED = np.arange(len(Spot))
for _left, _right in _TWINS:
    _SWAPPED[_left], _SWAPPED[_right] = _right, _left

_BEHIND = 0.3  # torso lengths by which shoulders must be the wrong way round to show a back


@dataclass(frozen=True, slots=True, eq=False)
class Body:
    """A person at one moment.

    Attributes:
        points: shape (26, 2), by :class:`Spot`; pixels, x to the right and y down.
        seen: shape (26,), 0 to 1: how well each is seen.
    """

    points: Values
    seen: Values

    @classmethod
    def of(cls, marks: Landmarks) -> Body:
        """Take over landmarks; of somebody seen from behind, nose and eyes are not seen."""

        def mean(values: Values) -> Values:
            found = [_SOURCES[spot] if spot in _SOURCES else (Joint[spot.name],) for spot in Spot]
            return np.array([values[list(joints)].mean(axis=0) for joints in found])

        points, seen = mean(marks.points), mean(marks.visibility)
        body = cls(points, seen)
        across = points[Spot.LEFT_SHOULDER, 0] - points[Spot.RIGHT_SHOULDER, 0]
        if across < -_BEHIND * body.torso:
            seen[_FACE] = 0.0
        return body

    @property
    def hips(self) -> Values:
        """The middle between the hips."""
        middle: Values = self.points[[Spot.LEFT_HIP, Spot.RIGHT_HIP]].mean(axis=0)
        return middle

    @property
    def torso(self) -> float:
        """From the neck to the middle of the hips, in pixels."""
        return float(np.hypot(*(self.points[Spot.NECK] - self.hips))) or 1.0

    def mirrored(self, width: float) -> Body:
        """As a mirror shows it in a picture so many pixels wide."""
        points = self.points[_SWAPPED].copy()
        points[:, 0] = width - points[:, 0]
        return Body(points, self.seen[_SWAPPED])

    def moved(self, scale: float, shift: Values) -> Body:
        """In other pixels: magnified about the origin, then shifted."""
        return Body(self.points * scale + shift, self.seen)
