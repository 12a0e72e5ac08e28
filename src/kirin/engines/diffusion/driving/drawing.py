"""Drawing: a body as a picture in the colours and strokes that Wan-Animate was trained on.

Order of limbs, colours, their dimming and the widths of strokes are those of
``human_visualization.py`` in https://github.com/Wan-Video/Wan2.2/tree/main/wan/modules/animate,
which are OpenPose's with two limbs more, for the feet.
"""

from __future__ import annotations

import colorsys
from math import atan2, degrees, hypot
from typing import Any, Final

import cv2
import numpy as np

from kirin.engines.diffusion.driving.body import BODY, Body, Spot
from kirin.vision.planes import Rgb

SEEN: Final = 0.5
"""How well a point must be seen to be drawn."""

LIMBS: Final = (
    (Spot.NECK, Spot.RIGHT_SHOULDER),
    (Spot.NECK, Spot.LEFT_SHOULDER),
    (Spot.RIGHT_SHOULDER, Spot.RIGHT_ELBOW),
    (Spot.RIGHT_ELBOW, Spot.RIGHT_WRIST),
    (Spot.LEFT_SHOULDER, Spot.LEFT_ELBOW),
    (Spot.LEFT_ELBOW, Spot.LEFT_WRIST),
    (Spot.NECK, Spot.RIGHT_HIP),
    (Spot.RIGHT_HIP, Spot.RIGHT_KNEE),
    (Spot.RIGHT_KNEE, Spot.RIGHT_ANKLE),
    (Spot.NECK, Spot.LEFT_HIP),
    (Spot.LEFT_HIP, Spot.LEFT_KNEE),
    (Spot.LEFT_KNEE, Spot.LEFT_ANKLE),
    (Spot.NECK, Spot.NOSE),
    (Spot.NOSE, Spot.RIGHT_EYE),
    (Spot.RIGHT_EYE, Spot.RIGHT_EAR),
    (Spot.NOSE, Spot.LEFT_EYE),
    (Spot.LEFT_EYE, Spot.LEFT_EAR),
    (Spot.LEFT_ANKLE, Spot.LEFT_TOE),
    (Spot.RIGHT_ANKLE, Spot.RIGHT_TOE),
)
"""The body's limbs, in the order in which they are drawn."""

_WHEEL = [(255, 85 * n, 0) for n in range(3)] + [(255 - 85 * n, 255, 0) for n in range(3)]
_WHEEL += [(0, 255, 85 * n) for n in range(3)] + [(0, 255 - 85 * n, 255) for n in range(3)]
_WHEEL += [(85 * n, 0, 255) for n in range(3)] + [(255, 0, 255 - 85 * n) for n in range(3)]
COLOURS: Final = (*_WHEEL, (200, 200, 0), (100, 100, 0))
"""Of the points by number, and of the limbs by theirs."""

_DIM = 0.6  # how bright a limb is beside its points
_EDGES = 20  # of a hand of 21 points: their hues go once round
_KNUCKLE = (0, 0, 255)
_HANDS = tuple(
    (Spot[f"{side}_WRIST"], tuple(Spot[f"{side}_{name}"] for name in ("THUMB", "INDEX", "PINKY")))
    for side in ("LEFT", "RIGHT")
)
_FIRST_EDGES = (0, 4, 16)  # from the wrist to the thumb, to the index and to the little finger


def pose_picture(body: Body, width: int, height: int) -> Rgb:
    """A body on black, shape ``(height, width, 3)``."""
    canvas: Any = np.zeros((height, width, 3), np.uint8)
    stroke = max(min(width, height) // 200 - 1, 1)
    places = [(int(x), int(y)) for x, y in np.clip(body.points, -(2**14), 2**14)]
    seen = body.seen >= SEEN
    for (start, end), colour in zip(LIMBS, COLOURS, strict=False):
        if seen[start] and seen[end]:
            _limb(canvas, places[start], places[end], stroke, colour)
    for place, there, colour in zip(places[:BODY], seen[:BODY], COLOURS, strict=True):
        if there:
            cv2.circle(canvas, place, stroke, colour, -1)
    for wrist, knuckles in _HANDS:
        for knuckle, edge in zip(knuckles, _FIRST_EDGES, strict=True):
            if seen[wrist] and seen[knuckle]:
                hue = colorsys.hsv_to_rgb(edge / _EDGES, 1.0, 1.0)
                tint = tuple(255 * value for value in hue)
                cv2.line(canvas, places[wrist], places[knuckle], tint, max(stroke // 2, 1))
                cv2.circle(canvas, places[knuckle], max(stroke // 2, 1), _KNUCKLE, -1)
    drawn: Rgb = canvas
    return drawn


def _limb(
    canvas: Any,
    start: tuple[int, int],
    end: tuple[int, int],
    stroke: int,
    colour: tuple[int, int, int],
) -> None:
    """A slim ellipse from point to point."""
    across, down = start[0] - end[0], start[1] - end[1]
    middle = (start[0] + end[0]) // 2, (start[1] + end[1]) // 2
    half = int(hypot(across, down) / 2)
    outline: Any = cv2.ellipse2Poly(
        middle, (half, stroke), int(degrees(atan2(down, across))), 0, 360, 1
    )
    cv2.fillConvexPoly(canvas, outline, tuple(int(_DIM * value) for value in colour))
