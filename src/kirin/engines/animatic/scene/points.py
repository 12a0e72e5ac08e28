"""Soft points of light: stars that twinkle, flakes that fall."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from kirin.engines.animatic.camera.pose import Pose
from kirin.engines.animatic.scene.layer import DEEP, Canvas, Depth, Lens
from kirin.engines.animatic.scene.noise import Field
from kirin.vision.compiled import compiled


class Stars:
    """Stars, most of them faint, a few bright; they twinkle.

    Args:
        lens: tells how far they must reach.
        horizon: pixels below the centre at which they fade out; infinite for none.
        density: stars for each 1000 square pixels of a view of 1280 x 720.
        depth: how near they are, for space.
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
        # Star counts grow fourfold from one magnitude to the next but one.
        power = 13.0 / np.maximum(rng.random(count), 0.004) ** 0.62
        if np.isfinite(horizon):
            power *= np.clip((horizon - self._y) / (0.40 * lens.height), 0.0, 1.0) ** 1.5
        self._power = np.minimum(power, 210.0).astype(np.float32)
        self._size = (unit * (0.55 + 0.0035 * self._power)).astype(np.float32)
        self._rate = rng.uniform(2.0, 6.0, count).astype(np.float32)
        self._phase = rng.uniform(0, 6.28, count).astype(np.float32)
        self._hue = np.clip(rng.normal(0, 0.05, count), -0.12, 0.12).astype(np.float32)

    def span(self, lens: Lens, pose: Pose, canvas: Canvas) -> tuple[int, int, int]:  # noqa: ARG002
        """All rows, hiding none."""
        height = canvas.y.shape[0]
        return 0, height, height

    def draw(
        self, canvas: Canvas, lens: Lens, pose: Pose, seconds: float, rows: tuple[int, int]
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
    """Add soft points to rows of a plane.

    Args:
        x, y: in samples.
        size: standard deviation in samples.
        power: what the middle gains; with ``towards``, the share by which it goes there.
        towards: 0 to add light, else the value that opaque points have.
    """
    columns = plane.shape[1]
    for n in range(x.shape[0]):
        s = size[n]
        reach = 2.5 * s + 0.5
        left, right = max(int(x[n] - reach), 0), min(int(x[n] + reach) + 2, columns)
        top, bottom = max(int(y[n] - reach), first), min(int(y[n] + reach) + 2, end)
        # Points smaller than a sample keep their light, and do not blink as they move.
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
