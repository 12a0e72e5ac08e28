"""What lies beyond a picture's border: its own continuation, ever softer."""

from __future__ import annotations

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from kirin.vision.kernels import Plane, blend
from kirin.vision.planes import Rgb

Floats = NDArray[np.float32]

_SOFT = (0.002, 0.005)
"""Deviation of two blurs, in shorter sides of the picture."""
_REACH = (0.05, 0.16)
"""Distance from the border at which each has set in, likewise."""


def mirrored(pixels: NDArray[np.uint8], left: int, top: int, right: int, bottom: int) -> Rgb:
    """Pixels with as many more at each side, by reflection: nothing breaks at the border."""
    while max(left, right, top, bottom) > 0:
        height, width = pixels.shape[:2]
        here = [min(left, width), min(top, height), min(right, width), min(bottom, height)]
        pixels = cv2.copyMakeBorder(
            pixels, here[1], here[3], here[0], here[2], cv2.BORDER_REFLECT
        ).astype(np.uint8, copy=False)
        left, top, right, bottom = left - here[0], top - here[1], right - here[2], bottom - here[3]
    return pixels


def soften_border(rgb: Rgb, inner: tuple[float, float, float, float]) -> None:
    """Soften what lies beyond the border, in place: what is made up should not draw the eye.

    Args:
        rgb: a picture with its reflection around it.
        inner: left, top, right and bottom of the picture itself, in pixels.
    """
    height, width = rgb.shape[:2]
    away = _away(height, width, inner)
    side = min(inner[2] - inner[0], inner[3] - inner[1])
    for soft, reach in zip(_SOFT, _REACH, strict=True):
        share = np.clip(away / (reach * side), 0, 1)
        share = share * share * (3 - 2 * share)
        alpha = np.round(share * 255).astype(np.uint8)
        for part in _beyond(height, width, inner):
            _blur_part(rgb, part, soft * side, alpha)


def _blur_part(rgb: Rgb, part: tuple[int, int, int, int], sigma: float, alpha: Plane) -> None:
    left, top, right, bottom = part
    if right <= left or bottom <= top:
        return
    height, width = rgb.shape[:2]
    pad = math.ceil(3 * sigma)
    x0, y0 = max(left - pad, 0), max(top - pad, 0)
    x1, y1 = min(right + pad, width), min(bottom + pad, height)
    soft = cv2.GaussianBlur(rgb[y0:y1, x0:x1], (0, 0), sigma)
    soft = np.ascontiguousarray(soft[top - y0 : bottom - y0, left - x0 : right - x0])
    below = np.ascontiguousarray(rgb[top:bottom, left:right])
    flat = (bottom - top, 3 * (right - left))
    share = np.repeat(alpha[top:bottom, left:right], 3, axis=1)
    blend(below.reshape(flat), soft.reshape(flat).astype(np.uint8, copy=False), share, 0, 0)
    rgb[top:bottom, left:right] = below


def _away(height: int, width: int, inner: tuple[float, float, float, float]) -> Floats:
    """Distance of each pixel from the picture."""
    left, top, right, bottom = inner
    x, y = np.arange(width, dtype=np.float32) + 0.5, np.arange(height, dtype=np.float32) + 0.5
    across = np.maximum(np.maximum(left - x, x - right), 0)
    down = np.maximum(np.maximum(top - y, y - bottom), 0)
    return np.asarray(np.hypot(across[None], down[:, None]), np.float32)


def _beyond(
    height: int, width: int, inner: tuple[float, float, float, float]
) -> list[tuple[int, int, int, int]]:
    """The four strips around the picture, none of which overlap."""
    left, top = max(math.floor(inner[0]), 0), max(math.floor(inner[1]), 0)
    right, bottom = min(math.ceil(inner[2]), width), min(math.ceil(inner[3]), height)
    return [
        (0, 0, width, top),
        (0, bottom, width, height),
        (0, top, left, bottom),
        (right, top, width, bottom),
    ]
