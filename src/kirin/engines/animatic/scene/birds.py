"""A flock of birds crossing the sky."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from kirin.engines.animatic.camera.pose import Pose
from kirin.engines.animatic.scene.canvas import SceneCanvas
from kirin.engines.animatic.scene.lens import Lens
from kirin.engines.animatic.scene.noise import Field
from kirin.vision.compiled import compiled

_DISPARITY = 0.18


class Birds:
    """Birds as strokes of dark luma, each with its own wing beat.

    Args:
        rng: of the flock's shape and timing.
        lens: of the scene.
        horizon: in pixels below the centre; the birds stay above it.
        luma: of the birds.
    """

    def __init__(self, rng: np.random.Generator, lens: Lens, horizon: float, luma: float) -> None:
        count = int(rng.integers(9, 19))
        unit = float(np.sqrt(lens.width * lens.height / (1280 * 720)))
        self._luma = luma
        self._way = float(rng.choice([-1.0, 1.0]))
        self._speed = unit * 42.0
        # A loose V with a few stragglers.
        rank = np.arange(count)
        side = np.where(rank % 2 == 0, 1.0, -1.0)
        behind = (rank + 1) // 2
        self._x = -self._way * behind * 26.0 * unit + rng.normal(0, 11 * unit, count)
        self._y = side * behind * 11.0 * unit + rng.normal(0, 8 * unit, count)
        self._x += rng.uniform(-0.22, 0.10) * lens.width * self._way
        self._y += horizon - rng.uniform(0.22, 0.34) * lens.height
        self._span = unit * rng.uniform(8.5, 14.0, count)
        self._phase = rng.uniform(0, 6.28, count)
        self._rate = rng.uniform(7.5, 10.0, count)

    def span(self, lens: Lens, pose: Pose, canvas: SceneCanvas) -> tuple[int, int, int]:  # noqa: ARG002
        """All rows, none of them opaque."""
        height = canvas.y.shape[0]
        return 0, height, height

    def draw(
        self, canvas: SceneCanvas, lens: Lens, pose: Pose, seconds: float, rows: tuple[int, int]
    ) -> None:
        """Draw the flock on rows of a canvas."""
        view = pose.view(_DISPARITY)
        height, width = canvas.y.shape
        travelled = self._way * self._speed * seconds
        x = (self._x + travelled - view.x * lens.width) * view.scale + width / 2
        bob = 0.25 * self._span * np.sin(self._rate * 0.31 * seconds + self._phase)
        y = (self._y + bob - view.y * lens.height) * view.scale + height / 2
        # Birds alternate between beating and gliding.
        effort = np.clip(0.55 + np.sin(0.9 * seconds + self._phase * 2.0), 0.12, 1.0)
        beat = np.sin(self._rate * seconds + self._phase) * effort
        span = self._span * view.scale
        strokes = wing_strokes(x, y, span, beat, self._way)
        draw_strokes(canvas.y, strokes, self._luma, rows[0], rows[1])


def wing_strokes(
    x: NDArray[Any], y: NDArray[Any], span: NDArray[Any], beat: NDArray[Any], way: float
) -> Field:
    """Birds as strokes from x, y to x, y with a width at both ends.

    Args:
        x, y: of the bodies, in pixels.
        span: length of one wing.
        beat: -1 for lowered wings, 1 for raised ones.
        way: 1 to the right, -1 to the left.
    """
    lines = []
    for side in (-1.0, 1.0):
        elbow_x, elbow_y = x + side * span * 0.46, y - span * (0.20 + 0.30 * beat)
        tip_x, tip_y = x + side * span * 0.98, y - span * (0.02 + 0.62 * beat - 0.10)
        lines.append(np.stack([x, y, elbow_x, elbow_y, span * 0.17, span * 0.13], -1))
        lines.append(np.stack([elbow_x, elbow_y, tip_x, tip_y, span * 0.13, span * 0.03], -1))
    body = way * span * 0.22
    lines.append(np.stack([x - body, y, x + body, y + 0.3, span * 0.10, span * 0.16], -1))
    return np.concatenate(lines).astype(np.float32)


@compiled
def draw_strokes(plane: Field, lines: Field, luma: float, first: int, end: int) -> None:
    """Blend tapered lines of one luma over rows of a plane."""
    columns = plane.shape[1]
    for n in range(lines.shape[0]):
        x0, y0, x1, y1, w0, w1 = lines[n]
        reach = max(w0, w1) / 2 + 1
        left, right = max(int(min(x0, x1) - reach), 0), min(int(max(x0, x1) + reach) + 2, columns)
        top, bottom = max(int(min(y0, y1) - reach), first), min(int(max(y0, y1) + reach) + 2, end)
        dx, dy = x1 - x0, y1 - y0
        length = max(dx * dx + dy * dy, np.float32(1e-6))
        for i in range(top, bottom):
            for j in range(left, right):
                px, py = np.float32(j) + np.float32(0.5) - x0, np.float32(i) + np.float32(0.5) - y0
                t = min(max((px * dx + py * dy) / length, np.float32(0)), np.float32(1))
                ex, ey = px - t * dx, py - t * dy
                radius = (w0 + t * (w1 - w0)) / 2
                cover = max(radius, np.float32(0.45)) + np.float32(0.5) - np.sqrt(ex * ex + ey * ey)
                cover = min(max(cover, np.float32(0)), np.float32(1)) * min(
                    radius * 2, np.float32(1)
                )
                plane[i, j] += (np.float32(luma) - plane[i, j]) * cover * np.float32(0.9)
