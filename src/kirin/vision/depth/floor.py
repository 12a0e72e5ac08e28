"""The floor of a picture without a sky: an even surface below its walls."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from kirin.vision.lab import colour_change, to_lab
from kirin.vision.planes import Rgb

Mask = NDArray[np.bool_]

_ROWS = (0.33, 0.85)  # between which a floor ends, as shares of the height
# Weights of lightness, since shadows lie on floors, and of texture, against colour.
_LIGHT, _TEXTURE = 0.35, 3.0
_LEAST = 0.15  # share of the picture that must be seen
_EXPLAINED = 0.215  # least share of the variance that a floor and its walls explain


def find_floor(small: Rgb, hidden: Mask) -> float | None:
    """The row at which a floor ends, as a share of the height, or ``None``.

    It is the row that splits the picture into the two parts of least variance (Otsu 1979) of
    colour and texture; in a picture without a floor it explains little, or lies at the border.

    Args:
        small: the picture, reduced to some 256 pixels.
        hidden: what stands before the floor.
    """
    height = small.shape[0]
    lab = to_lab(small)
    texture = cv2.GaussianBlur(np.minimum(colour_change(lab), np.float32(12)), (0, 0), 3.0)
    features = np.dstack([_LIGHT * lab[..., :1], lab[..., 1:], _TEXTURE * texture])
    features = cv2.GaussianBlur(features.astype(np.float64), (0, 0), 2.0)
    seen = (~hidden).astype(np.float64)
    count = np.cumsum(seen.sum(axis=1))
    if count[-1] < _LEAST * hidden.size:
        return None
    total = np.cumsum((features * seen[..., None]).sum(axis=1), axis=0)
    mean = total[-1] / count[-1]
    variance = float((((features - mean) ** 2) * seen[..., None]).sum())
    below = count[-1] - count
    apart = total / np.maximum(count, 1)[:, None]
    apart -= (total[-1] - total) / np.maximum(below, 1)[:, None]
    between = count * below / count[-1] * (apart**2).sum(axis=1)
    first, last = (round(share * height) for share in _ROWS)
    row = first + int(between[first:last].argmax())
    if row in (first, last - 1) or between[row] < _EXPLAINED * variance:
        return None
    return float((row + 1) / height)
