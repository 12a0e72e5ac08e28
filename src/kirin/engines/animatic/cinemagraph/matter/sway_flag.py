"""Flags that wave from their pole."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import cv2
import numpy as np

from kirin.domain.cast import Heading
from kirin.domain.motion import MatterRequest
from kirin.engines.animatic.cinemagraph.matter.moving import MovingMatter
from kirin.engines.animatic.cinemagraph.matter.sway import SwayScale
from kirin.engines.animatic.cinemagraph.matter.sway_placing import Manner, place
from kirin.engines.animatic.cinemagraph.matter.sway_reach import Habit, Root
from kirin.engines.animatic.cinemagraph.matter.sway_wind import Breeze
from kirin.engines.animatic.cinemagraph.part import Still
from kirin.vision.kernels import Plane
from kirin.vision.planes import Rgb
from kirin.vision.regions.find import find_region

_HANGS = 1.25  # height by width of a flag that hangs down
_REACH = (0.07, 0.02)  # of its length, and at most of the picture's longer side
_WAVE = 0.55  # of its length: from one crest to the next
_POLE = 0.02  # of the picture's longer side: where a pole is looked for beside a flag

_TRAVEL: Final = {
    Root.ABOVE: Heading.DOWN,
    Root.LEFT: Heading.RIGHT,
    Root.RIGHT: Heading.LEFT,
}
"""Which way waves run, by where a flag is held."""

_BREEZE: Final = Breeze(0.8, lift=0.25, light=0.1, orderly=0.85, upright=True)


def move_flag(request: MatterRequest, still: Still) -> MovingMatter | None:
    """The flag of a picture, or what a mask marks: waves run along it, away from its pole."""
    picture, alpha = still.seen, still.mask
    if alpha is None:
        region = find_region(picture, request.substance, look_up=lambda: still.sky)
        if region is None:
            return None
        alpha = region.alpha
    still.check()
    columns, rows = np.flatnonzero(alpha.any(axis=0)), np.flatnonzero(alpha.any(axis=1))
    if not len(columns):
        return None
    width, height = int(columns[-1] - columns[0]) + 1, int(rows[-1] - rows[0]) + 1
    root = Root.ABOVE if height > _HANGS * width else _pole_side(picture, alpha)
    length = height if root is Root.ABOVE else width
    share = length / max(alpha.shape)
    habit = Habit(root, min(_REACH[0] * share, _REACH[1]), length=0.5, whole=0.6, gaps=2)
    manner = Manner(habit, SwayScale(_WAVE * share, 0.1), _BREEZE)
    return place(replace(request, heading=_TRAVEL[root]), still, picture, alpha, manner)


def _pole_side(picture: Rgb, alpha: Plane) -> Root:
    """The side of a flag on which there are more upright edges: those of a pole."""
    columns, rows = np.flatnonzero(alpha.any(axis=0)), np.flatnonzero(alpha.any(axis=1))
    light = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    upright = np.abs(cv2.Sobel(light, cv2.CV_32F, 1, 0)) * (alpha < 128)
    reach = max(round(_POLE * max(alpha.shape)), 4)
    beside = upright[rows[0] : min(rows[-1] + reach * 4, alpha.shape[0])]
    left = beside[:, max(columns[0] - reach, 0) : columns[0] + reach // 2].mean(axis=0)
    right = beside[:, columns[-1] - reach // 2 : columns[-1] + reach].mean(axis=0)
    strength = [float(side.max()) if side.size else 0.0 for side in (left, right)]
    return Root.RIGHT if strength[1] > strength[0] else Root.LEFT
