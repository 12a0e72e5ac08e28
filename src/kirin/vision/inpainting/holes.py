"""Inpainting holes from their surroundings."""

from __future__ import annotations

import math
from typing import cast

import cv2
import numpy as np
from patchmatch.patch_match import inpaint as patch_match

from kirin.vision.beside import beside
from kirin.vision.inpainting.bridge import bridge_lines
from kirin.vision.inpainting.detail import enlarge_filled, fine_detail
from kirin.vision.inpainting.pull_push import pull_push
from kirin.vision.kernels import Plane, blend
from kirin.vision.planes import Rgb, resize

_SIDE = 256  # longest side of a hole and its surroundings when patches are searched
_PATCH = 3  # radius of a patch in pixels, at that size
_RIM = 0.006  # of the picture's longest side: the margin around a hole for blur and shadow
_AROUND = 0.22  # width of the surroundings that give patches, per root of the area of the hole
_LEAST = 10  # side of a square of the least area that can give patches, at the searched size
_IN_SKY = 0.6  # share of a hole that must lie in the sky to be filled with sky alone
_NEAR = 0.05  # of the longest side: holes closer than this are filled together


def inpaint_holes(rgb: Rgb, alpha: Plane, sky: Plane | None = None) -> Rgb:
    """Fill each hole with patches of its surroundings (PatchMatch: Barnes et al. 2009).

    The whole picture would hold better matches, but objects copied from far away would be
    recognised.

    Args:
        rgb: a picture, shape ``(h, w, 3)``.
        alpha: what to replace, shape ``(h, w)``; 0 is kept.
        sky: 1 where the picture shows sky, clouds and all; ``None`` without any.
    """
    longest = max(alpha.shape)
    rim = _disc(max(2, round(_RIM * longest)))
    hole = cast(Plane, cv2.dilate((alpha > 0).astype(np.uint8), rim))
    close = cv2.dilate(_reduced(hole, 320), _disc(round(_NEAR * 320)))
    filled = rgb.copy()
    count, groups = cv2.connectedComponents(close)
    size = (alpha.shape[1], alpha.shape[0])
    for group in range(1, count):
        here = cv2.resize((groups == group).astype(np.uint8), size, interpolation=cv2.INTER_NEAREST)
        _inpaint_hole(filled, hole & cast(Plane, here), hole, sky)
    return filled


def _inpaint_hole(rgb: Rgb, hole: Plane, holes: Plane, sky: Plane | None) -> None:
    """Fill one hole, in place, with patches from outside of all ``holes``.

    A cloud taken out of the ``sky`` leaves sky: no rock comes into its place.
    """
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
    below = np.ascontiguousarray(rgb[part])
    small = resize(below, *size)
    gap, barred = (
        (cv2.resize(mask[part] * 255, size, interpolation=cv2.INTER_AREA) > 0).astype(np.uint8)
        for mask in (hole, holes)
    )
    lined = True
    if sky is not None:
        open_ = cv2.resize(sky[part] * 255, size, interpolation=cv2.INTER_AREA) > 127
        if open_[gap > 0].mean() > _IN_SKY:
            barred = np.where(open_, barred, 1).astype(np.uint8)
            lined = False  # what leads into it are shreds of cloud
    there = cv2.dilate(gap, _disc(max(round(around * scale), 4)))
    outside = ((there == 0) | ((barred > 0) & (gap == 0))).astype(np.uint8)
    sources = cv2.countNonZero(1 - (outside | gap))
    if sources < _LEAST * _LEAST:
        if not (barred == 0).any():
            return  # there is nothing but the hole
        patched = pull_push(small, (barred == 0).astype(np.float32))
        patched = resize(patched, right - left, bottom - top)
    else:
        # What the search does not change is made while it runs.
        with beside(lambda: fine_detail(below, size)) as fine:
            lines = np.zeros_like(gap)
            if lined:
                small, lines = bridge_lines(small, gap, 1 - outside)
            rest = np.where(lines > 0, 0, gap).astype(np.uint8)
            patched = patch_match(small, rest, global_mask=outside | lines, patch_size=_PATCH)
            patched = enlarge_filled(below, patched, gap, outside, fine())
    rim = max(1.0, _RIM * max(height, width) / 2)
    soft = cv2.GaussianBlur(hole[part] * 255, (0, 0), rim)
    soft = np.where(cv2.erode(hole[part], _disc(round(2 * rim))) > 0, 255, soft).astype(np.uint8)
    flat = (bottom - top, 3 * (right - left))
    above = np.ascontiguousarray(patched).reshape(flat)
    blend(below.reshape(flat), above, np.repeat(soft, 3, axis=1), 0, 0)
    rgb[part] = below


def _disc(radius: int) -> Plane:
    side = 2 * radius + 1
    return cast(Plane, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side)))


def _reduced(mask: Plane, side: int) -> Plane:
    """A mask reduced to ``side`` pixels at most; partly covered pixels count as covered."""
    scale = min(1.0, side / max(mask.shape))
    size = (max(round(mask.shape[1] * scale), 1), max(round(mask.shape[0] * scale), 1))
    reduced = cv2.resize(mask * 255, size, interpolation=cv2.INTER_AREA)
    return (reduced > 0).astype(np.uint8)
