"""What stands out near a picture's border: it would be recognised if it were seen again beyond."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from kirin.vision.kernels import Plane
from kirin.vision.lab import to_lab
from kirin.vision.planes import Rgb

Floats = NDArray[np.float32]

_BAND = 0.3  # of the shorter side: how far from the border is looked
_ALONG = 0.08  # of the longest side: how far along the border its colours are compared
_LINES = 2  # rows that are the border, in pixels of the reduced picture
_STEP = 2  # of the comparison along it, likewise
_LIGHTNESS = 0.6  # weight of lightness, which changes with the light on the same thing
_DIFFERENT = 20.0  # in Lab: another thing than those at the border
_THING = 0.3  # of each side: a thing is smaller; what is larger is a sky, a lake, a hill


def conspicuous(small: Rgb) -> Plane:
    """Find what has none of the colours of the border next to it.

    What the border shows goes on beyond it: grass, sky, the trunk of a tree. What only comes near
    it does not.

    Args:
        small: a picture, reduced to some 256 pixels.

    Returns:
        a mask, 1 where something stands out, uint8, shape ``(h, w)``.
    """
    height, width = small.shape[:2]
    found = np.zeros((height, width), np.uint8)
    band = max(round(_BAND * min(height, width)), 1)
    reach = round(_ALONG * max(height, width))
    lab = to_lab(small) * np.array([_LIGHTNESS, 1, 1], np.float32)
    for turns in range(4):  # each side in turn is at the bottom
        strip = np.rot90(lab, turns)[-band:]
        away = cv2.blur(_difference(np.ascontiguousarray(strip), reach), (3, 3))
        across, above = np.arange(strip.shape[1]), np.arange(len(strip))[::-1]
        nearest = above[:, None] <= np.minimum(across, across[::-1])  # of all four sides
        np.rot90(found, turns)[-band:] |= np.asarray((away > _DIFFERENT) & nearest, np.uint8)
    return _things(found)


def _things(found: Plane) -> Plane:
    """The regions of a mask that are no larger than a thing."""
    height, width = found.shape
    _, labels, facts, _ = cv2.connectedComponentsWithStats(found)
    small = (facts[:, cv2.CC_STAT_WIDTH] <= _THING * width) & (
        facts[:, cv2.CC_STAT_HEIGHT] <= _THING * max(height, width)
    )
    small[0] = False
    return np.asarray(small[labels], np.uint8)


def _difference(strip: Floats, reach: int) -> Floats:
    """Least difference of each pixel from the colours at the bottom nearby."""
    width = strip.shape[1]
    lines = np.pad(strip[-_LINES:], ((0, 0), (reach, reach), (0, 0)), mode="edge")
    least = np.full(strip.shape[:2], np.inf, np.float32)
    for line in lines:
        for offset in range(0, 2 * reach + 1, _STEP):
            change = strip - line[None, offset : offset + width]
            np.minimum(least, np.einsum("yxc,yxc->yx", change, change), out=least)
    return np.sqrt(least)
