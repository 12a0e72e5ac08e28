"""Detecting people in a picture."""

from __future__ import annotations

from dataclasses import dataclass
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

WEIGHTS: Final = "pose_detection.onnx"

_SIDE = 224  # the network's input, square
_LAYERS = ((8, 2), (16, 2), (32, 6))  # stride of each grid, anchors per cell
_POINTS = 6  # centre, size and four key points


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
        self._network = BlazeDetector(WEIGHTS, _SIDE, _LAYERS, _POINTS)

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
                for top in tile_starts(height, side)
                for left in tile_starts(width, side)
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
        return [_detection(person, score) for person, score in self._network(part, (left, top))]


def _detection(values: Values, score: float) -> Detection:
    return Detection(Region.around(values[2], values[3]), box_of(values), score)


def _nms(found: list[Detection]) -> list[Detection]:
    """Non-maximum suppression of the detections of several tiles."""
    kept: list[Detection] = []
    for one in sorted(found, key=lambda one: -one.score):
        if all(intersection_over_union(one.face, other.face) <= SAME for other in kept):
            kept.append(one)
    return kept
