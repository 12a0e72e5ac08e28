"""Healing: what was taken out of a picture is painted over with what lies around it."""

from __future__ import annotations

import math
from typing import cast

import cv2
import numpy as np
from patchmatch.patch_match import inpaint

from kirin.vision.inpainting.fill import spread
from kirin.vision.kernels import Plane, blend
from kirin.vision.planes import Rgb, resize

_SIDE = 256  # longest side of a hole and what is around it, when patches are searched
_PATCH = 3  # radius of the compared patches there
_RIM = 0.006  # of the picture's longest side: blur and shadow around a part that go with it
_AROUND = 0.22  # how far around a hole patches come from, of the root of its area
_LEAST = 10  # pixels there that patches must have to come from, at the searched size
_NEAR = 0.05  # of the longest side: holes closer than this are healed together


def heal(rgb: Rgb, alpha: Plane) -> Rgb:
    """Paint over what ``alpha`` covers, each hole with patches of what is close to it.

    A whole picture has better matching patches than the surroundings of a hole, but they show
    things that would be recognised.

    Args:
        rgb: a picture, shape ``(h, w, 3)``.
        alpha: what is to go, shape ``(h, w)``; 0 stays.
    """
    longest = max(alpha.shape)
    rim = _disc(max(2, round(_RIM * longest)))
    hole = cast(Plane, cv2.dilate((alpha > 0).astype(np.uint8), rim))
    close = cv2.dilate(_reduced(hole, 320), _disc(round(_NEAR * 320)))
    healed = rgb.copy()
    count, groups = cv2.connectedComponents(close)
    size = (alpha.shape[1], alpha.shape[0])
    for group in range(1, count):
        here = cv2.resize((groups == group).astype(np.uint8), size, interpolation=cv2.INTER_NEAREST)
        _heal_one(healed, hole & cast(Plane, here), hole)
    return healed


def _heal_one(rgb: Rgb, hole: Plane, holes: Plane) -> None:
    """Heal one hole, in place; from no other."""
    height, width = hole.shape
    area = cv2.countNonZero(hole)
    if not area:
        return
    around = max(8, round(_AROUND * math.sqrt(area)))
    x, y, w, h = cv2.boundingRect(hole)
    left, top = max(x - 2 * around, 0), max(y - 2 * around, 0)
    right, bottom = min(x + w + 2 * around, width), min(y + h + 2 * around, height)
    part = np.s_[top:bottom, left:right]
    scale = min(1.0, _SIDE / max(right - left, bottom - top))
    size = (max(round((right - left) * scale), 8), max(round((bottom - top) * scale), 8))
    small = resize(np.ascontiguousarray(rgb[part]), *size)
    gap, barred = (
        (cv2.resize(mask[part] * 255, size, interpolation=cv2.INTER_AREA) > 0).astype(np.uint8)
        for mask in (hole, holes)
    )
    there = cv2.dilate(gap, _disc(max(round(around * scale), 4)))
    outside = ((there == 0) | ((barred > 0) & (gap == 0))).astype(np.uint8)
    sources = cv2.countNonZero(1 - (outside | gap))
    if sources < _LEAST * _LEAST:
        if not (barred == 0).any():
            return  # the hole is all there is
        patched = spread(small, (barred == 0).astype(np.float32))
    else:
        patched = inpaint(small, gap, global_mask=outside, patch_size=_PATCH)
    patched = resize(patched, right - left, bottom - top)
    rim = max(1.0, _RIM * max(height, width) / 2)
    soft = cv2.GaussianBlur(hole[part] * 255, (0, 0), rim)
    soft = np.where(cv2.erode(hole[part], _disc(round(2 * rim))) > 0, 255, soft).astype(np.uint8)
    below = np.ascontiguousarray(rgb[part])
    flat = (bottom - top, 3 * (right - left))
    above = np.ascontiguousarray(patched).reshape(flat)
    blend(below.reshape(flat), above, np.repeat(soft, 3, axis=1), 0, 0)
    rgb[part] = below


def _disc(radius: int) -> Plane:
    side = 2 * radius + 1
    return cast(Plane, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side)))


def _reduced(mask: Plane, side: int) -> Plane:
    """At most ``side`` pixels long; what any part of a pixel is in stays in."""
    scale = min(1.0, side / max(mask.shape))
    size = (max(round(mask.shape[1] * scale), 1), max(round(mask.shape[0] * scale), 1))
    reduced = cv2.resize(mask * 255, size, interpolation=cv2.INTER_AREA)
    return (reduced > 0).astype(np.uint8)
