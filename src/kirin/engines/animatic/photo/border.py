"""What lies beyond a picture's border: patches of it, with the grain of its reflection."""

from __future__ import annotations

import math

import cv2
import numpy as np
from numpy.typing import NDArray
from patchmatch.patch_match import inpaint as patch_match

from kirin.vision.easing import smoothstep
from kirin.vision.kernels import Plane, blend
from kirin.vision.planes import Rgb, resize

Floats = NDArray[np.float32]

Sides = tuple[float, float, float, float]
"""Left, top, right and bottom in pixels."""

Strip = tuple[int, int, int, int]
"""Likewise, whole."""

_SIGNED = cv2.CV_16S
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


def patch_border(rgb: Rgb, inner: Sides, barred: Plane | None) -> Rgb | None:
    """Patches of what is near a picture's border, beyond it (PatchMatch: Barnes et al. 2009).

    They continue a ridge or a plank where a reflection bends it.

    Args:
        rgb: a picture with its reflection around it.
        inner: left, top, right and bottom of the picture itself, in pixels.
        barred: what must not be seen twice, as a mask; without it, all may be.

    Returns:
        the picture at a small size; ``None`` if there is nothing to take patches from.
    """
    height, width = rgb.shape[:2]
    away = _away(inner, (0, 0, width, height))
    if not (away > 0).any():
        return None
    scale = _scale(height, width)
    size = max(round(width * scale), 8), max(round(height * scale), 8)
    hole = (cv2.resize(away, size, interpolation=cv2.INTER_AREA) > 0).astype(np.uint8)
    outside = _unwanted(size, [side * scale for side in inner], hole, barred)
    if (outside | hole).mean() > _MOST:
        return None
    return patch_match(resize(rgb, *size), hole, global_mask=outside, patch_size=_PATCH)


def continue_border(rgb: Rgb, inner: Sides, patched: Rgb) -> None:
    """Replace the reflection around a picture, in place, by patches with its grain.

    Args:
        rgb: a picture with its reflection around it.
        inner: left, top, right and bottom of the picture itself, in pixels.
        patched: from :func:`patch_border`.
    """
    height, width = rgb.shape[:2]
    smooth = cv2.resize(patched, (width, height), interpolation=cv2.INTER_CUBIC)
    side = min(inner[2] - inner[0], inner[3] - inner[1])
    sigma = 1.0 / _scale(height, width)
    for strip in _beyond(height, width, inner):
        left, top, right, bottom = strip
        part = np.s_[top:bottom, left:right]
        grain = cv2.subtract(rgb[part], cv2.GaussianBlur(rgb[part], (0, 0), sigma), dtype=_SIGNED)
        made = cv2.addWeighted(smooth[part], 1.0, grain, _GRAIN, 0.0, dtype=cv2.CV_8U)
        share = np.clip(_away(inner, strip) / (_JOIN * side), 0, 1)
        _blend(rgb, strip, np.asarray(made, np.uint8), np.round(share * 255).astype(np.uint8))


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
    side = min(inner[2] - inner[0], inner[3] - inner[1])
    sigma = _SOFT * side
    pad = math.ceil(3 * sigma)
    for strip in _beyond(height, width, inner):
        left, top, right, bottom = strip
        x0, y0 = max(left - pad, 0), max(top - pad, 0)
        x1, y1 = min(right + pad, width), min(bottom + pad, height)
        soft = cv2.GaussianBlur(rgb[y0:y1, x0:x1], (0, 0), sigma)
        soft = soft[top - y0 : bottom - y0, left - x0 : right - x0]
        share = np.clip(_away(inner, strip) / (_REACH * side), 0, 1)
        alpha = np.round(smoothstep(share) * 255).astype(np.uint8)
        _blend(rgb, strip, np.asarray(soft, np.uint8), alpha)


def _blend(rgb: Rgb, strip: Strip, above: Rgb, alpha: Plane) -> None:
    """Composite colours over a strip of a picture, in place."""
    left, top, right, bottom = strip
    below = np.ascontiguousarray(rgb[top:bottom, left:right])
    flat = (bottom - top, 3 * (right - left))
    over = np.ascontiguousarray(above).reshape(flat)
    blend(below.reshape(flat), over, np.repeat(alpha, 3, axis=1), 0, 0)
    rgb[top:bottom, left:right] = below


def _scale(height: int, width: int) -> float:
    """Of the size at which patches are searched."""
    return min(1.0, _SIDE / max(height, width))


def _away(inner: Sides, strip: Strip) -> Floats:
    """Distance from the picture of each pixel of a strip."""
    left, top, right, bottom = inner
    x = np.arange(strip[0], strip[2], dtype=np.float32) + 0.5
    y = np.arange(strip[1], strip[3], dtype=np.float32) + 0.5
    across = np.maximum(np.maximum(left - x, x - right), 0)
    down = np.maximum(np.maximum(top - y, y - bottom), 0)
    return np.asarray(np.hypot(across[None], down[:, None]), np.float32)


def _beyond(height: int, width: int, inner: Sides) -> list[Strip]:
    """The strips around the picture, none of which overlap."""
    left, top = max(math.floor(inner[0]), 0), max(math.floor(inner[1]), 0)
    right, bottom = min(math.ceil(inner[2]), width), min(math.ceil(inner[3]), height)
    strips = [
        (0, 0, width, top),
        (0, bottom, width, height),
        (0, top, left, bottom),
        (right, top, width, bottom),
    ]
    return [each for each in strips if each[0] < each[2] and each[1] < each[3]]
