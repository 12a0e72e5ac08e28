"""How far a picture can be continued beyond its border, told from the picture itself.

A band along the border is hidden, made up from the rest as the space beyond the border would be,
and compared with what is there: a sky, a lawn or a blur is made up well, a row of houses is not.
"""

from __future__ import annotations

import math
from typing import Final

import cv2
import numpy as np

from kirin.engines.animatic.photo.border import fill_border, mirrored
from kirin.vision.kernels import Plane
from kirin.vision.lab import to_lab
from kirin.vision.planes import Rgb, resize

_SIDE = 160  # longest side at which it is tried
_BAND = 0.1  # of the shorter side: what is hidden
_SOFT = 0.02  # of the shorter side: finer differences are not seen in what is softened
_WELL, _ILL = 4.0, 16.0
"""Difference in Lab that a viewer takes for the same, and for something else."""

_LEAST: Final = 0.08
"""What may be opened on all sides of any picture, in shares of the view."""
_MOST: Final = 0.16
"""Likewise of one that is continued well: more shows how little is known of what is there."""


def widest_margin(rgb: Rgb, subjects: Plane | None = None) -> float:
    """How much a view that widens may open on all sides of a picture, in shares of the view.

    Args:
        rgb: the picture as the view shows it, shape ``(h, w, 3)``.
        subjects: mask of what is not continued, of the picture's shape or a smaller one of its
            aspect, 0 to 255.
    """
    share = (_ILL - hidden_difference(rgb, subjects)) / (_ILL - _WELL)
    return _LEAST + (_MOST - _LEAST) * float(np.clip(share, 0.0, 1.0))


def hidden_difference(rgb: Rgb, subjects: Plane | None = None) -> float:
    """Difference in Lab between a band along the border and what would be made up for it.

    The root of the mean square, without what is finer than leaves: those are like one another.
    """
    height, width = rgb.shape[:2]
    scale = min(1.0, _SIDE / max(height, width))
    size = max(round(width * scale), 16), max(round(height * scale), 16)
    small = resize(rgb, *size)
    band = max(round(_BAND * min(size)), 2)
    inside = np.s_[band:-band, band:-band]
    barred = None
    if subjects is not None:
        reduced = cv2.resize(subjects, size, interpolation=cv2.INTER_AREA).astype(np.uint8)
        barred = mirrored(np.ascontiguousarray(reduced[inside]), band, band, band, band)
    around = mirrored(np.ascontiguousarray(small[inside]), band, band, band, band)
    inner = (float(band), float(band), float(size[0] - band), float(size[1] - band))
    made = fill_border(around, inner, barred)
    if made is None:
        return 0.0
    guess = around.copy()
    guess[:] = made.colours
    guess[inside] = small[inside]
    sigma = max(_SOFT * min(size), 0.5)
    lab = [cv2.GaussianBlur(to_lab(each), (0, 0), sigma) for each in (small, guess)]
    apart = np.square(lab[0] - lab[1]).sum(axis=2)
    hidden = np.ones(apart.shape, bool)
    hidden[inside] = False
    return math.sqrt(float(apart[hidden].mean()))
