"""Rain as sheets of streaks."""

from __future__ import annotations

import numpy as np

from kirin.engines.animatic.camera.pose import Pose
from kirin.engines.animatic.scene.canvas import Floats, SceneCanvas
from kirin.engines.animatic.scene.layer import Bytes
from kirin.engines.animatic.scene.lens import Lens
from kirin.engines.animatic.scene.noise import Field
from kirin.vision.compiled import compiled

_SHEETS = ((1.0, 0.55, 1.0), (0.62, 0.42, 0.75), (0.36, 0.30, 0.55))
"""Disparity, brightness and speed of the sheets of rain, the nearest first."""
_POWER = 1.25
"""Streaks must outlive the encoder."""


class Rain:
    """Rain as sheets of streaks at several disparities.

    Args:
        rng: of the streaks.
        lens: of the scene.
        slant: horizontal pixels per vertical pixel.
        brightness: luma that a near streak adds.
        density: 1 for steady rain.
    """

    _TILE = 1024

    def __init__(
        self, rng: np.random.Generator, lens: Lens, slant: float, brightness: float, density: float
    ) -> None:
        self._unit = float(np.sqrt(lens.width * lens.height / (1280 * 720)))
        brightness = brightness * _POWER
        self._slant = slant
        self._sheets = [
            _streaks(
                rng,
                self._TILE,
                int(density * 300 / disparity / max(self._unit, 0.12) ** 2),
                (46.0 + 64.0 * disparity) * self._unit,
                (1.0 + 2.2 * disparity) * self._unit,
                slant,
                brightness * glow,
            )
            for disparity, glow, _ in _SHEETS
        ]

    def span(self, lens: Lens, pose: Pose, canvas: SceneCanvas) -> tuple[int, int, int]:  # noqa: ARG002
        """All rows, none of them opaque."""
        height = canvas.y.shape[0]
        return 0, height, height

    def draw(
        self, canvas: SceneCanvas, lens: Lens, pose: Pose, seconds: float, rows: tuple[int, int]
    ) -> None:
        """Add the streaks to rows of a canvas."""
        for sheet, (disparity, _, speed) in zip(self._sheets, _SHEETS, strict=True):
            view = pose.view(disparity)
            fallen = 1900.0 * speed * self._unit * seconds
            _fall(
                canvas.y,
                sheet,
                int(fallen - view.y * lens.height),
                int(fallen * self._slant - view.x * lens.width * view.scale),
                rows[0],
                rows[1],
            )


def _streaks(
    rng: np.random.Generator,
    size: int,
    count: int,
    length: float,
    width: float,
    slant: float,
    brightness: float,
) -> Bytes:
    tile = np.zeros((size, size), np.float32)
    x, y = rng.random(count) * size, rng.random(count) * size
    long = length * rng.uniform(0.5, 1.3, count)
    power = brightness * rng.uniform(0.35, 1.0, count)
    _streak(tile, x, y, long, power, width, slant)
    return np.clip(tile, 0, 255).astype(np.uint8)


@compiled
def _streak(
    tile: Field, x: Floats, y: Floats, length: Floats, power: Floats, width: float, slant: float
) -> None:
    size = tile.shape[0]
    for n in range(x.shape[0]):
        for k in range(int(length[n])):
            share = (k + 0.5) / length[n]
            fade = 4 * share * (1 - share)
            centre = x[n] + slant * k
            row = int(y[n] + k) % size
            for d in range(-3, 4):
                at = int(centre) + d
                off = (at + 0.5 - centre) / max(width * 0.5, 0.6)
                tile[row, at % size] += power[n] * fade * np.exp(-off * off)


@compiled
def _fall(plane: Field, tile: Bytes, down: int, across: int, first: int, end: int) -> None:
    columns = plane.shape[1]
    mask = tile.shape[0] - 1
    for i in range(first, end):
        line, target = tile[(i - down) & mask], plane[i]
        for j in range(columns):
            target[j] += np.float32(line[(j - across) & mask])
