"""Styles that change tones and colours alone: black and white, noir, sepia, high contrast."""

from __future__ import annotations

import cv2
import numpy as np

from kirin.engines.animatic.look.frame_format import FrameFormat
from kirin.engines.animatic.look.frame_style import (
    BLACK,
    WHITE,
    Field,
    apply_table,
    curve,
    neutral,
    percentiles,
    saturate,
    weigh,
)
from kirin.engines.animatic.look.textures import gain, radial
from kirin.vision.compiled import compiled
from kirin.vision.kernels import Plane
from kirin.vision.planes import Planes


@compiled
def _filter(y: Plane, u: Plane, v: Plane, blue: float, red: float, table: Plane) -> None:
    """Weigh colours as a filter before black and white film does, then look up tones."""
    rows, columns = y.shape
    b, r = np.float32(blue), np.float32(red)
    for i in range(rows):
        line, cb, cr = y[i], u[i >> 1], v[i >> 1]
        for x in range(0, columns, 2):
            k = x >> 1
            lift = b * (np.float32(cb[k]) - np.float32(128)) + r * (
                np.float32(cr[k]) - np.float32(128)
            )
            for j in (x, x + 1):
                value = min(max(np.float32(line[j]) + lift, np.float32(16)), np.float32(235))
                line[j] = table[np.int32(value + np.float32(0.5))]


class BlackAndWhite:
    """Black and white film behind a yellow filter, which darkens blue sky."""

    def __init__(self) -> None:
        self._table = curve([(0, 0), (0.12, 0.085), (0.5, 0.52), (0.85, 0.90), (1, 1)])

    def apply(self, planes: Planes, index: int) -> None:  # noqa: ARG002
        """Restyle a frame in place."""
        _filter(planes.y, planes.u, planes.v, -0.35, 0.25, self._table)
        neutral(planes)


class Noir:
    """Film noir: hard contrast, deep shadows, the light of a blind across the picture."""

    def __init__(self, form: FrameFormat) -> None:
        self._table = curve(
            [(0, 0), (0.12, 0.02), (0.30, 0.16), (0.52, 0.62), (0.78, 0.97), (1, 1)]
        )
        self._light = gain(_blind(form))

    def apply(self, planes: Planes, index: int) -> None:  # noqa: ARG002
        """Restyle a frame in place."""
        _expose(planes.y)
        _filter(planes.y, planes.u, planes.v, -0.25, 0.35, self._table)
        weigh(planes.y, self._light, BLACK)
        neutral(planes)


def _expose(y: Plane) -> None:
    """Expose for the shadows: a noir is lit by hard light on few things."""
    middle, bright = percentiles(y, [50, 98])
    # The middle goes to dark grey, but the brightest part stays light.
    factor = max(74 / max(middle - BLACK, 20.0), 135 / max(bright - BLACK, 30.0))
    factor = min(max(factor, 0.6), 1.9)
    values = BLACK + (np.arange(256) - BLACK) * factor
    apply_table(y, np.clip(values, BLACK, WHITE).astype(np.uint8))


def _blind(form: FrameFormat) -> Field:
    """Brightness by position: slanting bars of light in a pool, dark corners."""
    rng = form.rng(40)
    long = max(form.width, form.height)
    x = (np.arange(form.width, dtype=np.float32)[None] - form.width / 2) / long
    y = (np.arange(form.height, dtype=np.float32)[:, None] - form.height / 2) / long
    side = float(rng.choice([-1.0, 1.0]))
    across = y + np.float32(0.16 * side) * x
    phase = across / np.float32(0.052)
    bar = np.abs(phase - np.floor(phase) - 0.5) * 2
    # The penumbra widens with the distance from the window.
    edge = np.clip(0.30 + 0.35 * side * x, 0.14, 0.5)
    lit = np.clip((0.60 - bar) / edge + 0.5, 0, 1)
    pool = np.exp(-(((x - 0.10 * side) / 0.34) ** 2) * 0.9 - (y / 0.30) ** 2 * 0.6)
    bars = 1.10 - 0.46 * pool * (1 - lit)
    corners = np.clip(1.16 - 0.95 * radial(form) ** 1.9, 0.08, 1.0)
    return np.asarray(bars * corners, np.float32)


class Sepia:
    """A toned print: brown shadows, cream lights, a little faded."""

    def __init__(self, form: FrameFormat) -> None:
        self._table = curve([(0, 0.06), (0.25, 0.24), (0.6, 0.66), (1, 0.95)])
        self._edge = gain(np.asarray(np.clip(1.05 - 0.42 * radial(form) ** 2.4, 0, 1), np.float32))
        share = np.clip((np.arange(256) - BLACK) / (WHITE - BLACK), 0, 1)
        # The tone is strongest in the middle: neither black nor paper takes much.
        tone = 0.45 + 0.55 * np.sin(np.pi * np.clip(share * 0.94 + 0.03, 0, 1)) ** 0.8
        self._u = np.round(128 - 21 * tone).astype(np.uint8)
        self._v = np.round(128 + 15 * tone).astype(np.uint8)

    def apply(self, planes: Planes, index: int) -> None:  # noqa: ARG002
        """Restyle a frame in place."""
        _filter(planes.y, planes.u, planes.v, -0.20, 0.15, self._table)
        weigh(planes.y, self._edge, BLACK)
        size = planes.u.shape[1], planes.u.shape[0]
        half = cv2.resize(planes.y, size, interpolation=cv2.INTER_AREA)
        cv2.LUT(half, self._u, dst=planes.u)
        cv2.LUT(half, self._v, dst=planes.v)


class HighContrast:
    """Deep blacks, bright whites, strong colours."""

    def __init__(self) -> None:
        self._table = curve(
            [(0, 0), (0.10, 0.015), (0.28, 0.15), (0.52, 0.58), (0.76, 0.91), (1, 1)]
        )

    def apply(self, planes: Planes, index: int) -> None:  # noqa: ARG002
        """Restyle a frame in place."""
        # The steepest part lies at the picture's own middle, so that nights stay readable.
        (bright,) = percentiles(planes.y, [98])
        factor = min(max((206 - BLACK) / max(bright - BLACK, 30.0), 1.0), 1.6)
        stretch = np.clip(BLACK + (np.arange(256) - BLACK) * factor + 0.5, BLACK, WHITE)
        apply_table(planes.y, self._table[stretch.astype(np.uint8)])
        saturate(planes, 1.3)
