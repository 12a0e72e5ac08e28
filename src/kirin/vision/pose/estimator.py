"""Estimating where a person's joints are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from kirin.vision.planes import Rgb
from kirin.vision.pose.detector import Detection, Detector
from kirin.vision.pose.landmarks import Landmarks, Values
from kirin.vision.pose.network import Floats, Network
from kirin.vision.pose.region import Region

WEIGHTS: Final = "pose_landmark_full.onnx"

_PRESENT = 0.5  # least presence of somebody who is there
_PLAIN = 11  # joints that must be seen of a person: a face and the shoulders, or a body
_VISIBLE = 0.6  # and how well, on average: things that look like people show less
_SIDE = 256  # the network's input, square
_POINTS = 33
_MIDDLE, _TOP = 33, 34  # two more points, which tell where the region of the next frame is
_VALUES = 5  # of a point: x, y, depth, visibility, presence
_SHARP = 0.5  # of a heat map's top, from which it is a better witness than the point itself
_WINDOW = 3  # cells of it on every side of the point
_PASSES = 3  # over a picture, each in the region that the one before has found


@dataclass(frozen=True, slots=True, eq=False)
class Estimate:
    """What the landmark network sees in a region.

    Attributes:
        landmarks: of the person.
        region: where the person is by these landmarks; the best one to look at next.
        body: shape (256, 256), 0 to 1: what of the region is the person, as floats.
        within: the region that was looked at, to which ``body`` belongs.
        picture: what is in it, shape (256, 256, 3).
    """

    landmarks: Landmarks
    region: Region
    body: Floats
    within: Region
    picture: Rgb

    @property
    def real(self) -> bool:
        """Whether this is a person, and not just something in the shape of one."""
        plain = np.sort(self.landmarks.visibility)[-_PLAIN:]
        return self.landmarks.presence >= _PRESENT and float(plain.mean()) >= _VISIBLE


class PoseEstimator:
    """Finds people's joints with BlazePose's landmark network, in 18 ms of one core.

    Preparation and decoding are those of MediaPipe's public graph ``pose_landmark``.
    """

    def __init__(self) -> None:
        self.detector = Detector()
        self._network = Network(WEIGHTS, "landmarks", "presence", "mask", "heatmap")

    def look(self, rgb: Rgb, region: Region) -> Estimate:
        """The person in a region, however doubtful."""
        picture = region.cut(rgb, _SIDE)
        scaled = picture.astype(np.float32) / np.float32(255)
        flat, presence, mask, heat = self._network(scaled)
        values = flat.astype(np.float64).reshape(-1, _VALUES)
        flat_points = _refined(values[:, :2] / _SIDE, _sigmoid(heat.astype(np.float64)))
        points = region.to_picture(flat_points)
        seen = _sigmoid(values[:_POINTS, 3:]).min(axis=1)
        landmarks = Landmarks(
            points[:_POINTS],
            values[:_POINTS, 2] * (region.side / _SIDE),
            seen,
            float(presence[0]),
        )
        after = Region.around(points[_MIDDLE], points[_TOP])
        body = _sigmoid(mask[..., 0].astype(np.float64)).astype(np.float32)
        return Estimate(landmarks, after, body, region, picture)

    def find_person(self, rgb: Rgb) -> Landmarks | None:
        """The largest person of a picture, or ``None`` if there is nobody."""
        found = self.find(rgb, most=1)
        return found[0].landmarks if found else None

    def find(self, rgb: Rgb, most: int = 8) -> list[Estimate]:
        """People of a picture, the largest and surest first, as well as we can.

        Args:
            rgb: the picture.
            most: how many at most.
        """
        people = self._seen(rgb, self.detector.find(rgb)[:most], _PASSES)
        return sorted(people, key=lambda one: -one.region.side * one.landmarks.presence)

    def glance(self, rgb: Rgb, most: int, near: Region | None = None) -> list[Estimate]:
        """People of a frame, at a glance: the largest by the detector, one pass each.

        Args:
            rgb: the frame.
            most: how many at most.
            near: where to look, or everywhere.
        """
        detector = self.detector
        found = detector.near(rgb, near) if near else detector.find(rgb, thorough=False)
        return self._seen(rgb, found[:most], 1)

    def _seen(self, rgb: Rgb, detections: list[Detection], passes: int) -> list[Estimate]:
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


def silhouette(estimate: Estimate, width: int, height: int) -> NDArray[np.uint8]:
    """What of a picture is the person, shape ``(height, width)``, 0 to 255; soft and rough.

    Args:
        estimate: of the person.
        width, height: of the picture that was looked at, pixels.
    """
    corners = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]])
    source = (corners * _SIDE - 0.5).astype(np.float32)
    target = (estimate.within.to_picture(corners) - 0.5).astype(np.float32)
    move = cv2.getAffineTransform(source, target)
    placed = cv2.warpAffine(estimate.body, move, (width, height), flags=cv2.INTER_LINEAR)
    return cast(NDArray[np.uint8], np.round(placed * 255).astype(np.uint8))


def _sigmoid(values: Values) -> Values:
    return 1 / (1 + np.exp(-np.clip(values, -60, 60)))


def _refined(points: Values, heat: Values) -> Values:
    """Draw points to the middle of what their heat maps show around them.

    Args:
        points: shape ``(n, 2)``, 0 to 1 across the region.
        heat: shape ``(height, width, n)``, 0 to 1.
    """
    height, width = heat.shape[:2]
    better = points.copy()
    for i, (x, y) in enumerate(points):
        column, row = int(x * width), int(y * height)
        if not (0 <= column < width and 0 <= row < height):
            continue
        left, top = max(0, column - _WINDOW), max(0, row - _WINDOW)
        part = heat[top : row + _WINDOW + 1, left : column + _WINDOW + 1, i]
        if part.max() < _SHARP:
            continue
        rows, columns = np.mgrid[top : top + part.shape[0], left : left + part.shape[1]]
        total = part.sum()
        better[i] = (
            (columns * part).sum() / total / width,
            (rows * part).sum() / total / height,
        )
    return better
