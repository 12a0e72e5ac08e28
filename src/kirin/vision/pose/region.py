"""Regions: rotated squares of a picture, aligned with a person's body."""

from __future__ import annotations

from dataclasses import dataclass
from math import atan2, cos, hypot, pi, sin
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from kirin.vision.planes import Rgb
from kirin.vision.pose.landmarks import Values

_SCALE = 1.25  # margin around the person that the landmark network was trained with


@dataclass(frozen=True, slots=True)
class Region:
    """A rotated square.

    Attributes:
        x, y: the centre in pixels of the picture; (0, 0) is its outer corner.
        side: in pixels.
        angle: rotation in radians, clockwise on the screen.
    """

    x: float
    y: float
    side: float
    angle: float

    @classmethod
    def around(cls, middle: Values, top: Values) -> Region:
        """The square that the landmark network expects around a person.

        Args:
            middle: the point between the hips, shape (2,), pixels.
            top: the point above the head on the circle around the whole person, likewise.
        """
        across, up = float(top[0] - middle[0]), float(middle[1] - top[1])
        angle = pi / 2 - atan2(up, across)
        turned = (angle + pi) % (2 * pi) - pi
        side = 2 * _SCALE * hypot(across, up)
        return cls(float(middle[0]), float(middle[1]), side, turned)

    def cut(self, rgb: Rgb, pixels: int) -> Rgb:
        """Its content, shape ``(pixels, pixels, 3)``; beyond the picture its border is repeated."""
        shrink = self.side / pixels
        if shrink > 2:  # bilinear sampling alone would alias
            height = rgb.shape[0]
            half = 0.75 * self.side
            left, upper = max(0, int(self.x - half)), max(0, int(self.y - half))
            part = rgb[upper : min(height, int(self.y + half)), left : int(self.x + half)]
            if part.size:
                small = (
                    max(1, round(part.shape[1] / shrink)),
                    max(1, round(part.shape[0] / shrink)),
                )
                across, down = part.shape[1] / small[0], part.shape[0] / small[1]
                reduced = cast(Rgb, cv2.resize(part, small, interpolation=cv2.INTER_AREA))
                move = self._to_picture(pixels)
                move[:, 2] -= (left, upper)
                return _sampled(reduced, move / [[across], [down]], pixels)
        return _sampled(rgb, self._to_picture(pixels), pixels)

    def scaled(self, share: float) -> Region:
        """The same region of the picture resized by a factor."""
        return Region(self.x * share, self.y * share, self.side * share, self.angle)

    def to_picture(self, points: Values) -> Values:
        """Map points of the region to the picture.

        Args:
            points: shape ``(n, 2)``, 0 to 1 across the region.
        """
        move = self._to_picture(1)
        placed: Values = points @ move[:, :2].T + move[:, 2]
        return placed

    def to_region(self, points: Values) -> Values:
        """Map points of the picture to the region: the inverse of :meth:`to_picture`."""
        move = self._to_picture(1)
        inside: Values = (points - move[:, 2]) @ np.linalg.inv(move[:, :2]).T
        return inside

    def _to_picture(self, pixels: int) -> NDArray[np.float64]:
        """The affine map from the region's pixels to the picture's, shape ``(2, 3)``."""
        step = self.side / pixels
        c, s = cos(self.angle) * step, sin(self.angle) * step
        half = pixels / 2
        return np.array(
            [[c, -s, self.x - (c - s) * half], [s, c, self.y - (s + c) * half]], np.float64
        )


def _sampled(rgb: Rgb, move: NDArray[np.float64], pixels: int) -> Rgb:
    # OpenCV's origin is the centre of the first pixel, ours its corner.
    centred = move.copy()
    centred[:, 2] += move[:, :2] @ (0.5, 0.5) - 0.5
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return cast(
        Rgb,
        cv2.warpAffine(
            rgb, centred, (pixels, pixels), flags=flags, borderMode=cv2.BORDER_REPLICATE
        ),
    )
