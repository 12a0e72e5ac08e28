"""A studio backdrop that suits the subjects' colours, for prompts that name no place."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from kirin.engines.animatic.composition.panels import grained
from kirin.engines.animatic.scene.lighting import Lighting
from kirin.vision.planes import Rgb

HORIZON = 0.64
"""Row at which wall and floor meet, as a share of the backdrop's height."""

FOOT = 0.775
"""Row at which subjects stand, as a share of the backdrop's height."""

LAMPS = Lighting(
    gain=np.full(3, 0.97, np.float32),
    glow=np.array([0.20, 0.21, 0.22], np.float32),
    wrap=0.12,
    side=-0.55,
    height=0.75,
    shadow=0.5,
)
"""A soft key light from the upper left, and some fill from the paper."""

_WORK = 320  # longest side at which it is painted, as it has no fine detail
_CHROMA = (6.0, 17.0)  # limits of the paper's CIELAB chroma, to keep it muted


def studio(colours: Sequence[NDArray[np.float64]], width: int, height: int, seed: int) -> Rgb:
    """Paint seamless paper that curves from the wall to the floor, with a pool of light.

    Args:
        colours: mean colours of the subjects, sRGB, 0 to 255.
        width, height: of the result in pixels.
        seed: of the dithering grain.
    """
    light, a, b = _lab(np.mean(colours, axis=0))
    chroma = float(np.clip(0.55 * np.hypot(a, b), *_CHROMA))
    # The complementary hue makes the subjects stand out; dark ones get lighter paper.
    hue = np.arctan2(b, a) + np.pi
    base = 62.0 if light < 48.0 else 46.0
    scale = _WORK / max(width, height)
    columns, rows = max(round(width * scale), 16), max(round(height * scale), 16)
    x = (np.arange(columns) + 0.5)[None] / columns * 2 - 1
    y = (np.arange(rows) + 0.5)[:, None] / rows
    reach = width / height
    pool = np.exp(-(((x * reach + 0.15) / 1.05) ** 2) - ((y - 0.42) / 0.42) ** 2)
    # The paper is seamless, but the floor catches more light.
    floor = 1.0 / (1.0 + np.exp(-(y - HORIZON) / 0.028))
    front = np.clip((y - HORIZON) / (1.0 - HORIZON), 0.0, 1.0)
    level = base - 16.0 + 22.0 * pool + floor * (13.0 - 9.0 * front) + 0.0 * x
    lab = np.empty((rows, columns, 3), np.float32)
    lab[..., 0] = level
    lab[..., 1] = chroma * np.cos(hue)
    lab[..., 2] = chroma * np.sin(hue)
    soft = cv2.cvtColor(lab, cv2.COLOR_Lab2RGB) * 255
    return grained(np.asarray(soft, np.float32), width, height, seed)


def _lab(colour: NDArray[np.float64]) -> tuple[float, float, float]:
    """CIELAB of an sRGB colour, 0 to 255."""
    pixel = np.asarray(colour / 255, np.float32).reshape(1, 1, 3)
    lightness, a, b = cv2.cvtColor(pixel, cv2.COLOR_RGB2Lab)[0, 0]
    return float(lightness), float(a), float(b)
