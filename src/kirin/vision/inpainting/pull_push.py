"""Pull-push interpolation: known colours spread into the rest of a picture."""

from __future__ import annotations

from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from kirin.vision.planes import Rgb

Floats = NDArray[np.float32]


def pull_push(rgb: Rgb, known: Floats) -> Rgb:
    """Fill unknown pixels from the known ones around them (Gortler et al. 1996, "The Lumigraph").

    Args:
        rgb: a picture, shape ``(h, w, 3)``.
        known: weight of each pixel's colour, 0 (unknown) to 1; shape ``(h, w)``.
    """
    colour: Floats = rgb.astype(np.float32) * known[..., None]
    weight = known
    levels = []
    while min(weight.shape) > 2:
        levels.append((colour, weight))
        size = ((weight.shape[1] + 1) // 2, (weight.shape[0] + 1) // 2)
        colour = cast(Floats, cv2.resize(colour, size, interpolation=cv2.INTER_AREA))
        weight = cast(Floats, cv2.resize(weight, size, interpolation=cv2.INTER_AREA))
    result = colour / np.maximum(weight, 1e-6)[..., None]
    for colour, weight in reversed(levels):
        size = (weight.shape[1], weight.shape[0])
        below = cv2.resize(result, size, interpolation=cv2.INTER_LINEAR)
        result = colour + below * (1 - weight)[..., None]
    return cast(Rgb, np.clip(result + 0.5, 0, 255).astype(np.uint8))
