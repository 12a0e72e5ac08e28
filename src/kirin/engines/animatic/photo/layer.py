"""Picture layers: planes of constant or ramped disparity, rendered in any pose."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import cv2
import numpy as np

from kirin.engines.animatic.camera.framing import Floats, Relief, Sight
from kirin.engines.animatic.camera.pose import Pose
from kirin.engines.animatic.cinemagraph.part import Rectangle
from kirin.vision.kernels import (
    Plane,
    resample_rows,
    resample_weights,
    shear_rows,
)
from kirin.vision.planes import Planes

_LEVEL = 1e-6  # radians of roll below which a view counts as level: 0.001 px across 1080p
_WHOLE = 1e-4  # of a sample: a position this close to a sample is that sample


@dataclass(frozen=True, slots=True)
class Grid:
    """The sample grid of a plane.

    Sample ``i`` is at ``step * i + x`` pixels of the full-size picture from its left edge, or
    ``step * i + y`` from its top.
    """

    step: int
    x: float
    y: float


LUMA = Grid(1, 0.5, 0.5)
CHROMA = Grid(2, 0.5, 1.0)  # 4:2:0 sited left


class PictureLayer:
    """A picture of some relief. It reuses its own buffers, so it is not thread-safe.

    Args:
        planes: uint8 planes with the grid of each; all cover the same picture.
        centre: of the rest view, in full-size pixels of the picture.
        size: width and height of the rest view, in full-size pixels of the picture.
        view: width and height of the video.
        relief: disparity of the picture's rows.
    """

    def __init__(
        self,
        planes: list[tuple[Plane, Grid]],
        centre: tuple[float, float],
        size: tuple[float, float],
        view: tuple[int, int],
        relief: Relief,
    ) -> None:
        self.relief = relief
        self._planes = planes
        self._turned: list[Plane | None] = [None] * len(planes)
        self._changed: list[Rectangle | None] = [None] * len(planes)
        self._centre = centre
        self._size = size
        self._view = view
        self._memory: dict[tuple[int, str], Plane] = {}

    @property
    def texture(self) -> Planes:
        """The layer's colours; after changing a part of them, call :meth:`refresh`."""
        y, u, v = (plane for plane, _ in self._planes[:3])
        return Planes(y, u, v)

    @property
    def opacity(self) -> tuple[Plane, Plane] | None:
        """The layer's alpha, at full size and at that of chroma; ``None`` for an opaque layer."""
        planes = [plane for plane, _ in self._planes[3:5]]
        return (planes[0], planes[1]) if len(planes) == 2 else None

    @property
    def planes(self) -> list[tuple[Plane, Grid]]:
        """All planes with their grids; after changing them, call :meth:`renew`."""
        return self._planes

    def renew(self) -> None:
        """Take note of changed planes."""
        self._turned = [None] * len(self._planes)

    def row_of(self, sample: Floats, grid: Grid) -> Floats:
        """Rows of a plane in rest-view heights below the centre."""
        return (sample * grid.step + grid.y - self._centre[1]) / self._size[1]

    def refresh(self, box: Rectangle) -> None:
        """Take note of changed colours, or opacity, in a box of the texture."""
        self._changed = [box if each is None else each.around(box) for each in self._changed]

    def _upright(self, index: int) -> Plane:
        """A plane transposed: made when it is first needed, which at rest is never."""
        (plane, grid), turned, box = self._planes[index], self._turned[index], self._changed[index]
        if turned is None:
            turned = self._turned[index] = cast(Plane, cv2.transpose(plane))
        elif box is not None:
            rows = slice(box.top // grid.step, box.bottom // grid.step)
            columns = slice(box.left // grid.step, box.right // grid.step)
            turned[columns, rows] = cv2.transpose(plane[rows, columns])
        self._changed[index] = None
        return turned

    def draw(
        self, pose: Pose, window: Rectangle, into: Sequence[Plane] | None = None
    ) -> Sequence[Plane]:
        """Render the layer's planes in a window of the view.

        Args:
            pose: of the camera.
            window: part of the view.
            into: planes of the window's size to draw into; without them, the layer's own
                buffers, which the next call overwrites.
        """
        sight = Sight(pose, self.relief)
        out = into or [
            self._scratch(
                index,
                "out",
                (window.bottom - window.top) // grid.step,
                (window.right - window.left) // grid.step,
            )
            for index, (_, grid) in enumerate(self._planes)
        ]
        for index, plane in enumerate(out):
            if abs(sight.roll) > _LEVEL:
                self._draw_rolled(index, sight, window, plane)
            elif self.relief.flat:
                self._draw_flat(index, sight, window, plane)
            else:
                self._draw_relief(index, sight, window, plane)
        return out

    # Below, rows and columns of the view are in pixels of the video from the view's centre.

    def _columns(self, grid: Grid, window: Rectangle) -> Floats:
        first = window.left + grid.x - self._view[0] / 2
        return first + np.arange(0.0, window.right - window.left, grid.step)

    def _rows(self, grid: Grid, window: Rectangle) -> Floats:
        first = window.top + grid.y - self._view[1] / 2
        return first + np.arange(0.0, window.bottom - window.top, grid.step)

    def _column_of(self, grid: Grid, across: Floats) -> Floats:
        """Column of a plane, in samples, from rest-view widths right of the centre."""
        return (across * self._size[0] + self._centre[0] - grid.x) / grid.step

    def _row_of(self, grid: Grid, down: Floats) -> Floats:
        return (down * self._size[1] + self._centre[1] - grid.y) / grid.step

    def _draw_flat(self, index: int, sight: Sight, window: Rectangle, out: Plane) -> None:
        """No roll, constant disparity: a separable resampling, columns first."""
        plane, grid = self._planes[index]
        lines = sight.lines(self._rows(grid, window) / self._view[1])
        scale, shift = lines.scale[0], lines.shift[0]
        columns = self._column_of(
            grid, self._columns(grid, window) / (self._view[0] * scale) + shift
        )
        rows = self._row_of(grid, lines.row)
        top, left = _aligned(rows), _aligned(columns)
        if top is not None and left is not None:
            _copy(plane, top, left, out)
            return
        down = resample_weights(rows, self._size[1] / self._view[1] / scale, plane.shape[0])
        across = resample_weights(columns, self._size[0] / self._view[0] / scale, plane.shape[1])
        top, bottom = int(down[0][0]), int(down[0][-1]) + down[1].shape[1]
        upright = self._scratch(index, "upright", len(columns), bottom - top)
        resample_rows(self._upright(index), *across, top, upright)
        lying = self._scratch(index, "lying", bottom - top, len(columns))
        cv2.transpose(upright, lying)
        resample_rows(lying, down[0] - top, down[1], 0, out)

    def _draw_relief(self, index: int, sight: Sight, window: Rectangle, out: Plane) -> None:
        """No roll, ramped disparity: each row of the view has its own scale and shift."""
        plane, grid = self._planes[index]
        lines = sight.lines(self._rows(grid, window) / self._view[1])
        rows = self._row_of(grid, lines.row)
        down = resample_weights(
            rows, self._size[1] / self._view[1] / float(lines.scale.min()), plane.shape[0]
        )
        tall = self._scratch(index, "tall", len(rows), plane.shape[1])
        resample_rows(plane, *down, 0, tall)
        upright = self._scratch(index, "upright", plane.shape[1], len(rows))
        cv2.transpose(tall, upright)
        columns = self._columns(grid, window)
        start = self._column_of(grid, columns[0] / (self._view[0] * lines.scale) + lines.shift)
        step = self._size[0] / self._view[0] / lines.scale
        across = self._scratch(index, "across", len(columns), len(rows))
        _sheared(upright, start, step, 0, across)
        cv2.transpose(across, out)

    def _draw_rolled(self, index: int, sight: Sight, window: Rectangle, out: Plane) -> None:
        """Any roll, in two shearing passes: along the rows of the layer, then along the columns.

        With q the view before roll (pixels from its centre), a view pixel (X, Y) shows
        q = (cos X - sin Y, sin X + cos Y). The first pass samples each row of q at
        qx = (X - sin qy) / cos, the second each column X at qy = sin X + cos Y
        (Catmull, Smith 1980).
        """
        plane, grid = self._planes[index]
        cos, sin = np.cos(sight.roll), np.sin(sight.roll)
        columns, rows = self._columns(grid, window), self._rows(grid, window)
        corners = sin * columns[[0, 0, -1, -1]] + cos * rows[[0, -1, 0, -1]]
        if self.relief.flat:
            seen = sight.lines(np.array([corners.min(), corners.max()]) / self._view[1])
            ends = self._row_of(grid, seen.row)
            top = int(np.clip(np.floor(ends[0]) - 2, 0, plane.shape[0] - 8))
            bottom = int(np.clip(np.ceil(ends[1]) + 3, top + 8, plane.shape[0]))
            upright, left = self._upright(index), top
            at = np.arange(float(top), bottom) * grid.step + grid.y
            height, lines = sight.rows((at - self._centre[1]) / self._size[1])
            q = height * self._view[1]
        else:
            pitch = self._view[1] / self._size[1] * grid.step
            q = np.arange(corners.min() - 3 * pitch, corners.max() + 3 * pitch, pitch)
            lines = sight.lines(q / self._view[1])
            tall = self._scratch(index, "tall", len(q), plane.shape[1])
            ratio = 1.0 / float(lines.scale.min())
            plan = resample_weights(self._row_of(grid, lines.row), ratio, plane.shape[0])
            resample_rows(plane, *plan, 0, tall)
            upright, left = self._scratch(index, "upright", plane.shape[1], len(q)), 0
            cv2.transpose(tall, upright)
        start = self._column_of(
            grid, (columns[0] - sin * q) / cos / (self._view[0] * lines.scale) + lines.shift
        )
        step = self._size[0] / self._view[0] / lines.scale / cos
        across = self._scratch(index, "across", len(columns), len(q))
        _sheared(upright, start, step, left, across)
        lying = self._scratch(index, "lying", len(q), len(columns))
        cv2.transpose(across, lying)
        spacing = (q[-1] - q[0]) / (len(q) - 1)
        start = (sin * columns + cos * rows[0] - q[0]) / spacing
        _sheared(lying, start, np.full(len(columns), cos * grid.step / spacing), 0, out)

    def _scratch(self, index: int, name: str, rows: int, columns: int) -> Plane:
        """A buffer reused for all frames: page faults of a new one cost as much as drawing."""
        have = self._memory.get((index, name))
        if have is None or have.size < rows * columns:
            have = self._memory[index, name] = np.empty(rows * columns * 9 // 8, np.uint8)
        return have[: rows * columns].reshape(rows, columns)


def _aligned(positions: Floats) -> int | None:
    """The first of the samples at positions that are whole and consecutive; else ``None``."""
    first = round(float(positions[0]))
    last = first + len(positions) - 1
    whole = abs(positions[0] - first) < _WHOLE and abs(positions[-1] - last) < _WHOLE
    return first if whole else None


def _copy(plane: Plane, top: int, left: int, out: Plane) -> None:
    """Copy a part of a plane, beyond whose border its border samples repeat."""
    ends = []
    for first, count, limit in zip((top, left), out.shape, plane.shape, strict=True):
        # Of ``out``: where the plane begins and ends; one sample of it is always there.
        start = min(max(-first, 0), count - 1)
        end = max(min(limit - first, count), start + 1)
        ends.append((start, end, min(max(first + start, 0), limit - (end - start))))
    (above, below, row), (before, after, column) = ends
    middle = out[above:below]
    np.copyto(
        middle[:, before:after],
        plane[row : row + below - above, column : column + after - before],
    )
    middle[:, :before] = middle[:, before : before + 1]
    middle[:, after:] = middle[:, after - 1 : after]
    out[:above] = out[above]
    out[below:] = out[below - 1]


def _sheared(source: Plane, start: Floats, step: Floats, left: int, out: Plane) -> None:
    shear_rows(source, start.astype(np.float32), step.astype(np.float32), left, out)
