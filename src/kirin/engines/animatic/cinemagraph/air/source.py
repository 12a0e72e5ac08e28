"""Where smoke and steam come from: a cup, a chimney, the ground, the subject."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from kirin.engines.animatic.camera.path import PIVOT
from kirin.engines.animatic.cinemagraph.air.atmosphere import Atmosphere
from kirin.engines.animatic.scene.noise import Field

Box = tuple[float, float, float, float]

_NAMES: Final[Mapping[str, str]] = {
    "vessel": "cup mug coffee tea teacup teapot pot kettle bowl soup pan espresso cappuccino"
    " chocolate noodles rice dish food 杯 杯子 咖啡 茶 茶杯 茶壶 壶 锅 碗 汤 水壶 饭 面",
    "chimney": "chimney chimneys stack smokestack factory roof house funnel tower 烟囱 工厂 屋顶"
    " 房子",
    "ground": "ground earth soil street road grate floor water lake river pond spring springs"
    " field lava 地 地面 大地 街道 路面 水面 湖 湖面 河 河面 温泉 池塘 田野",
}
"""Words of sources, by what is looked for."""

_FIT: Final = 0.945  # of an ellipse to what fills it: cups have 0.95 and more, other things less
_WHITE: Final = 246.0  # lightness, of 255, that no dish and no drink has all over
_APART: Final = 25.0  # steps of Lab between what is in a vessel and what is around it
_WITHIN: Final = 0.92  # of a rim: what is inside of its thickness
_PART: Final = (0.2, 0.9)  # of the opening, that the surface of what is in it fills


@dataclass(frozen=True, slots=True)
class Source:
    """What something rises from; all in shares of the rest view, from its top left corner.

    Attributes:
        x, y: the middle of its mouth; of an open one, of the edge of it that is nearest.
        width: of the mouth.
        box: around it.
        disparity: 0 far, 1 near.
        broad: whether it rises all along the width, as from the ground.
        open: how tall the mouth is seen, where one looks into it: it rises from all of that.
    """

    x: float
    y: float
    width: float
    box: Box
    disparity: float
    broad: bool = False
    open: float = 0.0


def find_source(word: str, atmosphere: Atmosphere) -> Source | None:
    """Find the thing that a word names; ``None`` where the picture shows none for sure."""
    names = {word.lower(), *word.lower().replace("-", " ").split()}
    for kind, find in _FINDERS.items():
        if names & set(_NAMES[kind].split()):
            return find(atmosphere)
    return find_crown(atmosphere)


def find_vessel(atmosphere: Atmosphere) -> Source | None:
    """What a vessel holds: an ellipse of an even colour, wider than it is tall.

    A circle in a level plane is seen as an ellipse with a level axis; at thresholds of several
    channels the piece that fills its ellipse best is taken.
    """
    small = cv2.GaussianBlur(atmosphere.small, (0, 0), 1.5)
    rows, columns = small.shape[:2]
    lab = cv2.cvtColor(small, cv2.COLOR_RGB2LAB)
    best: tuple[float, tuple[float, float, float, float]] | None = None
    for channel in cv2.split(lab):
        for level in np.unique(np.percentile(channel, np.arange(6, 97, 5)).astype(int)):
            for inside in (channel >= level, channel < level):
                found = _ellipse(inside.astype(np.uint8), rows, columns)
                if found is not None and (best is None or found[0] > best[0]):
                    best = found
    if best is None or best[0] < _FIT:
        return None
    x, y, width, height = best[1]
    across, down = np.meshgrid(np.arange(columns), np.arange(rows))
    away = ((across - x) / (width / 2)) ** 2 + ((down - y) / (height / 2)) ** 2
    inside, around = lab[away < 0.7], lab[(away > 1.5) & (away < 2.6)]
    if not len(around) or float(inside[:, 0].mean()) > _WHITE:
        return None  # a lamp
    if float(np.abs(inside.mean(axis=0) - around.mean(axis=0)).sum()) < _APART:
        return None
    box = (
        (x - width / 2) / columns,
        (y - height / 2) / rows,
        (x + width / 2) / columns,
        (y + height / 2) / rows,
    )
    x, y, width, height = _surface(lab, x, y, width, height)
    x, y = x / columns, y / rows
    front = y + height / 2 / rows
    depth = _depth(atmosphere, x, y)
    return Source(x, front, 0.8 * width / columns, box, depth, open=height / rows)


def _surface(
    lab: np.ndarray, x: float, y: float, width: float, height: float
) -> tuple[float, float, float, float]:
    """The middle and the sides of the surface of what a vessel holds.

    Where the inside of the vessel shows two colours, the lower one is what is in it. Else it
    stands a little lower than the rim, and is narrower.

    Args:
        lab: of the picture.
        x, y, width, height: of the ellipse of the rim, in pixels.
    """
    rows, columns = lab.shape[:2]
    across, down = np.meshgrid(np.arange(columns), np.arange(rows))
    inside = ((across - x) / (width / 2)) ** 2 + ((down - y) / (height / 2)) ** 2 < _WITHIN**2
    channel = max(cv2.split(lab), key=lambda each: float(each[inside].std()))
    values = channel[inside]
    level, _ = cv2.threshold(values, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    light = inside & (channel > level)
    dark = inside & ~light
    guess = x, y + 0.06 * height, 0.8 * width, 0.75 * height
    if not light.any() or not dark.any():
        return guess
    if float(channel[light].mean()) - float(channel[dark].mean()) < _APART:
        return guess
    lower = max((light, dark), key=lambda each: float(down[each].mean()))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(lower.astype(np.uint8))
    largest = 1 + int(np.argmax(stats[1:count, cv2.CC_STAT_AREA]))
    piece = labels == largest
    if not _PART[0] < piece.sum() / inside.sum() < _PART[1]:
        return guess
    columns_, rows_ = np.flatnonzero(piece.any(axis=0)), np.flatnonzero(piece.any(axis=1))
    left, right = float(columns_[0]), float(columns_[-1]) + 1
    top, bottom = float(rows_[0]), float(rows_[-1]) + 1
    return (left + right) / 2, (top + bottom) / 2, right - left, bottom - top


def _ellipse(
    inside: np.ndarray, rows: int, columns: int
) -> tuple[float, tuple[float, float, float, float]] | None:
    best = None
    contours, _ = cv2.findContours(inside, cv2.RETR_LIST, cv2.CHAIN_APPROX_NONE)
    for contour in contours:
        area = cv2.contourArea(contour)
        if len(contour) < 24 or not 0.004 < area / (rows * columns) < 0.22:
            continue
        (x, y), (a, b), turned = cv2.fitEllipse(contour)
        long, short = max(a, b), min(a, b)
        # The long axis lies level: the angle is that of the first axis.
        lying = abs(((turned if a >= b else turned + 90) + 90) % 180 - 90)
        if not 0.3 < short / max(long, 1) < 0.96 or (lying > 24 and short / long < 0.8):
            continue
        if min(x - long / 2, y - short / 2, columns - x - long / 2, rows - y - short / 2) < 1:
            continue
        hull = cv2.contourArea(cv2.convexHull(contour))
        fit = min(area, np.pi * a * b / 4) / max(area, np.pi * a * b / 4) * area / max(hull, 1)
        # Larger ones are surer, down to a fifth of the picture's width.
        score = float(fit) * min(1.0, 0.8 + 0.2 * long / (0.2 * columns))
        if best is None or score > best[0]:
            best = (score, (float(x), float(y), float(long), float(short)))
    return best


def find_chimney(atmosphere: Atmosphere) -> Source | None:
    """The top of what stands narrow and dark before the sky."""
    sky = atmosphere.sky
    if sky is None:
        return None
    solid = (sky.alpha < 0.5).astype(np.uint8)
    rows, columns = solid.shape
    # What an opening as wide as a house removes is narrow.
    wide = max(columns // 12, 5)
    narrow = solid - cv2.morphologyEx(solid, cv2.MORPH_OPEN, np.ones((1, wide), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(narrow, connectivity=8)
    best, height = None, 0.035 * rows
    for k in range(1, count):
        left, top, across, tall, area = stats[k]
        if top < 2 or across > wide or tall < 1.2 * across or area < 0.4 * across * tall:
            continue
        if tall > height:
            best, height = k, float(tall)
    if best is None:
        return None
    left, top, across, tall, _ = (int(value) for value in stats[best])
    tip = np.flatnonzero(labels[top + 1] == best)
    x = (float(tip.mean()) + 0.5) / columns if len(tip) else (left + across / 2) / columns
    y = (top + 0.5) / rows
    box = (left / columns, top / rows, (left + across) / columns, (top + tall) / rows)
    return Source(x, y, max(across, 3) / columns, box, atmosphere.disparity_at(box[3]))


def find_ground(atmosphere: Atmosphere) -> Source | None:
    """The lower part of a picture that is not all sky."""
    sky = atmosphere.sky
    if sky is not None and sky.horizon > 0.93:
        return None
    top = max(0.6, sky.horizon) if sky else 0.6
    return Source(0.5, 0.98, 1.0, (0.0, top, 1.0, 1.0), 0.6, broad=True)


def find_crown(atmosphere: Atmosphere) -> Source | None:
    """The top of the cut-out subject."""
    if atmosphere.cut is None:
        return None
    seen = atmosphere.cut > 0.5
    rows, columns = np.flatnonzero(seen.any(axis=1)), np.flatnonzero(seen.any(axis=0))
    if len(rows) < 8 or rows[0] < 3:
        return None
    tip = np.flatnonzero(seen[rows[0] + 2])
    tall, wide = seen.shape
    box = (columns[0] / wide, rows[0] / tall, (columns[-1] + 1) / wide, (rows[-1] + 1) / tall)
    across = min(max(len(tip) / wide, 0.03), 0.2)
    whole = tuple(float(edge) for edge in box)
    return Source(
        float(tip.mean() + 0.5) / wide,
        float(rows[0] + 2) / tall,
        across,
        (whole[0], whole[1], whole[2], whole[3]),
        PIVOT,
    )


def _depth(atmosphere: Atmosphere, x: float, y: float) -> float:
    """Disparity of what is seen at a point: of the subject, or of what is behind it."""
    cut: Field | None = atmosphere.cut
    if cut is not None:
        i, j = int(y * len(cut)), int(x * cut.shape[1])
        if cut[min(i, len(cut) - 1), min(j, cut.shape[1] - 1)] > 0.5:
            return PIVOT
    return atmosphere.disparity_at(y)


_FINDERS: Final[Mapping[str, Callable[[Atmosphere], Source | None]]] = {
    "vessel": find_vessel,
    "chimney": find_chimney,
    "ground": find_ground,
}
