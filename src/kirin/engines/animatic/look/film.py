"""Styles of the medium: film grain, and the faults of video tape."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from kirin.engines.animatic.look.frame_format import FrameFormat
from kirin.engines.animatic.look.frame_style import Field, apply_table, curve, saturate, soft
from kirin.vision.compiled import compiled
from kirin.vision.kernels import Plane
from kirin.vision.planes import Planes

_TILE = 1024
"""Side of the tile of grain; each frame takes it from another corner, mirrored or not."""


class FilmGrain:
    """Moving grain of fast film: strongest in the middle tones.

    Args:
        form: of the frames.
        strength: standard deviation in middle grey, in steps of luma.
    """

    def __init__(self, form: FrameFormat, strength: float = 9.0) -> None:
        self._form = form
        # Wrapped by a margin, so that the tile has no seam.
        sharp = np.pad(form.rng(50).standard_normal((_TILE, _TILE), np.float32), 8, mode="wrap")
        # Grain is a little coarser than a pixel, whatever the size of the frame.
        grain = soft(sharp, max(0.75 * form.unit, 0.55))[8:-8, 8:-8]
        self._grain = np.clip(grain / grain.std() * 32, -127, 127).astype(np.int8)
        share = np.clip((np.arange(256) - 16) / 219, 0, 1)
        weight = 0.35 + 0.65 * np.sin(np.pi * share**0.8)
        self._weight = (weight * strength / 32).astype(np.float32)

    def apply(self, planes: Planes, index: int) -> None:
        """Restyle a frame in place."""
        rng = np.random.default_rng([self._form.seed, 51, index])
        down, across = (int(side) for side in rng.integers(0, _TILE, 2))
        tile = self._grain[:: int(rng.choice([-1, 1])), :: int(rng.choice([-1, 1]))]
        _speckle(planes.y, np.ascontiguousarray(tile), self._weight, down, across)


@compiled
def _speckle(y: Plane, tile: NDArray[np.int8], weight: Field, down: int, across: int) -> None:
    rows, columns = y.shape
    half, low, top = np.float32(0.5), np.float32(16), np.float32(235)
    for i in range(rows):
        line, grain = y[i], tile[(i + down) & 1023]
        for x in range(columns):
            value = np.float32(line[x])
            value += weight[line[x]] * np.float32(grain[(x + across) & 1023]) + half
            line[x] = np.uint8(np.int32(min(max(value, low), top)))


class Vhs:
    """Video tape: soft luma that rings, colour that bleeds, lines that waver, tracking noise."""

    def __init__(self, form: FrameFormat) -> None:
        self._form = form
        self._table = curve([(0, 0.055), (0.2, 0.20), (0.6, 0.64), (1, 0.96)])
        pitch = max(2.0, form.height / 240)
        rows = np.arange(form.height)
        # The lines of the tube: 240 a field.
        self._lines = (1 - 0.085 * (1 + np.cos(2 * np.pi * rows / pitch))).astype(np.float32)
        self._noise = form.rng(60).standard_normal((256, 1024), np.float32)

    def apply(self, planes: Planes, index: int) -> None:
        """Restyle a frame in place."""
        form, rng = self._form, np.random.default_rng([self._form.seed, 61, index])
        seconds = index / form.fps
        unit = form.width / 1280
        sharp = planes.y
        # The bandwidth of tape is 3 MHz; its recorder sharpens what is left (two-sided ringing).
        near = cv2.GaussianBlur(sharp, (0, 0), max(1.7 * unit, 0.6), sigmaY=0.4)
        wide = cv2.GaussianBlur(sharp, (0, 0), max(4.5 * unit, 1.2), sigmaY=0.4)
        cv2.addWeighted(near, 1.75, wide, -0.75, 0, dst=planes.y)
        apply_table(planes.y, self._table)
        bend, band = self._jitter(rng, seconds)
        grain = np.roll(self._noise, int(rng.integers(256)), 0)
        start = rng.integers(0, 1024, form.height)
        _scan(planes.y, bend, band, self._lines, grain, start)
        self._bleed(planes, bend, unit)

    def _jitter(self, rng: np.random.Generator, seconds: float) -> tuple[Field, Field]:
        """Displacement of each line in pixels, and its share of noise."""
        form = self._form
        rows = np.arange(form.height, dtype=np.float32) / form.height
        unit = form.width / 1280
        line = rng.standard_normal(form.height).astype(np.float32)
        bend = (0.45 * line + 1.3 * np.sin(rows * 9 + 5.1 * seconds) * np.sin(2.3 * seconds)) * unit
        # The tracking band wanders up the picture, once in about seven seconds.
        place = 1.15 - ((seconds / 7.0 + form.seed % 97 / 97) % 1.0) * 1.4
        near = np.exp(-(((rows - place) / 0.022) ** 2))
        tear = near * (9 + 5 * np.sin(31 * seconds))
        # Below, where the heads switch, the lines lean to the side.
        foot = np.clip((rows - 0.972) / 0.028, 0, 1)
        bend = bend + tear * unit + foot**1.6 * (46 + 10 * np.sin(17 * seconds)) * unit
        band = 0.030 + 0.50 * near + 0.42 * (foot > 0)
        return bend.astype(np.float32), band.astype(np.float32)

    def _bleed(self, planes: Planes, bend: Field, unit: float) -> None:
        """Colour has a tenth of luma's bandwidth, and comes late."""
        saturate(planes, 1.18)
        late = 5.0 * unit
        lines = np.ascontiguousarray(bend[::2])
        for plane, more in ((planes.u, 0.0), (planes.v, 1.5 * unit)):
            blurred = cv2.GaussianBlur(
                plane, (0, 0), max(6.0 * unit, 1.0), sigmaY=max(0.8 * unit, 0.5)
            )
            bled = np.asarray(blurred, np.uint8)
            _shift(bled, (lines / 2 - np.float32((late + more) / 2)).astype(np.float32), plane)


@compiled
def _scan(
    y: Plane, bend: Field, noisy: Field, lines: Field, grain: Field, start: NDArray[np.int64]
) -> None:
    rows, columns = y.shape
    low, top, half = np.float32(16), np.float32(235), np.float32(0.5)
    old = np.empty(columns, np.float32)
    count = grain.shape[0]
    for i in range(rows):
        line = y[i]
        for x in range(columns):
            old[x] = np.float32(line[x])
        noise, at = grain[i % count], start[i]
        whole = int(np.floor(bend[i]))
        f = bend[i] - np.float32(whole)
        amount = noisy[i]
        # Dropouts: where the noise of a bad line is large, the signal is lost.
        for x in range(columns):
            a = old[min(max(x + whole, 0), columns - 1)]
            b = old[min(max(x + whole + 1, 0), columns - 1)]
            value = a + f * (b - a)
            hiss = noise[((x >> 1) + at) & 1023]
            value += amount * np.float32(70) * hiss
            if amount > np.float32(0.2) and hiss > np.float32(1.9):
                value = np.float32(225)
            value = low + (value - low) * lines[i]
            line[x] = np.uint8(np.int32(min(max(value + half, low), top)))


@compiled
def _shift(source: Plane, offset: Field, out: Plane) -> None:
    rows, columns = out.shape
    half = np.float32(0.5)
    for i in range(rows):
        whole = int(np.floor(offset[i]))
        f = offset[i] - np.float32(whole)
        line = source[i]
        for x in range(columns):
            a = np.float32(line[min(max(x + whole, 0), columns - 1)])
            b = np.float32(line[min(max(x + whole + 1, 0), columns - 1)])
            out[i, x] = np.uint8(np.int32(a + f * (b - a) + half))
