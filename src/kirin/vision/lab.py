"""Colours as eyes tell them apart: CIE Lab."""

from __future__ import annotations

from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from kirin.vision.planes import Rgb

Floats = NDArray[np.float32]


def to_lab(rgb: Rgb) -> Floats:
    """CIE Lab: lightness from 0 to 100, a* and b* from about -100 to 100."""
    return cast(Floats, cv2.cvtColor(rgb.astype(np.float32) / np.float32(255), cv2.COLOR_RGB2LAB))


def colour_change(lab: Floats) -> Floats:
    """Length of the gradient of colour, per pixel."""
    calm = cv2.GaussianBlur(lab, (0, 0), 0.8)
    across, down = cv2.Sobel(calm, cv2.CV_32F, 1, 0) / 8, cv2.Sobel(calm, cv2.CV_32F, 0, 1) / 8
    return cast(Floats, np.sqrt((across**2 + down**2).sum(axis=2)))
