"""Whether a sky has clouds."""

from __future__ import annotations

from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from kirin.vision.lab import Floats

Mask = NDArray[np.bool_]

_INNER = 0.02  # of the picture: with less of a sky away from its edges nothing can be told
_BEST = 88.0  # percentile: a sky may be clear but for one bank of clouds
_VEIL, _CEILING = 1.6, 4.7  # of L*: spread in a sky without clouds, and with nothing else


def cloudiness(lab: Floats, sky: Mask) -> float:
    """Variation within a sky of the size of clouds, in units of CIELAB.

    Of lightness and b*, between about 1% and 6% of the side: broader is the sky's own glow, finer
    is the noise of a camera. Within its most varied part, since a sky may be partly clear.

    Args:
        lab: the picture, some 256 pixels.
        sky: its sky, without what stands before it.
    """
    inside = _inner(sky, 7)
    if inside.mean() < _INNER:
        return 0.0
    weight = inside.astype(np.float32)
    energy: Floats = np.zeros(sky.shape, np.float32)
    for plane in (0, 2):
        values = np.ascontiguousarray(lab[..., plane])
        fine, broad = (_within(values, weight, *sigmas) for sigmas in ((1.6, 1.6), (32.0, 3.2)))
        energy += (fine - broad) ** 2
    near = _within(energy, weight, 5.0, 5.0)
    return float(np.sqrt(np.percentile(near[inside], _BEST)))


def smoothness(light: Floats, sky: Mask) -> float:
    """How clear a sky is: 1 without a cloud, 0 where clouds are all that there is."""
    inside = _inner(sky, 9)
    if not inside.any():
        return 0.0
    around = _within(np.ascontiguousarray(light), sky.astype(np.float32), 15.0, 15.0)
    spread = float((light - around)[inside].std())
    return float(np.clip((_CEILING - spread) / (_CEILING - _VEIL), 0.0, 1.0))


def _inner(sky: Mask, side: int) -> Mask:
    square = np.ones((side, side), np.uint8)
    return cv2.erode(sky.astype(np.uint8), square, borderValue=1) > 0


def _within(values: Floats, weight: Floats, across: float, down: float) -> Floats:
    """A blur that takes no account of what is outside."""

    def blur(plane: Floats) -> Floats:
        return cast(Floats, cv2.GaussianBlur(plane, (0, 0), across, sigmaY=down))

    return cast(Floats, blur(values * weight) / np.maximum(blur(weight), 0.02))
