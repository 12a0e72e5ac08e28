"""Another framing of the same picture, for a shot that goes on with it."""

from __future__ import annotations

import numpy as np

from kirin.engines.animatic.camera.framing import Focus
from kirin.vision.matting.segmenter import Segmenter
from kirin.vision.planes import Rgb

_ASIDE = (-0.5, 0.5)
"""Where a picture without a subject is framed in turn: left and right, as shares of the room."""


def reframed(rgb: Rgb, aspect: float, share: float, segmenter: Segmenter, turn: int) -> Rgb:
    """The part of a picture that a closer shot of it shows, with its subject in it.

    Args:
        rgb: the picture.
        aspect: of the video, width over height.
        share: of the widest view's width, above 0 to 1.
        segmenter: finds the subject.
        turn: chooses the side where there is no subject.

    Returns:
        a copy, of the video's aspect to a pixel.
    """
    rows, columns = rgb.shape[:2]
    width = min(columns, rows * aspect) * share
    height = width / aspect
    x, y = columns / 2, rows / 2
    mask = segmenter.find(rgb)
    if mask.separable:
        left, top, right, bottom = mask.box
        box = Focus(left * columns, top * rows, right * columns, bottom * rows)
        x = Focus.pull((box.left + box.right) / 2, width, box.left, box.right)
        if box.right - box.left > width:
            x = (box.left + box.right) / 2
        y = Focus.pull((box.top + box.bottom) / 2, height, box.top, box.bottom)
    else:
        x += _ASIDE[turn % 2] * (columns - width) / 2
    first = round(float(np.clip(x - width / 2, 0, columns - width)))
    above = round(float(np.clip(y - height / 2, 0, rows - height)))
    return rgb[above : above + round(height), first : first + round(width)].copy()
