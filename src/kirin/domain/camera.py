"""Camera control: how the camera of a shot is to move, in numbers instead of words."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

MOST_AMOUNT: Final = 10.0
"""Greatest amount of a move, on either side of 0."""


class CameraPreset(StrEnum):
    """Moves that combine axes; the words are the wire's."""

    DOWN_BACK = "down_back"
    FORWARD_UP = "forward_up"
    RIGHT_TURN_FORWARD = "right_turn_forward"
    LEFT_TURN_FORWARD = "left_turn_forward"


@dataclass(frozen=True, slots=True)
class CameraControl:
    """A move of the camera over a whole shot: a preset, or an amount on one axis.

    Amounts run from -10 to 10 and grow with the distance or the angle; 0 does not move. Signs are
    those of the family's public API.

    Attributes:
        horizontal: translation along x; below 0 to the left.
        vertical: translation along y; below 0 down.
        pan: rotation about the x axis; below 0 down.
        tilt: rotation about the y axis; below 0 to the left.
        roll: rotation about the line of sight; below 0 counter-clockwise.
        zoom: focal length; below 0 a longer one, so that the field of view narrows.
        preset: a combined move; then no axis has an amount.
    """

    horizontal: float = 0.0
    vertical: float = 0.0
    pan: float = 0.0
    tilt: float = 0.0
    roll: float = 0.0
    zoom: float = 0.0
    preset: CameraPreset | None = None
