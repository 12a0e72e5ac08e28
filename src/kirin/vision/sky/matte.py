"""The matte of a sky: its alpha at full detail, for branches and wires before it."""

from __future__ import annotations

from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from kirin.vision.inpainting.pull_push import pull_push
from kirin.vision.lab import Floats
from kirin.vision.planes import Rgb, resize

Mask = NDArray[np.bool_]

_PLAIN = 7  # pixels: side of the median that leaves nothing of a wire
_BAND = 3  # pixels of the reduced picture to either side of the edge that are undecided
_APART = 18.0  # distance of sky and land in RGB from which the matte is taken from colours
_LOW, _HIGH = 0.2, 0.8  # shares of sky at which a pixel is taken for land or sky alone


def sky_matte(work: Rgb, small: Rgb, sky: Mask) -> Floats:
    """The share of sky in each pixel, 0 to 1.

    Near the edge, a pixel is taken for a mixture of the sky's colour and the land's, which are
    continued from either side: a sky is so even that this needs no closer model.

    Args:
        work: the picture.
        small: the same, reduced.
        sky: which pixels of ``small`` are sky.
    """
    size = (work.shape[1], work.shape[0])
    square = np.ones((2 * _BAND + 1,) * 2, np.uint8)
    solid = sky.astype(np.uint8)
    core = cv2.copyMakeBorder(solid, _BAND, _BAND, _BAND, _BAND, cv2.BORDER_REPLICATE)
    inside = cv2.erode(core, square)[_BAND:-_BAND, _BAND:-_BAND]
    outside = 1 - cv2.dilate(solid, square)
    plain = cast(Rgb, cv2.medianBlur(small, _PLAIN))  # a sky without its wires
    above = _grown(pull_push(plain, cv2.erode(solid, np.ones((3, 3))).astype(np.float32)), size)
    land = cv2.erode(1 - solid, np.ones((3, 3)))
    below = _grown(pull_push(small, land.astype(np.float32)), size)
    apart = above - below
    length = (apart**2).sum(axis=2)
    share = ((work.astype(np.float32) - below) * apart).sum(axis=2) / np.maximum(length, 1.0)
    share = np.clip((share - _LOW) / (_HIGH - _LOW), 0, 1)
    smooth = cv2.resize(solid.astype(np.float32), size, interpolation=cv2.INTER_CUBIC)
    sure = np.clip(np.sqrt(length) / np.float32(_APART) - np.float32(0.5), 0, 1)
    mixed = smooth + (share - smooth) * sure
    up_in, up_out = (cv2.resize(each.astype(np.float32), size) for each in (inside, outside))
    # Where wires are thinner than a pixel of the reduced picture, they are in its sky.
    wire = np.clip(share * 2, 0, 1) * sure + (1 - sure)
    kept = np.where(up_in > 0.5, np.maximum(wire, mixed), mixed)
    return cast(Floats, np.clip(np.where(up_out > 0.5, 0, kept), 0, 1).astype(np.float32))


def _grown(rgb: Rgb, size: tuple[int, int]) -> Floats:
    return cast(Floats, resize(rgb, *size).astype(np.float32))
