"""The light of a picture turns into another."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from kirin.domain.motion import Span
from kirin.engines.animatic.cinemagraph.light.kernel import Scalar
from kirin.engines.animatic.cinemagraph.light.light_maps import LightMaps
from kirin.vision.easing import ease


def progress(span: Span, number: int, count: int) -> float:
    """How far a change has got in a frame, 0 to 1, eased."""
    at = number / max(count - 1, 1)
    share = (at - span.start) / max(span.end - span.start, 1e-6)
    return float(ease(np.array([share]))[0])


class Turning:
    """Goes from the light of before through others to the last of them, in equal times."""

    def __init__(self, stations: Sequence[LightMaps], span: Span, count: int) -> None:
        self._stations = stations
        self._span = span
        self._count = count

    def change(self, state: LightMaps, number: int) -> LightMaps:
        """The light with it in a frame."""
        share = progress(self._span, number, self._count) * len(self._stations)
        if share <= 0:
            return state
        path = [state, *self._stations]
        leg = min(int(share), len(self._stations) - 1)
        return path[leg].towards(path[leg + 1], share - leg)


class FadeOut:
    """Fades to black."""

    def __init__(self, span: Span, count: int) -> None:
        self._span = span
        self._count = count

    def change(self, state: LightMaps, number: int) -> LightMaps:
        """The light with it in a frame."""
        share = progress(self._span, number, self._count)
        if share <= 0:
            return state
        faded = state.copy()
        faded.scalars[Scalar.FADE] *= 1 - share
        return faded
