"""Shafts of light through water, leaves or dust."""

from __future__ import annotations

import cv2
import numpy as np

from kirin.engines.animatic.camera.pose import Pose
from kirin.engines.animatic.scene.canvas import SceneCanvas
from kirin.engines.animatic.scene.lens import Lens
from kirin.engines.animatic.scene.setting import Setting


class Shafts:
    """Shafts of light from above that wander slowly.

    Args:
        setting: of the scene.
        power: luma that a bright shaft adds.
    """

    def __init__(self, setting: Setting, power: float) -> None:
        rng, lens = setting.rng(704), setting.lens
        count = 11
        self._x = rng.uniform(-0.75, 0.75, count)
        self._wide = rng.uniform(0.012, 0.05, count)
        self._rate = rng.uniform(0.25, 0.7, count)
        self._phase = rng.uniform(0, 6.28, count)
        self._lean = -0.45 * float(np.sign(setting.light.side)) * lens.height / lens.width
        self._power = power * float(np.clip(setting.light.key.mean() / 1.2, 0.15, 1.0))

    def span(self, lens: Lens, pose: Pose, canvas: SceneCanvas) -> tuple[int, int, int]:  # noqa: ARG002
        """The upper rows, none of them opaque."""
        height = canvas.y.shape[0]
        return 0, height, int(height * 0.86)

    def draw(
        self, canvas: SceneCanvas, lens: Lens, pose: Pose, seconds: float, rows: tuple[int, int]
    ) -> None:
        """Add light to rows of a canvas."""
        height, width = canvas.y.shape
        small_w, small_h = max(width // 8, 8), max(height // 8, 8)
        x = (np.arange(small_w, dtype=np.float32) + 0.5)[None] / small_w - 0.5
        y = (np.arange(small_h, dtype=np.float32) + 0.5)[:, None] / small_h
        light = np.zeros((small_h, small_w), np.float32)
        view = pose.view(0.3)
        for at, wide, rate, phase in zip(self._x, self._wide, self._rate, self._phase, strict=True):
            middle = at - view.x + 0.02 * np.sin(rate * seconds + phase) + self._lean * (y - 0.2)
            power = 0.55 + 0.45 * np.sin(1.3 * rate * seconds + 2.1 * phase)
            spread = wide * (0.8 + 1.3 * y)
            light += np.float32(power) * np.exp(-(((x - middle) / spread) ** 2))
        fade = np.clip(1.15 - y * 1.35, 0.0, 1.0)
        light *= np.float32(self._power) * fade.astype(np.float32)
        large = cv2.resize(light, (width, height), interpolation=cv2.INTER_LINEAR)
        first, end = rows[0], min(rows[1], height)
        canvas.y[first:end] += large[first:end]
