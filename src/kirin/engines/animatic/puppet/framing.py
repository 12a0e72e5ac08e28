"""Framing: a character's head stays in the picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from kirin.engines.animatic.puppet.character import Character
from kirin.engines.animatic.puppet.puppet import CharacterPlacement, Posture
from kirin.vision.pose.skeleton import Node, Values

_MARGIN = 0.015  # of the picture's height: least distance of the head from its upper edge
_SHIFT = 0.05  # of the picture's height: the greatest shift, beyond which the character is reduced
_SMALLEST = 0.5  # least scale
_NECK = 0.12  # torso lengths: how far the head of one who stays in place is held back
_HEAD = 0.3  # torso lengths on either side of the head in which its top is looked for


@dataclass(frozen=True, slots=True)
class CharacterFrame:
    """Where a character may be, in its pixels.

    Attributes:
        top, bottom: edges of the picture.
        crown: how far the top of the head is above the middle of the ears.
        sole: how far the lowest pixel of the character is below its lowest toe or ankle.
    """

    top: float
    bottom: float
    crown: float
    sole: float

    @classmethod
    def of(cls, character: Character, placement: CharacterPlacement, height: int) -> CharacterFrame:
        """The frame of a character that is placed in a video of this height."""
        top = -placement.top * placement.density
        points, solid = character.skeleton.points, character.alpha > 127
        head, reach = points[Node.HEAD], _HEAD * character.skeleton.torso
        left, right = max(int(head[0] - reach), 0), max(int(head[0] + reach), 1)
        rows = np.flatnonzero(solid[:, left:right].any(axis=1))
        all_rows = np.flatnonzero(solid.any(axis=1))
        crown = float(head[1] - rows[0]) if len(rows) else 0.0
        feet = float(points[_FEET, 1].max())
        sole = float(all_rows[-1] + 1 - feet) if len(all_rows) else 0.0
        return cls(
            top, (height - placement.top) * placement.density, max(crown, 0.0), max(sole, 0.0)
        )


_FEET = [Node.LEFT_ANKLE, Node.LEFT_TOE, Node.RIGHT_ANKLE, Node.RIGHT_TOE]


def fit_in_frame(
    postures: Sequence[Posture], rest: Values, frame: CharacterFrame, rooted: bool
) -> tuple[list[Posture], dict[str, Any]]:
    """Move or reduce a character, throughout, so that its head stays in the picture.

    Args:
        postures: one per frame.
        rest: the nodes in the picture, shape (19, 2).
        frame: where it may be.
        rooted: the picture cuts the character off, so that it can only hold its head back.

    Returns:
        the postures, and what was done, as JSON values.
    """
    height = frame.bottom - frame.top
    own = float(rest[Node.HEAD, 1]) - frame.crown
    # A head that the picture itself cuts off may be as high as it is there.
    least = min(frame.top + _MARGIN * height, own)
    tops = np.array([_height(each, Node.HEAD) - each.scale * frame.crown for each in postures])
    over = least - float(tops.min())
    if over <= 0.5:
        return list(postures), {}
    if rooted:
        torso = float(np.hypot(*(rest[Node.NECK] - rest[Node.PELVIS])))
        held = [
            _head_lowered(each, min(max(least - float(top), 0.0), _NECK * torso))
            for each, top in zip(postures, tops, strict=True)
        ]
        return held, {"fitted": {"head_held_back": True}}
    feet = [max(_height(each, node) for node in _FEET) for each in postures]
    ground = float(max(feet))
    room = max(frame.bottom - _MARGIN * height - frame.sole - ground, 0.0)
    down = min(over, room, _SHIFT * height)
    middle = float(np.mean([each.nodes[Node.PELVIS, 0] for each in postures]))
    share = (ground - least + down) / (ground - float(tops.min())) if ground > tops.min() else 1.0
    share = float(np.clip(share, _SMALLEST, 1.0))
    about = np.array([middle, ground])
    fitted = []
    for each in postures:
        root = each.nodes[Node.PELVIS]
        moved = about + share * (root - about) + np.array([0.0, down]) - root
        fitted.append(replace(each, nodes=each.nodes + moved, scale=each.scale * share))
    told: dict[str, Any] = {}
    if down > 0.5:
        told["moved_down"] = round(down / height, 3)
    if share < 1:
        told["reduced_to"] = round(share, 3)
    return fitted, {"fitted": told}


def _height(posture: Posture, node: Node) -> float:
    """Vertical position at which a node is drawn."""
    root = float(posture.nodes[Node.PELVIS, 1])
    return root + posture.scale * (float(posture.nodes[node, 1]) - root)


def _head_lowered(posture: Posture, down: float) -> Posture:
    if down <= 0:
        return posture
    nodes = posture.nodes.copy()
    nodes[Node.HEAD, 1] += down
    return replace(posture, nodes=nodes)
