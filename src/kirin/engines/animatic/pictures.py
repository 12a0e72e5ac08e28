"""Loading pictures for a shot: the size limit on loading, and the crop to the video's aspect."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

LARGEST_SIDE = 4096
"""Larger pictures are reduced to this many pixels on loading: twice what any video can show."""

Pixels = NDArray[np.uint8]
"""A picture of shape ``(height, width, 3)`` or a mask of shape ``(height, width)``."""


def center_crop(pixels: Pixels, width: int, height: int) -> Pixels:
    """The largest centred part of a picture or mask that has the aspect of ``width x height``.

    Returns:
        a view of ``pixels``; its sides are rounded to whole pixels.
    """
    across = min(pixels.shape[1], round(pixels.shape[0] * width / height))
    down = min(pixels.shape[0], round(pixels.shape[1] * height / width))
    left, top = (pixels.shape[1] - across) // 2, (pixels.shape[0] - down) // 2
    return pixels[top : top + max(down, 1), left : left + max(across, 1)]
