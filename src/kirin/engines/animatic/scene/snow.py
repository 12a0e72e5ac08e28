"""Falling snow."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kirin.engines.animatic.camera.pose import Pose
from kirin.engines.animatic.scene.canvas import SceneCanvas
from kirin.engines.animatic.scene.colour import to_yuv
from kirin.engines.animatic.scene.lens import Lens
from kirin.engines.animatic.scene.light import Light
from kirin.engines.animatic.scene.points import dots


class Snow:
    """Swaying snowflakes at many disparities.

    Args:
        rng: of the flakes.
        lens: of the scene.
        density: 1 for steady snow.
        luma: of a flake.
    """

    def __init__(self, rng: np.random.Generator, lens: Lens, density: float, luma: float) -> None:
        count = int(1500 * density)
        self._luma = luma
        self._near = np.sort(rng.uniform(0.12, 1.0, count) ** 1.6).astype(np.float32)
        self._x, self._y = rng.random((2, count)).astype(np.float32)
        self._phase = rng.uniform(0, 6.28, count).astype(np.float32)
        self._rate = rng.uniform(0.5, 1.4, count).astype(np.float32)
        unit = float(np.sqrt(lens.width * lens.height / (1280 * 720)))
        # Flakes of one distance differ in size as they clump; a few drift close to the lens.
        clump = np.clip(rng.lognormal(0.0, 0.42, count), 0.45, 2.6)
        self._size = (unit * (0.6 + 2.6 * self._near**1.5) * clump).astype(np.float32)
        self._power = (0.97 - 0.40 * self._near).astype(np.float32)
        close = rng.random(count) < 0.012
        self._size[close] = (unit * rng.uniform(6.0, 13.0, int(close.sum()))).astype(np.float32)
        self._power[close] = 0.34
        self._near[close] = 1.15

    @property
    def sizes(self) -> NDArray[np.float32]:
        """Standard deviations of the flakes in pixels."""
        return self._size

    def span(self, lens: Lens, pose: Pose, canvas: SceneCanvas) -> tuple[int, int, int]:  # noqa: ARG002
        """All rows, none of them opaque."""
        height = canvas.y.shape[0]
        return 0, height, height

    def draw(
        self, canvas: SceneCanvas, lens: Lens, pose: Pose, seconds: float, rows: tuple[int, int]
    ) -> None:
        """Draw the flakes on rows of a canvas."""
        height, width = canvas.y.shape
        # Flakes wrap around, a little outside of the view.
        box_x, box_y = width * 1.1, height * 1.1
        sway = 0.012 * np.sin(self._rate * seconds * 2.0 + self._phase) * self._near
        pan_x = pose.x * lens.width + pose.truck_x * self._near * lens.width
        pan_y = pose.y * lens.height + pose.truck_y * self._near * lens.height
        x = (self._x + sway + 0.025 * seconds * self._near) * box_x - pan_x
        y = (self._y + (0.05 + 0.17 * self._near) * seconds) * box_y - pan_y
        x = (np.mod(x, box_x) - 0.05 * width).astype(np.float32)
        y = (np.mod(y, box_y) - 0.05 * height).astype(np.float32)
        dots(canvas.y, x, y, self._size, self._power, self._luma, rows[0], rows[1])
        half = (self._size * np.float32(0.5)).astype(np.float32)
        for plane in (canvas.u, canvas.v):
            dots(plane, x / 2, (y - 0.5) / 2, half, self._power, 128.0, rows[0] // 2, rows[1] // 2)


def flake_luma(light: Light) -> float:
    """Luma of falling snow: a little brighter than the sky behind it."""
    colour = light.horizon * np.float32(0.9) + light.ambient * np.float32(0.9)
    return min(float(to_yuv(colour[None])[0][0]) + 30.0, 232.0)
