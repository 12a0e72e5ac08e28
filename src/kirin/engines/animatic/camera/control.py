"""Camera control: moves that were asked for in numbers, in place of those of the prompt."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from kirin.domain.camera import MOST_AMOUNT, CameraControl, CameraPreset
from kirin.domain.intent import Direction, Intent, Move, Speed, Step

_AXES: Final[dict[str, tuple[Move, Move]]] = {
    "horizontal": (Move.TRUCK_LEFT, Move.TRUCK_RIGHT),
    "vertical": (Move.CRANE_DOWN, Move.CRANE_UP),
    "pan": (Move.TILT_DOWN, Move.TILT_UP),
    "tilt": (Move.PAN_LEFT, Move.PAN_RIGHT),
    "roll": (Move.ROLL_COUNTER, Move.ROLL_CLOCKWISE),
    "zoom": (Move.ZOOM_IN, Move.ZOOM_OUT),
}
"""The moves of each axis, below and above 0, in the field's terms: what the wire calls a pan is a
tilt, and the reverse."""

_PRESETS: Final[dict[CameraPreset, tuple[tuple[Move, float], ...]]] = {
    CameraPreset.DOWN_BACK: ((Move.CRANE_DOWN, 6.0), (Move.PULL_OUT, 8.0)),
    CameraPreset.FORWARD_UP: ((Move.PUSH_IN, 8.0), (Move.TILT_UP, 5.0)),
    CameraPreset.RIGHT_TURN_FORWARD: ((Move.PAN_RIGHT, 6.0), (Move.PUSH_IN, 8.0)),
    CameraPreset.LEFT_TURN_FORWARD: ((Move.PAN_LEFT, 6.0), (Move.PUSH_IN, 8.0)),
}
"""Moves that are made together, each with its amount."""


def directed(intent: Intent, control: CameraControl) -> Intent:
    """The intent with the camera of a control, which counts more than the prompt's words.

    Words for another move, or for nobody else's, are told as overruled. A cast member whom the
    prompt lets the camera follow is not followed.
    """
    steps = _steps(control)
    named = intent.camera
    others = {step.move for step in named.steps} - {step.move for step in steps}
    overruled = bool(others) or bool(steps) != bool(named.steps)
    camera = Direction(
        steps,
        () if overruled else named.understood,
        tuple(sorted({*named.avoided} - {step.move for step in steps})),
        given=True,
        overruled=named.understood if overruled and not named.default else (),
    )
    return replace(intent, camera=camera, cast=replace(intent.cast, followed=None))


def _steps(control: CameraControl) -> tuple[Step, ...]:
    """The moves of a control, each over the whole shot; none where it keeps the camera still."""
    if control.preset:
        moves = _PRESETS[control.preset]
    else:
        amounts = {axis: float(getattr(control, axis)) for axis in _AXES}
        moves = tuple(
            (_AXES[axis][amount > 0], abs(amount)) for axis, amount in amounts.items() if amount
        )
    return tuple(Step(move, Speed.NORMAL, 0.0, 1.0, amount=amount) for move, amount in moves)


def part_of(direction: Direction) -> float | None:
    """Which part a given camera's path is of the longest of its kind; ``None`` of another."""
    if not direction.given:
        return None
    amounts = [step.amount or MOST_AMOUNT for step in direction.steps]
    return amounts[0] / MOST_AMOUNT if len(amounts) == 1 else 1.0
