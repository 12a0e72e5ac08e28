"""Aligning two pictures by a homography, and deciding whether they show the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from kirin.vision.planes import Rgb, resize

Matrix = NDArray[np.float64]
"""A homography, shape (3, 3), of points in widths and heights of the frame."""

Floats = NDArray[np.float32]

RELATED = 0.3
"""Agreement from which two pictures count as views of one scene. Measured: unrelated photographs
reach 0.04; stereo pairs, pans, zooms, walking people and a change to dusk 0.77 and more."""

_NO_FLOW: Any = None  # no initial flow; OpenCV's type stubs demand an array
_MATCH_SIDE = 640  # longest side at which features are matched
_FLOW_SIDE = 480  # longest side at which agreement is measured
_FEATURES = 1500
_RATIO = 0.75  # of the distances of the best and the second best match: Lowe 2004, section 7.1
_LEAST, _SHARE = 16, 0.3  # inliers that a homography needs: number, and share of all matches
_STRAY = 0.006  # of the longest side: reprojection error of an inlier
_FLATTER = 1.3  # times the inliers of a similarity that a homography needs to be preferred
_EQUAL = 0.05  # insignificant difference of agreement
_STRONGEST = 6.0  # greatest magnification
_TURN = 60.0  # greatest roll, in degrees


@dataclass(frozen=True, slots=True)
class Alignment:
    """The geometric relation of two pictures.

    Attributes:
        matrix: the homography that best maps points of the first picture to the last one.
        agreement: share of the common area in which optical flow is consistent forwards and
            backwards, 0 to 1.
    """

    matrix: Matrix
    agreement: float

    @property
    def related(self) -> bool:
        """Whether both show the same scene, so that one can be morphed into the other."""
        return self.agreement >= RELATED

    @classmethod
    def find(cls, first: Rgb, last: Rgb) -> Alignment:
        """Align two pictures of one size: by SIFT features, or not at all if that agrees better."""
        small, other = _grey(first, _FLOW_SIDE), _grey(last, _FLOW_SIDE)
        found = cls(np.eye(3), _agreement(small, other, np.eye(3)))
        matrix = _matched(_grey(first, _MATCH_SIDE), _grey(last, _MATCH_SIDE))
        if matrix is not None:
            moved = cls(matrix, _agreement(small, other, matrix))
            # Flow between aligned pictures is short, and so less often wrong.
            if moved.agreement > found.agreement - _EQUAL and _farthest(matrix) > _STRAY:
                return moved
        return found

    def at(self, share: float) -> Matrix:
        """The homography interpolated linearly: 0 gives the identity, 1 the whole of it."""
        return (1 - share) * np.eye(3) + share * self.matrix


def _grey(rgb: Rgb, side: int) -> NDArray[np.uint8]:
    scale = min(1.0, side / max(rgb.shape))
    size = (max(round(rgb.shape[1] * scale), 16), max(round(rgb.shape[0] * scale), 16))
    return cast(NDArray[np.uint8], cv2.cvtColor(resize(rgb, *size), cv2.COLOR_RGB2GRAY))


def _matched(first: NDArray[np.uint8], last: NDArray[np.uint8]) -> Matrix | None:
    """The homography with the most inliers, if a camera could have made it."""
    sift = cv2.SIFT.create(_FEATURES)
    points, marks = zip(*(sift.detectAndCompute(grey, None) for grey in (first, last)), strict=True)
    if min(map(len, points)) < _LEAST:
        return None
    pairs = [pair for pair in cv2.BFMatcher().knnMatch(marks[0], marks[1], k=2) if len(pair) == 2]
    good = [best for best, second in pairs if best.distance < _RATIO * second.distance]
    if len(good) < _LEAST:
        return None
    size = np.array(first.shape[::-1], np.float64)
    start = np.array([points[0][match.queryIdx].pt for match in good])
    end = np.array([points[1][match.trainIdx].pt for match in good])
    stray = _STRAY * max(first.shape)
    cv2.setRNGSeed(0)  # MAGSAC samples at random; output must be reproducible
    found, fits = cv2.findHomography(start, end, cv2.USAC_MAGSAC, stray)
    simple, simple_fits = cv2.estimateAffinePartial2D(start, end, ransacReprojThreshold=stray)
    # A homography fits planes; in a scene with depth it would distort the path.
    if simple is not None and simple_fits.sum() * _FLATTER > (0 if found is None else fits.sum()):
        found, fits = np.vstack([simple, [0.0, 0.0, 1.0]]), simple_fits
    if found is None or fits.sum() < max(_LEAST, _SHARE * len(good)):
        return None
    scale = np.diag([*size, 1.0])  # OpenCV puts pixel centres at whole numbers
    shift = np.array([[1, 0, -0.5], [0, 1, -0.5], [0, 0, 1]]) @ scale
    matrix = np.linalg.inv(shift) @ found @ shift
    matrix /= matrix[2, 2]
    return matrix if _sane(matrix, size[0] / size[1]) else None


def _sane(matrix: Matrix, aspect: float) -> bool:
    """Whether it is free of folds, reflection, strong squeezing and strong roll."""
    corners = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float64)
    weights = np.hstack([corners, np.ones((4, 1))]) @ matrix[2]
    if weights.min() <= 0.2 * weights.max():
        return False
    seen = project(matrix, corners) * [aspect, 1.0]
    sides = np.roll(seen, -1, axis=0) - seen
    lengths = np.hypot(*sides.T) / [aspect, 1.0, aspect, 1.0]
    after = np.roll(sides, -1, axis=0)
    turns = sides[:, 0] * after[:, 1] - sides[:, 1] * after[:, 0]
    roll = abs(np.degrees(np.arctan2(sides[0, 1], sides[0, 0])))
    return bool(
        turns.min() > 0
        and lengths.max() < _STRONGEST
        and lengths.min() > 1 / _STRONGEST
        and lengths.max() < 2.5 * lengths.min()
        and roll < _TURN
    )


def _farthest(matrix: Matrix) -> float:
    corners = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float64)
    return float(np.abs(project(matrix, corners) - corners).max())


def project(matrix: Matrix, points: NDArray[Any]) -> NDArray[Any]:
    """Apply a homography to points, shape ``(..., 2)``."""
    x, y = points[..., 0], points[..., 1]
    rows = [matrix[i, 0] * x + matrix[i, 1] * y + matrix[i, 2] for i in range(3)]
    return np.stack([rows[0] / rows[2], rows[1] / rows[2]], axis=-1).astype(points.dtype)


def _agreement(first: NDArray[np.uint8], last: NDArray[np.uint8], matrix: Matrix) -> float:
    """Forward-backward consistency of DIS flow (Kroeger et al. 2016), in both directions."""
    back = cast(Matrix, np.linalg.inv(matrix))
    shares = [_followed(first, last, matrix), _followed(last, first, back)]
    return float(np.mean(shares))


def _followed(here: NDArray[np.uint8], there: NDArray[np.uint8], matrix: Matrix) -> float:
    height, width = here.shape
    size = np.diag([width, height, 1.0])
    pixels = size @ matrix @ np.linalg.inv(size)
    brought = cv2.warpPerspective(
        there,
        pixels,
        (width, height),
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=0,
    )
    seen = cv2.warpPerspective(
        np.ones_like(there), pixels, (width, height), flags=cv2.INTER_NEAREST | cv2.WARP_INVERSE_MAP
    )
    if seen.mean() < 0.02:
        return 0.0
    brought = np.where(seen > 0, brought, here)
    search = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
    forth, back = search.calc(here, brought, _NO_FLOW), search.calc(brought, here, _NO_FLOW)
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    at_x, at_y = x + forth[..., 0], y + forth[..., 1]
    returned = forth + cv2.remap(
        back, at_x, at_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    stray = np.hypot(returned[..., 0], returned[..., 1])
    inside = (at_x > -1) & (at_x < width) & (at_y > -1) & (at_y < height) & (seen > 0)
    allowed = 1.0 + 0.03 * np.hypot(forth[..., 0], forth[..., 1])
    return float(np.exp(-((stray / allowed) ** 2))[inside].mean()) if inside.any() else 0.0
