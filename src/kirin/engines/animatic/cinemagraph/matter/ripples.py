"""Water that ripples where it lies."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from kirin.domain.cast import Heading
from kirin.engines.animatic.cinemagraph.matter.noise import smooth_noise
from kirin.engines.animatic.cinemagraph.matter.setting import MatterSetting
from kirin.engines.animatic.cinemagraph.matter.timing import Progress
from kirin.engines.animatic.cinemagraph.part import Rectangle
from kirin.vision.advection import CELL
from kirin.vision.planes import Planes, half_size
from kirin.vision.ripples import WAVE, ripple
from kirin.vision.sampling import ROW, pack_squares, runs_of

Floats = NDArray[np.float32]

_GROWTH: Final = 0.07  # pixels of wave length per pixel below the horizon
_SHORTEST: Final = 0.0018  # of the width: shorter waves would be noise
_TRAINS: Final = ((0.22, -0.75), (-0.31, -0.42))  # wave lengths per second right and down
_EDGE: Final = 0.012  # of the width: within it waves run out
_SEED: Final = 11


@dataclass(frozen=True, slots=True)
class Swell:
    """How water is moved.

    Attributes:
        height: of its waves, in wave lengths.
        shade: how much their flanks darken and brighten, as a share.
        speed: of the waves, 1 for a light breeze.
        laps: whether they come and go instead of travelling.
        heading: of the waves; towards the viewer without one.
    """

    height: float
    shade: float
    speed: float
    laps: bool = False
    heading: Heading | None = None


class Ripples:
    """A texture part: water seen through waves, finer towards the horizon. Not thread-safe.

    Args:
        setting: of the water.
        horizon: its row in pixels of the picture.
        swell: how it is moved.
        progress: of the shot.
        seed: of the waves.
    """

    def __init__(
        self, setting: MatterSetting, horizon: float, swell: Swell, progress: Progress, seed: int
    ) -> None:
        box = setting.box
        self._box = box
        self._swell = swell
        self._progress = progress
        alpha = np.ascontiguousarray(setting.alpha[box.top : box.bottom, box.left : box.right])
        self._alphas = alpha, half_size(alpha)
        self._runs = runs_of(alpha, ROW), runs_of(self._alphas[1], ROW)
        self._squares = tuple(np.empty(each.shape, np.int32) for each in self._alphas)
        vigour = setting.ramp(_EDGE * setting.width)
        self._vigour = _stretched(vigour, CELL), _stretched(vigour, CELL // 2)
        self._noise = smooth_noise((256, 256), WAVE / 5, seed + _SEED, tiled=True)
        rows = np.arange(box.top, box.bottom, dtype=np.float32) + np.float32(0.5)
        shortest = max(_SHORTEST * setting.width, 2.5)
        longest = 0.05 * setting.width
        lengths = np.clip((rows - horizon) * _GROWTH, shortest, longest).astype(np.float32)
        depths = np.cumsum(WAVE / lengths, dtype=np.float64)
        self._lengths: tuple[Floats, Floats] = lengths, np.ascontiguousarray(lengths[::2])
        deep = depths.astype(np.float32)
        self._depths: tuple[Floats, Floats] = (
            deep,
            np.ascontiguousarray((deep[::2] + deep[1::2]) / 2, np.float32),
        )

    @property
    def box(self) -> Rectangle:
        """All that it may change."""
        return self._box

    def draw(self, planes: Planes, number: int) -> None:
        """Blend the water into a texture."""
        vigour = float(self._progress.vigour[number])
        if vigour <= 0:
            return
        trains = self._trains(float(self._progress.seconds[number]))
        box, swell = self._box, self._swell
        for plane, step in ((planes.y, 1), (planes.u, 2), (planes.v, 2)):
            cut = plane[box.top // step : box.bottom // step, box.left // step : box.right // step]
            sizes = (
                np.float32(step),
                np.float32(CELL // step),
                np.float32(swell.height * vigour),
                np.float32(swell.shade * vigour if step == 1 else 0),
            )
            kind = step - 1
            pack_squares(cut, self._squares[kind])
            ripple(
                self._squares[kind],
                self._alphas[kind],
                self._runs[kind],
                self._vigour[kind],
                self._noise,
                self._lengths[kind],
                self._depths[kind],
                trains,
                sizes,
                cut,
            )

    def _trains(self, seconds: float) -> Floats:
        """How far both trains of waves have got, in samples of the noise, shape (2, 2)."""
        swell = self._swell
        trains = []
        for right, towards in _TRAINS:
            across, down = right, towards
            if swell.heading in (Heading.LEFT, Heading.RIGHT):
                # Along the water: the trains turn, but do not run the same way.
                sign = -1 if swell.heading is Heading.RIGHT else 1
                across, down = sign * abs(towards) * 1.2, right * 0.8
            elif swell.heading in (Heading.AWAY, Heading.UP):
                down = -towards
            far = seconds * swell.speed
            if swell.laps:
                # In and out, further in: 3 s, as small waves on a beach take.
                far = 0.45 * seconds * swell.speed + 0.4 * math.sin(2 * math.pi * seconds / 3)
            trains.append((across * far * WAVE, down * far * WAVE))
        return np.array(trains, np.float32)


def _stretched(cells: Floats, width: int) -> Floats:
    """A map of cells with a sample for every column of pixels, ``width`` per cell."""
    size = cells.shape[1] * width, cells.shape[0]
    return np.asarray(cv2.resize(cells, size, interpolation=cv2.INTER_LINEAR), np.float32)
