"""Soft shadows of subjects, computed from their masks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from kirin.vision.kernels import Plane

STEP = 4
"""Pixels of the subject per sample of its shadow, which has no fine detail."""

_CONTACT = 0.55  # strength of the contact shadow
_POOL = 0.045  # of the subject's height: vertical extent of the ambient shadow around its foot
_NEARBY = 0.30  # of the subject's height: the part that is close to the ground
_FADE = 0.75  # falloff of the cast shadow, relative to its length
_LONGEST = 1.1  # heights: limit of the shadow's length

_Soft = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Shadow:
    """A shadow.

    Attributes:
        alpha: opacity, shape ``(height, width)``, both even; a sample is :data:`STEP` pixels of
            the subject.
        left, top: position of its corner, in pixels of the subject from the subject's corner.
    """

    alpha: Plane
    left: float
    top: float


def on_ground(alpha: Plane, side: float, height: float, strength: float) -> Shadow:
    """The cast, contact and ambient shadow of a subject that stands on its lowest solid row.

    Args:
        alpha: the subject's mask.
        side: direction of the light: -1 left, 1 right, 0 from all around.
        height: of the light's source, 0 (horizon) to 1 (overhead). The light is behind the
            subject, so that a low source casts the shadow towards the viewer.
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
    # A point at height t above the foot casts to (x + lean t, foot + drop t).
    place = np.array(
        [[1.0, -lean, lean * foot + side_room], [0.0, -drop, drop * foot + above]], np.float64
    )
    flat = cast(_Soft, cv2.warpAffine(small, place, size, flags=cv2.INTER_AREA))
    near = cv2.GaussianBlur(flat, (0, 0), max(0.012 * rows, 0.6))
    far = cv2.GaussianBlur(flat, (0, 0), max(0.045 * rows, 0.8))
    # Softer and weaker with the distance from the foot.
    away = np.clip((np.arange(size[1]) - above) / (max(drop, 0.05) * rows), 0.0, 1.0)
    share = away.astype(np.float32)[:, None]
    cast_ = (near + (far - near) * np.sqrt(share)) * np.exp(-share / _FADE)
    # The contact shadow: under the subject, and slightly around it.
    low = small.copy()
    low[: round((1.0 - _NEARBY) * rows)] = 0
    touch: _Soft = np.zeros((size[1], size[0]), np.float32)
    begin = above - rows + round(0.015 * rows)
    source = max(0, -begin)
    end = min(rows, size[1] - begin)
    touch[begin + source : begin + end, side_room : side_room + columns] = low[source:end]
    spread = max(0.022 * rows, 0.8)
    touch = cast(_Soft, cv2.GaussianBlur(touch, (0, 0), 1.6 * spread, sigmaY=spread))
    # The ambient shadow around the foot, as wide as what is above it.
    over = np.zeros(size[0], np.float32)
    over[side_room : side_room + columns] = np.clip(small.sum(axis=0) / (0.5 * rows), 0.0, 1.0)
    over = cv2.GaussianBlur(over[None], (0, 0), max(0.06 * rows, 0.8))[0]
    depth = (np.arange(size[1]) - above) / (_POOL * rows)
    pool = np.exp(-(depth**2)).astype(np.float32)[:, None] * over[None]
    taken = 1.0 - (1.0 - strength * cast_) * (1.0 - _CONTACT * touch) * (1.0 - 0.4 * pool)
    return Shadow(_bytes(taken), -side_room * STEP, alpha.shape[0] - above * STEP)


def behind(alpha: Plane, side: float, strength: float, reach: float) -> Shadow:
    """The soft shadow of a floating subject on a surface behind it.

    Args:
        alpha: the subject's mask.
        side: direction of the light, -1 (left) to 1 (right).
        strength: 0 to 1.
        reach: blur and offset, in heights of the subject.
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
    plane[[0, -1]] = 0  # resampling repeats the border
    plane[:, [0, -1]] = 0
    return plane
