"""Pose images in the style that Wan-Animate was trained on.

The order of limbs, their colours, dimming and widths are those of ``human_visualization.py`` in
https://github.com/Wan-Video/Wan2.2/tree/main/wan/modules/animate: OpenPose's, with two more limbs
for the feet.
"""

from __future__ import annotations

import colorsys
from math import atan2, degrees, hypot
from typing import Any, Final

import cv2
import numpy as np

from kirin.engines.diffusion.driving.body import BODY_COUNT, Body, Keypoint
from kirin.vision.planes import Rgb

VISIBLE: Final = 0.5
"""Visibility from which on a keypoint is drawn."""

LIMBS: Final = (
    (Keypoint.NECK, Keypoint.RIGHT_SHOULDER),
    (Keypoint.NECK, Keypoint.LEFT_SHOULDER),
    (Keypoint.RIGHT_SHOULDER, Keypoint.RIGHT_ELBOW),
    (Keypoint.RIGHT_ELBOW, Keypoint.RIGHT_WRIST),
    (Keypoint.LEFT_SHOULDER, Keypoint.LEFT_ELBOW),
    (Keypoint.LEFT_ELBOW, Keypoint.LEFT_WRIST),
    (Keypoint.NECK, Keypoint.RIGHT_HIP),
    (Keypoint.RIGHT_HIP, Keypoint.RIGHT_KNEE),
    (Keypoint.RIGHT_KNEE, Keypoint.RIGHT_ANKLE),
    (Keypoint.NECK, Keypoint.LEFT_HIP),
    (Keypoint.LEFT_HIP, Keypoint.LEFT_KNEE),
    (Keypoint.LEFT_KNEE, Keypoint.LEFT_ANKLE),
    (Keypoint.NECK, Keypoint.NOSE),
    (Keypoint.NOSE, Keypoint.RIGHT_EYE),
    (Keypoint.RIGHT_EYE, Keypoint.RIGHT_EAR),
    (Keypoint.NOSE, Keypoint.LEFT_EYE),
    (Keypoint.LEFT_EYE, Keypoint.LEFT_EAR),
    (Keypoint.LEFT_ANKLE, Keypoint.LEFT_TOE),
    (Keypoint.RIGHT_ANKLE, Keypoint.RIGHT_TOE),
)
"""The body's limbs, in the order in which they are drawn."""

_WHEEL = [(255, 85 * n, 0) for n in range(3)] + [(255 - 85 * n, 255, 0) for n in range(3)]
_WHEEL += [(0, 255, 85 * n) for n in range(3)] + [(0, 255 - 85 * n, 255) for n in range(3)]
_WHEEL += [(85 * n, 0, 255) for n in range(3)] + [(255, 0, 255 - 85 * n) for n in range(3)]
COLOURS: Final = (*_WHEEL, (200, 200, 0), (100, 100, 0))
"""RGB, by index of keypoint or of limb."""

_LIMB_BRIGHTNESS = 0.6  # relative to its keypoints
_HAND_EDGES = 20  # of a hand of 21 keypoints; their hues go once round the colour wheel
_KNUCKLE_COLOUR = (0, 0, 255)
_HANDS = tuple(
    (
        Keypoint[f"{side}_WRIST"],
        tuple(Keypoint[f"{side}_{name}"] for name in ("THUMB", "INDEX", "PINKY")),
    )
    for side in ("LEFT", "RIGHT")
)
_WRIST_EDGES = (0, 4, 16)  # indices of the edges to the thumb, index and little finger


def draw_pose(body: Body, width: int, height: int) -> Rgb:
    """Draw a body on black; returns shape ``(height, width, 3)``."""
    canvas: Any = np.zeros((height, width, 3), np.uint8)
    stroke = max(min(width, height) // 200 - 1, 1)
    places = [(int(x), int(y)) for x, y in np.clip(body.points, -(2**14), 2**14)]
    seen = body.seen >= VISIBLE
    for (start, end), colour in zip(LIMBS, COLOURS, strict=False):
        if seen[start] and seen[end]:
            _limb(canvas, places[start], places[end], stroke, colour)
    for place, visible, colour in zip(places[:BODY_COUNT], seen[:BODY_COUNT], COLOURS, strict=True):
        if visible:
            cv2.circle(canvas, place, stroke, colour, -1)
    for wrist, knuckles in _HANDS:
        for knuckle, edge in zip(knuckles, _WRIST_EDGES, strict=True):
            if seen[wrist] and seen[knuckle]:
                hue = colorsys.hsv_to_rgb(edge / _HAND_EDGES, 1.0, 1.0)
                tint = tuple(255 * value for value in hue)
                cv2.line(canvas, places[wrist], places[knuckle], tint, max(stroke // 2, 1))
                cv2.circle(canvas, places[knuckle], max(stroke // 2, 1), _KNUCKLE_COLOUR, -1)
    image: Rgb = canvas
    return image


def _limb(
    canvas: Any,
    start: tuple[int, int],
    end: tuple[int, int],
    stroke: int,
    colour: tuple[int, int, int],
) -> None:
    """Draw a narrow ellipse between two points."""
    across, down = start[0] - end[0], start[1] - end[1]
    middle = (start[0] + end[0]) // 2, (start[1] + end[1]) // 2
    half = int(hypot(across, down) / 2)
    outline: Any = cv2.ellipse2Poly(
        middle, (half, stroke), int(degrees(atan2(down, across))), 0, 360, 1
    )
    cv2.fillConvexPoly(canvas, outline, tuple(int(_LIMB_BRIGHTNESS * value) for value in colour))
