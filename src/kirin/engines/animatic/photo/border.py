"""What lies beyond a picture's border: patches of it, with the grain of its reflection."""

from __future__ import annotations

import math

import cv2
import numpy as np
from numpy.typing import NDArray
from patchmatch.patch_match import inpaint as patch_match

from kirin.vision.kernels import Plane, blend
from kirin.vision.planes import Rgb, resize

Floats = NDArray[np.float32]

Sides = tuple[float, float, float, float]
"""Left, top, right and bottom in pixels."""

_SIDE = 256  # longest side at which patches are searched
_PATCH = 3  # radius of a patch in pixels, at that size
_MOST = 0.93  # share of the picture without patches to take above which it stays a reflection
_BAND = 0.3  # of the shorter side: how near the border patches are taken from
_JOIN = 0.02  # of the shorter side: over which the reflection goes over into patches
_GRAIN = 0.8  # of the reflection's detail
_SOFT = 0.004
"""Deviation of the blur, in shorter sides of the picture."""
_REACH = 0.13
"""Distance from the border at which it has set in, likewise."""


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


def continue_border(rgb: Rgb, inner: Sides, barred: Plane | None) -> Rgb:
    """Replace the reflection around a picture by patches of what is near its border.

    Patches (PatchMatch: Barnes et al. 2009) continue a ridge or a plank where a reflection bends
    it; they are found at a small size, and get the grain of the reflection.

    Args:
        rgb: a picture with its reflection around it.
        inner: left, top, right and bottom of the picture itself, in pixels.
        barred: what must not be seen twice, as a mask; without it, all may be.

    Returns:
        a new picture; inside of ``inner`` it is the same.
    """
    height, width = rgb.shape[:2]
    away = _away(height, width, inner)
    if not (away > 0).any():
        return rgb
    scale = min(1.0, _SIDE / max(height, width))
    size = max(round(width * scale), 8), max(round(height * scale), 8)
    hole = (cv2.resize(away, size, interpolation=cv2.INTER_AREA) > 0).astype(np.uint8)
    outside = _unwanted(size, [side * scale for side in inner], hole, barred)
    if (outside | hole).mean() > _MOST:
        return rgb
    patched = patch_match(resize(rgb, *size), hole, global_mask=outside, patch_size=_PATCH)
    smooth = cv2.resize(patched, (width, height), interpolation=cv2.INTER_CUBIC)
    side = min(inner[2] - inner[0], inner[3] - inner[1])
    share = np.round(np.clip(away / (_JOIN * side), 0, 1) * 255).astype(np.uint8)
    out = rgb.copy()
    sigma = 1.0 / scale
    for left, top, right, bottom in _beyond(height, width, inner):
        if right <= left or bottom <= top:
            continue
        part = np.s_[top:bottom, left:right]
        mirror = rgb[part].astype(np.int16)
        grain = mirror - cv2.GaussianBlur(rgb[part], (0, 0), sigma)
        made = np.clip(smooth[part] + _GRAIN * grain, 0, 255).astype(np.uint8)
        below = rgb[part].copy()
        flat = (bottom - top, 3 * (right - left))
        blend(below.reshape(flat), made.reshape(flat), np.repeat(share[part], 3, axis=1), 0, 0)
        out[part] = below
    return out


def _unwanted(
    size: tuple[int, int], inner: list[float], hole: Plane, barred: Plane | None
) -> Plane:
    """Where no patches are taken from: the middle of the picture, and what is barred."""
    outside = np.zeros((size[1], size[0]), np.uint8)
    left, top, right, bottom = inner
    band = _BAND * min(right - left, bottom - top)
    rows = slice(math.ceil(top + band), max(math.floor(bottom - band), 0))
    outside[rows, math.ceil(left + band) : max(math.floor(right - band), 0)] = 1
    if barred is not None:
        small = cv2.resize(barred, size, interpolation=cv2.INTER_AREA)
        near = cv2.dilate((small > 8).astype(np.uint8), np.ones((5, 5), np.uint8))
        outside[(near > 0) & (hole == 0)] = 1
    return outside


def soften_border(rgb: Rgb, inner: Sides) -> None:
    """Soften what lies beyond the border, in place: what is made up should not draw the eye.

    Args:
        rgb: a picture with its reflection around it.
        inner: left, top, right and bottom of the picture itself, in pixels.
    """
    height, width = rgb.shape[:2]
    away = _away(height, width, inner)
    side = min(inner[2] - inner[0], inner[3] - inner[1])
    share = np.clip(away / (_REACH * side), 0, 1)
    alpha = np.round(share * share * (3 - 2 * share) * 255).astype(np.uint8)
    for part in _beyond(height, width, inner):
        _blur_part(rgb, part, _SOFT * side, alpha)


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
    below = rgb[top:bottom, left:right].copy()
    flat = (bottom - top, 3 * (right - left))
    share = np.repeat(alpha[top:bottom, left:right], 3, axis=1)
    blend(below.reshape(flat), soft.reshape(flat).astype(np.uint8, copy=False), share, 0, 0)
    rgb[top:bottom, left:right] = below


def _away(height: int, width: int, inner: Sides) -> Floats:
    """Distance of each pixel from the picture."""
    left, top, right, bottom = inner
    x, y = np.arange(width, dtype=np.float32) + 0.5, np.arange(height, dtype=np.float32) + 0.5
    across = np.maximum(np.maximum(left - x, x - right), 0)
    down = np.maximum(np.maximum(top - y, y - bottom), 0)
    return np.asarray(np.hypot(across[None], down[:, None]), np.float32)


def _beyond(height: int, width: int, inner: Sides) -> list[tuple[int, int, int, int]]:
    """The four strips around the picture, none of which overlap."""
    left, top = max(math.floor(inner[0]), 0), max(math.floor(inner[1]), 0)
    right, bottom = min(math.ceil(inner[2]), width), min(math.ceil(inner[3]), height)
    return [
        (0, 0, width, top),
        (0, bottom, width, height),
        (0, top, left, bottom),
        (right, top, width, bottom),
    ]
