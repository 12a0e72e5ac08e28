"""Refining a painted mask: its outline is moved to the edge of the object that was meant."""

from __future__ import annotations

from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from kirin.vision.compiled import compiled, inlined
from kirin.vision.kernels import Plane
from kirin.vision.matting.grab_cut import grab_cut
from kirin.vision.planes import Rgb, resize

Floats = NDArray[np.float32]

_SIDE = 384  # longest side of the region, with a margin, when its edge is searched
_BAND = 0.45  # of the region's half width: how deep inside of it the edge may lie
_DEEPEST = 0.12  # of the longest side there
_NEAR = 0.9  # of the region's half width: how far outside of it the edge may lie
_BEYOND = 0.05  # of the picture's longest side, likewise
_OPEN = 0.1  # share of a grown part's rim that may lie at the end of that
_ROUNDS = 3  # of GrabCut; more change little
_CLEARER = 1.6  # times the contrast of the painted outline that a found edge must have
_FAINT, _CLEAR = 6.0, 18.0  # steps of an 8-bit channel per pixel: barely and clearly visible
_TIGHT, _LOOSE = 0.0012, 0.006  # of the longest side: blur of a clear and of a faint edge
_FINE = 3.0  # pixels of a blur's sigma that its reduced copy keeps


def refine_painted_mask(rgb: Rgb, mask: Plane) -> Plane:
    """The soft mask of an object that was roughly painted over.

    Painting usually takes a strip of background with it, and misses a tip. Where a clear edge
    lies inside of the painted outline, the mask is cut back to it, and where the object goes on
    a little, the mask grows to the object's edge (GrabCut: Rother, Kolmogorov, Blake 2004).
    Elsewhere it ends where it was painted, softly if the picture has no edge there.

    Args:
        rgb: the picture, shape ``(h, w, 3)``.
        mask: what was painted, shape ``(h, w)``, 0 to 255.
    """
    longest = max(mask.shape)
    solid = (mask > 127).astype(np.uint8)
    x, y, w, h = cv2.boundingRect(solid)
    if min(w, h) < 8:
        return _blurred(mask, _TIGHT * longest)
    margin = max(w, h) // 3 + 4
    top, left = max(y - margin, 0), max(x - margin, 0)
    part = np.s_[top : y + h + margin, left : x + w + margin]
    refined = np.zeros_like(mask)
    refined[part] = _refined(np.ascontiguousarray(rgb[part]), mask[part], longest)
    return refined


def _refined(rgb: Rgb, mask: Plane, longest: int) -> Plane:
    size = (mask.shape[1], mask.shape[0])
    scale = min(1.0, _SIDE / max(size))
    small_size = (max(round(size[0] * scale), 4), max(round(size[1] * scale), 4))
    small = resize(rgb, *small_size)
    reduced = cv2.resize(mask, small_size, interpolation=cv2.INTER_AREA)
    painted = (reduced > 127).astype(np.uint8)
    change = _change(small)
    kept = _trimmed(small, painted, change)
    grown = _grown(small, kept, change, _BEYOND * longest * scale)
    cut = cv2.GaussianBlur(grown.astype(np.float32), (0, 0), 1.2)
    # Where the outline is the painted one, the mask is that of the full size.
    wide = np.ones((7, 7), np.uint8)
    trimmed, added = cv2.dilate(painted - kept, wide) > 0, cv2.dilate(grown - kept, wide) > 0
    least = np.where(trimmed | added, cut, 1.0)
    most = np.where(added, cut, 0.0)
    fine, more = (
        cv2.resize(edge.astype(np.float32), size, interpolation=cv2.INTER_CUBIC)
        for edge in (least, most)
    )
    whole = np.empty_like(mask)
    _bound(np.ascontiguousarray(mask), cast(Floats, fine), cast(Floats, more), whole)
    clear = np.clip((_along(change, grown, 4.0) - _FAINT) / (_CLEAR - _FAINT), 0, 1)
    clear = cv2.resize(clear.astype(np.float32), size, interpolation=cv2.INTER_LINEAR)
    refined = _blurred(whole, _TIGHT * longest)
    _soften(refined, _blurred(whole, _LOOSE * longest), cast(Floats, clear))
    return refined


@inlined
def _sharp(edge: np.float32) -> np.float32:
    """An enlarged edge, as sharp as before."""
    steep = (edge - np.float32(0.5)) * np.float32(2) + np.float32(0.5)
    return min(max(steep, np.float32(0)), np.float32(1))


@compiled
def _bound(mask: Plane, most: Floats, least: Floats, bounded: Plane) -> None:
    """A mask between two others of soft edges.

    Args:
        mask: 0 to 255.
        most: share of the mask that is kept.
        least: what is added to it, 0 to 1.
        bounded: filled.
    """
    height, width = mask.shape
    for y in range(height):
        for x in range(width):
            kept = np.float32(mask[y, x]) * _sharp(most[y, x])
            value = max(kept, np.float32(255) * _sharp(least[y, x]))
            bounded[y, x] = np.uint8(np.int32(value + np.float32(0.5)))


@compiled
def _soften(tight: Plane, loose: Plane, clear: Floats) -> None:
    """Mix a softer edge into a mask, in place, where the picture's is not ``clear``, 0 to 1."""
    height, width = tight.shape
    for y in range(height):
        for x in range(width):
            soft, share = np.float32(loose[y, x]), clear[y, x]
            value = soft + share * (np.float32(tight[y, x]) - soft)
            tight[y, x] = np.uint8(np.int32(value + np.float32(0.5)))


def _grown(rgb: Rgb, kept: Plane, change: Floats, most: float) -> Plane:
    """A region with the parts of its object that the paint ended just short of."""
    depth = cv2.distanceTransform(kept, cv2.DIST_L2, 5)
    band = min(_NEAR * float(depth.max()), most)
    if band < 2 or kept.all():
        return kept
    away = cv2.distanceTransform(1 - kept, cv2.DIST_L2, 5)
    labels = np.where(away > band, cv2.GC_BGD, cv2.GC_PR_BGD)
    # Its own rim may be background that no edge told from it.
    labels = np.where(kept > 0, cv2.GC_PR_FGD, labels)
    labels = np.where(depth > min(band, 3.0), cv2.GC_FGD, labels).astype(np.uint8)
    found = grab_cut(rgb, labels, _ROUNDS)
    # What reaches the end of the band goes on beyond it: that is no object's edge.
    beyond = ((found > 0) & (kept == 0)).astype(np.uint8)
    count, parts = cv2.connectedComponents(beyond)
    near = cv2.dilate(kept, np.ones((3, 3), np.uint8))
    grown = kept.copy()
    for part in range(1, count):
        here = parts == part
        ends = cv2.dilate(here.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
        rim = ends & ~here & (found == 0)
        open_ = here & (away > band - 1.5)
        joined = here & (near > 0)
        if not joined.any() or not rim.any() or open_.sum() > _OPEN * rim.sum():
            continue
        painted = float(change[joined].mean())
        if float(change[rim].mean()) > _CLEARER * painted + _FAINT / 2:
            grown[here] = 1
    return grown


def _trimmed(rgb: Rgb, painted: Plane, change: Floats) -> Plane:
    """The painted region without its strips of background: 1 inside, 0 outside."""
    # A region that touches the picture's border continues beyond it.
    grown = cv2.copyMakeBorder(painted, 1, 1, 1, 1, cv2.BORDER_REPLICATE)
    depth = cv2.distanceTransform(grown, cv2.DIST_L2, 5)[1:-1, 1:-1]
    band = min(_BAND * float(depth.max()), _DEEPEST * max(painted.shape))
    if band < 2 or painted.all():
        return painted
    labels = np.where(depth > band, cv2.GC_FGD, cv2.GC_PR_FGD)
    # Close outside may be more of the object: it is no sure example of the background.
    away = cv2.distanceTransform(1 - painted, cv2.DIST_L2, 5)
    outside = np.where(away > band, cv2.GC_BGD, cv2.GC_PR_BGD)
    labels = np.where(painted > 0, labels, outside).astype(np.uint8)
    found = grab_cut(rgb, labels, _ROUNDS)
    # A strip is removed only if the remaining outline is clearer than the painted one.
    reach = max(band / 2, 3.0)
    better = _along(change, found, reach) > _CLEARER * _along(change, painted, reach) + _FAINT / 2
    kept = np.where((painted > 0) & (found == 0) & better, 0, painted).astype(np.uint8)
    kept = cast(Plane, cv2.medianBlur(kept * 255, 5))
    return np.minimum(kept // 255, painted)


def _change(rgb: Rgb) -> Floats:
    """Gradient magnitude of the strongest channel, in 8-bit steps per pixel."""
    calm = cv2.GaussianBlur(rgb, (0, 0), 0.8).astype(np.float32)
    across, down = cv2.Sobel(calm, cv2.CV_32F, 1, 0) / 8, cv2.Sobel(calm, cv2.CV_32F, 0, 1) / 8
    return cast(Floats, np.sqrt((across**2 + down**2).max(axis=2)))


def _along(change: Floats, shape: Plane, reach: float) -> Floats:
    """Contrast of a shape's outline nearby: the mean gradient along it."""
    line = cv2.dilate(shape, np.ones((3, 3), np.uint8)) - cv2.erode(
        shape, np.ones((3, 3), np.uint8)
    )
    weight = line.astype(np.float32)
    total = cv2.GaussianBlur(change * weight, (0, 0), reach)
    share = cv2.GaussianBlur(weight, (0, 0), reach)
    return cast(Floats, total / np.maximum(share, np.float32(1e-4)))


def _blurred(mask: Plane, sigma: float) -> Plane:
    """A mask with a softer edge; a wide blur is made of a reduced copy, to 3 of 255."""
    step = int(sigma / _FINE)
    if step < 2 or min(mask.shape) < 8 * step:
        return cast(Plane, cv2.GaussianBlur(mask, (0, 0), max(sigma, 0.7)))
    height, width = mask.shape
    size = -(-width // step), -(-height // step)
    small = cv2.resize(mask, size, interpolation=cv2.INTER_AREA)
    # The means over whole pixels, and the lines between them, blur a little too.
    spread = float(np.sqrt((sigma / step) ** 2 - 1 / 4))
    soft = cv2.GaussianBlur(small, (0, 0), spread)
    return cast(Plane, cv2.resize(soft, (width, height), interpolation=cv2.INTER_LINEAR))
