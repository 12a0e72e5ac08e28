"""The horizon: a level line where a sky meets water or a plain of its own colours."""

from __future__ import annotations

from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from kirin.vision.lab import Floats

Mask = NDArray[np.bool_]

_REACH = 2  # rows to either side over which a step is measured
_STEP = 3.0  # change of Lab across them, above that of the rows around, that is a horizon
_COLUMNS = 0.35  # of the columns share it: the edge of a cloud is of a few
_BEYOND = 0.05  # of the height: what was taken for sky ends no sooner below it
_HIGHEST = 0.2  # of the height: above it a level line is a cloud's


def find_horizon(sky: Mask, lab: Floats) -> int | None:
    """The row at which what was taken for sky goes on below a horizon; ``None`` without one."""
    height, width = sky.shape
    smooth = cv2.blur(lab, (7, 3))
    change = np.zeros_like(lab)
    change[_REACH:-_REACH] = smooth[2 * _REACH :] - smooth[: -2 * _REACH]
    both = sky & np.roll(sky, 4, axis=0) & np.roll(sky, -4, axis=0)
    step = np.zeros(height, np.float32)
    first = int(_HIGHEST * height)
    for row in range(first, height - 5):
        at = both[row]
        if at.sum() > _COLUMNS * max(sky[row].sum(), 0.3 * width):
            step[row] = np.abs(np.median(change[row, at], axis=0)).sum()
    around = np.stack([np.roll(step, k) for k in range(-8, 9, 3)])
    narrow = cast(Floats, step - np.median(around, axis=0))
    row = first + int(np.argmax(narrow[first:]))
    end = float(np.percentile(np.flatnonzero(sky.any(axis=1)), 99)) if sky.any() else 0.0
    return row if narrow[row] > _STEP and end - row > _BEYOND * height else None
