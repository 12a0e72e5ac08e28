"""Soft points: twinkling stars, and dots for snowflakes."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from kirin.engines.animatic.camera.pose import Pose
from kirin.engines.animatic.scene.canvas import SceneCanvas
from kirin.engines.animatic.scene.lens import DEEP, Depth, Lens
from kirin.engines.animatic.scene.noise import Field
from kirin.vision.compiled import compiled


class Stars:
    """Twinkling stars, most of them faint.

    Args:
        rng: of their positions.
        lens: of the scene.
        horizon: in pixels below the centre, where they fade out; infinite for no horizon.
        density: stars per 1000 square pixels of a view of 1280 x 720.
        depth: their disparity.
    """

    def __init__(
        self,
        rng: np.random.Generator,
        lens: Lens,
        horizon: float,
        density: float,
        depth: Depth = DEEP,
    ) -> None:
        self._depth = depth
        patch = lens.patch(depth, -np.inf, min(horizon, 1e9))
        width, height = patch.width * patch.step, patch.height * patch.step
        unit = np.sqrt(lens.width * lens.height / (1280 * 720))
        count = int(density * width * height / (1000.0 * unit * unit))
        self._x = (patch.left + rng.random(count) * width).astype(np.float32)
        self._y = (patch.top + rng.random(count) * height).astype(np.float32)
        # Star counts grow with magnitude by a power law.
        power = 13.0 / np.maximum(rng.random(count), 0.004) ** 0.62
        if np.isfinite(horizon):
            power *= np.clip((horizon - self._y) / (0.40 * lens.height), 0.0, 1.0) ** 1.5
        self._power = np.minimum(power, 210.0).astype(np.float32)
        self._size = (unit * (0.55 + 0.0035 * self._power)).astype(np.float32)
        self._rate = rng.uniform(2.0, 6.0, count).astype(np.float32)
        self._phase = rng.uniform(0, 6.28, count).astype(np.float32)
        self._hue = np.clip(rng.normal(0, 0.05, count), -0.12, 0.12).astype(np.float32)

    def span(self, lens: Lens, pose: Pose, canvas: SceneCanvas) -> tuple[int, int, int]:  # noqa: ARG002
        """All rows, none of them opaque."""
        height = canvas.y.shape[0]
        return 0, height, height

    def draw(
        self, canvas: SceneCanvas, lens: Lens, pose: Pose, seconds: float, rows: tuple[int, int]
    ) -> None:
        """Add their light to rows of a canvas."""
        view = pose.view(self._depth.far)
        height, width = canvas.y.shape
        x = (self._x - view.x * lens.width) * view.scale + width / 2 - 0.5
        y = (self._y - view.y * lens.height) * view.scale + height / 2 - 0.5
        power = self._power * (1.0 + 0.22 * np.sin(self._rate * seconds + self._phase))
        dots(canvas.y, x, y, self._size, power.astype(np.float32), 0.0, rows[0], rows[1])
        half = power * self._hue
        size = self._size * np.float32(0.7)
        first, last = rows[0] // 2, rows[1] // 2
        dots(canvas.v, x / 2, (y - 0.5) / 2, size, half.astype(np.float32), 0.0, first, last)
        dots(canvas.u, x / 2, (y - 0.5) / 2, size, (-half).astype(np.float32), 0.0, first, last)


@compiled
def dots(
    plane: Field,
    x: NDArray[Any],
    y: NDArray[Any],
    size: Field,
    power: Field,
    towards: float,
    first: int,
    end: int,
) -> None:
    """Draw Gaussian points on rows of a plane.

    Args:
        plane: that is drawn on.
        x, y: positions in samples.
        size: standard deviation in samples.
        power: what the centre gains; with ``towards``, its opacity.
        towards: 0 to add light, else the value of the points.
        first, end: rows.
    """
    columns = plane.shape[1]
    for n in range(x.shape[0]):
        s = size[n]
        reach = 2.5 * s + 0.5
        left, right = max(int(x[n] - reach), 0), min(int(x[n] + reach) + 2, columns)
        top, bottom = max(int(y[n] - reach), first), min(int(y[n] + reach) + 2, end)
        # Points smaller than a sample are widened at constant energy, so that they do not flicker.
        soft = s * s + np.float32(0.18)
        keep = s * s / soft
        for i in range(top, bottom):
            dy = np.float32(i) - y[n]
            for j in range(left, right):
                dx = np.float32(j) - x[n]
                share = keep * power[n] * np.exp(-(dx * dx + dy * dy) / (2 * soft))
                if towards > 0:
                    plane[i, j] += (np.float32(towards) - plane[i, j]) * share
                else:
                    plane[i, j] += share
