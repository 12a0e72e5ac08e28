"""Detectors of MediaPipe's Blaze family: anchors, decoding, and non-maximum suppression.

BlazeFace (Bazarevsky et al. 2019) and BlazePose's person detector (2020) differ in their grids of
anchors and in how many key points a detection has.
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from kirin.vision.onnx_session import OnnxSession
from kirin.vision.planes import Rgb

Values = NDArray[np.float64]

SAME: Final = 0.3
"""Intersection over union from which two boxes are one detection's."""

_LEAST: Final = 0.5  # score
_TILE_STEP: Final = 0.5  # of a tile's side, so that each is whole in some tile


class BlazeDetector:
    """One network.

    Args:
        name: of its weights.
        side: of its input, square.
        layers: stride of each grid of anchors, and anchors per cell.
        points: pairs of values per detection: centre, size and key points.
    """

    def __init__(
        self, name: str, side: int, layers: tuple[tuple[int, int], ...], points: int
    ) -> None:
        self.side = side
        self._points = points
        self._session = OnnxSession(name, "boxes", "scores")
        self._anchors = _anchors(side, layers)

    def __call__(self, rgb: Rgb, corner: tuple[int, int] = (0, 0)) -> list[tuple[Values, float]]:
        """Detect in a picture.

        Args:
            rgb: the picture, or a part of one.
            corner: left and top of the part, added to all positions.

        Returns:
            centre, size and key points in pixels, shape ``(points, 2)``, with their scores.
        """
        height, width = rgb.shape[:2]
        scale = self.side / max(width, height)
        size = (max(1, round(width * scale)), max(1, round(height * scale)))
        small = cv2.resize(rgb, size, interpolation=cv2.INTER_AREA)
        # Letterboxed with 0, as in MediaPipe's graphs, where black is -1.
        picture = np.zeros((self.side, self.side, 3), np.float32)
        across, down = (self.side - size[0]) // 2, (self.side - size[1]) // 2
        picture[down : down + size[1], across : across + size[0]] = small / 127.5 - 1
        boxes, scores = self._session(picture)
        chances = 1 / (1 + np.exp(-np.clip(scores[:, 0].astype(np.float64), -100, 100)))
        likely = np.flatnonzero(chances >= _LEAST)
        values = boxes[likely].astype(np.float64).reshape(-1, self._points, 2)
        # All but the size are relative to the anchor.
        places = [0, *range(2, self._points)]
        values[:, places] += self._anchors[likely, None]
        values[:, places] -= (across, down)
        values *= (width / size[0], height / size[1])
        values[:, places] += corner
        return _weighted_nms(values, chances[likely])


def box_of(values: Values) -> Values:
    """Left, top, right and bottom of a detection, from its centre and its size."""
    return np.concatenate([values[0] - values[1] / 2, values[0] + values[1] / 2])


def intersection_over_union(a: Values, b: Values) -> float:
    """Intersection over union of two boxes of left, top, right and bottom."""
    sides = np.minimum(a[2:], b[2:]) - np.maximum(a[:2], b[:2])
    if (sides <= 0).any():
        return 0.0
    common = float(sides.prod())
    return common / (float((a[2:] - a[:2]).prod() + (b[2:] - b[:2]).prod()) - common)


def tile_starts(length: int, side: int) -> list[int]:
    """Where tiles of a side begin, so that they cover a length and overlap by half."""
    count = 1 + int(np.ceil((length - side) / (side * _TILE_STEP)))
    return [round(float(start)) for start in np.linspace(0, length - side, count)]


def _anchors(side: int, layers: tuple[tuple[int, int], ...]) -> Values:
    """Anchor centres in pixels of the network's input, shape ``(n, 2)``."""
    grids = []
    for stride, each in layers:
        cells = (np.arange(side // stride) + 0.5) * stride
        y, x = np.meshgrid(cells, cells, indexing="ij")
        grids.append(np.repeat(np.stack([x.ravel(), y.ravel()], axis=1), each, axis=0))
    return np.concatenate(grids)


def _weighted_nms(values: Values, scores: Values) -> list[tuple[Values, float]]:
    """Weighted non-maximum suppression: overlapping boxes become their mean by score."""
    boxes = [box_of(each) for each in values]
    left = list(np.argsort(-scores, kind="stable"))
    found = []
    while left:
        best = left[0]
        alike = [
            i for i in left if i == best or intersection_over_union(boxes[best], boxes[i]) > SAME
        ]
        left = [i for i in left if i not in alike]
        weights = scores[alike] / scores[alike].sum()
        found.append((np.tensordot(weights, values[alike], axes=1), float(scores[best])))
    return found
