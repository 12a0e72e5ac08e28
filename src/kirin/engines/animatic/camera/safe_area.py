"""The safe area: what stays in view in every pose of a camera path."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from kirin.engines.animatic.camera.pose import Pose

Values = NDArray[np.float64]


class SafeArea:
    """The intersection of the views of all poses, by disparity.

    Args:
        poses: of the camera.
        aspect: width of the view over its height.
    """

    def __init__(self, poses: Sequence[Pose], aspect: float) -> None:
        self._grid = np.linspace(0.0, 1.0, 11)
        self._edges = np.array([_seen(poses, float(near), aspect) for near in self._grid])

    def at(self, disparity: Values) -> tuple[Values, Values, Values, Values]:
        """Left, top, right and bottom at disparities, in rest-view widths and heights."""
        left, top, right, bottom, _ = (
            np.interp(disparity, self._grid, self._edges[:, side]) for side in range(5)
        )
        return left, top, right, bottom

    def lowest(self, disparity: float) -> float:
        """The lowest row that any pose shows, in rest-view heights below the centre."""
        return float(np.interp(disparity, self._grid, self._edges[:, 4]))


def _seen(poses: Sequence[Pose], disparity: float, aspect: float) -> list[float]:
    sides = [-math.inf, -math.inf, math.inf, math.inf, -math.inf]
    for pose in poses:
        view = pose.view(disparity)
        cos, sin = math.cos(view.roll), abs(math.sin(view.roll))
        # The largest upright box of the view's aspect that fits into the rotated view.
        inner = 0.5 / (view.scale * max(cos + sin / aspect, cos + sin * aspect))
        outer = 0.5 / view.scale * (cos + sin * aspect)
        sides[0] = max(sides[0], view.x - inner)
        sides[1] = max(sides[1], view.y - inner)
        sides[2] = min(sides[2], view.x + inner)
        sides[3] = min(sides[3], view.y + inner)
        sides[4] = max(sides[4], view.y + outer)
    return sides
