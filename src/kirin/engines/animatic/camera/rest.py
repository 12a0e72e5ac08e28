"""Camera paths that begin or end in the rest view, which shows the whole picture."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from kirin.engines.animatic.camera.pose import Pose

_WIDEST = 0.17  # of the picture: greatest distance of the path from its centre
_DEPTHS = (0.0, 1.1)  # least and greatest disparity of a picture's relief


def end_at_rest(poses: Sequence[Pose], aspect: float) -> tuple[Pose, ...]:
    """The same moves, shifted to end in the rest view and to stay inside of it.

    A path that ends with the whole picture must begin closer. Moves that would come closer are
    reversed.

    Args:
        poses: one per frame.
        aspect: width of the view over its height.
    """
    end = poses[-1]
    away = [_relative(pose, end) for pose in poses]
    farthest = max(_off(pose) for pose in away)
    if farthest > _WIDEST:
        away = [_scaled(pose, _WIDEST / farthest) for pose in away]
    path = []
    closest = 1.0  # never decreases backwards in time, so the camera does not move out and in again
    for pose in reversed(away):
        widest = min(pose.view(depth).scale / pose.zoom for depth in _DEPTHS)
        closest = max(closest, _cover(pose.roll, aspect) / (1 - 2 * _off(pose)))
        closest = max(closest, 1 / (pose.zoom * widest))
        path.append(replace(pose, zoom=pose.zoom * closest))
    return tuple(reversed(path))


def start_at_rest(poses: Sequence[Pose], aspect: float) -> tuple[Pose, ...]:
    """The same moves, shifted to begin in the rest view and to stay inside of it."""
    return end_at_rest(poses[::-1], aspect)[::-1]


def _relative(pose: Pose, end: Pose) -> Pose:
    """A pose relative to the end; one that is wider than the end becomes as much closer.

    Of a dolly zoom the lens is closer and the camera is farther away.
    """
    zoom = math.log(pose.zoom / end.zoom)
    dolly = math.log1p(pose.dolly) - math.log1p(end.dolly)
    counter = zoom * dolly < 0
    return Pose(
        x=pose.x - end.x,
        y=pose.y - end.y,
        zoom=math.exp(abs(zoom)),
        roll=pose.roll - end.roll,
        truck_x=pose.truck_x - end.truck_x,
        truck_y=pose.truck_y - end.truck_y,
        dolly=math.expm1(-abs(dolly) if counter else abs(dolly)),
    )


def _scaled(pose: Pose, factor: float) -> Pose:
    """With sideways moves reduced."""
    return replace(
        pose,
        x=pose.x * factor,
        y=pose.y * factor,
        truck_x=pose.truck_x * factor,
        truck_y=pose.truck_y * factor,
    )


def _off(pose: Pose) -> float:
    """Greatest distance of a layer's view from the centre, in widths or heights."""
    views = [pose.view(depth) for depth in _DEPTHS]
    return max(max(abs(view.x), abs(view.y)) for view in views)


def _cover(roll: float, aspect: float) -> float:
    """Least magnification at which a rotated view stays inside of the picture."""
    cos, sin = abs(math.cos(roll)), abs(math.sin(roll))
    return max(cos + sin / aspect, cos + sin * aspect)
