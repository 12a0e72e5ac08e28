"""The canvas that a scene's frame is drawn on."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


class SceneCanvas:
    """Planes of Y, U and V in float32, scaled as 8-bit values.

    Args:
        width, height: of the luma plane in samples, both even.
        pixel: pixels of the view per sample.
    """

    def __init__(self, width: int, height: int, pixel: int = 1) -> None:
        self.pixel = pixel
        self.y = np.empty((height, width), np.float32)
        self.u = np.empty((height // 2, width // 2), np.float32)
        self.v = np.empty((height // 2, width // 2), np.float32)

    def rows(self, first: int, end: int) -> Floats:
        """Positions of luma rows, in pixels of the view below its centre."""
        middle = self.y.shape[0] / 2 - 0.5
        return np.asarray((np.arange(first, end) - middle) * self.pixel, np.float64)
