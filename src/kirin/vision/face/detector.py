"""Detecting the faces of people."""

from __future__ import annotations

from dataclasses import dataclass
from math import atan2, pi
from typing import Final

from kirin.vision.blaze import (
    SAME,
    BlazeDetector,
    box_of,
    intersection_over_union,
    tile_starts,
)
from kirin.vision.planes import Rgb
from kirin.vision.pose.landmarks import Values
from kirin.vision.pose.region import Region

NEAR_WEIGHTS: Final = "face_detection_short.onnx"
FAR_WEIGHTS: Final = "face_detection_full.onnx"

_POINTS = 8  # centre, size and six marks
_MARGIN = 1.5  # a mesh region's side over the detected box's: MediaPipe's ``face_landmark_front``


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
            BlazeDetector(NEAR_WEIGHTS, 128, ((8, 2), (16, 6)), _POINTS),
            BlazeDetector(FAR_WEIGHTS, 192, ((4, 1),), _POINTS),
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
                for top in tile_starts(height, side)
                for left in tile_starts(width, side)
                for each in self._in_part(rgb, left, top, side, side)
            ]
        return sorted(_apart(found), key=lambda each: -(each.box[2] - each.box[0]) * each.score)

    def _in_part(
        self, rgb: Rgb, left: int, top: int, width: int, height: int
    ) -> list[FaceDetection]:
        part = rgb[top : top + height, left : left + width]
        return [
            FaceDetection(box_of(values), values[2:], score)
            for network in self._networks
            for values, score in network(part, (left, top))
        ]


def _apart(found: list[FaceDetection]) -> list[FaceDetection]:
    """Non-maximum suppression of the detections of both networks and of several tiles."""
    kept: list[FaceDetection] = []
    for each in sorted(found, key=lambda each: -each.score):
        if all(intersection_over_union(each.box, other.box) <= SAME for other in kept):
            kept.append(each)
    return kept
