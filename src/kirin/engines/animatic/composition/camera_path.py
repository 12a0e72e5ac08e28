"""Limiting a camera path so that subjects stay in view."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from kirin.engines.animatic.camera.pose import Pose
from kirin.engines.animatic.camera.safe_area import SafeArea

_ROOM = 0.62
"""Share of the view that must be visible in every pose. Subjects that fit into less would be too
small in all other poses."""


def attenuated(poses: Sequence[Pose], aspect: float) -> tuple[Pose, ...]:
    """The path, weakened as little as keeps :data:`_ROOM` of the view visible in every pose.

    Args:
        poses: one per frame.
        aspect: width of the view over its height.
    """
    for share in (1.0, 0.85, 0.7, 0.55, 0.4, 0.25):
        path = tuple(_scaled(pose, share) for pose in poses) if share < 1.0 else tuple(poses)
        left, top, right, bottom = SafeArea(path, aspect).at(np.array([0.75]))
        if min(float((right - left)[0]), float((bottom - top)[0])) >= _ROOM:
            return path
    return tuple(_scaled(pose, 0.15) for pose in poses)


def _scaled(pose: Pose, share: float) -> Pose:
    return Pose(
        x=pose.x * share,
        y=pose.y * share,
        zoom=pose.zoom**share,
        roll=pose.roll * share,
        truck_x=pose.truck_x * share,
        truck_y=pose.truck_y * share,
        dolly=(1.0 + pose.dolly) ** share - 1.0,
    )
