"""Painted styles: watercolour, oil, pastel."""

from __future__ import annotations

import cv2
import numpy as np

from kirin.engines.animatic.look.frame_format import FrameFormat
from kirin.engines.animatic.look.frame_style import (
    Field,
    enlarge,
    levels,
    reduced,
    resized,
    soft,
    thicken,
)
from kirin.engines.animatic.look.smoothing import brushed
from kirin.engines.animatic.look.textures import noise, paper, texture
from kirin.vision.compiled import compiled
from kirin.vision.kernels import Plane
from kirin.vision.planes import Planes

_PAPER = 232
"""Luma of paper."""

_MIDDLE = (16.0, 40.0, 70.0), (16.0, 40.0, 118.0)
"""Mean luma of a picture, and what luma stays when oil gives it more contrast: a night's own."""


class Watercolour:
    """Washes on cold-pressed paper, with darker rims of pigment and an unpainted margin.

    Paper, the wobble of the outlines and the blots stay where they are: only the picture moves.
    """

    def __init__(self, form: FrameFormat) -> None:
        self._form = form
        width, height = form.work
        across, down = (
            resized(noise(form, tag, {26.0: 1.0, 9.0: 0.5}), form.work) for tag in (70, 71)
        )
        reach = np.float32(2.2 * form.scale)
        x, y = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
        self._maps = cv2.convertMaps(x + reach * across, y + reach * down, cv2.CV_16SC2)
        blots = noise(form, 72, {90.0: 1.0, 28.0: 0.7, 8.0: 0.25})
        self._blots = np.asarray(1 + 0.11 * resized(blots, form.work), np.float32)
        self._tooth = paper(form, 74)
        self._margin, self._margin_half = _margins(form)

    def apply(self, planes: Planes, index: int) -> None:  # noqa: ARG002
        """Restyle a frame in place."""
        scale = self._form.scale
        y, u, v = (self._wobbled(plane) for plane in reduced(planes, self._form.work))
        y, u, v = brushed(y, u, v, max(1, round(2 * scale)))
        # Water carries pigment to the rim of a wash.
        rim = np.clip(soft(y, 2.4 * scale + 0.3) - y - 1.0, 0, 12)
        share = np.clip(levels(y, 2, 97, 90.0), 0, 1) ** np.float32(0.80)
        density = (np.float32(0.90) - np.float32(0.84) * share) * self._blots
        density += rim * np.float32(0.020)
        enlarge(_PAPER - 190 * np.clip(density, 0, 1), planes.y)
        enlarge(128 + (u - 128) * np.float32(1.25) - 2, planes.u)
        enlarge(128 + (v - 128) * np.float32(1.25) + 2, planes.v)
        thicken(planes.y, self._tooth, 0.30)
        _blend_to(planes.y, self._margin, _PAPER)
        _blend_to(planes.u, self._margin_half, 126)
        _blend_to(planes.v, self._margin_half, 130)

    def _wobbled(self, plane: Field) -> Field:
        """A plane whose outlines waver as a brush does."""
        moved = cv2.remap(plane, *self._maps, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        return np.asarray(moved, np.float32)


def _margins(form: FrameFormat) -> tuple[Plane, Plane]:
    """How much of the paper at the frame's edges is bare: 255 all."""
    x = np.arange(form.width, dtype=np.float32)
    y = np.arange(form.height, dtype=np.float32)
    side = np.minimum(x, form.width - 1 - x)[None]
    rest = np.minimum(y, form.height - 1 - y)[:, None]
    distance = np.minimum(side, rest) / np.float32(form.unit)
    ragged = noise(form, 73, {34.0: 1.0, 7.0: 0.5, 1.5: 0.18})
    bare = np.clip((24 + 5 * ragged - distance) / 4 + 0.5, 0, 1)
    full = np.asarray(bare * 255).astype(np.uint8)
    return full, resized(full, (form.width // 2, form.height // 2))


@compiled
def _blend_to(plane: Plane, share: Plane, value: int) -> None:
    rows, columns = plane.shape
    for i in range(rows):
        line, by = plane[i], share[i]
        for x in range(columns):
            w = np.int32(by[x])
            if w:
                line[x] = np.uint8((np.int32(line[x]) * (255 - w) + value * w + 127) // 255)


class Oil:
    """Oil on canvas: strokes along the shapes, their ridges lit from the upper left."""

    def __init__(self, form: FrameFormat) -> None:
        self._form = form
        rng = form.rng(80)
        width, height = form.work
        bristle = soft(rng.standard_normal((height, width), np.float32), max(0.7 * form.scale, 0.5))
        self._reach = max(2, round(6 * form.scale))
        # With a margin, because the strokes at the border begin beyond it.
        wrapped = np.pad(bristle / bristle.std(), self._reach, mode="wrap")
        self._bristle = np.asarray(wrapped, np.float32)

    def apply(self, planes: Planes, index: int) -> None:  # noqa: ARG002
        """Restyle a frame in place."""
        scale = self._form.scale
        y, u, v = brushed(*reduced(planes, self._form.work), max(1, round(2 * scale)))
        along_x, along_y = _grain_direction(y, scale)
        ridge = np.empty_like(y)
        _smear(self._bristle, along_x, along_y, self._reach, ridge)
        step = max(1, round(scale))
        light = ridge - np.roll(ridge, (step, step), (0, 1))
        # Thick paint takes more light where it is bright.
        body = np.float32(3.0) + np.float32(0.034) * (y - 16)
        middle = np.float32(np.interp(y.mean(), *_MIDDLE))
        y = (y - middle) * np.float32(1.10) + middle + light * body + ridge * np.float32(2.2)
        enlarge(np.clip(y, 18, 235), planes.y)
        enlarge(128 + (u - 128) * np.float32(1.3), planes.u)
        enlarge(128 + (v - 128) * np.float32(1.3), planes.v)


def _grain_direction(y: Field, scale: float) -> tuple[Field, Field]:
    """Unit vectors along the shapes: the minor eigenvector of the smoothed structure tensor.

    Where there is no shape, the strokes fall to the left.
    """
    small = cv2.resize(y, (y.shape[1] // 2, y.shape[0] // 2), interpolation=cv2.INTER_AREA)
    gx = cv2.Sobel(small, cv2.CV_32F, 1, 0)
    gy = cv2.Sobel(small, cv2.CV_32F, 0, 1)
    sigma = 4.0 * scale + 0.5
    # Doubled angles, because a direction and its opposite are the same.
    cos = soft(np.asarray(gx * gx - gy * gy, np.float32), sigma)
    sin = soft(np.asarray(2 * gx * gy, np.float32), sigma)
    # The prior: strokes at 115 degrees, with the weight of a faint edge.
    angle = np.arctan2(sin + np.float32(6.0 * 0.77), cos + np.float32(6.0 * 0.64)) / 2 + np.float32(
        np.pi / 2
    )
    x, y_ = np.cos(angle).astype(np.float32), np.sin(angle).astype(np.float32)
    return x, y_


@compiled
def _smear(source: Field, along_x: Field, along_y: Field, reach: int, out: Field) -> None:
    """Mean along strokes: a line integral convolution with straight lines.

    Args:
        source: larger than ``out`` by ``reach`` on each side.
        along_x, along_y: unit vectors at half the size of ``out``.
        reach: half the length of a stroke.
        out: the result.
    """
    rows, columns = out.shape
    last_row, last_column = along_x.shape[0] - 1, along_x.shape[1] - 1
    scale = np.float32(1.0 / np.sqrt(2.0 * reach + 1.0))
    for i in range(rows):
        at = min(i >> 1, last_row)
        for x in range(columns):
            k = min(x >> 1, last_column)
            dx, dy = along_x[at, k], along_y[at, k]
            total = source[i + reach, x + reach]
            for n in range(1, reach + 1):
                jx, jy = np.int32(np.float32(n) * dx), np.int32(np.float32(n) * dy)
                total += source[i + reach + jy, x + reach + jx]
                total += source[i + reach - jy, x + reach - jx]
            out[i, x] = total * scale


class Pastel:
    """Soft chalks on toothed paper: light, low in contrast, shadows of lavender."""

    def __init__(self, form: FrameFormat) -> None:
        self._form = form
        tooth = noise(form, 90, {0.8: 1.0, 1.6: 0.6})
        # Chalk is drawn in one direction.
        kernel = np.zeros((15, 15), np.float32)
        cv2.line(kernel, (2, 11), (12, 3), 1.0, 1, cv2.LINE_AA)
        stroke = cv2.filter2D(tooth, -1, kernel / kernel.sum())
        self._chalk = texture(np.asarray(0.6 * tooth + 0.9 * stroke / stroke.std(), np.float32), 42)

    def apply(self, planes: Planes, index: int) -> None:  # noqa: ARG002
        """Restyle a frame in place."""
        scale = self._form.scale
        y, u, v = brushed(*reduced(planes, self._form.work), max(1, round(2 * scale)))
        bloom = soft(y, 7 * scale)
        share = np.clip(levels(np.asarray(0.86 * y + 0.14 * bloom, np.float32), 2, 97, 110.0), 0, 1)
        y = 100 + 131 * share ** np.float32(0.9)
        dark = (1 - share) ** 2
        strength = np.float32(1.0)
        enlarge(y, planes.y)
        enlarge(128 + (u - 128) * strength + 7 * dark - 1, planes.u)
        enlarge(128 + (v - 128) * strength + 5 * dark + 3, planes.v)
        thicken(planes.y, self._chalk, 0.26)
