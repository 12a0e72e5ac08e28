"""Warping a mouth: for each pixel of the face, where its colour comes from, or the mouth's inside.

The lips, the cheeks and the chin move along columns of the face, the corners of the mouth across
them. Both are given backwards, from the new picture to the old one, so that nothing is torn.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, exp, pi
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from kirin.engines.animatic.lips.mouth import MouthColumns
from kirin.vision.compiled import compiled

Maps = NDArray[np.float32]

_MARGIN: Final = 0.17
"""Units beyond the outline of the face in which its movement fades."""

_COARSE: Final = 4  # pixels per cell of the field that fades the movement


@dataclass(frozen=True, slots=True, eq=False)
class MouthField:
    """The part of a frame around a mouth.

    Attributes:
        left, top: its corner in the frame, even.
        x, y: where the colour of each of its pixels comes from, in pixels of the part; float32,
            both sides even.
        inside: shape like ``x``: 0 to 1, how much of the mouth's inside is seen.
        place: shape ``(height, width, 5)``: for pixels with an inside, how far across the mouth
            (-1 to 1), how far below the upper lip and how far apart the lips are, in units; how
            far below the place of the upper lip in the frame, and to the right of the middle.
        parted: how far the lips are apart in the frame, units.
        unit, half: as in :class:`~kirin.engines.animatic.lips.mouth.MouthColumns`.
    """

    left: int
    top: int
    x: Maps
    y: Maps
    inside: Maps
    place: Maps
    parted: float
    unit: float
    half: float


def mouth_field(mouth: MouthColumns, width: int, height: int) -> MouthField | None:
    """The field of a mouth in a frame of a size; ``None`` where nothing of it is in the frame."""
    reach = _MARGIN * mouth.unit
    left, top = mouth.oval.min(axis=0) - reach
    right, bottom = mouth.oval.max(axis=0) + reach
    # Nothing above the nose moves: the corners of the part between nose and chin, in the frame.
    sides = np.array([mouth.left, mouth.left + mouth.table.shape[1]], np.float64)
    nose = mouth.table[4, 0]
    c, s = mouth.axis
    above = mouth.origin[1] + min(sides * s) + nose * c
    x0, y0 = max(0, int(left) // 2 * 2), max(0, int(max(top, above)) // 2 * 2)
    x1, y1 = min(width, int(right) // 2 * 2 + 2), min(height, int(bottom) // 2 * 2 + 2)
    if x1 - x0 < 4 or y1 - y0 < 4:
        return None
    share = _fading(mouth, x0, y0, x1 - x0, y1 - y0)
    shape = (y1 - y0, x1 - x0)
    x, y, inside = (np.empty(shape, np.float32) for _ in range(3))
    place = np.zeros((*shape, 5), np.float32)
    origin = (float(mouth.origin[0]) - x0, float(mouth.origin[1]) - y0)
    _fill(
        (x, y, inside, place),
        share,
        mouth.table,
        origin,
        mouth.axis,
        (float(mouth.left), mouth.centre, mouth.half, mouth.unit),
        (mouth.squeeze, mouth.weight),
    )
    parted = float((mouth.table[1] - mouth.table[0]).max()) / mouth.unit
    return MouthField(x0, y0, x, y, inside, place, parted, mouth.unit, mouth.half)


def _fading(mouth: MouthColumns, left: int, top: int, width: int, height: int) -> Maps:
    """1 on the face, falling to 0 beyond its outline, shape ``(height, width)``."""
    size = (max(2, width // _COARSE), max(2, height // _COARSE))
    scale = np.array([size[0] / width, size[1] / height])
    outline = (mouth.oval - (left, top)) * scale
    face = np.full(size[::-1], 255, np.uint8)
    fixed = np.round(outline * 16 - 8).astype(np.int32)
    cv2.fillPoly(face, [fixed], 0, shift=4)
    away = cv2.distanceTransform(face, cv2.DIST_L2, 3) / float(scale.mean())
    t = np.clip(1 - away / (_MARGIN * mouth.unit), 0, 1)
    smooth = (t * t * (3 - 2 * t)).astype(np.float32)
    return np.asarray(cv2.resize(smooth, (width, height), interpolation=cv2.INTER_LINEAR))


@compiled
def _along(y: float, table: NDArray[np.float32], at: float) -> tuple[float, float, float, float]:
    """How far a pixel of a column has moved down; where its lips are now, the upper, the lower,
    and where the upper one was.
    """
    k = int(at)
    f = at - k
    upper0 = table[0, k] + (table[0, k + 1] - table[0, k]) * f
    lower0 = table[1, k] + (table[1, k + 1] - table[1, k]) * f
    upper = table[2, k] + (table[2, k + 1] - table[2, k]) * f
    lower = table[3, k] + (table[3, k + 1] - table[3, k]) * f
    jaw = table[6, k] + (table[6, k + 1] - table[6, k]) * f
    nose, chin = table[4, k], table[5, k]
    if y <= upper:
        t = min((upper - y) / max(upper - nose, 1.0), 1.0)
        return (upper - upper0) * (1.0 - t * t * (3.0 - 2.0 * t)), upper, lower, upper0
    if y >= lower:
        t = min(1.25 * (y - lower) / max(chin + jaw - lower, 1.0), 1.0)
        rest = lower - lower0
        return rest + (jaw - rest) * t * t * (3.0 - 2.0 * t), upper, lower, upper0
    deep = (y - upper) / (lower - upper)
    return y - (upper0 + deep * (lower0 - upper0)), upper, lower, upper0


@compiled
def _fill(
    out: tuple[Maps, Maps, Maps, Maps],
    share: Maps,
    table: NDArray[np.float32],
    origin: tuple[float, float],
    axis: tuple[float, float],
    shape: tuple[float, float, float, float],
    said: tuple[float, float],
) -> None:
    """Fill the maps of a :class:`MouthField`."""
    map_x, map_y, inside, place = out
    c, s = axis
    left, centre, half, unit = shape
    squeeze, weight = said
    last, nose = table.shape[1] - 2, table[4, 0]
    soft = max(0.012 * unit, 1.0)
    for i in range(map_x.shape[0]):
        for j in range(map_x.shape[1]):
            part = share[i, j]
            inside[i, j] = 0.0
            map_x[i, j] = j
            map_y[i, j] = i
            if part <= 0.0:
                continue
            dx, dy = j + 0.5 - origin[0], i + 0.5 - origin[1]
            ax, ay = dx * c + dy * s, dy * c - dx * s
            # Across: the corners come in or go out, most at the height of the lips.
            far = abs(ax - centre) / half
            way = far if far <= 1.0 else 0.0
            if 1.0 < far < 2.2:
                way = 0.5 + 0.5 * cos((far - 1.0) / 1.2 * pi)
            push = 0.0
            if way > 0.0 and squeeze != 0.0:
                push = squeeze * way * exp(-((ay / (0.24 * unit)) ** 2)) * part
                # Nothing at the nose, where the part of the frame that moves ends.
                high = min(max(ay / min(nose, -1.0), 0.0), 1.0)
                push *= 1.0 - high * high * (3.0 - 2.0 * high)
            sx = ax + (push if ax > centre else -push)
            at = min(max(sx - left, 0.0), last + 0.999)
            move, upper, lower, upper0 = _along(ay, table, at)
            if ay > upper - soft and ay < lower + soft and lower - upper > 0.0:
                near = min(ay - upper, lower - ay) / soft + 0.5
                wide = min((lower - upper) / soft, 1.0)
                inside[i, j] = min(max(near, 0.0), 1.0) * wide * weight
                place[i, j, 0] = (sx - centre) / half
                place[i, j, 1] = (ay - upper) / unit
                place[i, j, 2] = (lower - upper) / unit
                place[i, j, 3] = (ay - upper0) / unit
                place[i, j, 4] = (ax - centre) / unit
            # Back to the frame.
            ox, oy = sx - ax, -move * part
            map_x[i, j] = j + ox * c - oy * s
            map_y[i, j] = i + ox * s + oy * c
