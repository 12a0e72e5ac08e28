"""Framing: the disparity of a picture's rows, what a path shows of it, and the crop that fits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kirin.engines.animatic.camera.pose import Pose

Floats = NDArray[np.float64]

_REACH = 3.0  # rest-view heights above and below the centre that are tabulated
_GRID = np.linspace(-_REACH, _REACH, 4801)
_MARGIN = 0.05  # of the view, kept free around a focus
_ROUNDING = 0.1  # half the length of the rounded bend at the foot, as a share of the ramp


@dataclass(frozen=True, slots=True)
class Relief:
    """The disparity of a layer by row: a linear ramp from a head to a foot.

    A linear ramp shears and tapers the picture, but keeps straight lines straight.

    Attributes:
        far: disparity at the head and above.
        near: disparity at the foot and below; equal to ``far`` for a flat layer.
        foot: where the ramp ends, in rest-view heights below the centre; below the head.
        head: where it starts, likewise; by default at the top of the rest view.
    """

    far: float
    near: float
    foot: float = 0.5
    head: float = -0.5

    @classmethod
    def flat_at(cls, disparity: float) -> Relief:
        """A layer of constant disparity."""
        return cls(disparity, disparity)

    @property
    def flat(self) -> bool:
        """Whether the disparity is constant, so that the layer moves rigidly."""
        return self.far == self.near

    def at(self, rows: Floats) -> Floats:
        """Disparity of rows that are given in rest-view heights below the centre."""
        rise = np.clip((rows - self.head) / (self.foot - self.head), 0.0, 1.0 + _ROUNDING)
        past = np.maximum(rise - (1.0 - _ROUNDING), 0.0)
        return self.far + (self.near - self.far) * (rise - past * past / (4 * _ROUNDING))


@dataclass(frozen=True, slots=True)
class Lines:
    """The affine map of each row of the view to a layer; arrays of one shape.

    Attributes:
        row: of the layer, in rest-view heights below its centre.
        shift: position of the view's centre column, in rest-view widths right of the layer's.
        scale: magnification.
    """

    row: Floats
    shift: Floats
    scale: Floats


class Sight:
    """The map between the rows of the view and those of a layer, in a pose.

    Rows of the view are taken before roll, in view heights below its centre. Positions of a
    ``Pose`` are in widths and heights of the rest view; magnification is about the view's
    centre.
    """

    def __init__(self, pose: Pose, relief: Relief) -> None:
        far, near = pose.view(0.0), pose.view(1.0)
        disparity = relief.at(_GRID)
        self.roll = far.roll
        self._shift = far.x + (near.x - far.x) * disparity
        self._scale = far.scale + (near.scale - far.scale) * disparity
        drop = far.y + (near.y - far.y) * disparity
        # Rows must stay in order, even in extreme poses.
        self._height = np.maximum.accumulate(self._scale * (_GRID - drop))

    def lines(self, height: Floats) -> Lines:
        """Rows of the view in the layer."""
        row = np.interp(height, self._height, _GRID)
        return Lines(row, np.interp(row, _GRID, self._shift), np.interp(row, _GRID, self._scale))

    def rows(self, row: Floats) -> tuple[Floats, Lines]:
        """Rows of the layer: their height in the view, and their lines."""
        lines = Lines(row, np.interp(row, _GRID, self._shift), np.interp(row, _GRID, self._scale))
        return np.interp(row, _GRID, self._height), lines


@dataclass(frozen=True, slots=True)
class PathExtent:
    """What a path shows of a layer: sides in rest-view widths and heights from its centre."""

    left: float
    top: float
    right: float
    bottom: float

    @classmethod
    def of(cls, poses: Sequence[Pose], relief: Relief, aspect: float) -> PathExtent:
        """The bounding box of a path's views; ``aspect`` is the view's width over its height."""
        side = np.linspace(-0.5, 0.5, 9)
        x = np.concatenate([side, side, np.full(9, -0.5), np.full(9, 0.5)]) * aspect
        y = np.concatenate([np.full(9, -0.5), np.full(9, 0.5), side, side])
        least, most = np.full(2, np.inf), np.full(2, -np.inf)
        for pose in poses:
            sight = Sight(pose, relief)
            cos, sin = np.cos(sight.roll), np.sin(sight.roll)
            lines = sight.lines(sin * x + cos * y)
            across = (cos * x - sin * y) / aspect / lines.scale + lines.shift
            for i, seen in enumerate((across, lines.row)):
                least[i], most[i] = min(least[i], seen.min()), max(most[i], seen.max())
        return cls(float(least[0]), float(least[1]), float(most[0]), float(most[1]))

    def union(
        self, other: PathExtent, left: bool, top: bool, right: bool, bottom: bool
    ) -> PathExtent:
        """Extend the given sides to cover another extent."""
        return PathExtent(
            min(self.left, other.left) if left else self.left,
            min(self.top, other.top) if top else self.top,
            max(self.right, other.right) if right else self.right,
            max(self.bottom, other.bottom) if bottom else self.bottom,
        )


@dataclass(frozen=True, slots=True)
class Focus:
    """The region of the picture that a crop should keep, in pixels."""

    left: float
    top: float
    right: float
    bottom: float

    @staticmethod
    def pull(centre: float, size: float, start: float, end: float) -> float:
        """The centre of a window moved along one axis as little as shows ``start`` to ``end``.

        If both do not fit, ``start`` is shown: heads are at the top.
        """
        margin = _MARGIN * size
        latest = start - margin + size / 2
        earliest = end + margin - size / 2
        return min(max(centre, earliest), latest)


@dataclass(frozen=True, slots=True)
class Framing:
    """The rest view's rectangle in the picture.

    Attributes:
        x, y: its centre, in pixels of the picture.
        width, height: in pixels of the picture; of the video's aspect.
    """

    x: float
    y: float
    width: float
    height: float

    @classmethod
    def fit(
        cls, size: tuple[int, int], extent: PathExtent, aspect: float, focus: Focus | None = None
    ) -> Framing:
        """The largest rest view for which the whole extent lies inside the picture.

        Where there is room to choose, it is centred, or as little off the centre as shows the
        focus.

        Args:
            size: width and height of the picture.
            extent: of the path.
            aspect: width of the video over its height.
            focus: the region to keep, if any.
        """
        across, down = extent.right - extent.left, extent.bottom - extent.top
        width = min(size[0] / across, size[1] / down * aspect)
        height = width / aspect
        x, y = size[0] / 2, size[1] / 2
        if focus:
            x = focus.pull(x, width, focus.left, focus.right)
            y = focus.pull(y, height, focus.top, focus.bottom)
        return cls(
            float(np.clip(x, -extent.left * width, size[0] - extent.right * width)),
            float(np.clip(y, -extent.top * height, size[1] - extent.bottom * height)),
            width,
            height,
        )
