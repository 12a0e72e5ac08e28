"""Where a picture's pixels are in a view of it."""

from __future__ import annotations

import numpy as np

from kirin.engines.animatic.camera.framing import Floats
from kirin.engines.animatic.camera.pose import Pose
from kirin.engines.animatic.cinemagraph.part import Still

BACKGROUND = 0.3
"""Disparity of what is lit, of sky and land alike."""


def to_view(still: Still, pose: Pose, disparity: float = BACKGROUND) -> Floats:
    """The affine map, shape ``(2, 3)``, from pixels of the texture to pixels of the view."""
    seen = pose.view(disparity)
    width, height = still.view
    cos, sin = np.cos(seen.roll), np.sin(seen.roll)
    turn = np.array([[cos, sin], [-sin, cos]])
    scale = seen.scale / still.scale
    middle = np.array(still.centre) + np.array([seen.x * width, seen.y * height]) * still.scale
    linear = turn * scale
    shift = np.array([width / 2, height / 2]) - linear @ middle
    return np.hstack([linear, shift[:, None]])


def from_view(matrix: Floats) -> Floats:
    """The inverse of an affine map."""
    linear = np.linalg.inv(matrix[:, :2])
    return np.hstack([linear, -linear @ matrix[:, 2:]])
