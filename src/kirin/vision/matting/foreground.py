"""Foreground colour estimation: a subject's own colours, without those of its background."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from kirin.vision.inpainting.pull_push import pull_push
from kirin.vision.kernels import Plane, remove_background
from kirin.vision.planes import Rgb, resize, resize_shown

Floats = NDArray[np.float32]

_MEAN_SIDE = 640  # longest side at which local means of colour are computed


def estimate_foreground(rgb: Rgb, alpha: Plane) -> Rgb:
    """Colours of the subject where ``alpha`` mixes them with the background (Forte 2021).

    Outside of the subject its colours continue, so that resampling meets no edge.

    Args:
        rgb: the picture, shape ``(h, w, 3)``.
        alpha: the subject's mask, shape ``(h, w)``, 0 to 255.
    """
    height, width = alpha.shape
    scale = min(1.0, _MEAN_SIDE / max(height, width))
    size = (max(round(width * scale), 8), max(round(height * scale), 8))
    small = resize(rgb, *size)
    share = cv2.resize(alpha, size, interpolation=cv2.INTER_AREA) / np.float32(255)
    front = resize_shown(pull_push(small, _certainty(share)), width, height)
    behind = resize_shown(pull_push(small, _certainty(1 - share)), width, height)
    own = rgb.copy()
    flat = (height, 3 * width)
    remove_background(own.reshape(flat), front.reshape(flat), behind.reshape(flat), alpha)
    return own


def _certainty(share: Floats) -> Floats:
    """How certain it is that a colour is unmixed, by its share of alpha: 0 up to 0.8."""
    certainty: Floats = np.clip((share - np.float32(0.8)) / np.float32(0.2), 0, 1)
    return certainty
