"""Grass, leaves, flowers, hair, cloth and flags that sway."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from kirin.domain.motion import MatterRequest, Span
from kirin.engines.animatic.cinemagraph.matter.sway_reach import Floats
from kirin.engines.animatic.cinemagraph.matter.sway_warp import STEPS, stretch, sway_plane
from kirin.engines.animatic.cinemagraph.matter.sway_wind import Breeze, Wind
from kirin.engines.animatic.cinemagraph.part import Rectangle, Still
from kirin.vision.kernels import Plane
from kirin.vision.planes import Planes
from kirin.vision.sampling import ROW, pack_fours, runs_of

_RISE = 0.6  # seconds in which the wind rises from nothing
_FALL = 1.2  # seconds in which all comes to rest after it
_CELLS = 160  # nodes along the longer side of a texture
_LEAST = 0.35  # pixels of the video: less is not seen
_CREST = 1.35  # greatest field: by how much a wave may exceed the reach
_LIT = 0.3  # of the greatest reach: from there on slopes take all of their light
_FOLDS = 16.0  # least wavelength, in reaches: shorter waves would fold the picture over
_CALM: Final = 0.2  # of the reach of the strongest wind, at strength 0


@dataclass(frozen=True, slots=True)
class SwayScale:
    """The size of what sways.

    Attributes:
        wavelength: of the wind's mean wave, as a share of the picture's longer side.
        leaf: distance of two leaves that flutter apart, likewise.
    """

    wavelength: float
    leaf: float


class Sway:
    """A texture part: a region that sways in the wind, held at its roots.

    Args:
        reach: greatest displacement in pixels of the texture, float32, of the box's size.
        lit: share of the light on slopes that each pixel takes, 255 for all, of the same size.
        box: all that may change, in pixels of the texture.
        wind: the field over the box.
        still: for times.
        span: when it blows.
    """

    def __init__(
        self,
        reach: Floats,
        lit: Plane,
        box: Rectangle,
        wind: Wind,
        still: Still,
        span: Span,
    ) -> None:
        self._box = box
        self._wind = wind
        self._fps = float(still.fps)
        self._count = still.count
        self._span = span
        # Chroma sample (i, j) is at column 2 j, between rows 2 i and 2 i + 1.
        half = (reach[0::2, 0::2] + reach[1::2, 0::2]) * np.float32(0.25)
        self._units, self._half = _in_steps(reach), _in_steps(half)
        self._runs, self._half_runs = _runs(self._units), _runs(self._half)
        self._fours = tuple(np.empty(each.shape, np.int32) for each in (self._units, self._half))
        self._fields = tuple(
            np.empty((3, wind.shape[0], each.shape[1]), np.float32)
            for each in (self._units, self._half)
        )
        self._lit = lit
        self._unlit = np.zeros(self._half.shape, np.uint8)  # chroma has no light of its own

    @property
    def box(self) -> Rectangle:
        """All that it may change."""
        return self._box

    def draw(self, planes: Planes, number: int) -> None:
        """Displace the region's pixels in place."""
        gain = self.gain(number)
        if gain <= 0:
            return
        field = self._wind.at(number / self._fps, gain)
        # Softly limited: waves that meet do not lift the sum beyond the crest.
        field[:2] = _CREST * np.tanh(field[:2] / np.float32(_CREST))
        box = self._box
        for step, wide in enumerate(self._fields, 1):
            stretch(field, self._wind.cell / step, wide)
        for plane, step, reach, lit, runs in (
            (planes.y, 1, self._units, self._lit, self._runs),
            (planes.u, 2, self._half, self._unlit, self._half_runs),
            (planes.v, 2, self._half, self._unlit, self._half_runs),
        ):
            rows = slice(box.top // step, box.bottom // step)
            out = plane[rows, box.left // step : box.right // step]
            fours, wide = self._fours[step - 1], self._fields[step - 1]
            pack_fours(out, fours)
            sway_plane(fours, reach, lit, runs, wide, self._wind.cell / step, step == 1, out)

    def gain(self, number: int) -> float:
        """How much of the wind blows in a frame, 0 to 1."""
        start, end = self._span.start * self._count, self._span.end * self._count
        rise = _eased((number - start) / (_RISE * self._fps))
        if self._span.end >= 1.0:
            return rise
        return rise * _eased((end + _FALL * self._fps / 2 - number) / (_FALL * self._fps))


def _in_steps(reach: Floats) -> NDArray[np.uint16]:
    return np.clip(np.round(reach * np.float32(STEPS)), 0, 65535).astype(np.uint16)


def _runs(units: NDArray[np.uint16]) -> NDArray[np.int32]:
    return runs_of((units > 0).astype(np.uint8), ROW)


def _eased(share: float) -> float:
    t = min(max(share, 0.0), 1.0)
    return t * t * (3.0 - 2.0 * t)


def sway_of(
    request: MatterRequest,
    still: Still,
    shares: Floats,
    alpha: Plane,
    scale: SwayScale,
    breeze: Breeze,
    within: Rectangle | None = None,
) -> Sway | None:
    """The part for a region; ``None`` where it would hardly move.

    Args:
        request: what the prompt says.
        still: the picture.
        shares: greatest displacement in it, as shares of its longer side, of its aspect.
        alpha: the region, of the picture's height and width.
        scale: sizes.
        breeze: how the substance moves.
        within: the part of the picture that the texture shows, if it is not all of it.
    """
    height, width = still.picture.shape[:2]
    longest = max(height, width)
    lit = cast(Plane, np.minimum(alpha, cv2.boxFilter(alpha, -1, (9, 9))))
    reach = cast(Floats, cv2.resize(shares, (width, height), interpolation=cv2.INTER_LINEAR))
    if within:
        part = np.s_[within.top : within.bottom, within.left : within.right]
        reach, lit = reach[part], lit[part]
    reach = reach * np.float32((_CALM + (1.0 - _CALM) * request.strength) * longest)
    reach[reach < 0.5 / STEPS] = 0
    if float(reach.max(initial=0)) < _LEAST * still.scale:
        return None
    box = _box(reach)
    lit = (lit * np.clip(reach / (_LIT * float(reach.max())), 0, 1)).astype(np.uint8)
    inner = np.s_[box.top : box.bottom, box.left : box.right]
    reach, lit = np.ascontiguousarray(reach[inner]), np.ascontiguousarray(lit[inner])
    cell = max(longest / _CELLS, 4.0)
    shape = (int(reach.shape[0] / cell) + 3, int(reach.shape[1] / cell) + 3)
    wavelength = max(scale.wavelength * longest, _FOLDS * float(reach.max()))
    leaf = max(scale.leaf * longest, 5.0 * cell)
    rng = np.random.default_rng([still.seed & 0x7FFFFFFF, *request.substance.value.encode()])
    wind = Wind(shape, cell, wavelength, leaf, request.heading, breeze, rng)
    return Sway(reach, lit, box, wind, still, request.span)


def _box(reach: NDArray[np.float32]) -> Rectangle:
    moved = reach > 0
    columns, rows = np.flatnonzero(moved.any(axis=0)), np.flatnonzero(moved.any(axis=1))
    height, width = reach.shape
    return Rectangle(
        int(columns[0]) // 2 * 2,
        int(rows[0]) // 2 * 2,
        min((int(columns[-1]) + 2) // 2 * 2, width),
        min((int(rows[-1]) + 2) // 2 * 2, height),
    )
