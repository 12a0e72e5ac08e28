"""What lies beyond a picture's border: patches of what is near it, and no subject again."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray
from patchmatch.patch_match import inpaint as patch_match

from kirin.engines.animatic.photo.conspicuous import conspicuous
from kirin.vision.easing import smoothstep
from kirin.vision.inpainting.detail import enlarge_filled
from kirin.vision.inpainting.pull_push import pull_push
from kirin.vision.kernels import Plane, blend
from kirin.vision.planes import Rgb, resize, resize_shown

Floats = NDArray[np.float32]

Sides = tuple[float, float, float, float]
"""Left, top, right and bottom in pixels."""

Strip = tuple[int, int, int, int]
"""Likewise, whole."""

_SIDE = 256  # longest side at which patches are searched
_PATCH = 3  # radius of a patch in pixels, at that size
_MOST = 0.93  # share of the picture without patches to take above which colours go on
_BAND = 0.3  # of the shorter side: how near the border patches are taken from
_JOIN = 0.02  # of the shorter side: over which the reflection goes over into patches
_TRACE = 8  # of 255: opacity of a subject that leaves a trace
_SOFT = 0.004
"""Deviation of the blur, in shorter sides of the picture."""
_REACH = 0.13
"""Distance from the border at which it has set in, likewise."""

ENDING: Final = 0.01
"""Over which a subject ends that the border cuts off, likewise."""


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


@dataclass(frozen=True, slots=True, eq=False)
class BorderFill:
    """What lies beyond a picture's border.

    Attributes:
        colours: the picture with it, uint8, shape ``(h, w, 3)``; only beyond the border is meant.
        near: where the reflection shows what must not be seen twice, 0 to 255.
        touching: for the left, top, right and bottom border, where that touches it, 0 to 1.
    """

    colours: Rgb
    near: Plane
    touching: tuple[Floats, Floats, Floats, Floats]


def fill_border(rgb: Rgb, inner: Sides, barred: Plane | None) -> BorderFill | None:
    """Patches of what is near a picture's border, beyond it (PatchMatch: Barnes et al. 2009).

    They continue a ridge or a plank where a reflection bends it. They are taken from what may be
    seen twice, and so is their detail: from no subject, and from nothing that stands out.

    Args:
        rgb: a picture with its reflection around it.
        inner: left, top, right and bottom of the picture itself, in pixels.
        barred: subjects, as a mask with its reflection around it, 0 to 255.

    Returns:
        ``None`` if there is nothing beyond the border.
    """
    height, width = rgb.shape[:2]
    away = _away(inner, (0, 0, width, height))
    if not (away > 0).any():
        return None
    scale = _scale(height, width)
    size = max(round(width * scale), 8), max(round(height * scale), 8)
    hole = (cv2.resize(away, size, interpolation=cv2.INTER_AREA) > 0).astype(np.uint8)
    small = resize(rgb, *size)
    subjects = np.zeros_like(hole)
    if barred is not None:
        reduced = cv2.resize(barred, size, interpolation=cv2.INTER_AREA)
        subjects = (reduced > _TRACE).astype(np.uint8)
    part = _whole([side * scale for side in inner], size)
    twice = np.maximum(subjects, _conspicuous(small, part))
    for unwanted in (twice, subjects):
        outside = _unwanted(part, hole, unwanted)
        if (outside | hole).mean() <= _MOST:
            patched = patch_match(small, hole, global_mask=outside, patch_size=_PATCH)
            colours = enlarge_filled(rgb, patched, hole, outside)
            break
    else:
        known = np.asarray((hole | subjects) == 0, np.float32)
        if not known.any():
            known = np.asarray(hole == 0, np.float32)
        colours = resize_shown(pull_push(small, known), width, height)
    near = cv2.dilate(twice * np.uint8(255), np.ones((3, 3), np.uint8))
    near = cv2.resize(near, (width, height), interpolation=cv2.INTER_LINEAR)
    return BorderFill(colours, np.asarray(near, np.uint8), _touching(barred, rgb, inner))


def continue_border(rgb: Rgb, inner: Sides, fill: BorderFill) -> None:
    """Replace the reflection around a picture, in place, by what was made for there.

    Right at the border the reflection stays, which joins without a seam, but nothing of it that
    must not be seen twice: what touches the border ends with it.

    Args:
        rgb: a picture with its reflection around it.
        inner: left, top, right and bottom of the picture itself, in pixels.
        fill: from :func:`fill_border`.
    """
    height, width = rgb.shape[:2]
    side = min(inner[2] - inner[0], inner[3] - inner[1])
    for strip in _beyond(height, width, inner):
        left, top, right, bottom = strip
        part = np.s_[top:bottom, left:right]
        away = _away(inner, strip)
        share = np.maximum(away / (_JOIN * side), fill.near[part] / np.float32(255))
        touching = _beside(strip, inner, fill)
        share = share + touching * (away / np.float32(ENDING * side) - share)
        alpha = np.round(np.clip(share, 0, 1) * 255).astype(np.uint8)
        _blend(rgb, strip, fill.colours[part], alpha)


def _touching(
    barred: Plane | None, rgb: Rgb, inner: Sides
) -> tuple[Floats, Floats, Floats, Floats]:
    """Where the barred touches the borders, which are left, top, right and bottom."""
    height, width = rgb.shape[:2]
    left, top, right, bottom = _whole(inner, (width, height))
    if barred is None:
        none = np.zeros(max(height, width), np.float32)
        return none[:height], none[:width], none[:height], none[:width]
    lines = (barred[:, left], barred[top], barred[:, right - 1], barred[bottom - 1])
    down, across, down_too, across_too = (
        np.asarray(line / np.float32(255), np.float32) for line in lines
    )
    return down, across, down_too, across_too


def _beside(strip: Strip, inner: Sides, fill: BorderFill) -> Floats:
    """Where the part of the border next to a strip is touched, for the strip's pixels."""
    left, top, right, bottom = strip
    if bottom <= inner[1] + 1:
        return fill.touching[1][None, left:right]
    if top >= inner[3] - 1:
        return fill.touching[3][None, left:right]
    line = fill.touching[0] if right <= inner[0] + 1 else fill.touching[2]
    return line[top:bottom, None]


def _whole(inner: Sequence[float], size: tuple[int, int]) -> Strip:
    """The whole pixels that lie in the picture itself, at least one each way."""
    left, top = max(math.ceil(inner[0]), 0), max(math.ceil(inner[1]), 0)
    right, bottom = min(math.floor(inner[2]), size[0]), min(math.floor(inner[3]), size[1])
    return left, top, max(right, left + 1), max(bottom, top + 1)


def _conspicuous(small: Rgb, part: Strip) -> Plane:
    """What stands out near the border of a reduced picture, with its reflection, as 1."""
    left, top, right, bottom = part
    height, width = small.shape[:2]
    found = conspicuous(small[top:bottom, left:right])
    return mirrored(found, left, top, width - right, height - bottom)


def _unwanted(part: Strip, hole: Plane, barred: Plane) -> Plane:
    """Where no patches are taken from: the middle of the picture, and what is barred."""
    outside = np.zeros_like(hole)
    left, top, right, bottom = part
    band = _BAND * min(right - left, bottom - top)
    rows = slice(math.ceil(top + band), max(math.floor(bottom - band), 0))
    outside[rows, math.ceil(left + band) : max(math.floor(right - band), 0)] = 1
    near = cv2.dilate(barred, np.ones((5, 5), np.uint8))
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
