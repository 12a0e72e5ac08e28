"""Depth from one picture, by Depth Anything V2."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from kirin.vision.kernels import Plane
from kirin.vision.networks.session import NetworkSession, normalised
from kirin.vision.planes import Rgb, resize

_SIDE = 518  # of the shorter side: what the network was trained with
_LONGEST = 1036
_PATCH = 14  # sides must be multiples of it
_TAILS = (0.5, 99.5)  # percentiles that become the farthest and the nearest


class DepthNetwork:
    """Estimates which parts of a picture are near.

    Args:
        path: the weights.
    """

    def __init__(self, path: Path) -> None:
        self._session = NetworkSession(path)

    def find(self, rgb: Rgb) -> Plane:
        """Disparity, the inverse of depth: 0 the farthest to 255 the nearest; relative.

        Args:
            rgb: a picture, shape ``(height, width, 3)``, of any size.

        Returns:
            shape ``(height, width)``.
        """
        height, width = rgb.shape[:2]
        scale = min(_SIDE / min(height, width), _LONGEST / max(height, width))
        columns, rows = (max(round(side * scale / _PATCH), 1) * _PATCH for side in (width, height))
        (disparity,) = self._session(pixel_values=normalised(resize(rgb, columns, rows)))
        far, near = np.percentile(disparity, _TAILS)
        share = np.clip((disparity - far) / max(float(near - far), 1e-6), 0, 1)
        whole = cv2.resize(share, (width, height), interpolation=cv2.INTER_LINEAR)
        return np.asarray(np.round(whole * 255), np.uint8)
