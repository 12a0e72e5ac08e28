"""The shadow that a subject casts on what it stands on."""

from __future__ import annotations

from typing import cast

import cv2
import numpy as np

from kirin.vision.kernels import Plane
from kirin.vision.planes import Rgb

_SIDE = 480  # longest side at which it is looked for
_REACHES = (0.55, 0.22)  # of the subject's size: how far a shadow at its foot may reach
_BEYOND = 0.16  # of the subject's size: the ground around, that it is compared with
_DARK = 0.78  # of that ground's luma: a shadow is darker
_MOST = 0.5  # of the subject's area: more is not its shadow
_LEAST = 0.01


def cast_shadow(rgb: Rgb, alpha: Plane) -> Plane | None:
    """The dark ground that touches a subject's lower half; ``None`` if there is none.

    Args:
        rgb: the picture, shape ``(height, width, 3)``.
        alpha: of the subject, shape ``(height, width)``.

    Returns:
        a mask of the picture's size, 0 or 255.
    """
    height, width = alpha.shape
    scale = min(1.0, _SIDE / max(height, width))
    size = (max(round(width * scale), 8), max(round(height * scale), 8))
    small = cv2.resize(rgb, size, interpolation=cv2.INTER_AREA)
    luma = cast(Plane, cv2.cvtColor(small, cv2.COLOR_RGB2GRAY))
    solid = (cv2.resize(alpha, size, interpolation=cv2.INTER_AREA) > 96).astype(np.uint8)
    rows, columns = np.flatnonzero(solid.any(axis=1)), np.flatnonzero(solid.any(axis=0))
    if not len(rows):
        return None
    top, bottom = int(rows[0]), int(rows[-1])
    large = float(np.sqrt((bottom - top + 1) * (columns[-1] - columns[0] + 1)))
    foot = np.zeros_like(solid)
    foot[(top + 2 * bottom) // 3 :] = 1
    for reach in _REACHES:
        mask = _dark_ground(luma, solid, foot, reach * large, _BEYOND * large)
        if _LEAST <= mask.sum() / solid.sum() <= _MOST:
            mask = _grown(mask, 0.03 * large)
            shadow = cv2.resize(mask * 255, (width, height), interpolation=cv2.INTER_LINEAR)
            return ((shadow > 127) * 255).astype(np.uint8)
    return None


def _dark_ground(luma: Plane, solid: Plane, foot: Plane, reach: float, beyond: float) -> Plane:
    """What touches the subject and is darker than the ground farther away, 0 or 1.

    Args:
        luma: of the picture.
        solid: the subject, 0 or 1.
        foot: where a shadow may be, 0 or 1.
        reach: how far it may be from the subject, in pixels.
        beyond: width of the ring of ground that it is compared with.
    """
    ground = (solid == 0) & (foot > 0)
    zone = (_grown(solid, reach) > 0) & ground
    ring = (_grown(solid, reach + beyond) > 0) & ~zone & ground
    if ring.sum() < 50 or not zone.any():
        return np.zeros_like(solid)
    dark = (zone & (luma < _DARK * float(np.median(luma[ring])))).astype(np.uint8)
    dark = cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    _, labels = cv2.connectedComponents(dark)
    touching = np.unique(labels[(_grown(solid, 3) > 0) & (dark > 0)])
    return np.isin(labels, touching[touching > 0]).astype(np.uint8)


def _grown(mask: Plane, radius: float) -> Plane:
    r = max(round(radius), 1)
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * r + 1, 2 * r + 1))
    return cast(Plane, cv2.dilate(mask, disc))
