"""The brightest thing of a picture: what rays and flares come from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from kirin.engines.animatic.cinemagraph.air.atmosphere import Atmosphere, yuv
from kirin.engines.animatic.scene.noise import Field

_CONTRAST: Final = 34.0  # steps of luma above the mean: the least for a source of rays
_BLINDING: Final = 222.0  # luma of what makes a lens flare
_SURPLUS: Final = 18.0  # steps of luma by which it is lighter than 95% of the picture
_LOW: Final = 0.72  # share of the height
_COMPACT: Final = 0.045  # share of the picture: the most for the source of a flare


@dataclass(frozen=True, slots=True)
class Lamp:
    """A source of light.

    Attributes:
        x, y: in shares of the rest view; a broad sky's rays come from beyond the border.
        radius: in view widths.
        tone: Y, U and V of its light.
        box: of what is bright.
    """

    x: float
    y: float
    radius: float
    tone: tuple[float, float, float]
    box: tuple[float, float, float, float]


def brightness(atmosphere: Atmosphere) -> Field:
    """What shines in a picture, 0 to 1: above nine tenths of it, and well above its mean.

    A subject is lit, and does not shine.
    """
    luma = cv2.GaussianBlur(atmosphere.luma, (0, 0), 1.0)
    foot = max(float(np.percentile(luma, 88)), float(luma.mean()) + 0.6 * _CONTRAST)
    shining = np.clip((luma - foot) / max(float(luma.max()) - foot, 8.0), 0, 1)
    if atmosphere.cut is not None:
        shining = shining * (1 - atmosphere.cut)
    return np.asarray(shining, np.float32)


def find_light(atmosphere: Atmosphere) -> Lamp | None:
    """Where rays come from; ``None`` for a picture without a place much brighter than the rest."""
    luma = cv2.GaussianBlur(atmosphere.luma, (0, 0), 2.0)
    rows, columns = luma.shape
    high = luma[: int(0.7 * rows)]
    if float(np.percentile(high, 99.3)) - float(luma.mean()) < _CONTRAST:
        return None
    weight = brightness(atmosphere)[: len(high)] ** 2
    # What is low in a picture is rather a mirror than a source.
    weight = weight * np.linspace(1.0, 0.35, len(high), dtype=np.float32)[:, None]
    total = float(weight.sum())
    if total < 1.0:
        return None
    j, i = np.meshgrid(np.arange(columns), np.arange(len(high)))
    x, y = float((weight * j).sum()) / total, float((weight * i).sum()) / total
    spread = float(np.sqrt((weight * ((j - x) ** 2 + (i - y) ** 2)).sum() / total)) / columns
    seen = weight > 0.1 * float(weight.max())
    tone = yuv(atmosphere.small[: len(high)][seen].mean(axis=0))
    box = _box(seen, rows, columns)
    x, y = (x + 0.5) / columns, (y + 0.5) / rows
    if spread > 0.16:
        # A broad sky: its rays are nearly parallel.
        y = min(y, 0.15) - 0.45
        x = 0.5 + 0.8 * (x - 0.5)
    return Lamp(x, y, max(spread, 0.01), tone, box)


def find_sun(atmosphere: Atmosphere) -> Lamp | None:
    """What blinds a lens: small, nearly white, and far brighter than what is around it."""
    luma = cv2.GaussianBlur(atmosphere.luma, (0, 0), 1.2)
    rows, columns = luma.shape
    ceiling = float(luma.max())
    # Where a twentieth of a picture is as light, it is bright, and nothing in it blinds.
    if ceiling < _BLINDING or ceiling - float(np.percentile(luma, 95)) < _SURPLUS:
        return None
    core = (luma > max(_BLINDING - 8, ceiling - 12)).astype(np.uint8)
    if atmosphere.cut is not None:
        core[atmosphere.cut > 0.5] = 0
    count, labels, stats, centres = cv2.connectedComponentsWithStats(core)
    wide = cv2.blur(luma, (columns // 6, columns // 6))
    best, surplus = None, 24.0
    for k in range(1, count):
        area = float(stats[k][4])
        if not 6 <= area <= _COMPACT * rows * columns:
            continue
        x, y = centres[k]
        if y > _LOW * rows and atmosphere.night < 0.1:
            continue  # by day the light comes from above: this is a reflection
        ring = cv2.dilate((labels == k).astype(np.uint8), np.ones((15, 15), np.uint8))
        around = luma[(ring > 0) & (labels != k)]
        # Larger ones outshine small ones of the same brightness.
        over = float(luma[labels == k].mean()) - float(wide[int(y), int(x)])
        # A lamp fades into its glow; a white sheet ends at an edge.
        glow = float(np.median(around)) - float(luma.mean()) if around.size else 0.0
        over = over + 4.0 * float(np.log(area)) - 12.0
        if over > surplus and (glow > 12 or area < 0.004 * rows * columns):
            best, surplus = k, over
    if best is None:
        return None
    x, y = (float(c) for c in centres[best])
    seen = labels == best
    radius = float(np.sqrt(seen.sum() / np.pi)) / columns
    halo = cv2.dilate(seen.astype(np.uint8), np.ones((9, 9), np.uint8)) > 0
    tone = yuv(atmosphere.small[halo].mean(axis=0))
    return Lamp((x + 0.5) / columns, (y + 0.5) / rows, radius, tone, _box(seen, rows, columns))


def _box(seen: np.ndarray, rows: int, columns: int) -> tuple[float, float, float, float]:
    down, across = np.flatnonzero(seen.any(axis=1)), np.flatnonzero(seen.any(axis=0))
    return (
        float(across[0]) / columns,
        float(down[0]) / rows,
        float(across[-1] + 1) / columns,
        float(down[-1] + 1) / rows,
    )
