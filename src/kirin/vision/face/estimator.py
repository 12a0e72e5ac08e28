"""Face estimation: the mesh and the eyes of the faces in a picture."""

from __future__ import annotations

from dataclasses import replace
from math import atan2
from typing import Final

import numpy as np

from kirin.vision.face.detector import FaceDetector
from kirin.vision.face.face import LOWER_LIDS, UPPER_LIDS, EyeSide, Face
from kirin.vision.onnx_session import OnnxSession
from kirin.vision.planes import Rgb, shrunk
from kirin.vision.pose.landmarks import Values
from kirin.vision.pose.region import Region

MESH_WEIGHTS: Final = "face_mesh.onnx"
EYE_WEIGHTS: Final = "eye_landmark.onnx"

_PRESENT = 0.5  # least presence of a face
_SIDE = 192  # the mesh network's input, square
_MARGIN = 1.5  # a region's side over the face's longer one
_PASSES = 2  # of the mesh network, the second in the region that the first has returned
_EYE_SIDE = 64  # the eye network's input, square
_EYE_MARGIN = 2.3  # a region's side over the distance of the corners of the eye
_LIDS = 16  # first points of the eye network's contours: lower lid with corners, upper without


class FaceEstimator:
    """MediaPipe's face mesh and eye networks; 6 ms of one core per face.

    The mesh is that of Kartynnik et al. 2019, the eyes that of Ablavatski et al. 2020.
    Preprocessing and decoding are those of MediaPipe's graphs ``face_landmark`` and
    ``iris_landmark``.
    """

    def __init__(self) -> None:
        self.detector = FaceDetector()
        self._mesh = OnnxSession(MESH_WEIGHTS, "points", "presence")
        self._eye = OnnxSession(EYE_WEIGHTS, "contours", "iris")

    def find(self, rgb: Rgb, most: int = 8, side: int | None = None) -> list[Face]:
        """Faces of a picture, the largest first.

        Args:
            rgb: the picture.
            most: how many at most.
            side: longest side of the copy in which they are looked for, pixels, so that the same
                faces are found in it at any size; they are measured in the picture itself.
        """
        copy, share = shrunk(rgb, side)
        faces = []
        for detection in self.detector.find(copy)[:most]:
            face = self._measure(copy, detection.region)
            if face is not None and share < 1:
                region = region_around(face.points).scaled(1 / share)
                fine = self._measure(rgb, region) or face.scaled(1 / share)
                face = replace(fine, score=face.score)
            if face is not None:
                faces.append(face)
        return sorted(faces, key=lambda face: -face.height)

    def _measure(self, rgb: Rgb, region: Region) -> Face | None:
        """The face in a region, if there is one."""
        for _ in range(_PASSES):
            points, depth, presence = self.look(rgb, region)
            if presence < _PRESENT:
                return None
            region = region_around(points)
        irises = np.stack([self._refine(rgb, points, side) for side in EyeSide])
        return Face(points, depth, irises, presence)

    def look(self, rgb: Rgb, region: Region) -> tuple[Values, Values, float]:
        """Run the mesh network on a region, whether there is a face in it or not.

        Returns:
            points, depths and presence, like those of :class:`Face`; the eyes not yet refined.
        """
        flat, presence = self._mesh(region.cut(rgb, _SIDE).astype(np.float32) / np.float32(255))
        values = flat.astype(np.float64).reshape(-1, 3)
        chance = 1 / (1 + np.exp(-np.clip(float(presence.ravel()[0]), -60, 60)))
        points = region.to_picture(values[:, :2] / _SIDE)
        return points, values[:, 2] * (region.side / _SIDE), float(chance)

    def _refine(self, rgb: Rgb, points: Values, side: EyeSide) -> Values:
        """Move the lids of a mesh to where the eye network sees them, in place; the iris."""
        outer, inner = points[LOWER_LIDS[side][0]], points[LOWER_LIDS[side][-1]]
        across, down = (inner - outer) * (1 if side is EyeSide.RIGHT else -1)
        x, y = (outer + inner) / 2
        region = Region(x, y, _EYE_MARGIN * float(np.hypot(across, down)), atan2(down, across))
        picture = region.cut(rgb, _EYE_SIDE)
        mirrored = side is not _NETWORK_SIDE
        if mirrored:
            picture = picture[:, ::-1]
        contours, iris = self._eye(picture.astype(np.float32) / np.float32(255))
        found = np.concatenate([contours.reshape(-1, 3)[:_LIDS, :2], iris.reshape(-1, 3)[:, :2]])
        places = found.astype(np.float64) / _EYE_SIDE
        if mirrored:
            places[:, 0] = 1 - places[:, 0]
        refined = region.to_picture(places)
        points[[*LOWER_LIDS[side], *UPPER_LIDS[side][1:-1]]] = refined[:_LIDS]
        return refined[_LIDS:]


_NETWORK_SIDE: Final = EyeSide.RIGHT
"""The eye that the network was trained for; the other is mirrored."""


def region_around(points: Values) -> Region:
    """The region for the next pass over a mesh: a square around all points, level with the eyes."""
    across, down = points[LOWER_LIDS[1][0]] - points[LOWER_LIDS[0][0]]
    left, top = points.min(axis=0)
    right, bottom = points.max(axis=0)
    side = _MARGIN * float(max(right - left, bottom - top))
    return Region(
        float(left + right) / 2, float(top + bottom) / 2, side, atan2(float(down), float(across))
    )
