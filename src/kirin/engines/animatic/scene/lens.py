"""The camera's view of a scene: depths, lens, and the patches that must be painted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kirin.engines.animatic.camera.pose import Pose
from kirin.engines.animatic.scene.noise import Field


@dataclass(frozen=True, slots=True)
class Patch:
    """The sample grid of a layer, in pixels of the rest view from its centre.

    Attributes:
        left, top: position of the first sample.
        step: pixels from one sample to the next.
        width, height: in samples, both even.
    """

    left: float
    top: float
    step: float
    width: int
    height: int

    def x(self) -> Field:
        """Positions of the columns, shape (1, width)."""
        return (self.left + self.step * np.arange(self.width, dtype=np.float32))[None]

    def y(self) -> Field:
        """Positions of the rows, shape (height, 1)."""
        return (self.top + self.step * np.arange(self.height, dtype=np.float32))[:, None]


@dataclass(frozen=True, slots=True)
class Depth:
    """The disparity of a layer: constant, or growing downwards as that of ground does.

    Attributes:
        far: disparity at row ``start`` and above; 0 is the horizon, 1 the nearest.
        near: disparity at row ``end``; linear in between, and beyond up to 1.3 times the range.
        start, end: rows in pixels of the rest view below its centre.
    """

    far: float
    near: float
    start: float = 0.0
    end: float = 1.0

    @property
    def even(self) -> bool:
        """Whether the disparity is constant."""
        return self.far == self.near

    def at(self, row: NDArray[np.float64]) -> NDArray[np.float64]:
        """Disparity of rows."""
        share = np.clip((row - self.start) / (self.end - self.start), 0.0, 1.3)
        return self.far + (self.near - self.far) * share


DEEP = Depth(0.0, 0.0)
"""At infinity, as the sky."""


@dataclass(frozen=True, slots=True)
class Rows:
    """The affine map of each row of a canvas to a layer; arrays over the rows.

    Attributes:
        place: row of the layer, in pixels of the rest view below its centre.
        shift: position of the canvas' centre column, in pixels right of the rest view's centre.
        scale: magnification.
    """

    place: NDArray[np.float64]
    shift: NDArray[np.float64]
    scale: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Lens:
    """The view: its size in pixels, and all poses of the camera."""

    width: int
    height: int
    poses: Sequence[Pose]

    @property
    def focal(self) -> float:
        """Focal length in pixels: a moderate wide angle in both orientations."""
        return 0.95 * float(np.sqrt(self.width * self.height))

    def canvas(self) -> tuple[int, int]:
        """Width and height, even, of a canvas that covers the view at every roll."""
        roll = max(abs(pose.roll) for pose in self.poses)
        if roll == 0.0:
            return self.width, self.height
        cos, sin = np.cos(roll), np.sin(roll)
        across = self.width * cos + self.height * sin
        down = self.height * cos + self.width * sin
        return 2 * int(across / 2 + 3), 2 * int(down / 2 + 3)

    def rows(self, pose: Pose, depth: Depth, y: NDArray[np.float64]) -> Rows:
        """Map rows of the canvas, in pixels below its centre, to a layer."""
        far, near = pose.view(0.0), pose.view(1.0)
        if depth.even:
            grid, disparity = y, np.full_like(y, depth.far)
        else:
            # Tabulate the view's row by the layer's row, and invert the table.
            grid = np.linspace(-1.6 * self.height, 1.6 * self.height, 3201)
            disparity = depth.at(grid)
        shift = (far.x + (near.x - far.x) * disparity) * self.width
        drop = (far.y + (near.y - far.y) * disparity) * self.height
        scale = far.scale + (near.scale - far.scale) * disparity
        if depth.even:
            return Rows(y / scale + drop, shift, scale)
        seen = np.maximum.accumulate((grid - drop) * scale)
        return Rows(np.interp(y, seen, grid), np.interp(y, seen, shift), np.interp(y, seen, scale))

    def patch(
        self, depth: Depth, top: float, bottom: float, drift: float = 0.0, coarse: float = 1.0
    ) -> Patch:
        """The patch that must be painted so that the layer's border never comes into view.

        Args:
            depth: of the layer.
            top, bottom: rows of the layer's content in pixels below the centre; infinite for the
                whole height.
            drift: its own movement to the right over the clip, in pixels.
            coarse: pixels per sample; 2 or more for soft layers.
        """
        across, down = self.canvas()
        left = right = upper = lower = 0.0
        largest = 1.0
        edges = np.array([-down / 2, 0.0, down / 2])
        for pose in self.poses:
            rows = self.rows(pose, depth, edges)
            left = min(left, float((rows.shift - across / 2 / rows.scale).min()))
            right = max(right, float((rows.shift + across / 2 / rows.scale).max()))
            upper, lower = min(upper, float(rows.place[0])), max(lower, float(rows.place[-1]))
            largest = max(largest, float(rows.scale.max()))
        step = coarse / min(largest, 1.5)
        margin = 4.0 * step
        left, right = left - max(drift, 0.0) - margin, right - min(drift, 0.0) + margin
        upper, lower = max(top, upper) - margin, min(bottom, lower) + margin
        lower = max(lower, upper + 8 * step)
        return Patch(
            left,
            upper,
            step,
            2 * int((right - left) / step / 2 + 2),
            2 * int((lower - upper) / step / 2 + 2),
        )
