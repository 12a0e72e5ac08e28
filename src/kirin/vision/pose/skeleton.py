"""Skeletons: landmarks reduced to the nodes and bones of a puppet."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from kirin.vision.pose.landmarks import Joint, Landmarks

Values = NDArray[np.float64]


class Node(IntEnum):
    """Ends of bones; left and right are the person's own."""

    PELVIS = 0
    NECK = 1
    HEAD = 2
    LEFT_SHOULDER = 3
    LEFT_ELBOW = 4
    LEFT_WRIST = 5
    LEFT_HAND = 6
    RIGHT_SHOULDER = 7
    RIGHT_ELBOW = 8
    RIGHT_WRIST = 9
    RIGHT_HAND = 10
    LEFT_HIP = 11
    LEFT_KNEE = 12
    LEFT_ANKLE = 13
    LEFT_TOE = 14
    RIGHT_HIP = 15
    RIGHT_KNEE = 16
    RIGHT_ANKLE = 17
    RIGHT_TOE = 18


class BodyPart(IntEnum):
    """Parts that a puppet is cut into; the head belongs to the body."""

    BODY = 0
    LEFT_ARM = 1
    RIGHT_ARM = 2
    LEFT_LEG = 3
    RIGHT_LEG = 4


CHAINS: dict[BodyPart, tuple[Node, Node, Node, Node]] = {
    BodyPart.LEFT_ARM: (Node.LEFT_SHOULDER, Node.LEFT_ELBOW, Node.LEFT_WRIST, Node.LEFT_HAND),
    BodyPart.RIGHT_ARM: (Node.RIGHT_SHOULDER, Node.RIGHT_ELBOW, Node.RIGHT_WRIST, Node.RIGHT_HAND),
    BodyPart.LEFT_LEG: (Node.LEFT_HIP, Node.LEFT_KNEE, Node.LEFT_ANKLE, Node.LEFT_TOE),
    BodyPart.RIGHT_LEG: (Node.RIGHT_HIP, Node.RIGHT_KNEE, Node.RIGHT_ANKLE, Node.RIGHT_TOE),
}
"""Nodes of each limb, from the root outwards."""

LIMBS = tuple(CHAINS)
ARMS = (BodyPart.LEFT_ARM, BodyPart.RIGHT_ARM)
LEGS = (BodyPart.LEFT_LEG, BodyPart.RIGHT_LEG)
TWIN = {
    BodyPart.LEFT_ARM: BodyPart.RIGHT_ARM,
    BodyPart.RIGHT_ARM: BodyPart.LEFT_ARM,
    BodyPart.LEFT_LEG: BodyPart.RIGHT_LEG,
    BodyPart.RIGHT_LEG: BodyPart.LEFT_LEG,
}

_SOURCES: dict[Node, tuple[Joint, ...]] = {
    Node.PELVIS: (Joint.LEFT_HIP, Joint.RIGHT_HIP),
    Node.NECK: (Joint.LEFT_SHOULDER, Joint.RIGHT_SHOULDER),
    Node.HEAD: (Joint.LEFT_EAR, Joint.RIGHT_EAR),
    Node.LEFT_SHOULDER: (Joint.LEFT_SHOULDER,),
    Node.LEFT_ELBOW: (Joint.LEFT_ELBOW,),
    Node.LEFT_WRIST: (Joint.LEFT_WRIST,),
    Node.LEFT_HAND: (Joint.LEFT_INDEX, Joint.LEFT_PINKY),
    Node.RIGHT_SHOULDER: (Joint.RIGHT_SHOULDER,),
    Node.RIGHT_ELBOW: (Joint.RIGHT_ELBOW,),
    Node.RIGHT_WRIST: (Joint.RIGHT_WRIST,),
    Node.RIGHT_HAND: (Joint.RIGHT_INDEX, Joint.RIGHT_PINKY),
    Node.LEFT_HIP: (Joint.LEFT_HIP,),
    Node.LEFT_KNEE: (Joint.LEFT_KNEE,),
    Node.LEFT_ANKLE: (Joint.LEFT_ANKLE,),
    Node.LEFT_TOE: (Joint.LEFT_FOOT_INDEX,),
    Node.RIGHT_HIP: (Joint.RIGHT_HIP,),
    Node.RIGHT_KNEE: (Joint.RIGHT_KNEE,),
    Node.RIGHT_ANKLE: (Joint.RIGHT_ANKLE,),
    Node.RIGHT_TOE: (Joint.RIGHT_FOOT_INDEX,),
}
_FIRST = np.array([_SOURCES[node][0] for node in Node])
_SECOND = np.array([_SOURCES[node][-1] for node in Node])
_PAIRS = [(node, Node[node.name.replace("LEFT", "RIGHT")]) for node in Node if "LEFT" in node.name]
_SWAPPED = np.arange(len(Node))
for _left, _right in _PAIRS:
    _SWAPPED[_left], _SWAPPED[_right] = _right, _left

_FORWARD = ((Joint.LEFT_HEEL, Joint.LEFT_FOOT_INDEX), (Joint.RIGHT_HEEL, Joint.RIGHT_FOOT_INDEX))


@dataclass(frozen=True, slots=True, eq=False)
class Skeleton:
    """A person's skeleton in one frame.

    Attributes:
        points: shape (19, 2), indexed by :class:`Node`; pixels, x to the right and y down.
        depth: shape (19,), in the same pixels; negative is in front of the hips' centre.
        seen: visibility, shape (19,), 0 to 1.
        gaze: offset of the nose from the middle of the ears, x and y in pixels.
        forward: direction that the person faces: -1 is the viewer's left, 1 the right, 0 towards
            or away from the viewer.
    """

    points: Values
    depth: Values
    seen: Values
    gaze: Values
    forward: float

    @classmethod
    def of(cls, marks: Landmarks) -> Skeleton:
        """Reduce the landmarks of a person."""

        def mean(values: Values) -> Values:
            return np.asarray((values[_FIRST] + values[_SECOND]) / 2)

        points = mean(marks.points)
        gaze = marks.points[Joint.NOSE] - points[Node.HEAD]
        span = float(np.hypot(*(points[Node.NECK] - points[Node.PELVIS]))) or 1.0
        feet = [
            (marks.points[toe] - marks.points[heel])[0] * marks.visibility[toe]
            for heel, toe in _FORWARD
        ]
        # In profile the nose is about 0.17 torso lengths before the ears; feet are 0.4 long.
        sides = float(gaze[0]) / (0.17 * span), sum(feet) / (0.8 * span)
        forward = float(np.clip(0.65 * sides[0] + 0.35 * sides[1], -1.0, 1.0))
        return cls(points, mean(marks.depth), mean(marks.visibility), gaze, forward)

    @property
    def torso(self) -> float:
        """Distance from the pelvis to the neck, in pixels."""
        return float(np.hypot(*(self.points[Node.NECK] - self.points[Node.PELVIS])))

    def mirrored(self, width: float) -> Skeleton:
        """The skeleton in the mirror image of a picture of this width, left and right exchanged."""
        points = self.points[_SWAPPED].copy()
        points[:, 0] = width - points[:, 0]
        gaze = self.gaze * np.array([-1.0, 1.0])
        return Skeleton(points, self.depth[_SWAPPED], self.seen[_SWAPPED], gaze, -self.forward)

    def swapped(self) -> Skeleton:
        """The skeleton with the labels of left and right exchanged."""
        return Skeleton(
            self.points[_SWAPPED],
            self.depth[_SWAPPED],
            self.seen[_SWAPPED],
            self.gaze,
            self.forward,
        )

    def moved(self, scale: float, x: float, y: float) -> Skeleton:
        """The skeleton scaled about the origin, then shifted by (``x``, ``y``)."""
        points = self.points * scale + np.array([x, y])
        return Skeleton(points, self.depth * scale, self.seen, self.gaze * scale, self.forward)
