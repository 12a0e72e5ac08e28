"""How near what a picture shows is, as far as it can be told from where things stand.

The ground comes nearer from the horizon down. What rises from it, a trunk or a post, is as near
as its foot: such things have long upright edges, and the lower these end, the nearer they stand.
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np

from kirin.engines.animatic.scene.noise import Field
from kirin.vision.depth.upright import upright_edges
from kirin.vision.matting.guided_filter import guided_filter
from kirin.vision.planes import Rgb

FAR: Final = 0.18
"""Disparity of what is at the horizon and above it, as in the depth layers of a picture."""
_NEAREST: Final = 0.85  # of the ground at the bottom of the picture, likewise

_FOOT: Final = 0.95  # of the height: what ends below has no foot in the picture
_REACH: Final = 0.018  # of the width: how far a thing goes on beside its edges
_SNAP: Final = 0.001  # variance of Lab, of which 1 is white, that is an edge of a thing


def ground_disparity(row: Field, horizon: float) -> Field:
    """Disparity of a level ground by row, as a share of the height."""
    share = np.clip((row - horizon) / max(1 - horizon, 1e-3), 0.0, 1.0)
    return np.asarray(FAR + (_NEAREST - FAR) * share, np.float32)


def find_nearness(small: Rgb, horizon: float) -> Field:
    """Disparity of a picture by place: of its ground, and of what stands on it.

    Args:
        small: the picture, some 300 pixels wide.
        horizon: row of its horizon, as a share of the height.
    """
    rows, columns = small.shape[:2]
    row = (np.arange(rows, dtype=np.float32) + 0.5) / np.float32(rows)
    ground = np.repeat(ground_disparity(row, horizon)[:, None], columns, axis=1)
    lab = cv2.cvtColor(small.astype(np.float32) / np.float32(255), cv2.COLOR_RGB2LAB)
    foot = _feet(upright_edges(np.asarray(lab, np.float32)))
    foot[foot > _FOOT * rows] = 0
    rises = foot > 0
    near = np.where(rises, ground_disparity(np.asarray(foot / rows, np.float32), horizon), 0)
    reach = max(round(_REACH * columns), 1)
    near = cv2.dilate(near.astype(np.float32), np.ones((1, 2 * reach + 1), np.uint8))
    near = np.maximum(near, ground)
    guide = np.asarray(lab / np.float32(100), np.float32)
    snapped = guided_filter(guide, np.asarray(near, np.float32), reach + 1, _SNAP)
    return np.asarray(np.clip(np.maximum(snapped, ground), 0.0, 1.0), np.float32)


def _feet(mask: np.ndarray) -> Field:
    """For each pixel of a mask the row below the end of its run in its column; else 0."""
    feet = np.zeros(mask.shape, np.float32)
    below = np.zeros(mask.shape[1], np.float32)
    for row in range(len(mask) - 1, -1, -1):
        below = np.where(mask[row] > 0, np.where(below > 0, below, np.float32(row + 1)), 0)
        feet[row] = below
    return feet
