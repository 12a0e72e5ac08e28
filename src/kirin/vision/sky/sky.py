"""The sky of a photograph, as all that look for one see it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from kirin.vision.kernels import Plane
from kirin.vision.lab import Floats, to_lab
from kirin.vision.planes import Rgb, resize
from kirin.vision.sky.border import Mask, find_border
from kirin.vision.sky.clouds import cloudiness, smoothness
from kirin.vision.sky.evidence import SkyEvidence
from kirin.vision.sky.matte import sky_matte

SIDE = 256
"""Pixels of the longer side at which a sky is looked for."""

_LEAST = 0.035  # of the picture: less is no sky that anything could happen in
_WIDE = 0.14  # of the picture: a sky that is wide enough for clouds
_CLOUDY = 2.0  # of :attr:`Sky.cloudiness`: below, a sky is clear
_LINE = 5.0  # of L*: contrast of masts and wires
_LONG, _SLIM = 0.11, 7.0  # least length, of the longer side; and of their mean width
_STEEP = 0.6  # share of a line's gradient that is vertical, up to which it is no rim of a cloud


@dataclass(frozen=True, eq=False)
class Sky:
    """The sky of a picture.

    Attributes:
        small: the picture at :data:`SIDE` pixels.
        mask: which of its pixels are sky, also where a wire crosses it.
        confidence: that it is one, 0.5 to 1.
    """

    small: Rgb
    mask: Mask
    confidence: float

    @property
    def area(self) -> float:
        """Share of the picture."""
        return float(self.mask.mean())

    @cached_property
    def horizon(self) -> float:
        """Share of the height at which it ends in most columns."""
        rows = len(self.mask)
        ends = (rows - np.argmax(self.mask[::-1], axis=0))[self.mask.any(axis=0)]
        return float(np.percentile(ends, 75)) / rows

    @cached_property
    def alpha(self) -> Floats:
        """The mask with soft edges, 0 to 1."""
        return cast(Floats, cv2.GaussianBlur(self.mask.astype(np.float32), (0, 0), 1.0))

    @cached_property
    def open(self) -> Mask:
        """Where nothing long and straight stands before it: a mast, a wire, a stalk."""
        return self._without(_long(self._thin))

    @cached_property
    def cloudiness(self) -> float:
        """Variation of the size of clouds, in units of CIELAB."""
        return cloudiness(self._lab, self._without(self._thin.astype(np.uint8)))

    @property
    def cloudy(self) -> bool:
        """Whether there are clouds that can be seen to move, and not just gaps between leaves."""
        return self.area > _WIDE and self.cloudiness > _CLOUDY

    @cached_property
    def clear(self) -> float:
        """1 without a cloud, 0 under a ceiling of them."""
        return smoothness(self._lab[..., 0], self._without(self._thin.astype(np.uint8)))

    @cached_property
    def _lab(self) -> Floats:
        return to_lab(self.small)

    @cached_property
    def _thin(self) -> Mask:
        """Lines that do not lie flat: masts and wires, but also the fringes of clouds."""
        light = np.ascontiguousarray(self._lab[..., 0])
        square = np.ones((9, 9), np.uint8)
        bright = cv2.morphologyEx(light, cv2.MORPH_TOPHAT, square)
        dark = cv2.morphologyEx(light, cv2.MORPH_BLACKHAT, square)
        xx, yy, xy = _structure(light)
        energy = xx + yy + np.float32(1e-6)
        aligned = np.sqrt((xx - yy) ** 2 + 4 * xy**2) / energy
        thin = (np.maximum(bright, dark) > _LINE) & (aligned > 0.35) & (yy / energy < _STEEP)
        return cast(Mask, thin)

    def _without(self, lines: NDArray[np.uint8]) -> Mask:
        return np.asarray(self.mask & (cv2.dilate(lines, np.ones((3, 3), np.uint8)) == 0))

    def cropped(self, rgb: Rgb, crop: Callable[[Plane], Plane]) -> Sky | None:
        """The same sky in a part of the picture; ``None`` where too little of it is left.

        Args:
            rgb: the part.
            crop: makes the same of a plane that covers the picture.
        """
        small = reduced(rgb)
        size = (small.shape[1], small.shape[0])
        there = crop(self.mask.astype(np.uint8) * np.uint8(255))
        mask = cv2.resize(there, size, interpolation=cv2.INTER_AREA) > 127
        return Sky(small, mask, self.confidence) if mask.mean() >= _LEAST else None

    def matte(self, rgb: Rgb) -> Floats:
        """Share of sky, 0 to 1, in each pixel of the picture at a finer size."""
        return sky_matte(rgb, self.small, self.mask)


def find_sky(rgb: Rgb) -> Sky | None:
    """The sky of a photograph; ``None`` where there is none to be sure of.

    Args:
        rgb: the picture, of any size.
    """
    small = reduced(rgb)
    mask = find_border(small)
    if mask is None or mask.mean() < _LEAST:
        return None
    return Sky(small, mask, SkyEvidence.of(small, mask).confidence)


def reduced(rgb: Rgb) -> Rgb:
    """The picture at the size at which its sky is looked for."""
    height, width = rgb.shape[:2]
    scale = min(1.0, SIDE / max(height, width))
    return resize(rgb, max(round(width * scale), 16), max(round(height * scale), 16))


def _long(thin: Mask) -> NDArray[np.uint8]:
    """What of thin things is long and straight, and not the fringe of a cloud."""
    count, labels, facts, _ = cv2.connectedComponentsWithStats(thin.astype(np.uint8))
    kept = np.zeros(count, np.uint8)
    for part in range(1, count):
        long = float(np.hypot(*facts[part, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]]))
        wide = facts[part, cv2.CC_STAT_AREA] / long
        kept[part] = long > _LONG * max(thin.shape) and long > _SLIM * wide
    return cast(NDArray[np.uint8], kept[labels])


def _structure(light: Floats) -> tuple[Floats, Floats, Floats]:
    """The structure tensor: squares of the gradient within 2% of the side."""
    gx, gy = (cv2.Scharr(light, cv2.CV_32F, dx, 1 - dx) / 32 for dx in (1, 0))
    xx, yy, xy = (cv2.GaussianBlur(each, (0, 0), 3.2) for each in (gx * gx, gy * gy, gx * gy))
    return cast(tuple[Floats, Floats, Floats], (xx, yy, xy))
