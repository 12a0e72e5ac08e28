"""The shadow that a subject casts on what it stands on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from kirin.vision.kernels import Plane
from kirin.vision.lab import to_lab
from kirin.vision.planes import Rgb

_SIDE = 480  # longest side at which it is looked for
_REACHES = (0.55, 0.22)  # of the subject's size: how far a shadow at its foot may reach
_BEYOND = 0.16  # of the subject's size: the ground around, that it is compared with
_DARK = 0.78  # of that ground's luma: a shadow is darker
_MOST = 0.5  # of the subject's area: more is not its shadow
_LEAST = 0.01

# What a shadow must be to be sure of: the ground itself with less light.
_SURE = (0.03, 0.45)  # of the subject's area
_DIMMED = (0.12, 0.7)  # luma of that ground that is left
_TINT = 11.0  # in a* and b* of Lab: most that it differs from that ground
_PLAIN = 0.35  # spread of luma of that ground, as the middle half over the median
_HARD = 0.45  # of the step at its edge: what is crossed within some pixels
_CROSSED = 3
_UNDER = 5  # pixels for which it goes on under the subject
_EDGES = 0.02  # of its pixels: most that lie at the border of the picture


def cast_shadow(rgb: Rgb, alpha: Plane, *, from_above: bool = False) -> Plane | None:
    """The dark ground that touches a subject's lower part; ``None`` if there is none.

    Args:
        rgb: the picture, shape ``(height, width, 3)``.
        alpha: of the subject, shape ``(height, width)``.
        from_above: whether the ground is seen from above, so that it may be on any side.

    Returns:
        a mask of the picture's size, 0 or 255.
    """
    found = _Foot.of(rgb, alpha, from_above)
    if found is None:
        return None
    height, width = alpha.shape
    mask = _grown(found.dark, 0.03 * found.large)
    shadow = cv2.resize(mask * 255, (width, height), interpolation=cv2.INTER_LINEAR)
    return ((shadow > 127) * 255).astype(np.uint8)


_SMALL_DISC: Final = 8
"""Radius in pixels up to which a mask is dilated by a disc."""


@dataclass(frozen=True, slots=True, eq=False)
class _Foot:
    """What is dark and touches a subject, in a reduced picture.

    Attributes:
        small: the picture.
        solid, dark: masks of the subject and of what is dark, 0 or 1.
        large: the subject's size in pixels.
    """

    small: Rgb
    solid: Plane
    dark: Plane
    large: float

    @classmethod
    def of(cls, rgb: Rgb, alpha: Plane, from_above: bool) -> _Foot | None:
        """Find it; ``None`` if there is none, or too much."""
        height, width = alpha.shape
        scale = min(1.0, _SIDE / max(height, width))
        size = (max(round(width * scale), 8), max(round(height * scale), 8))
        small = cast(Rgb, cv2.resize(rgb, size, interpolation=cv2.INTER_AREA))
        luma = cast(Plane, cv2.cvtColor(small, cv2.COLOR_RGB2GRAY))
        solid = (cv2.resize(alpha, size, interpolation=cv2.INTER_AREA) > 96).astype(np.uint8)
        rows, columns = np.flatnonzero(solid.any(axis=1)), np.flatnonzero(solid.any(axis=0))
        if not len(rows):
            return None
        top, bottom = int(rows[0]), int(rows[-1])
        large = float(np.sqrt((bottom - top + 1) * (columns[-1] - columns[0] + 1)))
        foot = np.zeros_like(solid)
        foot[0 if from_above else (top + 2 * bottom) // 3 :] = 1
        for reach in _REACHES:
            dark = _dark_ground(luma, solid, foot, reach * large, _BEYOND * large)
            if _LEAST <= dark.sum() / solid.sum() <= _MOST:
                return cls(small, solid, dark, large)
        return None


def sure_shadow(rgb: Rgb, alpha: Plane, *, from_above: bool = False) -> Plane | None:
    """The hard shadow that a subject casts; ``None`` if there is none to be sure of.

    It is plain ground with less light: as dark everywhere, of the same tint, with a sharp edge.
    What is only dark and touches the subject may be anything.

    Args:
        rgb: the picture, shape ``(height, width, 3)``.
        alpha: of the subject, shape ``(height, width)``.
        from_above: as for :func:`cast_shadow`.

    Returns:
        its opacity, 0 to 255, under the rim of the subject too.
    """
    found = _Foot.of(rgb, alpha, from_above)
    if found is None:
        return None
    dark = _grown(found.dark, 1)
    if not _is_dimmed_ground(found.small, found.solid > 0, (dark > 0) & (found.solid == 0)):
        return None
    height, width = alpha.shape
    dark = np.maximum(dark, _grown(dark, _UNDER) & found.solid)
    shadow = cv2.resize(dark * 255, (width, height), interpolation=cv2.INTER_LINEAR)
    sigma = max(1.0, 0.0015 * max(height, width))
    return cast(Plane, cv2.GaussianBlur(shadow, (0, 0), sigma))


def _is_dimmed_ground(small: Rgb, solid: NDArray[np.bool_], dark: NDArray[np.bool_]) -> bool:
    """Whether what is dark beside a subject is the ground around it with less light."""
    area = dark.sum() / max(int(solid.sum()), 1)
    if not _SURE[0] <= area <= _SURE[1]:
        return False
    border = np.ones(dark.shape, bool)
    border[1:-1, 1:-1] = False
    if (dark & border).sum() > _EDGES * dark.sum():
        return False
    mask = dark.astype(np.uint8)
    near = _grown(mask, 4 * _CROSSED) > 0
    around = near & (_grown(mask, _CROSSED) == 0) & (_grown(solid.astype(np.uint8), 3) == 0)
    core = cv2.erode(mask, np.ones((2 * _CROSSED + 1, 2 * _CROSSED + 1), np.uint8)) > 0
    if min(around.sum(), core.sum()) < 40:
        return False
    luma = cast(Plane, cv2.cvtColor(small, cv2.COLOR_RGB2GRAY)).astype(np.float32)
    lab = to_lab(small)
    light, left = float(np.median(luma[around])), float(np.median(luma[core]))
    low, high = np.quantile(luma[around], [0.25, 0.75])
    tint = np.median(lab[around], axis=0) - np.median(lab[core], axis=0)
    plain = high - low < _PLAIN * light
    dimmed = _DIMMED[0] * light < left < _DIMMED[1] * light
    return bool(plain and dimmed and np.hypot(tint[1], tint[2]) < _TINT) and _is_hard(
        luma, mask, solid, light - left
    )


def _is_hard(luma: NDArray[np.float32], mask: Plane, solid: NDArray[np.bool_], step: float) -> bool:
    """Whether luma rises at the edge of a shadow, away from its owner, as steeply as a step."""
    edge = (mask > 0) & (cv2.erode(mask, np.ones((3, 3), np.uint8)) == 0)
    edge &= _grown(solid.astype(np.uint8), 2 * _CROSSED) == 0
    if edge.sum() < 12:
        return False
    square = np.ones((2 * _CROSSED + 1, 2 * _CROSSED + 1), np.uint8)
    rise = cv2.dilate(luma, square) - cv2.erode(luma, square)
    return float(np.median(rise[edge])) > _HARD * step


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
    """A mask of 0 and 1, and what is within a radius of it, in pixels."""
    r = max(round(radius), 1)
    if r > _SMALL_DISC:  # a dilation by a large disc takes a quarter of a second
        away = cv2.distanceTransform(1 - mask, cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
        return cast(Plane, (away <= r).astype(np.uint8))
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * r + 1, 2 * r + 1))
    return cast(Plane, cv2.dilate(mask, disc))
