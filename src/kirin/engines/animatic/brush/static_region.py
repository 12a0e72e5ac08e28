"""The static region: what a mask holds, in the pixels of the picture itself."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from kirin.engines.animatic.camera.framing import Framing
from kirin.vision.kernels import Plane, blend
from kirin.vision.planes import Planes, Rgb, half_size, resize_shown

EMPTY = 8
"""Brightness, of 255, up to which a mask counts as black."""

_SEAM = 3  # pixels around the static region that stay too, and as many that fade out

Drawn = tuple[Plane, Plane, Plane]
"""Planes of Y, U and V."""


@dataclass(frozen=True, slots=True)
class StaticRegion:
    """The pixels and the opacity of the region that must not change."""

    planes: Drawn
    alphas: Drawn
    corner: tuple[int, int]  # left, top; even

    @classmethod
    def of(
        cls, rgb: Rgb, mask: Plane, framing: Framing, view: tuple[int, int]
    ) -> StaticRegion | None:
        """Cut it out of the picture; ``None`` if the video does not show it."""
        inside = rest_view(np.dstack([mask] * 3), framing, view)[..., 0] > EMPTY
        if not inside.any():
            return None
        away = cv2.distanceTransform((~inside).astype(np.uint8), cv2.DIST_L2, 5)
        # Chroma filters reach two pixels, so the seam begins a little outside.
        alpha = np.clip((2 * _SEAM - away) * (255 / _SEAM), 0, 255).astype(np.uint8)
        box = cv2.boundingRect(alpha)
        left, top = box[0] // 2 * 2, box[1] // 2 * 2
        right, bottom = (box[0] + box[2] + 1) // 2 * 2, (box[1] + box[3] + 1) // 2 * 2
        if right - left < 2 or bottom - top < 2:
            return None
        alpha = np.ascontiguousarray(alpha[top:bottom, left:right])
        whole = Planes.from_rgb(rest_view(rgb, framing, view))
        part = np.s_[top // 2 : bottom // 2, left // 2 : right // 2]
        u, v = (np.ascontiguousarray(plane[part]) for plane in (whole.u, whole.v))
        chroma = half_size(alpha)
        y = np.ascontiguousarray(whole.y[top:bottom, left:right])
        return cls((y, u, v), (alpha, chroma, chroma), (left, top))

    def over(self, planes: Drawn) -> None:
        """Composite it over a frame."""
        left, top = self.corner
        for plane, own, alpha, step in zip(
            planes, self.planes, self.alphas, (1, 2, 2), strict=True
        ):
            blend(plane, own, alpha, left // step, top // step)


def rest_view(rgb: Rgb, framing: Framing, view: tuple[int, int]) -> Rgb:
    """The rest view of a picture, in the video's size."""
    height, width = rgb.shape[:2]
    box = (
        max(framing.x - framing.width / 2, 0.0),
        max(framing.y - framing.height / 2, 0.0),
        min(framing.x + framing.width / 2, width),
        min(framing.y + framing.height / 2, height),
    )
    return resize_shown(rgb, *view, box)
