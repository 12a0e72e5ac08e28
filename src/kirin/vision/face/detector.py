"""Detecting the faces of people."""

from __future__ import annotations

from dataclasses import dataclass
from math import atan2, pi
from typing import Final

import cv2
import numpy as np

from kirin.vision.onnx_session import OnnxSession
from kirin.vision.planes import Rgb
from kirin.vision.pose.landmarks import Values
from kirin.vision.pose.region import Region

NEAR_WEIGHTS: Final = "face_detection_short.onnx"
FAR_WEIGHTS: Final = "face_detection_full.onnx"

_LEAST = 0.5  # score
_SAME = 0.3  # intersection over union from which two boxes are the same face's
_MARGIN = 1.5  # a mesh region's side over the detected box's: MediaPipe's ``face_landmark_front``
_TILE_STEP = 0.5  # of a tile's side, so that each face is whole in some tile


@dataclass(frozen=True, slots=True, eq=False)
class FaceDetection:
    """A detected face.

    Attributes:
        box: left, top, right and bottom in pixels: from the brows to the chin.
        marks: shape (6, 2), pixels: right eye, left eye, tip of the nose, mouth, right ear and
            left ear; left and right are the person's own.
        score: confidence, 0 to 1.
    """

    box: Values
    marks: Values
    score: float

    @property
    def region(self) -> Region:
        """The square, level with the eyes, that the mesh network expects around the face."""
        across, down = self.marks[1] - self.marks[0]
        angle = (atan2(down, across) + pi) % (2 * pi) - pi
        left, top, right, bottom = self.box
        side = _MARGIN * max(right - left, bottom - top)
        return Region((left + right) / 2, (top + bottom) / 2, side, angle)


class FaceDetector:
    """BlazeFace (Bazarevsky et al. 2019), for near and for far faces; 8 ms of one core together.

    Anchors, decoding and thresholds are those of MediaPipe's graphs ``face_detection``.
    """

    def __init__(self) -> None:
        self._networks = (
            _BlazeFace(NEAR_WEIGHTS, 128, ((8, 2), (16, 6))),
            _BlazeFace(FAR_WEIGHTS, 192, ((4, 1),)),
        )

    def find(self, rgb: Rgb) -> list[FaceDetection]:
        """All faces of a picture, upright to within 45 degrees, sorted by size times score.

        If there are none at the scale of the whole picture, overlapping square tiles of its
        shorter side are searched, and then of half of that.
        """
        height, width = rgb.shape[:2]
        found = self._in_part(rgb, 0, 0, width, height)
        for side in (min(height, width), min(height, width) // 2):
            if found or side < self._networks[0].side:
                break
            found = [
                each
                for top in _starts(height, side)
                for left in _starts(width, side)
                for each in self._in_part(rgb, left, top, side, side)
            ]
        return sorted(_apart(found), key=lambda each: -(each.box[2] - each.box[0]) * each.score)

    def _in_part(
        self, rgb: Rgb, left: int, top: int, width: int, height: int
    ) -> list[FaceDetection]:
        part = rgb[top : top + height, left : left + width]
        found = [each for network in self._networks for each in network(part)]
        corner = np.array([left, top], np.float64)
        both = np.concatenate([corner, corner])
        return [FaceDetection(each.box + both, each.marks + corner, each.score) for each in found]


class _BlazeFace:
    """One of the two networks.

    Args:
        name: of its weights.
        side: of its input, square.
        layers: stride of each grid of anchors, and anchors per cell.
    """

    def __init__(self, name: str, side: int, layers: tuple[tuple[int, int], ...]) -> None:
        self.side = side
        self._session = OnnxSession(name, "boxes", "scores")
        grids = []
        for stride, each in layers:
            cells = (np.arange(side // stride) + 0.5) * stride
            y, x = np.meshgrid(cells, cells, indexing="ij")
            grids.append(np.repeat(np.stack([x.ravel(), y.ravel()], axis=1), each, axis=0))
        self._anchors = np.concatenate(grids)

    def __call__(self, rgb: Rgb) -> list[FaceDetection]:
        height, width = rgb.shape[:2]
        scale = self.side / max(width, height)
        size = (max(1, round(width * scale)), max(1, round(height * scale)))
        small = cv2.resize(rgb, size, interpolation=cv2.INTER_AREA)
        # Letterboxed with 0, as in MediaPipe's graph, where black is -1.
        picture = np.zeros((self.side, self.side, 3), np.float32)
        across, down = (self.side - size[0]) // 2, (self.side - size[1]) // 2
        picture[down : down + size[1], across : across + size[0]] = small / 127.5 - 1
        boxes, scores = self._session(picture)
        chances = 1 / (1 + np.exp(-np.clip(scores[:, 0].astype(np.float64), -100, 100)))
        likely = np.flatnonzero(chances >= _LEAST)
        # Eight pairs: centre, size and six marks; all but the size relative to the anchor.
        values = boxes[likely].astype(np.float64).reshape(-1, 8, 2)
        places = [0, 2, 3, 4, 5, 6, 7]
        values[:, places] += self._anchors[likely, None] - (across, down)
        values *= (width / size[0], height / size[1])
        return _merged(values, chances[likely])


def _merged(values: Values, scores: Values) -> list[FaceDetection]:
    """Weighted non-maximum suppression: overlapping boxes become their mean by score.

    Args:
        values: shape ``(n, 8, 2)``: centre, size, six marks.
        scores: shape ``(n,)``.
    """
    centre, half = values[:, 0], values[:, 1] / 2
    boxes = np.concatenate([centre - half, centre + half], axis=1)
    left = list(np.argsort(-scores, kind="stable"))
    found = []
    while left:
        best = left[0]
        alike = [i for i in left if _overlap(boxes[best], boxes[i]) > _SAME or i == best]
        left = [i for i in left if i not in alike]
        weights = scores[alike] / scores[alike].sum()
        box = np.tensordot(weights, boxes[alike], axes=1)
        marks = np.tensordot(weights, values[alike, 2:], axes=1)
        found.append(FaceDetection(box, marks, float(scores[best])))
    return found


def _apart(found: list[FaceDetection]) -> list[FaceDetection]:
    """Non-maximum suppression of the detections of both networks and of several tiles."""
    kept: list[FaceDetection] = []
    for each in sorted(found, key=lambda each: -each.score):
        if all(_overlap(each.box, other.box) <= _SAME for other in kept):
            kept.append(each)
    return kept


def _overlap(a: Values, b: Values) -> float:
    """Intersection over union of two boxes."""
    sides = np.minimum(a[2:], b[2:]) - np.maximum(a[:2], b[:2])
    shared = float(np.prod(np.maximum(sides, 0)))
    areas = float(np.prod(a[2:] - a[:2]) + np.prod(b[2:] - b[:2]))
    return shared / max(areas - shared, 1e-9)


def _starts(length: int, side: int) -> list[int]:
    """Where tiles of a side begin, so that they cover a length and overlap."""
    count = max(1, int(np.ceil((length - side) / (side * _TILE_STEP))) + 1)
    return [round(float(start)) for start in np.linspace(0, length - side, count)]
