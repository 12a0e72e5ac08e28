"""Drawn styles: ink wash, pencil sketch, cel animation."""

from __future__ import annotations

import cv2
import numpy as np

from kirin.engines.animatic.look.frame_format import FrameFormat
from kirin.engines.animatic.look.frame_style import (
    Field,
    apply_table,
    enlarge,
    levels,
    reduced,
    resized,
    soft,
    thicken,
)
from kirin.engines.animatic.look.lines import drawn_lines, lightness
from kirin.engines.animatic.look.smoothing import brushed
from kirin.engines.animatic.look.textures import Texture, hatching, noise, paper
from kirin.vision.compiled import compiled
from kirin.vision.kernels import Plane
from kirin.vision.planes import Planes


class InkWash:
    """Ink on rice paper: a few washes with soft rims, brush lines, much bare paper."""

    def __init__(self, form: FrameFormat) -> None:
        self._form = form
        self._tooth = paper(form, 100)
        wet = noise(form, 101, {70.0: 1.0, 14.0: 0.6, 3.0: 0.4})
        self._wet = np.asarray(0.035 * resized(wet, form.work), np.float32)

    def apply(self, planes: Planes, index: int) -> None:  # noqa: ARG002
        """Restyle a frame in place."""
        scale = self._form.scale
        source, u, v = reduced(planes, self._form.work)
        y, u, v = brushed(source, u, v, max(1, round(4 * scale)))
        share = np.clip(levels(y, 3, 88, 60.0), 0, 1.15) + self._wet
        wash = _washes(np.asarray(share, np.float32))
        wash = np.asarray(0.7 * wash + 0.3 * soft(wash, 3.5 * scale), np.float32)
        tone = lightness(np.asarray(0.35 * y + 0.65 * source, np.float32))
        stroke = drawn_lines(tone, 1.6 * scale + 0.2, 30.0, 0.010)
        ink = 1 - (1 - wash) * (1 - np.float32(0.88) * stroke)
        enlarge(np.asarray(231 - 205 * ink, np.float32), planes.y)
        enlarge(np.asarray(125.5 + (u - 128) * 0.10, np.float32), planes.u)
        enlarge(np.asarray(129.5 + (v - 128) * 0.10, np.float32), planes.v)
        thicken(planes.y, self._tooth, 0.24)


def _washes(share: Field) -> Field:
    """Density of ink by brightness: three washes over each other, with soft rims."""
    ink = np.zeros_like(share)
    for edge, rim, density in ((0.78, 0.22, 0.16), (0.46, 0.14, 0.30), (0.20, 0.12, 0.55)):
        layer = np.clip((np.float32(edge) - share) / np.float32(rim) + np.float32(0.5), 0, 1)
        ink = ink + np.float32(density) * layer * (1 - ink)
    return np.asarray(ink, np.float32)


class Sketch:
    """Pencil on paper: outlines, a soft shading that the tooth breaks, hatching in the darks."""

    def __init__(self, form: FrameFormat) -> None:
        self._form = form
        self._tooth = paper(form, 110)
        # Strokes of one hand: two directions close to each other, long and uneven.
        self._hatches = np.stack([hatching(form, 111, -0.85, 9.0), hatching(form, 113, -0.62, 6.4)])

    def apply(self, planes: Planes, index: int) -> None:  # noqa: ARG002
        """Restyle a frame in place."""
        form, scale = self._form, self._form.scale
        y, _, _ = reduced(planes, form.work)
        tone = lightness(y)
        line = np.maximum(
            drawn_lines(tone, 1.05 * scale + 0.25, 28.0, 0.016),
            np.float32(0.6) * drawn_lines(tone, 2.2 * scale, 17.0, 0.024),
        )
        line = np.maximum(line, np.float32(0.85) * _contours(tone, scale))
        share = np.clip(levels(soft(y, 2.4 * scale + 0.2), 4, 86, 70.0), 0, 1)
        size = form.width, form.height
        tones = resized(cv2.convertScaleAbs(share, alpha=255), size, cv2.INTER_LINEAR)
        lines = resized(cv2.convertScaleAbs(line, alpha=255), size, cv2.INTER_LINEAR)
        _pencil(tones, lines, self._hatches, self._tooth, planes.y)
        planes.u.fill(127)
        planes.v.fill(129)


def _contours(tone: Field, scale: float) -> Field:
    """What is darker than what is around it, as a draughtsman presses harder there: 0 to 1.

    The picture divided by its own blur: paper where nothing changes, so that flat parts stay
    empty however dark they are.
    """
    near, wide = soft(tone, 1.2 * scale + 0.2), soft(tone, 7.0 * scale)
    dodged = (near + np.float32(0.10)) / (wide + np.float32(0.10))
    return np.asarray(np.clip((np.float32(0.93) - dodged) * np.float32(2.0), 0, 1), np.float32)


@compiled
def _pencil(tone: Plane, line: Plane, hatches: Plane, tooth: Texture, out: Plane) -> None:
    rows, columns = out.shape
    one, unit = np.float32(1), np.float32(1 / 255)
    for i in range(rows):
        for x in range(columns):
            t = np.float32(tone[i, x]) * unit
            grain = np.float32(tooth[i, x]) * np.float32(1 / 127)
            # The side of the lead: an even grey that catches on the tooth of the paper.
            side = min(max((np.float32(0.70) - t) * np.float32(1.25), np.float32(0)), one)
            lead = one - np.float32(0.32) * side * (one + np.float32(0.55) * grain)
            a = min(max((np.float32(0.52) - t) * np.float32(2.6), np.float32(0)), one)
            b = min(max((np.float32(0.30) - t) * np.float32(3.6), np.float32(0)), one)
            lead *= one - np.float32(0.20) * a * np.float32(hatches[0, i, x]) * unit
            lead *= one - np.float32(0.26) * b * np.float32(hatches[1, i, x]) * unit
            w = np.float32(line[i, x]) * unit * (np.float32(0.90) + np.float32(0.30) * grain)
            lead *= one - min(max(w, np.float32(0)), np.float32(0.93))
            value = np.float32(30) + np.float32(199) * lead + np.float32(5) * grain
            out[i, x] = np.uint8(np.int32(min(max(value, np.float32(16)), np.float32(235))))


CEL_TONES = (26, 58, 92, 126, 158, 190, 222)
"""Luma of the paints of a cel."""


class Cel:
    """Cel animation: flat paint in few tones, strong colours, dark outlines."""

    def __init__(self, form: FrameFormat) -> None:
        self._form = form
        # Between two tones a ramp of a few steps keeps the border of a paint smooth.
        tones = np.array(CEL_TONES, float)
        middle = (tones[1:] + tones[:-1]) / 2
        value = np.arange(256, dtype=float)
        table = np.full(256, tones[0])
        for edge, rise in zip(middle, np.diff(tones), strict=True):
            table += rise * np.clip((value - edge) / 3.0 + 0.5, 0, 1)
        self._table = np.round(table).astype(np.uint8)

    def apply(self, planes: Planes, index: int) -> None:  # noqa: ARG002
        """Restyle a frame in place."""
        form, scale = self._form, self._form.scale
        source, u, v = reduced(planes, form.work)
        y, u, v = brushed(source, u, v, max(1, round(2 * scale)))
        stretched = np.clip(levels(y, 1, 99, 120.0), 0, 1)
        mixed = 0.45 * y + 0.55 * (24 + 204 * stretched)
        tone = lightness(np.asarray(0.4 * y + 0.6 * source, np.float32))
        line = drawn_lines(tone, 1.15 * scale + 0.2, 36.0, 0.024)
        size = form.width, form.height
        planes.y[:] = resized(cv2.convertScaleAbs(mixed), size, cv2.INTER_LINEAR)
        apply_table(planes.y, self._table)
        _outline(planes.y, resized(cv2.convertScaleAbs(line, alpha=255), size, cv2.INTER_LINEAR))
        keep = np.float32(1.45) * (1 - np.float32(0.6) * line)
        enlarge(np.asarray(128 + (u - 128) * keep, np.float32), planes.u)
        enlarge(np.asarray(128 + (v - 128) * keep, np.float32), planes.v)


@compiled
def _outline(y: Plane, line: Plane) -> None:
    rows, columns = y.shape
    for i in range(rows):
        for x in range(columns):
            # Steepened: a pen has no half tones.
            w = min(max((int(line[i, x]) - 70) * 2, 0), 240)
            if w:
                y[i, x] = np.uint8((int(y[i, x]) * (255 - w) + 20 * w) // 255)
