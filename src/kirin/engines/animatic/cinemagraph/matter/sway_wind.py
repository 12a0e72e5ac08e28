"""Wind over a picture: waves and gusts that travel across it and never repeat."""

from __future__ import annotations

from dataclasses import dataclass
from math import pi
from typing import Final, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from kirin.domain.cast import Heading

Floats = NDArray[np.float32]

_WAVES: Final = 5
_OCTAVES: Final = (1.9, 0.6)  # longest and shortest wave, in mean wavelengths
_FAN = 0.45  # radians by which the directions of the waves differ
_RAGGED = 1.3  # radians by which a wave's crest wanders
_GUSTS: Final = 2
_GUST_LENGTH = 4.5  # in mean wavelengths
_LULL = 0.35  # of the strength, lost between gusts
_CELLS: Final = 4  # waves of a flutter, per axis
_FLUTTER_SPEED: Final = (1.7, 2.9)  # times the mean frequency
_PEAK = 2.2  # least sum of the amplitudes of the waves: crests are about 1, rarely more

_TRAVEL: Final = {
    Heading.LEFT: (-1.0, 0.0),
    Heading.RIGHT: (1.0, 0.0),
    Heading.UP: (0.0, -1.0),
    Heading.DOWN: (0.0, 1.0),
    Heading.AWAY: (0.0, -1.0),
    Heading.TOWARDS: (0.0, 1.0),
}


@dataclass(frozen=True, slots=True)
class Breeze:
    """How the wind moves a substance.

    Attributes:
        frequency: of the mean wave, Hz.
        flutter: of single leaves, as a share of the whole.
        lift: motion across the wind, as a share of the whole.
        light: gain of light at the crest of a wave.
        orderly: 0 for waves from a fan of directions, 1 for one direction: a flag.
        upright: whether it moves across the direction in which waves travel, as flags do.
    """

    frequency: float
    flutter: float = 0.0
    lift: float = 0.15
    light: float = 0.0
    orderly: float = 0.0
    upright: bool = False


@dataclass(frozen=True, slots=True)
class _WindWaves:
    """A sum of travelling waves.

    Attributes:
        basis: sine and cosine of every wave's phase at every node, shape ``(2 n, nodes)``.
        speed: angular frequencies, radians per second, shape ``(n,)``.
        size: amplitudes, likewise.
        drift, turn: angular frequency and phase of each amplitude's own slow change.
    """

    basis: Floats
    speed: NDArray[np.float64]
    size: NDArray[np.float64]
    drift: NDArray[np.float64]
    turn: NDArray[np.float64]

    def at(self, seconds: float, lead: float = 0.0) -> Floats:
        """The sum at all nodes; ``lead`` radians ahead."""
        size = self.size * (1.0 + 0.35 * np.sin(self.drift * seconds + self.turn))
        angle = self.speed * seconds - lead
        factors = np.concatenate([size * np.cos(angle), -size * np.sin(angle)])
        return cast(Floats, factors.astype(np.float32) @ self.basis)


class Wind:
    """The field of displacement, on a grid of nodes over a box of a picture.

    Args:
        shape: rows and columns of nodes.
        cell: pixels between them.
        wavelength: of the mean wave, pixels.
        leaf: distance of two leaves that flutter apart, pixels.
        heading: which way the waves travel; to the right where the prompt does not say.
        breeze: how the substance moves.
        rng: of all random choices.
    """

    def __init__(
        self,
        shape: tuple[int, int],
        cell: float,
        wavelength: float,
        leaf: float,
        heading: Heading | None,
        breeze: Breeze,
        rng: np.random.Generator,
    ) -> None:
        self.cell = cell
        self.shape = shape
        self._breeze = breeze
        travel = _TRAVEL[heading or Heading.RIGHT]
        self._travel = (travel[1], travel[0]) if breeze.upright else travel
        if heading in (Heading.AWAY, Heading.TOWARDS):
            self._travel = (1.0, 0.0)  # towards the camera: what is seen of it is to the sides
        course = float(np.arctan2(travel[1], travel[0]))
        nodes = _Nodes(shape, cell, rng)
        spread = _FAN * (1.0 - breeze.orderly)
        lengths = wavelength * np.geomspace(*_OCTAVES, _WAVES)
        # Long waves are slow and great: deep water's law, which looks like grass as well.
        speed = 2 * pi * breeze.frequency * np.sqrt(wavelength / lengths)
        self._main = nodes.waves(
            lengths, course + spread * rng.uniform(-1, 1, _WAVES), speed, np.sqrt(lengths)
        )
        long = _GUST_LENGTH * wavelength * np.array([1.0, 0.62])
        carried = 2 * pi * breeze.frequency * wavelength / long
        self._gusts = nodes.waves(
            long, course + 0.3 * rng.uniform(-1, 1, _GUSTS), carried, np.ones(_GUSTS)
        )
        self._flutter: list[_WindWaves] = []
        if breeze.flutter > 0:
            for _ in range(2):
                fast = rng.uniform(*_FLUTTER_SPEED, _CELLS) * 2 * pi * breeze.frequency
                self._flutter.append(
                    nodes.waves(
                        leaf * rng.uniform(1.0, 2.2, _CELLS),
                        rng.uniform(0, 2 * pi, _CELLS),
                        fast,
                        np.ones(_CELLS),
                    )
                )

    def at(self, seconds: float, gain: float) -> Floats:
        """Displacement to the right and down, and gain of light: shape ``(3, rows, columns)``.

        Args:
            seconds: since the start of the shot.
            gain: of everything, 0 to 1.
        """
        breeze = self._breeze
        gust = 1.0 - _LULL * (0.5 - 0.5 * np.clip(self._gusts.at(seconds), -1, 1))
        along = self._main.at(seconds) * gust * (1.0 - breeze.flutter)
        across = self._main.at(seconds, pi / 2) * gust * breeze.lift
        out = np.empty((3, along.size), np.float32)
        x, y = self._travel
        out[0] = x * along - y * across
        out[1] = y * along + x * across
        for axis, (waves, share) in enumerate(
            zip(self._flutter, (1.0, min(2.5 * breeze.lift, 1.0)), strict=False)
        ):
            out[axis] += waves.at(seconds) * gust * np.float32(breeze.flutter * share)
        # A slope that faces the light is bright: a quarter of a wave ahead of the crest.
        out[2] = breeze.light * self._main.at(seconds, pi / 2) * gust
        out *= np.float32(gain)
        return out.reshape(3, *self.shape)


class _Nodes:
    """The nodes of a grid, and smooth noise over them."""

    def __init__(self, shape: tuple[int, int], cell: float, rng: np.random.Generator) -> None:
        self._shape = shape
        self._cell = cell
        self._rng = rng
        rows, columns = np.mgrid[0 : shape[0], 0 : shape[1]].astype(np.float32)
        self._y, self._x = rows * np.float32(cell), columns * np.float32(cell)

    def waves(
        self,
        lengths: NDArray[np.float64],
        courses: NDArray[np.float64],
        speed: NDArray[np.float64],
        size: NDArray[np.float64],
    ) -> _WindWaves:
        """Waves of given lengths in pixels, courses in radians, speeds, and relative sizes."""
        rng, phases = self._rng, list[Floats]()
        for length, course in zip(lengths, courses, strict=True):
            along = np.cos(course) * self._x + np.sin(course) * self._y
            phase = 2 * pi / length * along + rng.uniform(0, 2 * pi)
            phases.append((phase + _RAGGED * self._noise(1.6 * length)).ravel())
        angles = np.asarray(phases, np.float32)
        count = len(lengths)
        # Unequal by a little, so that no two waves meet again at the same time.
        uneven = 1.0 + 0.08 * rng.uniform(-1, 1, count)
        return _WindWaves(
            np.concatenate([np.sin(angles), np.cos(angles)]),
            speed * uneven,
            size * (_PEAK / float(size.sum())),
            rng.uniform(0.4, 1.1, count),
            rng.uniform(0, 2 * pi, count),
        )

    def _noise(self, size: float) -> Floats:
        """Smooth noise of features of ``size`` pixels, about -1 to 1, at all nodes."""
        step = max(size / self._cell, 1.0)
        rows, columns = (int(np.ceil(side / step)) + 3 for side in self._shape)
        coarse = self._rng.uniform(-1, 1, (rows, columns)).astype(np.float32)
        place = np.array([[1 / step, 0, 1.0], [0, 1 / step, 1.0]], np.float64)
        return cast(
            Floats,
            cv2.warpAffine(
                coarse,
                place,
                self._shape[::-1],
                flags=cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP,
                borderMode=cv2.BORDER_REFLECT,
            ),
        )
