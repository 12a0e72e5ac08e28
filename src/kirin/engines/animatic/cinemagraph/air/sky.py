"""Where the sky is in a photograph, from its colour, smoothness and position."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from kirin.engines.animatic.scene.noise import Field
from kirin.vision.planes import Rgb

Cut = NDArray[np.bool_]

_LEAST: Final = 0.05  # of the picture
_EDGE: Final = 9.0  # steps of Lab between neighbours of a small picture: no sky has more
_FOOT: Final = 0.35  # share of the lowest rows that a sky above land leaves free
_DETAIL: Final = 5.0  # local deviation of lightness, in percent, of the busiest clouds


@dataclass(frozen=True, slots=True)
class Sky:
    """The sky of a picture.

    Attributes:
        mask: 1 in the sky, 0 elsewhere, soft at the border; float32, of the small picture.
        horizon: the row at which it ends, as a share of the height, 0 at the top.
    """

    mask: Field
    horizon: float

    @property
    def area(self) -> float:
        """Share of the picture."""
        return float(self.mask.mean())


def find_sky(small: Rgb) -> Sky | None:
    """The sky, or ``None`` where there is none to be sure of.

    It is the smooth area that reaches the top of the picture, is as light or as blue as what
    lies below it, and is not green.

    Args:
        small: the picture, some 200 to 400 pixels wide.
    """
    soft = cv2.GaussianBlur(small, (0, 0), 1.2)
    lab: Field = np.asarray(
        cv2.cvtColor(soft.astype(np.float32) / 255, cv2.COLOR_RGB2LAB), np.float32
    )
    light = np.ascontiguousarray(lab[..., 0])
    across = np.abs(cv2.Sobel(lab, cv2.CV_32F, 1, 0, ksize=3)).sum(axis=2) / 8
    down = np.abs(cv2.Sobel(lab, cv2.CV_32F, 0, 1, ksize=3)).sum(axis=2) / 8
    detail = _deviation(cv2.cvtColor(small, cv2.COLOR_RGB2GRAY).astype(np.float32) / 2.55)
    open_air = (np.hypot(across, down) < _EDGE) & (detail < _DETAIL)
    green = (lab[..., 1] < -9) & (lab[..., 2] > 4)
    skin_or_earth = (lab[..., 1] > 4) & (lab[..., 2] > 12) & (light < 62)
    candidate = (open_air & ~green & ~skin_or_earth).astype(np.uint8)
    candidate = cv2.erode(candidate, np.ones((3, 3), np.uint8))
    _, labels = cv2.connectedComponents(candidate, connectivity=4)
    rows, _columns = candidate.shape
    at_top = labels[: max(rows // 40, 2)]
    counts = np.bincount(at_top[at_top > 0], minlength=1)
    wide = [k for k in np.flatnonzero(counts) if counts[k] > 0.08 * at_top.size]
    region = np.isin(labels, wide) & (labels > 0)
    if region[-max(rows // 20, 2) :].mean() > _FOOT:
        region[_waterline(lab) :] = False
    if not _is_sky(region, lab):
        return None
    region = _closed(region)
    mask: Field = np.asarray(cv2.GaussianBlur(region.astype(np.float32), (0, 0), 1.0), np.float32)
    ends = np.where(region.any(axis=0), rows - np.argmax(region[::-1], axis=0), 0)
    seen = ends[ends > 0]
    return Sky(mask, float(np.percentile(seen, 70)) / rows if len(seen) else 0.0)


def _waterline(lab: Field) -> int:
    """The row at which smooth water mirrors the sky: that of the strongest step across all columns.

    Without one, the picture may be all sky.
    """
    rows = len(lab)
    lines = cv2.GaussianBlur(lab.mean(axis=1), (1, 1), 0)
    steps = np.abs(lines[2:] - lines[:-2]).sum(axis=1)
    first, last = int(0.25 * rows), int(0.85 * rows)
    at = first + int(np.argmax(steps[first:last]))
    return at + 1 if steps[at] > 3.0 * float(np.median(steps)) + 0.4 else rows


def _is_sky(region: Cut, lab: Field) -> bool:
    rows = len(region)
    if region.mean() < _LEAST or region[: max(rows // 40, 2)].any(axis=0).mean() < 0.3:
        return False
    inside = np.median(lab[region], axis=0)
    # A wall or a blurred garden fills the picture to its foot; only the sky is so blue.
    whole = region[-max(rows // 20, 2) :].mean() > _FOOT or region.mean() > 0.9
    if whole:
        return bool(inside[2] < -14)
    below = ~region
    below[: rows // 4] = False
    if below.sum() < 0.04 * region.size:
        return False
    outside = np.median(lab[below], axis=0)
    blue = inside[2] < -4 and inside[2] < outside[2] - 1
    lighter = inside[0] > outside[0] + 4
    night = inside[0] < 40 and inside[2] < -6
    return bool(blue or (lighter and inside[0] > 25) or night)


def _closed(region: Cut) -> Cut:
    """The region with what stands free in it: clouds, the sun, a kite.

    What is joined to the foot of the picture or to the land at its sides stands before the sky.
    """
    filled = cv2.dilate(region.astype(np.uint8), np.ones((3, 3), np.uint8))
    filled = cv2.morphologyEx(filled, cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(1 - filled, connectivity=4)
    low = np.flatnonzero(region.any(axis=1))[-1]
    for k in range(1, count):
        _, top, _, tall, _ = stats[k]
        if top + tall <= low:
            filled[labels == k] = 1
    return np.asarray(filled > 0)


def _deviation(plane: Field) -> Field:
    mean = cv2.blur(plane, (5, 5))
    square = cv2.blur(plane * plane, (5, 5))
    return np.sqrt(np.maximum(square - mean * mean, 0.0))
