"""Pose estimation: the joints of the people in a picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from kirin.vision.onnx_session import Floats, OnnxSession
from kirin.vision.planes import Rgb
from kirin.vision.pose.detector import Detection, Detector
from kirin.vision.pose.landmarks import Landmarks, Values
from kirin.vision.pose.region import Region

WEIGHTS: Final = "pose_landmark_full.onnx"

_PRESENT = 0.5  # least presence of a person
_PLAIN = 11  # joints that must be visible: those of face and shoulders, or of a body
_VISIBLE = 0.6  # their least mean visibility: objects that resemble people have less
_SIDE = 256  # the network's input, square
_POINTS = 33
_MIDDLE, _TOP = 33, 34  # auxiliary points that give the region for the next frame
_VALUES = 5  # of a point: x, y, depth, visibility, presence
_SHARP = 0.5  # peak of a heat map from which it refines the point
_WINDOW = 3  # cells of the heat map on every side of the point
_PASSES = 3  # of the network, each in the region that the one before has returned


@dataclass(frozen=True, slots=True, eq=False)
class PoseEstimate:
    """The landmark network's output for a region.

    Attributes:
        landmarks: of the person.
        region: around the person by these landmarks; the one to use in the next frame.
        body: the person's mask within ``within``, shape (256, 256), 0 to 1.
        within: the region that the network was given.
        picture: its content, shape (256, 256, 3).
    """

    landmarks: Landmarks
    region: Region
    body: Floats
    within: Region
    picture: Rgb

    @property
    def real(self) -> bool:
        """Whether this is a person, by its presence and the visibility of its joints."""
        plain = np.sort(self.landmarks.visibility)[-_PLAIN:]
        return self.landmarks.presence >= _PRESENT and float(plain.mean()) >= _VISIBLE


class PoseEstimator:
    """BlazePose's landmark network (Bazarevsky et al. 2020); takes 18 ms of one core.

    Preprocessing and decoding are those of MediaPipe's graph ``pose_landmark``.
    """

    def __init__(self) -> None:
        self.detector = Detector()
        self._session = OnnxSession(WEIGHTS, "landmarks", "presence", "mask", "heatmap")

    def look(self, rgb: Rgb, region: Region) -> PoseEstimate:
        """Run the network on a region, whether there is a person in it or not."""
        picture = region.cut(rgb, _SIDE)
        scaled = picture.astype(np.float32) / np.float32(255)
        flat, presence, mask, heat = self._session(scaled)
        values = flat.astype(np.float64).reshape(-1, _VALUES)
        flat_points = _refined(values[:, :2] / _SIDE, heat)
        points = region.to_picture(flat_points)
        seen = np.asarray(_sigmoid(values[:_POINTS, 3:]).min(axis=1), np.float64)
        landmarks = Landmarks(
            points[:_POINTS],
            values[:_POINTS, 2] * (region.side / _SIDE),
            seen,
            float(presence[0]),
        )
        after = Region.around(points[_MIDDLE], points[_TOP])
        body = cast(Floats, _sigmoid(mask[..., 0]))
        return PoseEstimate(landmarks, after, body, region, picture)

    def find_person(self, rgb: Rgb) -> Landmarks | None:
        """Landmarks of the largest person of a picture, or ``None`` if there is nobody."""
        found = self.find(rgb, most=1)
        return found[0].landmarks if found else None

    def find(self, rgb: Rgb, most: int = 8) -> list[PoseEstimate]:
        """People of a picture, as accurately as possible, sorted by size times presence.

        Args:
            rgb: the picture.
            most: how many at most.
        """
        people = self._seen(rgb, self.detector.find(rgb)[:most], _PASSES)
        return sorted(people, key=lambda one: -one.region.side * one.landmarks.presence)

    def glance(self, rgb: Rgb, most: int, near: Region | None = None) -> list[PoseEstimate]:
        """People of a frame, quickly: without small tiles, one pass of the network each.

        Args:
            rgb: the frame.
            most: how many at most.
            near: search only around this region.
        """
        detector = self.detector
        found = detector.near(rgb, near) if near else detector.find(rgb, thorough=False)
        return self._seen(rgb, found[:most], 1)

    def _seen(self, rgb: Rgb, detections: list[Detection], passes: int) -> list[PoseEstimate]:
        people = []
        for detection in detections:
            region = detection.region
            for _ in range(passes):
                person = self.look(rgb, region)
                if not person.real:
                    break
                region = person.region
            else:
                people.append(person)
        return people


def silhouette(estimate: PoseEstimate, width: int, height: int) -> NDArray[np.uint8]:
    """A person's coarse soft mask, shape ``(height, width)``, 0 to 255.

    Args:
        estimate: of the person.
        width, height: of the picture, pixels.
    """
    corners = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]])
    source = (corners * _SIDE - 0.5).astype(np.float32)
    target = (estimate.within.to_picture(corners) - 0.5).astype(np.float32)
    move = cv2.getAffineTransform(source, target)
    placed = cv2.warpAffine(estimate.body, move, (width, height), flags=cv2.INTER_LINEAR)
    return cast(NDArray[np.uint8], np.round(placed * 255).astype(np.uint8))


def _sigmoid(values: NDArray[np.floating[Any]]) -> NDArray[np.floating[Any]]:
    """The logistic function, in the precision of its argument."""
    return cast(NDArray[np.floating[Any]], 1 / (1 + np.exp(-np.clip(values, -60, 60))))


def _refined(points: Values, heat: Floats) -> Values:
    """Move each point to the centroid of its heat map around it, where that has a clear peak.

    Args:
        points: shape ``(n, 2)``, 0 to 1 across the region.
        heat: logits, shape ``(height, width, n)``; only windows of it are looked at.
    """
    height, width = heat.shape[:2]
    better = points.copy()
    for i, (x, y) in enumerate(points):
        column, row = int(x * width), int(y * height)
        if not (0 <= column < width and 0 <= row < height):
            continue
        left, top = max(0, column - _WINDOW), max(0, row - _WINDOW)
        window = heat[top : row + _WINDOW + 1, left : column + _WINDOW + 1, i]
        part = _sigmoid(window.astype(np.float64))
        if part.max() < _SHARP:
            continue
        rows, columns = np.arange(part.shape[0]), np.arange(part.shape[1])
        total = part.sum()
        better[i] = (
            (left + (part.sum(axis=0) * columns).sum() / total) / width,
            (top + (part.sum(axis=1) * rows).sum() / total) / height,
        )
    return better
