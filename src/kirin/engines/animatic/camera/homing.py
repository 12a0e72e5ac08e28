"""Homing: a camera's path turned so that it ends where the whole picture is seen."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from kirin.engines.animatic.camera.pose import Pose

_WIDEST = 0.17  # of the picture: how far off its middle the way may lead
_DEPTHS = (0.0, 1.1)  # the farthest and the nearest that a picture's relief goes


def arriving(poses: Sequence[Pose], aspect: float) -> tuple[Pose, ...]:
    """The same moves, ending in the rest view, and always within it.

    Whoever ends with the whole picture has seen only a part of it before: the way begins
    closer. Moves that lead closer are turned about.

    Args:
        poses: one for each frame.
        aspect: width of the view over its height.
    """
    end = poses[-1]
    away = [_relative(pose, end) for pose in poses]
    farthest = max(_off(pose) for pose in away)
    if farthest > _WIDEST:
        away = [_scaled(pose, _WIDEST / farthest) for pose in away]
    path = []
    closest = 1.0  # once close enough for what is to come, the way does not swing out again
    for pose in reversed(away):
        closest = max(closest, _cover(pose.roll, aspect) / (1 - 2 * _off(pose)))
        path.append(replace(pose, zoom=pose.zoom * closest))
    return tuple(reversed(path))


def leaving(poses: Sequence[Pose], aspect: float) -> tuple[Pose, ...]:
    """The same moves, beginning in the rest view, and always within it."""
    return arriving(poses[::-1], aspect)[::-1]


def _relative(pose: Pose, end: Pose) -> Pose:
    """Seen from the end of the way. What is wider than there becomes as much closer."""
    return Pose(
        x=pose.x - end.x,
        y=pose.y - end.y,
        zoom=math.exp(abs(math.log(pose.zoom / end.zoom))),
        roll=pose.roll - end.roll,
        truck_x=pose.truck_x - end.truck_x,
        truck_y=pose.truck_y - end.truck_y,
        dolly=math.expm1(abs(math.log1p(pose.dolly) - math.log1p(end.dolly))),
    )


def _scaled(pose: Pose, factor: float) -> Pose:
    """With only a part of the sideways moves."""
    return replace(
        pose,
        x=pose.x * factor,
        y=pose.y * factor,
        truck_x=pose.truck_x * factor,
        truck_y=pose.truck_y * factor,
    )


def _off(pose: Pose) -> float:
    """How far off its middle some layer is seen, of its width or height."""
    views = [pose.view(depth) for depth in _DEPTHS]
    return max(max(abs(view.x), abs(view.y)) for view in views)


def _cover(roll: float, aspect: float) -> float:
    """Magnification with which a turned view still shows nothing but picture."""
    cos, sin = abs(math.cos(roll)), abs(math.sin(roll))
    return max(cos + sin / aspect, cos + sin * aspect)
