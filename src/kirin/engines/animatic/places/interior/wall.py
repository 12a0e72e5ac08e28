"""A wall in perspective: a painted picture whose disparity grows towards the sides of the view."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from kirin.engines.animatic.camera.pose import Pose
from kirin.engines.animatic.scene.canvas import Floats, SceneCanvas
from kirin.engines.animatic.scene.colour import Paint, to_yuv
from kirin.engines.animatic.scene.layer import Bytes
from kirin.engines.animatic.scene.lens import Lens, Patch
from kirin.engines.animatic.scene.noise import Field
from kirin.vision.compiled import compiled


class SideWall:
    """A side wall: the transpose of ground, each column of it at a disparity of its own.

    Args:
        paint: of the patch's shape.
        patch: its sample grid.
        edge: column of the disparity 1 in pixels right of the rest view's centre; negative on
            the left.
        back: disparity of its far end, and of all columns nearer to the centre.
    """

    def __init__(self, paint: Paint, patch: Patch, edge: float, back: float) -> None:
        self._patch, self._edge, self._back = patch, edge, back
        y, u, v = to_yuv(paint.rgb)
        self._planes = [np.clip(plane + 0.5, 0, 255).astype(np.uint8) for plane in (y, u, v)]
        share = np.ones_like(y) if paint.alpha is None else paint.alpha
        self._alpha: Bytes = np.clip(share * 255 + 0.5, 0, 255).astype(np.uint8)

    def span(self, lens: Lens, pose: Pose, canvas: SceneCanvas) -> tuple[int, int, int]:  # noqa: ARG002
        """All rows, none of them opaque."""
        height = canvas.y.shape[0]
        return 0, height, height

    def _columns(self, lens: Lens, pose: Pose, x: Floats) -> tuple[Floats, Floats]:
        """Column of the wall and its disparity at columns of a canvas right of its centre."""
        sign = np.sign(self._edge)
        grid = np.linspace(0.0, 4.0 * lens.width, 2001) * sign
        disparity = np.clip(grid / self._edge, self._back, 4.0)
        shift = (pose.x + pose.truck_x * disparity) * lens.width
        scale = pose.zoom * (1.0 + pose.dolly * disparity)
        seen = np.maximum.accumulate(sign * (grid - shift) * scale)
        place = np.interp(sign * x, seen, grid)
        return place, np.clip(place / self._edge, self._back, 4.0)

    def draw(
        self,
        canvas: SceneCanvas,
        lens: Lens,
        pose: Pose,
        seconds: float,  # noqa: ARG002  # nothing moves
        rows: tuple[int, int],
    ) -> None:
        """Composite it onto rows of a canvas."""
        patch = self._patch
        height, width = canvas.y.shape
        first, end = rows[0], min(rows[1] + rows[1] % 2, height)
        x = np.asarray((np.arange(width) + 0.5 - width / 2) * canvas.pixel, np.float64)
        place, disparity = self._columns(lens, pose, x)
        column = (place - patch.left) / patch.step
        inside = np.flatnonzero((column >= 0) & (np.sign(self._edge) * place > 0))
        if not len(inside):
            return
        low, high = int(inside[0]) // 2 * 2, int(inside[-1]) + 1
        high = min(high + high % 2, width)
        column = np.clip(column, 0.0, patch.width - 1.001)
        scale = pose.zoom * (1.0 + pose.dolly * disparity)
        drop = (pose.y + pose.truck_y * disparity) * lens.height
        y = canvas.rows(0, height)
        for plane, source in zip((canvas.y, canvas.u, canvas.v), self._planes, strict=True):
            by = height // plane.shape[0]
            slope = by * canvas.pixel / scale / patch.step
            middle = y[0] + 0.5 * canvas.pixel * (by - 1)
            start = (middle / scale + drop - patch.top) / patch.step
            _lay_columns(
                plane[first // by : end // by, low // by : high // by],
                (source, self._alpha),
                # Contiguous for both planes: one type for the compiled loop.
                column[low:high:by].copy(),
                start[low:high:by] + slope[low:high:by] * (first // by),
                slope[low:high:by].copy(),
            )


@compiled
def _lay_columns(
    out: Field, source: Any, column: Floats, start: Floats, slope: NDArray[np.float64]
) -> None:
    """Composite a picture whose columns are resampled one by one."""
    colour, alpha = source
    last = colour.shape[0] - 1.001
    unit = np.float32(1 / 255)
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            y = min(max(start[j] + slope[j] * i, 0.0), last)
            k, r = int(column[j]), int(y)
            u, v = np.float32(column[j] - k), np.float32(y - r)
            a, b = np.float32(alpha[r, k]), np.float32(alpha[r, k + 1])
            c, d = np.float32(alpha[r + 1, k]), np.float32(alpha[r + 1, k + 1])
            top, low = a + u * (b - a), c + u * (d - c)
            share = (top + v * (low - top)) * unit
            if share <= 0:
                continue
            a, b = np.float32(colour[r, k]), np.float32(colour[r, k + 1])
            c, d = np.float32(colour[r + 1, k]), np.float32(colour[r + 1, k + 1])
            top, low = a + u * (b - a), c + u * (d - c)
            out[i, j] += (top + v * (low - top) - out[i, j]) * share
