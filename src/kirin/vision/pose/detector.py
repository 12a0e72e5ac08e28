"""Finding people in a picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from kirin.vision.planes import Rgb
from kirin.vision.pose.landmarks import Values
from kirin.vision.pose.network import Network
from kirin.vision.pose.region import Region

WEIGHTS: Final = "pose_detection.onnx"

_SIDE = 224  # the network's input, square
_LAYERS = ((8, 2), (16, 2), (32, 6))  # stride of each grid, anchors at each of its cells
_LEAST = 0.5  # score
_SAME = 0.3  # share of their union that two boxes have in common when they are one person's
_TILE_STEP = 0.5  # of a tile's side: a person is whole in one of two neighbours


@dataclass(frozen=True, slots=True, eq=False)
class Detection:
    """Where somebody seems to be.

    Attributes:
        region: a square around the whole person, even where the picture ends before.
        face: left, top, right and bottom of the head, pixels.
        score: 0 to 1.
    """

    region: Region
    face: Values
    score: float


class Detector:
    """Finds people with BlazePose's detector (Bazarevsky et al. 2020), in 11 ms of one core.

    Grids, decoding and thresholds are those of MediaPipe's public graph ``pose_detection``.
    """

    def __init__(self) -> None:
        self._network = Network(WEIGHTS, "boxes", "scores")
        self._anchors = _anchors()

    def find(self, rgb: Rgb, thorough: bool = True) -> list[Detection]:
        """Everybody in a picture, the largest and surest first.

        If nobody is found in the whole, it is looked at in overlapping tiles, in which people
        are larger: first in the squares that a long picture is made of, then in half of them.

        Args:
            rgb: the picture.
            thorough: whether to go so far as the second, which takes 0.2 s.
        """
        height, width = rgb.shape[:2]
        whole = self._in_part(rgb, 0, 0, width, height)
        for side in (min(height, width), min(height, width) // 2)[: 1 + thorough]:
            if whole or side < _SIDE:
                break
            whole = [
                found
                for top in _starts(height, side)
                for left in _starts(width, side)
                for found in self._in_part(rgb, left, top, side, side)
            ]
        return sorted(_apart(whole), key=lambda found: -found.region.side * found.score)

    def near(self, rgb: Rgb, region: Region) -> list[Detection]:
        """Everybody near a place, likewise: in the square of twice the region's side."""
        height, width = rgb.shape[:2]
        left, top = max(0, round(region.x - region.side)), max(0, round(region.y - region.side))
        right = min(width, round(region.x + region.side))
        bottom = min(height, round(region.y + region.side))
        if right - left < 2 or bottom - top < 2:
            return []
        found = self._in_part(rgb, left, top, right - left, bottom - top)
        return sorted(found, key=lambda one: -one.region.side * one.score)

    def _in_part(self, rgb: Rgb, left: int, top: int, width: int, height: int) -> list[Detection]:
        part = rgb[top : top + height, left : left + width]
        longest = max(width, height)
        scale = _SIDE / longest
        size = (max(1, round(width * scale)), max(1, round(height * scale)))
        small = cv2.resize(part, size, interpolation=cv2.INTER_AREA)
        # Bars of black, which is 0 after scaling to -1 to 1 in the public graph's letterbox.
        picture = np.zeros((_SIDE, _SIDE, 3), np.float32)
        across, down = (_SIDE - size[0]) // 2, (_SIDE - size[1]) // 2
        picture[down : down + size[1], across : across + size[0]] = small / 127.5 - 1
        boxes, scores = self._network(picture)
        chances = 1 / (1 + np.exp(-np.clip(scores[:, 0].astype(np.float64), -100, 100)))
        likely = np.flatnonzero(chances >= _LEAST)
        if not len(likely):
            return []
        values = boxes[likely].astype(np.float64).reshape(-1, 6, 2)
        values[:, [0, 2, 3, 4, 5]] += self._anchors[likely, None]
        values[:, [0, 2, 3, 4, 5]] -= (across, down)
        values *= (width / size[0], height / size[1])
        values[:, [0, 2, 3, 4, 5]] += (left, top)
        return [_detection(person, score) for person, score in _merged(values, chances[likely])]


def _detection(values: Values, score: float) -> Detection:
    centre, half = values[0], values[1] / 2
    face = np.concatenate([centre - half, centre + half])
    return Detection(Region.around(values[2], values[3]), face, score)


def _anchors() -> Values:
    """The middles of all boxes, in pixels of the network's input, shape (2254, 2)."""
    grids = []
    for stride, each in _LAYERS:
        cells = (np.arange(_SIDE // stride) + 0.5) * stride
        y, x = np.meshgrid(cells, cells, indexing="ij")
        grids.append(np.repeat(np.stack([x.ravel(), y.ravel()], axis=1), each, axis=0))
    return np.concatenate(grids)


def _merged(values: Values, scores: Values) -> list[tuple[Values, float]]:
    """One of each group of boxes that overlap: their mean, weighted by score.

    Args:
        values: shape ``(n, 6, 2)``: middle, size, four points.
        scores: shape ``(n,)``.
    """
    left = list(np.argsort(-scores, kind="stable"))
    found = []
    while left:
        best = left[0]
        alike = [i for i in left if _overlap(_box(values[best]), _box(values[i])) > _SAME]
        left = [i for i in left[1:] if i not in alike]
        weights = scores[alike] / scores[alike].sum()
        found.append((np.tensordot(weights, values[alike], axes=1), float(scores[best])))
    return found


def _apart(found: list[Detection]) -> list[Detection]:
    """Those of several tiles, without those that another tile has seen more surely."""
    kept: list[Detection] = []
    for one in sorted(found, key=lambda one: -one.score):
        if all(_overlap(one.face, other.face) <= _SAME for other in kept):
            kept.append(one)
    return kept


def _box(values: Values) -> Values:
    return np.concatenate([values[0] - values[1] / 2, values[0] + values[1] / 2])


def _overlap(a: Values, b: Values) -> float:
    """Of two boxes: what both cover, as a share of what either does."""
    sides = np.minimum(a[2:], b[2:]) - np.maximum(a[:2], b[:2])
    if (sides <= 0).any():
        return 0.0
    common = float(sides.prod())
    return common / (float((a[2:] - a[:2]).prod() + (b[2:] - b[:2]).prod()) - common)


def _starts(length: int, side: int) -> list[int]:
    """Where tiles begin that cover a length and overlap by half."""
    count = 1 + int(np.ceil((length - side) / (side * _TILE_STEP)))
    return [round(start) for start in np.linspace(0, length - side, count)]
