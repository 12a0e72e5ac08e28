"""Body keypoints as Wan-Animate's pose images show them.

The model was trained on the 133 keypoints of COCO-WholeBody, estimated by ViTPose; pose images show
20 of the body and 21 of each hand. BlazePose has those of the body, but of a hand only the wrist
and three knuckles, so fingers are lost.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kirin.vision.pose.landmarks import Joint, Landmarks

Values = NDArray[np.float64]


class Keypoint(IntEnum):
    """Keypoints, those of the body in Wan-Animate's order; left and right are the person's."""

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


BODY_COUNT: Final = 20
"""How many of the keypoints are the body's; those of the hands follow."""

_SOURCES: dict[Keypoint, tuple[Joint, ...]] = {
    Keypoint.NECK: (Joint.LEFT_SHOULDER, Joint.RIGHT_SHOULDER),
    Keypoint.LEFT_TOE: (Joint.LEFT_FOOT_INDEX,),
    Keypoint.RIGHT_TOE: (Joint.RIGHT_FOOT_INDEX,),
}
_FACE = [Keypoint.NOSE, Keypoint.RIGHT_EYE, Keypoint.LEFT_EYE]
_MIRRORED_PAIRS = [
    (point, Keypoint[point.name.replace("LEFT", "RIGHT")])
    for point in Keypoint
    if "LEFT" in point.name
]
_SWAPPED = np.arange(len(Keypoint))
for _left, _right in _MIRRORED_PAIRS:
    _SWAPPED[_left], _SWAPPED[_right] = _right, _left

_BACK_VIEW = 0.3  # torso lengths between swapped shoulders, from which on a person shows the back


@dataclass(frozen=True, slots=True, eq=False)
class Body:
    """The keypoints of a person in one frame.

    Attributes:
        points: shape (26, 2), by :class:`Keypoint`; pixels, x to the right and y down.
        seen: shape (26,), visibility from 0 to 1.
    """

    points: Values
    seen: Values

    @classmethod
    def of(cls, marks: Landmarks) -> Body:
        """Convert BlazePose landmarks; in a back view, nose and eyes are invisible."""

        def mean(values: Values) -> Values:
            found = [
                _SOURCES[point] if point in _SOURCES else (Joint[point.name],) for point in Keypoint
            ]
            return np.array([values[list(joints)].mean(axis=0) for joints in found])

        points, seen = mean(marks.points), mean(marks.visibility)
        body = cls(points, seen)
        across = points[Keypoint.LEFT_SHOULDER, 0] - points[Keypoint.RIGHT_SHOULDER, 0]
        if across < -_BACK_VIEW * body.torso:
            seen[_FACE] = 0.0
        return body

    @property
    def hips(self) -> Values:
        """The midpoint of the hips."""
        middle: Values = self.points[[Keypoint.LEFT_HIP, Keypoint.RIGHT_HIP]].mean(axis=0)
        return middle

    @property
    def torso(self) -> float:
        """Length from the neck to the midpoint of the hips, pixels."""
        return float(np.hypot(*(self.points[Keypoint.NECK] - self.hips))) or 1.0

    def mirrored(self, width: float) -> Body:
        """Mirrored left to right in a picture of a width in pixels."""
        points = self.points[_SWAPPED].copy()
        points[:, 0] = width - points[:, 0]
        return Body(points, self.seen[_SWAPPED])

    def moved(self, scale: float, shift: Values) -> Body:
        """Scaled about the origin, then shifted."""
        return Body(self.points * scale + shift, self.seen)
