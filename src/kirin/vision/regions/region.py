"""A region: the part of a picture that is of one substance, with edges snapped to the picture's."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from kirin.vision.kernels import Plane
from kirin.vision.matting.guided_filter import Floats, guided_filter
from kirin.vision.planes import Rgb, resize

_SIDE = 960  # pixels of the longer side at which edges are snapped
_RADIUS = 1 / 80  # of the longer side: reach of the guided filter
_EPSILON = 2e-4  # of squared intensity: edges fainter than 1.4% are not followed
_FAINT = 12  # opacity below which a pixel is outside


@dataclass(frozen=True, slots=True)
class SubstanceRegion:
    """A part of a picture.

    Attributes:
        alpha: how much of each pixel belongs to it, uint8, of the picture's height and width.
        confidence: that it is what was looked for, 0 to 1.
    """

    alpha: Plane
    confidence: float

    @property
    def area(self) -> float:
        """Share of the picture."""
        return float(self.alpha.mean()) / 255

    @property
    def box(self) -> tuple[int, int, int, int] | None:
        """Left, top, right, bottom in even pixels; ``None`` if it is empty."""
        seen = self.alpha > 0
        columns, rows = np.flatnonzero(seen.any(axis=0)), np.flatnonzero(seen.any(axis=1))
        if not len(columns):
            return None
        height, width = self.alpha.shape
        return (
            int(columns[0]) // 2 * 2,
            int(rows[0]) // 2 * 2,
            min((int(columns[-1]) + 2) // 2 * 2, width // 2 * 2),
            min((int(rows[-1]) + 2) // 2 * 2, height // 2 * 2),
        )


def snap(rgb: Rgb, coarse: Floats, subject: Plane | None = None) -> Plane:
    """A coarse mask, enlarged so that its edges follow those of the picture.

    Args:
        rgb: the picture.
        coarse: 0 to 1, of any size.
        subject: opacity of what is never part of it, of the picture's size.

    Returns:
        Opacity, uint8, of the picture's size; never far outside the coarse mask.
    """
    height, width = rgb.shape[:2]
    scale = min(1.0, _SIDE / max(height, width))
    size = (max(round(width * scale), 8), max(round(height * scale), 8))
    guide = resize(rgb, *size).astype(np.float32) / np.float32(255)
    mask = cv2.resize(coarse.astype(np.float32), size, interpolation=cv2.INTER_LINEAR)
    radius = max(round(_RADIUS * max(size)), 4)
    snapped = guided_filter(guide, np.asarray(mask, np.float32), radius, _EPSILON)
    ellipse = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1, 2 * radius + 1))
    near = cv2.dilate((mask > 0.5).astype(np.uint8), ellipse)
    # The filter answers with a wash of small values around the mask: stretch them away.
    sharp = np.clip((snapped - 0.25) / 0.5, 0.0, 1.0) * near
    alpha = cv2.resize(sharp.astype(np.float32), (width, height), interpolation=cv2.INTER_LINEAR)
    opacity = np.clip(alpha * 255 + 0.5, 0, 255).astype(np.uint8)
    opacity[opacity < _FAINT] = 0
    return opacity if subject is None else without(opacity, subject)


def without(alpha: Plane, subject: Plane) -> Plane:
    """A mask without a subject and a rim around it, where colours mix."""
    rim = max(round(max(alpha.shape) / 400), 2)
    ellipse = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * rim + 1, 2 * rim + 1))
    kept: Plane = np.minimum(alpha, 255 - cv2.dilate(subject, ellipse))
    return kept
