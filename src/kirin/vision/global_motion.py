"""Global motion of a video: how its camera moves, told from the pictures alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from kirin.vision.planes import Rgb
from kirin.vision.pose.shot_boundary import ShotBoundaryDetector

Matrix = NDArray[np.float64]
"""A similarity, shape ``(3, 3)``, of points from the picture's centre, in widths of it."""

SIDE: Final = 480
"""Longest side of the pictures that motion is looked for in: finer detail adds noise and time."""

_FEATURES = 320
_QUALITY = 0.01  # of the strongest corner: Shi and Tomasi 1994
_APART = 9  # pixels between two features, so that one object does not have them all
_WINDOW = (21, 21)
_LEVELS = 4  # of the pyramid: steps of up to 21 * 2^3 pixels are found
_RETURN = 1.0  # pixels by which a point tracked forth and back may miss its start
_STRAY = 1.5  # pixels: reprojection error of an inlier
_LEAST, _SHARE = 10, 0.35  # inliers that a step needs: number, and share of all points
_FASTEST = 0.35  # of the width in one step; more is a mistake
_LARGEST = 1.25  # magnification in one step

_NO_POINTS: Any = None  # no initial guess; OpenCV's type stubs demand an array


@dataclass(frozen=True, slots=True, eq=False)
class GlobalMotion:
    """The motion of the scene through a video's frame, one entry per picture.

    Attributes:
        steps: from each picture to the next one's place, shape ``(n, 3, 3)``; the first is the
            identity, as are those over a cut and those that cannot be told.
        told: whether each step could be told; shape ``(n,)``.
        cuts: numbers of the pictures with which new shots begin, ascending.
    """

    steps: Matrix
    told: NDArray[np.bool_]
    cuts: tuple[int, ...]

    @property
    def trust(self) -> float:
        """Share of the steps within shots that could be told, 0 to 1."""
        within = np.ones(len(self.told), bool)
        within[[0, *self.cuts]] = False
        return float(self.told[within].mean()) if within.any() else 0.0

    @classmethod
    def read(cls, pictures: Iterable[Rgb], check: Callable[[], None]) -> GlobalMotion:
        """Track features from picture to picture, and fit a similarity to most of them.

        Args:
            pictures: of one size, in their order; best no larger than :data:`SIDE`.
            check: called for each; raises to stop.
        """
        detector = ShotBoundaryDetector()
        steps: list[Matrix | None] = []
        before: NDArray[np.uint8] | None = None
        for picture in pictures:
            check()
            detector.add(picture)
            grey = cast(NDArray[np.uint8], cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY))
            steps.append(None if before is None else _step(before, grey))
            before = grey
        cuts = detector.cuts()
        told = np.array([step is not None for step in steps], bool)
        made = np.array([np.eye(3) if step is None else step for step in steps])
        for cut in cuts:
            made[cut], told[cut] = np.eye(3), False
        return cls(_filled(made, told, cuts), told, cuts)

    def chained(self) -> Matrix:
        """How each picture shows the first one of its shot, shape ``(n, 3, 3)``."""
        chain = np.empty_like(self.steps)
        for number, step in enumerate(self.steps):
            starts = number == 0 or number in self.cuts
            chain[number] = np.eye(3) if starts else step @ chain[number - 1]
        return chain


def parameters(similarities: Matrix) -> Matrix:
    """Shift right and down in widths, natural logarithm of the scale, and turn in radians.

    Args:
        similarities: shape ``(n, 3, 3)``.

    Returns:
        Shape ``(n, 4)``; a clockwise turn is positive.
    """
    cos, sin = similarities[:, 0, 0], similarities[:, 1, 0]
    turn = np.unwrap(np.arctan2(sin, cos))
    shift = similarities[:, :2, 2]
    return np.column_stack([shift, np.log(np.hypot(cos, sin)), turn])


def _step(before: NDArray[np.uint8], after: NDArray[np.uint8]) -> Matrix | None:
    """The similarity from one picture to the next; ``None`` where it cannot be told."""
    points = cv2.goodFeaturesToTrack(before, _FEATURES, _QUALITY, _APART)
    if points is None or len(points) < _LEAST:
        return None
    moved, found, _ = cv2.calcOpticalFlowPyrLK(
        before, after, points, _NO_POINTS, winSize=_WINDOW, maxLevel=_LEVELS
    )
    back, again, _ = cv2.calcOpticalFlowPyrLK(
        after, before, moved, _NO_POINTS, winSize=_WINDOW, maxLevel=_LEVELS
    )
    missed = np.hypot(*(back - points)[:, 0].T)
    kept = (found[:, 0] > 0) & (again[:, 0] > 0) & (missed <= _RETURN)
    if kept.sum() < _LEAST:
        return None
    cv2.setRNGSeed(0)  # RANSAC samples at random; output must be reproducible
    affine, inliers = cv2.estimateAffinePartial2D(
        points[kept], moved[kept], method=cv2.RANSAC, ransacReprojThreshold=_STRAY
    )
    if affine is None or inliers.sum() < max(_LEAST, _SHARE * kept.sum()):
        return None
    return _sane(_centred(np.asarray(affine, np.float64), before.shape[1], before.shape[0]))


def _centred(affine: Matrix, width: int, height: int) -> Matrix:
    """A map of pixels as one of points from the centre, in widths."""
    whole = np.vstack([affine, [0.0, 0.0, 1.0]])
    # OpenCV puts pixel centres at whole numbers.
    place = np.array([[width, 0, width / 2 - 0.5], [0, width, height / 2 - 0.5], [0, 0, 1]])
    return cast(Matrix, np.linalg.inv(place) @ whole @ place)


def _sane(step: Matrix) -> Matrix | None:
    scale = float(np.hypot(step[0, 0], step[1, 0]))
    fast = float(np.hypot(step[0, 2], step[1, 2])) > _FASTEST
    return None if fast or not 1 / _LARGEST <= scale <= _LARGEST else step


def _filled(steps: Matrix, told: NDArray[np.bool_], cuts: tuple[int, ...]) -> Matrix:
    """Steps that could not be told, between those around them in the same shot."""
    out = steps.copy()
    for start, end in zip((0, *cuts), (*cuts, len(steps)), strict=True):
        numbers = np.arange(start + 1, end)
        known = numbers[told[start + 1 : end]]
        if not len(known) or len(known) == len(numbers):
            continue
        values = parameters(steps[known])
        for number in numbers[~told[start + 1 : end]].tolist():
            row = [float(np.interp(number, known, values[:, axis])) for axis in range(4)]
            out[number] = similarity(*row)
    return out


def similarity(x: float, y: float, zoom: float, turn: float) -> Matrix:
    """The inverse of :func:`parameters`, for one.

    >>> parameters(similarity(0.1, 0.0, 0.2, 0.3)[None]).round(3).tolist()
    [[0.1, 0.0, 0.2, 0.3]]
    """
    cos, sin = np.exp(zoom) * np.cos(turn), np.exp(zoom) * np.sin(turn)
    return np.array([[cos, -sin, x], [sin, cos, y], [0.0, 0.0, 1.0]])
