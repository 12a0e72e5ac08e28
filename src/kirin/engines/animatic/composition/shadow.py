"""Shadows: what a subject takes of the light around it, as soft planes beside its matte."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from kirin.vision.kernels import Plane

STEP = 4
"""Pixels of the subject to one of its shadow, which holds nothing finer."""

_CONTACT = 0.55  # strength right under the subject, where no light comes
_POOL = 0.045  # of the subject's height: depth of the pool of shade that it stands in
_NEARBY = 0.30  # of the subject's height: only what is so low lies on the ground
_FADE = 0.75  # heights of the subject after which a cast shadow has lost most of its strength
_LONGEST = 1.1  # heights: a lower sun's shadow would leave the view anyway

_Soft = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Shadow:
    """A shadow.

    Attributes:
        alpha: how much light it takes, shape ``(height, width)``, both even, 255 for all.
        left, top: where it begins, in pixels of the subject from its corner; a sample is
            :data:`STEP` of them.
    """

    alpha: Plane
    left: float
    top: float


def on_ground(alpha: Plane, side: float, height: float, strength: float) -> Shadow:
    """The shadow of something that stands on its lowest solid row.

    Args:
        alpha: the subject's matte.
        side: where the light comes from: -1 left, 1 right, 0 from all around.
        height: of its source, 0 at the horizon to 1 overhead. A low one is seen before us, so
            that its shadows come nearer.
        strength: of the cast shadow, 0 to 1.
    """
    solid = np.flatnonzero((alpha > 127).any(axis=1))
    if len(solid):
        alpha = alpha[: int(solid[-1]) + 1]
    small, rows, columns = _reduced(alpha)
    long = min(_LONGEST, 0.35 / max(height, 0.1))
    lean = -0.75 * side * long
    drop = 0.05 + 0.30 * (1.0 - height) * long
    side_room = round(abs(lean) * rows + 0.16 * rows)
    above, below = round(0.14 * rows), round((drop + 0.16) * rows)
    foot = float(rows)
    size = _even(columns + 2 * side_room), _even(above + below)
    # A point at height t over the foot falls to (x + lean t, foot + drop t).
    place = np.array(
        [[1.0, -lean, lean * foot + side_room], [0.0, -drop, drop * foot + above]], np.float64
    )
    flat = cast(_Soft, cv2.warpAffine(small, place, size, flags=cv2.INTER_AREA))
    near = cv2.GaussianBlur(flat, (0, 0), max(0.012 * rows, 0.6))
    far = cv2.GaussianBlur(flat, (0, 0), max(0.045 * rows, 0.8))
    # The farther from the foot, the softer and the weaker.
    away = np.clip((np.arange(size[1]) - above) / (max(drop, 0.05) * rows), 0.0, 1.0)
    share = away.astype(np.float32)[:, None]
    cast_ = (near + (far - near) * np.sqrt(share)) * np.exp(-share / _FADE)
    # Under the subject, and a little to all sides.
    low = small.copy()
    low[: round((1.0 - _NEARBY) * rows)] = 0
    touch: _Soft = np.zeros((size[1], size[0]), np.float32)
    begin = above - rows + round(0.015 * rows)
    source = max(0, -begin)
    end = min(rows, size[1] - begin)
    touch[begin + source : begin + end, side_room : side_room + columns] = low[source:end]
    spread = max(0.022 * rows, 0.8)
    touch = cast(_Soft, cv2.GaussianBlur(touch, (0, 0), 1.6 * spread, sigmaY=spread))
    # Light from all of the sky leaves a pool around the foot, as wide as what hangs over it.
    over = np.zeros(size[0], np.float32)
    over[side_room : side_room + columns] = np.clip(small.sum(axis=0) / (0.5 * rows), 0.0, 1.0)
    over = cv2.GaussianBlur(over[None], (0, 0), max(0.06 * rows, 0.8))[0]
    depth = (np.arange(size[1]) - above) / (_POOL * rows)
    pool = np.exp(-(depth**2)).astype(np.float32)[:, None] * over[None]
    taken = 1.0 - (1.0 - strength * cast_) * (1.0 - _CONTACT * touch) * (1.0 - 0.4 * pool)
    return Shadow(_bytes(taken), -side_room * STEP, alpha.shape[0] - above * STEP)


def behind(alpha: Plane, side: float, strength: float, reach: float) -> Shadow:
    """The soft shadow that something throws on what is behind it in the air.

    Args:
        alpha: its matte.
        side: where the light comes from, -1 to 1.
        strength: 0 to 1.
        reach: how far it spreads, in heights.
    """
    small, rows, columns = _reduced(alpha)
    room = _even(round(3.0 * reach * rows) + 2)
    padded = cv2.copyMakeBorder(small, room, room, room, room, cv2.BORDER_CONSTANT, value=0)
    soft = cv2.GaussianBlur(padded, (0, 0), max(reach * rows, 0.8))
    soft = soft[: _even(rows + 2 * room), : _even(columns + 2 * room)]
    dx, dy = -0.5 * side * reach * rows, 0.45 * reach * rows
    return Shadow(_bytes(strength * soft), (dx - room) * STEP, (dy - room) * STEP)


def _reduced(alpha: Plane) -> tuple[_Soft, int, int]:
    rows, columns = max(alpha.shape[0] // STEP, 8), max(alpha.shape[1] // STEP, 8)
    small = cv2.resize(alpha, (columns, rows), interpolation=cv2.INTER_AREA)
    return small.astype(np.float32) / np.float32(255), rows, columns


def _even(number: int) -> int:
    return max(number // 2 * 2, 16)


def _bytes(share: _Soft) -> Plane:
    plane = np.round(np.clip(share, 0.0, 1.0) * 255).astype(np.uint8)
    plane[[0, -1]] = 0  # outside of a layer its border goes on
    plane[:, [0, -1]] = 0
    return plane
