"""Turns of the camera in degrees, and how many of them the flat layers of a scene can show."""

from __future__ import annotations

import math
from typing import Any, Final

from kirin.domain.intent import Direction, Move, Step

_FOCAL: Final = 0.7125
"""Focal length in view widths, of a 16:9 view (as ``scene.lens.Lens.focal``)."""
_ASPECT: Final = 16 / 9

# Beyond these the picture is seen from a side that nobody has drawn, or is mostly border.
_MOST_DEGREES: Final[dict[str, float]] = {"orbit": 34.0, "pan": 36.0, "tilt": 16.0, "roll": 24.0}


def _family(move: Move) -> str:
    return move.value.partition("_")[0]


def shown_degrees(step: Step) -> float | None:
    """How far a step turns of the degrees that it was told; ``None`` if it was told none."""
    most = _MOST_DEGREES.get(_family(step.move))
    return None if step.degrees is None or most is None else min(float(step.degrees), most)


def travel_for(step: Step, pivot: float) -> float | None:
    """Travel along a move's first axis, in units of ``Pose``, for the degrees that it shows.

    A camera that orbits by an angle ``a`` around a subject at the distance ``d`` ends ``2 d
    tan(a/2)`` beside where it began; ``pivot`` is the subject's disparity. A pan by ``a`` shifts
    the picture by ``2 f tan(a/2)``.
    """
    degrees = shown_degrees(step)
    if degrees is None:
        return None
    if _family(step.move) == "roll":
        return math.radians(degrees)
    shift = 2 * _FOCAL * math.tan(math.radians(degrees) / 2)
    return {"orbit": shift / pivot, "pan": shift, "tilt": shift * _ASPECT}[_family(step.move)]


def describe_direction(direction: Direction) -> dict[str, Any]:
    """The direction as JSON values, and in ``limited`` what of it is shown only in part."""
    described = direction.describe()
    limited = [
        {"move": step.move.value, "degrees": step.degrees, "shown": shown}
        for step in direction.steps
        if (shown := shown_degrees(step)) is not None and shown < (step.degrees or 0)
    ]
    if limited:
        described["limited"] = limited
    return described
