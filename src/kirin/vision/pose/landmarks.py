"""Landmarks: the joints of a person in one picture."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]


class Joint(IntEnum):
    """The 33 points of BlazePose's topology; left and right are the person's own."""

    NOSE = 0
    LEFT_EYE_INNER = 1
    LEFT_EYE = 2
    LEFT_EYE_OUTER = 3
    RIGHT_EYE_INNER = 4
    RIGHT_EYE = 5
    RIGHT_EYE_OUTER = 6
    LEFT_EAR = 7
    RIGHT_EAR = 8
    MOUTH_LEFT = 9
    MOUTH_RIGHT = 10
    LEFT_SHOULDER = 11
    RIGHT_SHOULDER = 12
    LEFT_ELBOW = 13
    RIGHT_ELBOW = 14
    LEFT_WRIST = 15
    RIGHT_WRIST = 16
    LEFT_PINKY = 17
    RIGHT_PINKY = 18
    LEFT_INDEX = 19
    RIGHT_INDEX = 20
    LEFT_THUMB = 21
    RIGHT_THUMB = 22
    LEFT_HIP = 23
    RIGHT_HIP = 24
    LEFT_KNEE = 25
    RIGHT_KNEE = 26
    LEFT_ANKLE = 27
    RIGHT_ANKLE = 28
    LEFT_HEEL = 29
    RIGHT_HEEL = 30
    LEFT_FOOT_INDEX = 31
    RIGHT_FOOT_INDEX = 32


@dataclass(frozen=True, slots=True, eq=False)
class Landmarks:
    """The joints of a person in one picture.

    Attributes:
        points: shape (33, 2), indexed by :class:`Joint`; pixels of the picture, x to the right
            and y down; outside of it where the person is cut off.
        depth: shape (33,), in the same pixels: distance behind the centre of the hips, negative
            in front of it. Good enough to sort by, not to measure with.
        visibility: shape (33,), 0 to 1: that the joint is neither occluded nor cut off.
        presence: 0 to 1: that there is a person at all.
    """

    points: Values
    depth: Values
    visibility: Values
    presence: float

    def scaled(self, share: float) -> Landmarks:
        """The joints in the picture resized by a factor."""
        return replace(self, points=self.points * share, depth=self.depth * share)
