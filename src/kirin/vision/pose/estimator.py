"""Pose estimation: the joints of the people in a picture."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from kirin.vision.onnx_session import Floats, OnnxSession
from kirin.vision.planes import Rgb, shrunk
from kirin.vision.pose.detector import Detection, Detector
from kirin.vision.pose.landmarks import Landmarks, Values
from kirin.vision.pose.region import Region

WEIGHTS: Final = "pose_landmark_full.onnx"
MASK_WEIGHTS: Final = "pose_mask.onnx"

_FEATURES = ("t206", "t279")  # of the landmark network; its mask is computed from them
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


@dataclass(frozen=True, eq=False)
class PoseEstimate:
    """The landmark network's output for a region.

    Attributes:
        landmarks: of the person.
        region: around the person by these landmarks; the one to use in the next frame.
        within: the region that the network was given.
        picture: its content, shape (256, 256, 3).
        mask: computes the logits of the person's mask within it.
    """

    landmarks: Landmarks
    region: Region
    within: Region
    picture: Rgb
    mask: Callable[[], Floats]

    @cached_property
    def body(self) -> Floats:
        """The person's mask in ``within``, shape (256, 256), 0 to 1; half as much work again."""
        return cast(Floats, _sigmoid(self.mask()))

    @property
    def real(self) -> bool:
        """Whether this is a person, by its presence and the visibility of its joints."""
        plain = np.sort(self.landmarks.visibility)[-_PLAIN:]
        return self.landmarks.presence >= _PRESENT and float(plain.mean()) >= _VISIBLE


class PoseEstimator:
    """BlazePose's landmark network (Bazarevsky et al. 2020); takes 12 ms of one core.

    Preprocessing and decoding are those of MediaPipe's graph ``pose_landmark``.
    """

    def __init__(self) -> None:
        self.detector = Detector()
        self._session = OnnxSession(WEIGHTS, "landmarks", "presence", "heatmap", *_FEATURES)
        self._mask = OnnxSession(MASK_WEIGHTS, "mask")

    def look(self, rgb: Rgb, region: Region) -> PoseEstimate:
        """Run the network on a region, whether there is a person in it or not."""
        picture = region.cut(rgb, _SIDE)
        scaled = picture.astype(np.float32) / np.float32(255)
        flat, presence, heat, *features = self._session(scaled)
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

        def mask() -> Floats:
            (logits,) = self._mask.run(**dict(zip(_FEATURES, features, strict=True)))
            return logits[..., 0]

        return PoseEstimate(landmarks, after, region, picture, mask)

    def find_person(self, rgb: Rgb) -> Landmarks | None:
        """Landmarks of the largest person of a picture, or ``None`` if there is nobody."""
        found = self.find(rgb, most=1)
        return found[0].landmarks if found else None

    def find(self, rgb: Rgb, most: int = 8, side: int | None = None) -> list[PoseEstimate]:
        """People of a picture, as accurately as possible, sorted by size times presence.

        Args:
            rgb: the picture.
            most: how many at most.
            side: longest side of the copy in which they are looked for, pixels, so that the same
                people are found in it at any size; they are measured in the picture itself.
        """
        copy, share = shrunk(rgb, side)
        people = self._seen(copy, self.detector.find(copy)[:most], _PASSES)
        people.sort(key=lambda one: -one.region.side * one.landmarks.presence)
        if share < 1:
            people = [self.look(rgb, one.within.scaled(1 / share)) for one in people]
        return people

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
    cells = (points * (width, height)).astype(np.int64)
    reach = np.arange(-_WINDOW, _WINDOW + 1)
    columns, rows = cells[:, :1] + reach, cells[:, 1:] + reach
    across = (columns >= 0) & (columns < width)
    down = (rows >= 0) & (rows < height)
    windows = heat[
        np.clip(rows, 0, height - 1)[:, :, None],
        np.clip(columns, 0, width - 1)[:, None],
        np.arange(len(points))[:, None, None],
    ]
    parts = _sigmoid(windows.astype(np.float64)) * (down[:, :, None] & across[:, None])
    inside = ((cells >= 0) & (cells < (width, height))).all(axis=1)
    clear = inside & (parts.max(axis=(1, 2)) >= _SHARP)
    totals = np.maximum(parts.sum(axis=(1, 2)), 1e-9)
    centroids = np.stack(
        [
            (parts.sum(axis=1) * columns).sum(axis=1) / totals / width,
            (parts.sum(axis=2) * rows).sum(axis=1) / totals / height,
        ],
        axis=1,
    )
    return np.where(clear[:, None], centroids, points)
