"""Camera control in words: open models take a move of the camera in their prompt only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Final

from kirin.domain.camera import CameraControl, CameraPreset

AXES: Final[Mapping[str, tuple[str, str]]] = {
    "horizontal": ("moves to the left", "moves to the right"),
    "vertical": ("moves down", "moves up"),
    "pan": ("tilts down", "tilts up"),
    "tilt": ("pans to the left", "pans to the right"),
    "roll": ("rolls counter-clockwise", "rolls clockwise"),
    "zoom": ("zooms in", "zooms out"),
}
"""What an amount below and above 0 does, by axis, in the terms of film crews: to them a pan turns
sideways, which the wire calls tilt."""

PRESETS: Final[Mapping[CameraPreset, str]] = {
    CameraPreset.DOWN_BACK: "moves down and backwards",
    CameraPreset.FORWARD_UP: "moves forward and up",
    CameraPreset.RIGHT_TURN_FORWARD: "turns to the right and moves forward",
    CameraPreset.LEFT_TURN_FORWARD: "turns to the left and moves forward",
}

SLOW, FAST = 3, 8
"""Amounts up to which a move is called slow, and from which it is called fast."""


def camera_words(camera: CameraControl) -> str:
    """A sentence that says the move; empty if the camera does not move.

    >>> camera_words(CameraControl(tilt=-2))
    'The camera slowly pans to the left.'
    """
    if camera.preset:
        return f"The camera {PRESETS[camera.preset]}."
    amounts = asdict(camera)
    for axis, (below, above) in AXES.items():
        amount = amounts[axis]
        if amount:
            speed = "slowly " if abs(amount) <= SLOW else "quickly " if abs(amount) >= FAST else ""
            return f"The camera {speed}{above if amount > 0 else below}."
    return ""
