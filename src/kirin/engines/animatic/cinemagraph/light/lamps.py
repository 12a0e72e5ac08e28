"""Lamps that go on, go off, or flicker."""

from __future__ import annotations

import numpy as np

from kirin.domain.motion import Span
from kirin.engines.animatic.camera.framing import Floats
from kirin.engines.animatic.cinemagraph.light.kernel import Map, Scalar
from kirin.engines.animatic.cinemagraph.light.light_maps import LightMaps
from kirin.engines.animatic.cinemagraph.light.turning import progress
from kirin.vision.matting.guided_filter import Floats as Cells

WARM = (-10.0, 6.0)
"""U and V that the light of a lamp adds close to it: tungsten, about 2900 K."""

_BLOOM = 0.16  # luma that a lamp's own light adds close to it by day
_ROOM = 0.45  # of the land's light that is left, away from lamps, once they are off
_GLASS = 0.42  # of a lamp's own luma that is left once it is off


class Glow:
    """Lamps that shine get brighter: what "the lamps go on" can do to lamps that are on."""

    def __init__(self, core: Cells, halo: Cells, span: Span, count: int) -> None:
        self._core, self._halo = core, halo
        self._span = span
        self._count = count

    def change(self, state: LightMaps, number: int) -> LightMaps:
        """The light with it in a frame."""
        share = np.float32(progress(self._span, number, self._count))
        if share <= 0:
            return state
        lit = state.copy()
        maps, scalars = lit.maps, lit.scalars
        light = self._halo * share
        maps[Map.GAIN] += 0.25 * light
        maps[Map.GLOW] += _BLOOM * light
        maps[Map.ADD_U] += WARM[0] * light
        maps[Map.ADD_V] += WARM[1] * light
        maps[Map.LAMP] = np.maximum(maps[Map.LAMP], self._core * share)
        scalars[Scalar.LAMP_GAIN] = max(float(scalars[Scalar.LAMP_GAIN]), 1 + 0.15 * float(share))
        return lit


class LampsOff:
    """Lamps that shine go off, and the room with them."""

    def __init__(self, core: Cells, halo: Cells, dark: float, span: Span, count: int) -> None:
        self._core, self._halo = core, halo
        self._room = _ROOM * dark + (1 - dark)
        self._span = span
        self._count = count

    def change(self, state: LightMaps, number: int) -> LightMaps:
        """The light with it in a frame."""
        share = np.float32(progress(self._span, number, self._count))
        if share <= 0:
            return state
        return dimmed(state, self._core, self._halo, float(1 - share), self._room)


class Flicker:
    """Lamps whose light goes up and down."""

    def __init__(self, core: Cells, halo: Cells, light: Floats, span: Span) -> None:
        self._core, self._halo = core, halo
        self._light = light
        self._span = span

    def change(self, state: LightMaps, number: int) -> LightMaps:
        """The light with it in a frame."""
        at = number / max(len(self._light) - 1, 1)
        light = float(self._light[min(number, len(self._light) - 1)])
        if not self._span.start <= at <= self._span.end or light == 1:
            return state
        return dimmed(state, self._core, self._halo, light, 1.0)


def dimmed(state: LightMaps, core: Cells, halo: Cells, light: float, room: float) -> LightMaps:
    """A state whose lamps have a share of their light.

    Args:
        state: with all of it.
        core, halo: of the lamps and of the light around them, 0 to 1.
        light: of the lamps; 1 is what the picture has.
        room: share of the light that is left far from the lamps once they are off.
    """
    changed = state.copy()
    maps, scalars = changed.maps, changed.scalars
    off = np.float32(1 - light)
    near = np.float32(room) * (1 - np.float32(0.5) * halo)
    factor = 1 - off * (1 - near)
    for each in (Map.GAIN, Map.GLOW, Map.CHROMA):
        maps[each] *= factor
    maps[Map.LAMP] = np.maximum(maps[Map.LAMP], core)
    scalars[Scalar.LAMP_GAIN] *= 1 - (1 - _GLASS) * off
    scalars[Scalar.LAMP_CHROMA] *= 1 - 0.5 * off
    return changed
