"""Camera control: the camera's move in numbers, as a parameter and as a rule."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from kirin.catalogue.parameters import Choice, Number
from kirin.catalogue.structures import Group, Values
from kirin.domain.camera import CameraControl, CameraPreset
from kirin.errors import Problem

SIMPLE = "simple"
"""The type of a move along one axis by an amount; the others are presets."""

MOST = 10
"""Largest amount on an axis, in either direction."""

AXES: Mapping[str, str] = {
    "horizontal": "Slide sideways; below 0 to the left.",
    "vertical": "Rise or sink; below 0 down.",
    "pan": "Turn up or down; below 0 down.",
    "tilt": "Turn sideways; below 0 to the left.",
    "roll": "Turn about the line of sight; below 0 counter-clockwise.",
    "zoom": "Focal length; below 0 longer, so that less is in view.",
}
"""What each axis does; names and signs are those of the family's public API."""


def camera_control(*ids: str, types: Collection[str] = (SIMPLE, *CameraPreset)) -> Group:
    """The parameter ``camera_control``.

    Args:
        ids: of the rules that it enforces.
        types: the types of moves that the model knows.
    """
    return Group(
        name="camera_control",
        description="How the camera moves, instead of words for it in the prompt: along one "
        "axis by an amount, or in one of the combined moves that have a name.",
        fields=(
            Choice(
                name="type",
                description="simple moves along the one axis of config; other types are "
                "combined moves and have no config.",
                required=True,
                options=tuple(str(each) for each in types),
                rules=ids,
                example=SIMPLE,
            ),
            Group(
                name="config",
                description="The amount on one axis, from -10 to 10; all others are 0 or left out.",
                fields=tuple(
                    Number(
                        name=axis,
                        description=description,
                        min=-MOST,
                        max=MOST,
                        rules=ids,
                        example=5 if axis == "zoom" else 0,
                    )
                    for axis, description in AXES.items()
                ),
                rules=ids,
                example={"zoom": 5},
            ),
        ),
        rules=ids,
        example={"type": SIMPLE, "config": {"zoom": 5}},
    )


@dataclass(frozen=True, kw_only=True)
class OneAxis:
    """A simple move has an amount on exactly one axis, a preset has none."""

    param: str = "camera_control"
    message: str = (
        "type simple needs a config with exactly one axis that is not 0; other types have no config"
    )
    rules: tuple[str, ...]

    def describe(self) -> dict[str, Any]:
        return {"kind": "one_axis", "params": [self.param], "axes": [*AXES]}

    def check(self, values: Values, refused: Collection[str] = (), /) -> Iterator[Problem]:
        control = values.get(self.param, {})
        path = f"{self.param}.config"
        # What is wrong inside is told already, and does not count as missing here.
        if "type" not in control or any(name.startswith(path) for name in refused):
            return
        config = control.get("config")
        moved = [axis for axis, amount in (config or {}).items() if amount]
        if control["type"] != SIMPLE:
            if config:
                yield Problem(
                    path,
                    "not_in_this_combination",
                    f"{self.message}: leave it out with type {control['type']}",
                    self.rules,
                )
        elif config is None:
            yield Problem(path, "required", self.message, self.rules)
        elif len(moved) != 1:
            given = ", ".join(moved) or "none"
            yield Problem(path, "wrong_count", f"{self.message}; given {given}", self.rules)


def camera_of(values: Values) -> CameraControl | None:
    """The move that a request asks for in numbers."""
    control = values.get("camera_control")
    if control is None:
        return None
    if control["type"] != SIMPLE:
        return CameraControl(preset=CameraPreset(control["type"]))
    return CameraControl(**control["config"])
