"""An abstract place: shapes of colour that flow into each other."""

from __future__ import annotations

import cv2
import numpy as np

from kirin.engines.animatic.camera.pose import Pose
from kirin.engines.animatic.scene.assembly import Drawable
from kirin.engines.animatic.scene.canvas import Floats, SceneCanvas
from kirin.engines.animatic.scene.colour import Paint, ink, to_yuv
from kirin.engines.animatic.scene.layer import SceneLayer
from kirin.engines.animatic.scene.lens import Depth, Lens
from kirin.engines.animatic.scene.noise import Field, smoothstep
from kirin.engines.animatic.scene.setting import Setting
from kirin.vision.compiled import compiled

_PALETTES = (
    ("#120a3a", "#3a1a8a", "#c42a8a", "#ff7a4a", "#ffd87a"),
    ("#04202c", "#0a5a6a", "#20b0a0", "#a0e8b0", "#fff4c0"),
    ("#2a0a18", "#8a1a2a", "#e8502a", "#ffb04a", "#ffe8d0"),
    ("#0a1030", "#1a4ab0", "#4aa0f0", "#b090ff", "#ffc0e0"),
    ("#141418", "#404a5a", "#b09a7a", "#e8c890", "#f8f0e0"),
)
_COARSE = 8
"""Pixels per sample of the flow: it is smooth."""
_LEVELS = 512


class ColourFlow:
    """Warped waves of colour under the camera, drawn at an eighth of the size and enlarged.

    Args:
        rng: of the waves and the colours.
    """

    def __init__(self, rng: np.random.Generator) -> None:
        codes = _PALETTES[int(rng.integers(len(_PALETTES)))]
        stops = np.stack([ink(code) for code in codes])
        place = np.linspace(0, len(codes) - 1, _LEVELS)
        ramp = np.stack([np.interp(place, range(len(codes)), stops[:, c]) for c in range(3)], -1)
        self._ramp = np.stack(to_yuv(ramp.astype(np.float32))).astype(np.float32)
        self._waves = np.stack(
            [
                rng.uniform(0.8, 2.6, 6) * rng.choice([-1, 1], 6),
                rng.uniform(0.8, 2.6, 6),
                rng.uniform(0.25, 0.6, 6) * rng.choice([-1, 1], 6),
                rng.uniform(0, 6.28, 6),
            ]
        ).astype(np.float64)

    def span(self, lens: Lens, pose: Pose, canvas: SceneCanvas) -> tuple[int, int, int]:  # noqa: ARG002
        """All rows, all opaque."""
        height = canvas.y.shape[0]
        return 0, 0, height

    def draw(
        self,
        canvas: SceneCanvas,
        lens: Lens,
        pose: Pose,
        seconds: float,
        rows: tuple[int, int],  # noqa: ARG002
    ) -> None:
        """Fill the canvas."""
        view = pose.view(0.25)
        height, width = canvas.y.shape
        level = np.empty((height // _COARSE + 2, width // _COARSE + 2), np.float32)
        scale = _COARSE / view.scale / lens.height
        x0 = view.x * lens.width / lens.height - level.shape[1] / 2 * scale
        y0 = view.y - level.shape[0] / 2 * scale
        _flow(level, x0, y0, scale, self._waves, seconds)
        # Half size is fine enough for a gradient; banding is hidden by the grain.
        half = cv2.resize(level, (width // 2, height // 2), interpolation=cv2.INTER_CUBIC)
        place = np.clip(half * (_LEVELS - 1), 0, _LEVELS - 1).astype(np.int32)
        full = cv2.resize(self._ramp[0][place], (width, height), interpolation=cv2.INTER_LINEAR)
        canvas.y[:] = full
        canvas.u[:] = self._ramp[1][place]
        canvas.v[:] = self._ramp[2][place]


@compiled
def _flow(level: Field, x0: float, y0: float, scale: float, waves: Floats, seconds: float) -> None:
    for i in range(level.shape[0]):
        for j in range(level.shape[1]):
            x, y = x0 + j * scale, y0 + i * scale
            for k in range(6):
                x += 0.22 * np.sin(waves[0, k] * 1.6 * y + waves[2, k] * seconds + waves[3, k])
                y += 0.22 * np.sin(waves[1, k] * 1.6 * x - waves[2, k] * seconds + waves[3, k])
            value = 0.5 + 0.5 * np.sin(2.4 * x + 1.7 * y + 0.3 * seconds)
            fold = 0.5 + 0.5 * np.sin(5.0 * x - 3.0 * y)
            level[i, j] = 0.82 * value + 0.18 * fold * value


def abstract_drawables(setting: Setting) -> list[Drawable]:
    """Flowing colours, with soft discs in front of them that drift."""
    lens, rng = setting.lens, setting.rng(230)
    parts: list[Drawable] = [ColourFlow(rng)]
    codes = _PALETTES[int(rng.integers(len(_PALETTES)))]
    for k in range(7):
        depth = Depth(0.35 + 0.11 * k, 0.35 + 0.11 * k)
        radius = float(rng.uniform(0.03, 0.13)) * lens.height
        x, y = (
            float(rng.uniform(-0.46, 0.46)) * lens.width,
            float(rng.uniform(-0.4, 0.4)) * lens.height,
        )
        drift = float(rng.uniform(-0.03, 0.03)) * lens.width
        patch = lens.patch(depth, y - 1.2 * radius, y + 1.2 * radius, 0.0, coarse=2.0)
        patch = type(patch)(
            x - 1.3 * radius,
            patch.top,
            patch.step,
            2 * int(1.3 * radius / patch.step + 2),
            patch.height,
        )
        u, v = (patch.x() - x) / radius, (patch.y() - y) / radius
        distance = np.sqrt(u * u + v * v)
        lit = np.clip(0.85 - 0.5 * (u + v) * 0.7, 0.2, 1.6)
        rgb = ink(codes[1 + int(rng.integers(4))]) * lit[..., None].astype(np.float32)
        edge = min(3.0 * patch.step / radius, 0.15)
        alpha = 0.82 * (1.0 - smoothstep(1.0 - edge, 1.0 + edge, distance.astype(np.float32)))
        alpha[:, :2] = alpha[:, -2:] = 0.0
        parts.append(
            SceneLayer(Paint(np.asarray(rgb, np.float32), alpha), patch, depth, drift=drift)
        )
    return parts
