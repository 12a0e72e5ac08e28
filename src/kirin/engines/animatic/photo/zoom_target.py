"""The focus of expansion of a push-in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from kirin.engines.animatic.camera.framing import Focus, Framing
from kirin.engines.animatic.camera.pose import Pose
from kirin.engines.animatic.photo.sheet import BEHIND, SUBJECT


@dataclass(frozen=True, slots=True)
class ZoomTarget:
    """The focus of expansion: the point of the rest view that a push-in leaves in place.

    Pushing in on the centre would cut off the head of a person who is not in the middle.

    Attributes:
        x, y: in rest-view widths right of and heights below its centre, -0.5 to 0.5.
    """

    x: float
    y: float

    @classmethod
    def at(cls, focus: Focus, framing: Framing, poses: Sequence[Pose]) -> ZoomTarget:
        """The target with which the closest view of a path shows the most of a focus."""
        closest = max([1.001, *(pose.view(SUBJECT.near).scale for pose in poses)])
        width, height = framing.width / closest, framing.height / closest
        x = focus.pull(framing.x, width, focus.left, focus.right) - framing.x
        y = focus.pull(framing.y, height, focus.top, focus.bottom) - framing.y
        travel = 1.0 - 1.0 / closest
        return cls(
            float(np.clip(x / framing.width / travel, -0.5, 0.5)),
            float(np.clip(y / framing.height / travel, -0.5, 0.5)),
        )

    def apply(self, pose: Pose) -> Pose:
        """The pose, panned and trucked so that all layers are magnified about the target."""
        far, near = BEHIND, SUBJECT.near
        at_far = 1.0 - 1.0 / max(pose.view(far).scale, 1.0)
        at_near = 1.0 - 1.0 / max(pose.view(near).scale, 1.0)
        truck = (at_near - at_far) / (near - far)
        turn = at_far - truck * far
        return replace(
            pose,
            x=pose.x + self.x * turn,
            y=pose.y + self.y * turn,
            truck_x=pose.truck_x + self.x * truck,
            truck_y=pose.truck_y + self.y * truck,
        )
