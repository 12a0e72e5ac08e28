"""Vintage: an old print of a home movie, faded and warm, with leaks of light and dust."""

from __future__ import annotations

import cv2
import numpy as np

from kirin.engines.animatic.look.frame_format import FrameFormat
from kirin.engines.animatic.look.frame_style import (
    BLACK,
    Field,
    apply_table,
    curve,
    saturate,
    weigh,
)
from kirin.engines.animatic.look.textures import gain, radial
from kirin.vision.compiled import compiled
from kirin.vision.kernels import Plane
from kirin.vision.planes import Planes


class Vintage:
    """Lifted blacks, a warm cast, dark corners, light leaks that wander, dust and hairs."""

    def __init__(self, form: FrameFormat) -> None:
        self._form = form
        self._table = curve([(0, 0.115), (0.25, 0.27), (0.6, 0.63), (1, 0.90)])
        self._edge = gain(np.clip(1.06 - 0.40 * radial(form) ** 2.2, 0, 1))
        self._side = float(form.rng(120).choice([0.0, 1.0]))

    def apply(self, planes: Planes, index: int) -> None:
        """Restyle a frame in place."""
        apply_table(planes.y, self._table)
        saturate(planes, 0.66, (-9.0, 7.0))
        weigh(planes.y, self._edge, BLACK)
        seconds = index / self._form.fps
        # A lamp flickers a little; leaks come and go within seconds.
        flicker = 1 + 0.007 * np.sin(37 * seconds) + 0.006 * np.sin(23 * seconds + 1)
        planes.y[:] = cv2.convertScaleAbs(planes.y, alpha=float(flicker))
        self._leak(planes, seconds)
        self._dust(planes.y, index)
        np.clip(planes.y, 16, 235, out=planes.y)

    def _leak(self, planes: Planes, seconds: float) -> None:
        form = self._form
        breath = 0.5 + 0.5 * np.sin(0.9 * seconds + 0.7) * np.sin(0.37 * seconds + 1.9)
        rows, columns = planes.u.shape
        x = (np.arange(columns, dtype=np.float32) + 0.5) / columns
        y = (np.arange(rows, dtype=np.float32)[:, None] + 0.5) / rows
        edge = np.abs(x - np.float32(self._side))[None]
        place = 0.35 + 0.25 * np.sin(0.5 * seconds + form.seed % 7)
        shape = np.exp(-edge / np.float32(0.13)) * np.exp(-(((y - np.float32(place)) / 0.42) ** 2))
        leak = np.asarray(shape * np.float32(0.45 + 0.55 * breath), np.float32)
        reach = int(0.62 * columns)
        area = slice(0, reach) if self._side < 0.5 else slice(columns - reach, columns)
        _leak(planes.y, planes.u, planes.v, leak, area.start, area.stop)

    def _dust(self, y: Plane, index: int) -> None:
        """Specks for one frame each, at times a hair for three, and a scratch that wanders."""
        form = self._form
        rng = np.random.default_rng([form.seed, 121, index])
        unit = form.unit
        for _ in range(int(rng.poisson(3.2))):
            at = int(rng.integers(form.width)), int(rng.integers(form.height))
            radius = max(1, round(float(rng.uniform(0.8, 2.6)) * unit))
            value = 205 if rng.random() < 0.75 else 40
            axes = radius, max(1, round(radius * float(rng.uniform(0.5, 1.0))))
            cv2.ellipse(y, at, axes, float(rng.uniform(0, 180)), 0, 360, value, -1, cv2.LINE_AA)
        rng = np.random.default_rng([form.seed, 122, index // 3])
        if rng.random() < 0.25:
            start = np.array(
                [rng.uniform(0.1, 0.9) * form.width, rng.uniform(0.1, 0.9) * form.height]
            )
            angles = rng.uniform(0, 6.28) + np.cumsum(rng.normal(0, 0.5, 12))
            steps = np.stack([np.cos(angles), np.sin(angles)], axis=1) * 7 * unit
            line = np.round(start + np.cumsum(steps, axis=0)).astype(np.int32)
            cv2.polylines(y, [line[:, None]], False, 52, max(1, round(unit)), cv2.LINE_AA)
        seconds = index / form.fps
        if np.sin(0.8 * seconds + form.seed % 5) > 0.1:
            x = int((0.68 + 0.006 * np.sin(3 * seconds)) * form.width)
            band = y[:, x : x + max(1, round(1.2 * unit))]
            band[:] = cv2.addWeighted(band, 0.82, np.full_like(band, 215), 0.18, 0)


@compiled
def _leak(y: Plane, u: Plane, v: Plane, leak: Field, first: int, end: int) -> None:
    """Add orange light, as a screen does: it fades what is there."""
    for i in range(u.shape[0]):
        for x in range(first, end):
            w = leak[i, x]
            for r in range(2 * i, 2 * i + 2):
                for c in range(2 * x, 2 * x + 2):
                    value = np.float32(y[r, c])
                    y[r, c] = np.uint8(value + (np.float32(214) - value) * w * np.float32(0.62))
            a, b = np.float32(u[i, x]), np.float32(v[i, x])
            u[i, x] = np.uint8(a + (np.float32(72) - a) * w * np.float32(0.8))
            v[i, x] = np.uint8(b + (np.float32(172) - b) * w * np.float32(0.8))
