"""Inpainting by LaMa."""

from __future__ import annotations

import math
from pathlib import Path

import cv2
import numpy as np

from kirin.vision.kernels import Plane
from kirin.vision.networks.session import NetworkSession
from kirin.vision.planes import Rgb, resize

_SIDE = 512  # the network's input, square
_AROUND = 0.5  # of the hole's longer side: the surroundings that it sees


class FillNetwork:
    """Fills holes of a picture.

    Args:
        path: the weights.
    """

    def __init__(self, path: Path) -> None:
        self._session = NetworkSession(path)

    def fill(self, rgb: Rgb, hole: Plane) -> Rgb:
        """A picture with its holes filled; all other pixels stay.

        Args:
            rgb: shape ``(h, w, 3)``.
            hole: shape ``(h, w)``; what is not 0 is filled.
        """
        left, top, right, bottom = _window(hole)
        if right <= left:
            return rgb.copy()
        part = np.ascontiguousarray(rgb[top:bottom, left:right])
        gap = (hole[top:bottom, left:right] > 0).astype(np.uint8)
        small = resize(part, _SIDE, _SIDE).astype(np.float32) / 255
        # What the filters have mixed with the hole is filled too: Lanczos-3 reaches three pixels
        # of the coarser picture.
        reach = math.ceil(3 * max(part.shape[0] / _SIDE, part.shape[1] / _SIDE, 1.0))
        mixed = cv2.dilate(gap * 255, np.ones((2 * reach + 1,) * 2, np.uint8))
        covered = cv2.resize(mixed, (_SIDE, _SIDE), interpolation=cv2.INTER_AREA) > 0
        mask = covered.astype(np.float32)
        (filled,) = self._session(
            image=small.transpose(2, 0, 1)[None] * (1 - mask), mask=mask[None, None]
        )
        colours = np.clip(np.round(filled.transpose(1, 2, 0)), 0, 255).astype(np.uint8)
        drawn = resize(colours, right - left, bottom - top)
        whole = rgb.copy()
        whole[top:bottom, left:right] = np.where(gap[..., None] > 0, drawn, part)
        return whole


def _window(hole: Plane) -> tuple[int, int, int, int]:
    """A box around the hole with surroundings to go by, in pixels; empty without a hole."""
    x, y, width, height = cv2.boundingRect((hole > 0).astype(np.uint8))
    if not width:
        return 0, 0, 0, 0
    around = round(_AROUND * max(width, height)) + 16
    return (
        max(x - around, 0),
        max(y - around, 0),
        min(x + width + around, hole.shape[1]),
        min(y + height + around, hole.shape[0]),
    )
