"""How far each part of a plant, of hair or of cloth can sway: from its root to its tip."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from kirin.vision.kernels import Plane
from kirin.vision.planes import Rgb, resize

SIDE: Final = 480
"""Pixels of the longer side at which reach is worked out."""

SLOPE: Final = 0.38
"""Steepest change of reach, pixels per pixel: times the crest of a wave it stays under 1, the
slope at which a displaced picture folds over."""

_SOLID = 100  # opacity from which a pixel is of the region
_STRUCTURE = 0.05  # of full contrast, root mean square: background that would be seen to bend
_HOLE = 0.006  # of the picture: smaller gaps in a region are of it
_SCRAP = 0.0004  # of the picture: smaller components hang on the nearest larger one
_SCALES: Final = (1.0, 2.0, 4.0, 8.0, 16.0)  # pixels at SIDE: sizes of detail that are told apart
_COARSE = 4.5  # the size from which detail moves all the way; finer detail is further away
_FULL_LENGTH = 0.07  # of the longer side: hair that is shorter sways less
_BEND = 1.4  # a rod that is clamped at one end bends by about this power of the distance

Floats = NDArray[np.float32]
Mask = NDArray[np.bool_]


class Root(Enum):
    """Where a substance is held."""

    BELOW = "below"  # every stem at the ground below it
    TRUNK = "trunk"  # every tree at its foot
    STEM = "stem"  # every blossom at its lowest point, or where the picture cuts it off
    ABOVE = "above"
    LEFT = "left"
    RIGHT = "right"


@dataclass(frozen=True, slots=True)
class Habit:
    """How a substance is held, and how freely it moves.

    Attributes:
        root: where it is held.
        reach: of the tip in a strong wind, as a share of the picture's longer side.
        length: of what bends, as a share of a component's extent: beyond it all moves alike.
        whole: share of the motion that goes on growing up to the tip of the component.
        scaled: whether fine detail is far away, and so moves less.
        gaps: half the width of gaps in the region that move with it, in pixels at :data:`SIDE`.
        lift: motion up and down, as a share of that to the sides.
        shaded: whether dark parts are deep inside, and so move less.
    """

    root: Root
    reach: float
    length: float = 0.4
    whole: float = 0.45
    lift: float = 0.2
    gaps: int = 1
    scaled: bool = False
    shaded: bool = False


def reach_map(rgb: Rgb, alpha: Plane, habit: Habit, held: Mask | None = None) -> Floats:
    """The greatest displacement of every pixel, as a share of the longer side.

    It is 0 at roots, outside the region, and at whatever lies beside it that would be seen to
    bend; smooth surroundings move along, so that thin stems are not torn off them.

    Args:
        rgb: the picture.
        alpha: the region, of the picture's height and width.
        habit: of the substance.
        held: what does not move, of any size: roots that the region does not tell.

    Returns:
        float32, of the picture's aspect, its longer side :data:`SIDE` at most.
    """
    scale = min(1.0, SIDE / max(alpha.shape))
    size = (max(round(alpha.shape[1] * scale), 8), max(round(alpha.shape[0] * scale), 8))
    grey = cv2.cvtColor(resize(rgb, *size), cv2.COLOR_RGB2GRAY)
    light: Floats = grey.astype(np.float32) / np.float32(255)
    inside = cv2.resize(alpha, size, interpolation=cv2.INTER_AREA) > _SOLID
    closed = cv2.morphologyEx(inside.astype(np.uint8), cv2.MORPH_CLOSE, _disc(habit.gaps)) > 0
    inside, longest = _without_holes(closed), max(size)
    fixed = np.zeros(inside.shape, bool)
    if held is not None:
        fixed = cv2.resize(held.astype(np.uint8), size, interpolation=cv2.INTER_AREA) > 0
    if not inside.any():
        return np.zeros(inside.shape, np.float32)
    free = _from_root(inside & ~fixed, habit, fixed if fixed.any() else None)
    if habit.scaled:
        free *= np.clip(_detail(light, inside) / _COARSE, 0.12, 1.0)
    if habit.shaded:
        free *= 0.55 + 0.45 * _standing_out(light)
    reach = habit.reach * longest * free
    room = _room(light, inside, habit) & ~fixed
    return cast(Floats, _limited(reach, room, habit.root) / np.float32(longest))


def _without_holes(inside: Mask) -> Mask:
    """A region with its small holes: what grass or leaves enclose moves with them."""
    count, labels, facts, _ = cv2.connectedComponentsWithStats((~inside).astype(np.uint8))
    filled = inside.copy()
    for label in range(1, count):
        if facts[label, cv2.CC_STAT_AREA] < _HOLE * inside.size:
            filled |= labels == label
    return filled


def size_of_detail(rgb: Rgb, alpha: Plane) -> float:
    """Typical size of what is seen in a region, as a share of the longer side: of leaves."""
    scale = min(1.0, SIDE / max(alpha.shape))
    size = (max(round(alpha.shape[1] * scale), 8), max(round(alpha.shape[0] * scale), 8))
    grey = cv2.cvtColor(resize(rgb, *size), cv2.COLOR_RGB2GRAY)
    inside = cv2.resize(alpha, size, interpolation=cv2.INTER_AREA) > _SOLID
    if not inside.any():
        return 0.0
    light: Floats = grey.astype(np.float32) / np.float32(255)
    share: float = float(np.median(_detail(light, inside)[inside])) / max(size)
    return share


def _from_root(inside: Mask, habit: Habit, held: Mask | None) -> Floats:
    """0 at the root to 1 at the tip, everywhere; outside the region as at its nearest pixel."""
    if held is not None:
        away = cv2.distanceTransform((~held).astype(np.uint8), cv2.DIST_L2, 5)
        extent = float(np.quantile(away[inside], 0.95)) if inside.any() else 1.0
        short = min(1.0, extent / (_FULL_LENGTH * max(inside.shape)))
        return cast(Floats, _bent(away / np.float32(max(extent, 1.0)), habit) * np.float32(short))
    turned = _upright(inside, habit.root)
    joined = cv2.morphologyEx(turned.astype(np.uint8), cv2.MORPH_CLOSE, _disc(3))
    count, labels, facts, _ = cv2.connectedComponentsWithStats(joined)
    share = np.zeros(turned.shape, np.float32)
    large = [i for i in range(1, count) if facts[i, cv2.CC_STAT_AREA] >= _SCRAP * turned.size]
    for i in large:
        part = labels == i
        share[part] = _component(part, habit)[part]
    known = np.isin(labels, large)
    if not known.any():
        return _upright_again(share, habit.root)
    return _upright_again(_nearest(share, known), habit.root)


def _component(part: Mask, habit: Habit) -> Floats:
    """0 to 1 of one component whose root is below."""
    rows = np.flatnonzero(part.any(axis=1))
    top, bottom = int(rows[0]), int(rows[-1])
    extent = max(bottom - top, 4)
    y, x = np.mgrid[0 : part.shape[0], 0 : part.shape[1]].astype(np.float32)
    if habit.root is Root.STEM:
        feet = part[max(bottom - max(extent // 12, 1), 0) : bottom + 1].any(axis=0)
        foot = float(np.median(np.flatnonzero(feet)))
        columns = np.flatnonzero(part.any(axis=0))
        far = max(float(np.hypot(extent, (columns[-1] - columns[0]) / 2)), 4.0)
        return _bent(np.hypot(x - foot, y - bottom) / np.float32(far), habit)
    ground = np.where(part.any(axis=0), part.shape[0] - 1 - part[::-1].argmax(axis=0), -1)
    smooth = 4.0 if habit.root is Root.BELOW else max(extent * 0.35, 4.0)
    seen = (ground >= 0).astype(np.float32)[None]
    level = cv2.GaussianBlur(ground.astype(np.float32)[None] * seen, (0, 0), smooth)
    level = level / (cv2.GaussianBlur(seen, (0, 0), smooth) + np.float32(1e-4))
    return _bent((level - y) / np.float32(extent), habit)


def _bent(away: Floats, habit: Habit) -> Floats:
    away = np.clip(away, 0, 1)
    near = 1.0 - np.exp(-((away / np.float32(habit.length)) ** np.float32(_BEND)))
    return cast(Floats, (near * (1.0 - habit.whole + habit.whole * away)).astype(np.float32))


def _room(light: Floats, inside: Mask, habit: Habit) -> Mask:
    """The region, and the background around it that may move along: it is smooth.

    What moves sideways bends upright edges, but slides along level ones, as a horizon.
    """
    reach = habit.reach * max(inside.shape)
    beside = cv2.dilate(inside.astype(np.uint8), _disc(2 + habit.gaps)) == 0
    weight = beside.astype(np.float32)
    across = cv2.Sobel(light, cv2.CV_32F, 1, 0, scale=0.25) * weight
    down = cv2.Sobel(light, cv2.CV_32F, 0, 1, scale=0.25 * habit.lift) * weight
    energy = cv2.GaussianBlur(across * across + down * down, (0, 0), 2.0)
    seen = cv2.GaussianBlur(weight, (0, 0), 2.0)
    rigid = (energy > (_STRUCTURE**2) * np.maximum(seen, 0.05)) & beside
    around = cv2.dilate(inside.astype(np.uint8), _disc(max(round(2.5 * reach), 2))) > 0
    solid = cv2.morphologyEx(rigid.astype(np.uint8), cv2.MORPH_OPEN, _disc(2)) > 0
    return inside | (around & ~solid)


def _limited(reach: Floats, room: Mask, root: Root) -> Floats:
    """Reach that falls to 0 towards the border of its room, nowhere steeper than the limit."""
    framed = np.zeros((room.shape[0] + 2, room.shape[1] + 2), np.uint8)
    framed[1:-1, 1:-1] = room
    # What the picture cuts off on the far side of the root goes on out of sight.
    if root is Root.ABOVE:
        framed[-1, 1:-1] = framed[-2, 1:-1]
    else:
        framed[0, 1:-1] = framed[1, 1:-1]
    edge = cv2.distanceTransform(framed, cv2.DIST_L2, 5)[1:-1, 1:-1]
    near = np.minimum(reach, SLOPE * np.maximum(edge - 1.0, 0.0))
    smooth = cv2.GaussianBlur(near.astype(np.float32), (0, 0), 2.0)
    return cast(Floats, np.minimum(smooth, SLOPE * np.maximum(edge - 0.5, 0.0)).astype(np.float32))


def _detail(light: Floats, inside: Mask) -> Floats:
    """Typical size of what is seen around each pixel, in pixels at :data:`SIDE`."""
    blurs = [cv2.GaussianBlur(light, (0, 0), each) for each in (0.5, *_SCALES)]
    weight = inside.astype(np.float32) + np.float32(1e-4)
    total, logs = np.zeros_like(light), np.zeros_like(light)
    for fine, coarse, size in zip(blurs, blurs[1:], _SCALES, strict=False):
        band = (fine - coarse) ** 2 * weight
        energy = cv2.GaussianBlur(band, (0, 0), 14.0)
        total += energy
        logs += energy * np.float32(np.log(size))
    return cast(Floats, np.exp(logs / (total + np.float32(1e-9))))


def _standing_out(light: Floats) -> Floats:
    """0 for what is darker than its surroundings, 1 for what is brighter."""
    local = cv2.GaussianBlur(light, (0, 0), 4.0)
    mean = cv2.GaussianBlur(light, (0, 0), 20.0)
    spread = np.sqrt(cv2.GaussianBlur((local - mean) ** 2, (0, 0), 20.0)) + np.float32(0.01)
    return cast(Floats, np.clip(0.5 + 0.5 * (local - mean) / spread, 0, 1))


def _nearest(values: Floats, known: Mask) -> Floats:
    """Values where they are known, elsewhere that of the nearest pixel, smoothed."""
    _, labels = cv2.distanceTransformWithLabels(
        (~known).astype(np.uint8), cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL
    )
    table = np.zeros(int(labels.max()) + 1, np.float32)
    table[labels[known]] = values[known]
    return cast(Floats, cv2.GaussianBlur(table[labels], (0, 0), 3.0))


_TURNS: Final = {Root.ABOVE: 2, Root.LEFT: 1, Root.RIGHT: 3}
"""Quarter turns, counter-clockwise, after which a root is below."""


def _upright(mask: Mask, root: Root) -> Mask:
    return np.ascontiguousarray(np.rot90(mask, _TURNS.get(root, 0)))


def _upright_again(values: Floats, root: Root) -> Floats:
    return np.ascontiguousarray(np.rot90(values, -_TURNS.get(root, 0)))


def _disc(radius: int) -> NDArray[np.uint8]:
    size = (2 * radius + 1, 2 * radius + 1)
    return cast(NDArray[np.uint8], cv2.getStructuringElement(cv2.MORPH_ELLIPSE, size))
