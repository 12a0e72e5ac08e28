"""Following: the camera travels along with a cast member, so that the place goes by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

import numpy as np

from kirin.concepts.concept import Facing
from kirin.domain.cast import Action, Cast, CastMember, Heading, ShotSize
from kirin.engines.animatic.camera.pose import Pose
from kirin.engines.animatic.cast.costume import costume_of

# View widths per second by which ground at the lower edge of the frame goes by.
_SPEEDS = {
    Action.WALK: 0.13,
    Action.RUN: 0.26,
    Action.CHASE: 0.26,
    Action.DRIVE: 0.32,
    Action.RIDE: 0.24,
    Action.FLY: 0.22,
    Action.SWIM: 0.14,
    Action.SAIL: 0.12,
    Action.ROLL: 0.20,
    Action.JUMP: 0.16,
}
_LONGEST = 1.7  # view widths: the longer the way, the wider the layers that must be painted


def followed(
    cast: Cast, poses: Sequence[Pose], fps: Fraction | float, aspect: float
) -> tuple[Pose, ...]:
    """The poses of a camera that follows a member; the given ones if it follows nobody.

    Moves in depth, up and down, and zooms are kept; sideways travel is replaced.

    Args:
        cast: of the shot.
        poses: of the camera as directed, one per frame.
        fps: frames per second.
        aspect: of the frame, width by height.
    """
    if cast.followed is None or not cast.members:
        return tuple(poses)
    member = cast.members[cast.followed]
    speed = _SPEEDS.get(member.action, 0.10) if member.action else 0.10
    if member.heading in (Heading.AWAY, Heading.TOWARDS, Heading.UP, Heading.DOWN):
        return tuple(poses)
    seconds = len(poses) / float(fps)
    way = min(speed * seconds * min(1.0, 1.0 / aspect + 0.45), _LONGEST)
    sign = heading_of(member, cast.size)
    share = np.linspace(-0.5, 0.5, len(poses)) if len(poses) > 1 else np.zeros(1)
    return tuple(
        replace(pose, x=0.0, truck_x=float(sign * way * s))
        for pose, s in zip(poses, share, strict=True)
    )


def heading_of(member: CastMember, size: ShotSize | None) -> float:
    """Which way a followed member moves: as the prompt says, else as its art looks."""
    if member.heading in (Heading.LEFT, Heading.RIGHT):
        return -1.0 if member.heading is Heading.LEFT else 1.0
    return -1.0 if costume_of(member, size).facing is Facing.LEFT else 1.0


def unfollowed(poses: Sequence[Pose]) -> tuple[Pose, ...]:
    """The poses without sideways travel: those that a followed member is framed by."""
    return tuple(replace(pose, x=0.0, truck_x=0.0) for pose in poses)
