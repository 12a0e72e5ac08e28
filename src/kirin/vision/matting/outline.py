"""The outline of a painted part: brought to the edge of the thing that was meant."""

from __future__ import annotations

from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from kirin.vision.kernels import Plane
from kirin.vision.planes import Rgb, resize

Floats = NDArray[np.float32]

_SIDE = 384  # longest side of the part, with a margin, when its edge is searched
_BAND = 0.45  # how deep inside a part its edge may lie, of its half width
_DEEPEST = 0.12  # of the longest side there
_ROUNDS = 3  # of GrabCut; more change little
_CLEARER = 1.6  # how much clearer than the painted outline a found edge must be
_FAINT, _CLEAR = 6.0, 18.0  # steps of lightness or colour a pixel, that no or any eye sees
_TIGHT, _LOOSE = 0.0012, 0.006  # of the longest side: blur of an edge that is clear, or faint


def outline(rgb: Rgb, mask: Plane) -> Plane:
    """A soft matte of the thing that somebody painted over.

    Painting takes a strip of background with it. Where a clear edge lies inside the painted
    outline, the matte ends there (GrabCut: Rother, Kolmogorov, Blake 2004); elsewhere it ends
    where it was painted. It fades out gently where there is no edge to end at.

    Args:
        rgb: the picture, shape ``(h, w, 3)``.
        mask: what was painted, shape ``(h, w)``, 0 to 255.
    """
    longest = max(mask.shape)
    solid = (mask > 127).astype(np.uint8)
    x, y, w, h = cv2.boundingRect(solid)
    if min(w, h) < 8:
        return _blurred(mask, _TIGHT * longest)
    margin = max(w, h) // 6 + 4
    top, left = max(y - margin, 0), max(x - margin, 0)
    part = np.s_[top : y + h + margin, left : x + w + margin]
    matte = np.zeros_like(mask)
    matte[part] = _found(np.ascontiguousarray(rgb[part]), mask[part], longest)
    return matte


def _found(rgb: Rgb, mask: Plane, longest: int) -> Plane:
    size = (mask.shape[1], mask.shape[0])
    scale = min(1.0, _SIDE / max(size))
    small_size = (max(round(size[0] * scale), 4), max(round(size[1] * scale), 4))
    small = resize(rgb, *small_size)
    reduced = cv2.resize(mask, small_size, interpolation=cv2.INTER_AREA)
    painted = (reduced > 127).astype(np.uint8)
    change = _change(small)
    kept = _trimmed(small, painted, change)
    cut = cv2.GaussianBlur(kept.astype(np.float32), (0, 0), 1.2)
    cut = np.where(cv2.dilate(painted - kept, np.ones((7, 7), np.uint8)) > 0, cut, 1.0)
    fine = cv2.resize(cut.astype(np.float32), size, interpolation=cv2.INTER_CUBIC)
    fine = np.clip((fine - np.float32(0.5)) * 2 + np.float32(0.5), 0, 1)
    whole = np.round(mask * fine).astype(np.uint8)
    clear = np.clip((_along(change, kept, 4.0) - _FAINT) / (_CLEAR - _FAINT), 0, 1)
    clear = cv2.resize(clear.astype(np.float32), size, interpolation=cv2.INTER_LINEAR)
    tight, loose = (_blurred(whole, share * longest) for share in (_TIGHT, _LOOSE))
    mixed = tight * clear + loose * (np.float32(1) - clear)
    matte: Plane = np.round(mixed).astype(np.uint8)
    return matte


def _trimmed(rgb: Rgb, painted: Plane, change: Floats) -> Plane:
    """The painted part without the strips that are background: 1 inside, 0 outside."""
    # A part that the picture cuts off goes on beyond it.
    grown = cv2.copyMakeBorder(painted, 1, 1, 1, 1, cv2.BORDER_REPLICATE)
    depth = cv2.distanceTransform(grown, cv2.DIST_L2, 5)[1:-1, 1:-1]
    band = min(_BAND * float(depth.max()), _DEEPEST * max(painted.shape))
    if band < 2 or painted.all():
        return painted
    labels = np.where(depth > band, cv2.GC_FGD, cv2.GC_PR_FGD)
    labels = np.where(painted > 0, labels, cv2.GC_BGD).astype(np.uint8)
    cv2.setRNGSeed(0)  # its colour clusters begin at random: the same video each time
    models = np.zeros((1, 65)), np.zeros((1, 65))
    cv2.grabCut(rgb, labels, (0, 0, 0, 0), *models, _ROUNDS, cv2.GC_INIT_WITH_MASK)
    found = ((labels == cv2.GC_FGD) | (labels == cv2.GC_PR_FGD)).astype(np.uint8)
    # Each strip has to be worth it: what it leaves is a clearer outline than what was painted.
    reach = max(band / 2, 3.0)
    better = _along(change, found, reach) > _CLEARER * _along(change, painted, reach) + _FAINT / 2
    kept = np.where((painted > 0) & (found == 0) & better, 0, painted).astype(np.uint8)
    kept = cast(Plane, cv2.medianBlur(kept * 255, 5))
    return np.minimum(kept // 255, painted)


def _change(rgb: Rgb) -> Floats:
    """By how much colours change from pixel to pixel; the picture's own border does not count."""
    calm = cv2.GaussianBlur(rgb, (0, 0), 0.8).astype(np.float32)
    across, down = cv2.Sobel(calm, cv2.CV_32F, 1, 0) / 8, cv2.Sobel(calm, cv2.CV_32F, 0, 1) / 8
    return cast(Floats, np.sqrt((across**2 + down**2).max(axis=2)))


def _along(change: Floats, shape: Plane, reach: float) -> Floats:
    """How clear the nearby outline of a shape is: the mean change of colour along it."""
    line = cv2.dilate(shape, np.ones((3, 3), np.uint8)) - cv2.erode(
        shape, np.ones((3, 3), np.uint8)
    )
    weight = line.astype(np.float32)
    total = cv2.GaussianBlur(change * weight, (0, 0), reach)
    share = cv2.GaussianBlur(weight, (0, 0), reach)
    return cast(Floats, total / np.maximum(share, np.float32(1e-4)))


def _blurred(mask: Plane, sigma: float) -> Plane:
    return cast(Plane, cv2.GaussianBlur(mask, (0, 0), max(sigma, 0.7)))
