"""Detecting people in a picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from kirin.vision.onnx_session import OnnxSession
from kirin.vision.planes import Rgb
from kirin.vision.pose.landmarks import Values
from kirin.vision.pose.region import Region

WEIGHTS: Final = "pose_detection.onnx"

_SIDE = 224  # the network's input, square
_LAYERS = ((8, 2), (16, 2), (32, 6))  # stride of each grid, anchors per cell
_LEAST = 0.5  # score
_SAME = 0.3  # intersection over union from which two boxes are the same person's
_TILE_STEP = 0.5  # of a tile's side, so that each person is whole in some tile


@dataclass(frozen=True, slots=True, eq=False)
class Detection:
    """A detected person.

    Attributes:
        region: a square around the whole person; it may extend beyond the picture.
        face: left, top, right and bottom of the head, pixels.
        score: confidence, 0 to 1.
    """

    region: Region
    face: Values
    score: float


class Detector:
    """BlazePose's person detector (Bazarevsky et al. 2020); takes 11 ms of one core.

    Anchors, decoding and thresholds are those of MediaPipe's graph ``pose_detection``.
    """

    def __init__(self) -> None:
        self._session = OnnxSession(WEIGHTS, "boxes", "scores")
        self._anchors = _anchors()

    def find(self, rgb: Rgb, thorough: bool = True) -> list[Detection]:
        """Detect all people of a picture, sorted by size times score.

        If there is nobody at the scale of the whole picture, overlapping square tiles of it are
        searched: first of its shorter side, then of half of that.

        Args:
            rgb: the picture.
            thorough: whether to search the small tiles too, which takes 0.2 s.
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
        return sorted(_nms(whole), key=lambda found: -found.region.side * found.score)

    def near(self, rgb: Rgb, region: Region) -> list[Detection]:
        """Detect all people in a square around a region, of twice its side; sorted likewise."""
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
        # Letterboxed with 0, as in MediaPipe's graph, where black is -1.
        picture = np.zeros((_SIDE, _SIDE, 3), np.float32)
        across, down = (_SIDE - size[0]) // 2, (_SIDE - size[1]) // 2
        picture[down : down + size[1], across : across + size[0]] = small / 127.5 - 1
        boxes, scores = self._session(picture)
        chances = 1 / (1 + np.exp(-np.clip(scores[:, 0].astype(np.float64), -100, 100)))
        likely = np.flatnonzero(chances >= _LEAST)
        if not len(likely):
            return []
        values = boxes[likely].astype(np.float64).reshape(-1, 6, 2)
        values[:, [0, 2, 3, 4, 5]] += self._anchors[likely, None]
        values[:, [0, 2, 3, 4, 5]] -= (across, down)
        values *= (width / size[0], height / size[1])
        values[:, [0, 2, 3, 4, 5]] += (left, top)
        return [
            _detection(person, score) for person, score in _weighted_nms(values, chances[likely])
        ]


def _detection(values: Values, score: float) -> Detection:
    centre, half = values[0], values[1] / 2
    face = np.concatenate([centre - half, centre + half])
    return Detection(Region.around(values[2], values[3]), face, score)


def _anchors() -> Values:
    """Anchor centres in pixels of the network's input, shape (2254, 2)."""
    grids = []
    for stride, each in _LAYERS:
        cells = (np.arange(_SIDE // stride) + 0.5) * stride
        y, x = np.meshgrid(cells, cells, indexing="ij")
        grids.append(np.repeat(np.stack([x.ravel(), y.ravel()], axis=1), each, axis=0))
    return np.concatenate(grids)


def _weighted_nms(values: Values, scores: Values) -> list[tuple[Values, float]]:
    """Weighted non-maximum suppression: overlapping boxes become their mean by score.

    Args:
        values: shape ``(n, 6, 2)``: centre, size, four key points.
        scores: shape ``(n,)``.
    """
    left = list(np.argsort(-scores, kind="stable"))
    found = []
    while left:
        best = left[0]
        alike = [
            i for i in left if _intersection_over_union(_box(values[best]), _box(values[i])) > _SAME
        ]
        left = [i for i in left[1:] if i not in alike]
        weights = scores[alike] / scores[alike].sum()
        found.append((np.tensordot(weights, values[alike], axes=1), float(scores[best])))
    return found


def _nms(found: list[Detection]) -> list[Detection]:
    """Non-maximum suppression of the detections of several tiles."""
    kept: list[Detection] = []
    for one in sorted(found, key=lambda one: -one.score):
        if all(_intersection_over_union(one.face, other.face) <= _SAME for other in kept):
            kept.append(one)
    return kept


def _box(values: Values) -> Values:
    return np.concatenate([values[0] - values[1] / 2, values[0] + values[1] / 2])


def _intersection_over_union(a: Values, b: Values) -> float:
    """Intersection over union of two boxes."""
    sides = np.minimum(a[2:], b[2:]) - np.maximum(a[:2], b[:2])
    if (sides <= 0).any():
        return 0.0
    common = float(sides.prod())
    return common / (float((a[2:] - a[:2]).prod() + (b[2:] - b[:2]).prod()) - common)


def _starts(length: int, side: int) -> list[int]:
    """Starts of tiles that cover a length and overlap by half."""
    count = 1 + int(np.ceil((length - side) / (side * _TILE_STEP)))
    return [round(start) for start in np.linspace(0, length - side, count)]
