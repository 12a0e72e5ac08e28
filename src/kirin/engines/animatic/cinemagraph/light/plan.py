"""Which effects of light answer the requests of a prompt in one picture."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from kirin.domain.cast import Missing
from kirin.domain.motion import Illumination, LightRequest, PictureMotion
from kirin.engines.animatic.cinemagraph.light.light_maps import LightMaps
from kirin.engines.animatic.cinemagraph.light.lighting import DUSK, LIGHTINGS
from kirin.engines.animatic.cinemagraph.light.relight import LightEffect, LightSource
from kirin.engines.animatic.cinemagraph.light.relighting import relit
from kirin.engines.animatic.cinemagraph.light.scenery import Scenery
from kirin.engines.animatic.cinemagraph.light.turning import FadeOut, Turning
from kirin.engines.animatic.cinemagraph.part import Acted, Still


class LightPlan:
    """Collects the effects for one picture, and what is told of them.

    Attributes:
        effects: in the order in which they are applied.
        sources: what is drawn over the relit view.
        acted, missing: what is honoured and what is not.
    """

    def __init__(self, still: Still, scenery: Scenery, motion: PictureMotion) -> None:
        self.effects: list[LightEffect] = []
        self.sources: list[LightSource] = []
        self.acted: list[Acted] = []
        self.missing: list[Missing] = []
        self._still = still
        self._scenery = scenery
        self._motion = motion
        self._darkened = False

    def add(self, request: LightRequest) -> None:
        """Find the effects for a request."""
        _ADDERS.get(request.becomes, LightPlan._turn)(self, request)

    def _turn(self, request: LightRequest) -> None:
        scenery, becomes = self._scenery, request.becomes
        lighting = LIGHTINGS.get(becomes)
        if lighting is None:
            self.missing.append(Missing(request.word, "motion"))
            return
        details: dict[str, Any] = {}
        target = relit(scenery, lighting)
        stations = [target]
        if becomes is Illumination.NIGHT:
            if scenery.night:
                details["already"] = "night"
            elif not self._darkened and scenery.open_sky:
                stations.insert(0, relit(scenery, DUSK))
            self._darkened = True
        elif becomes is Illumination.DAY and self._darkened and not scenery.night:
            stations = [LightMaps.unchanged(scenery.shape)]
        elif becomes is Illumination.DAY and not scenery.night:
            details["already"] = "day"
        elif becomes in (Illumination.DUSK, Illumination.SUNSET, Illumination.DAWN):
            self._darkened = True
        self.effects.append(Turning(stations, request.span, self._still.count))
        self._act(request, "sky and land" if scenery.open_sky else "picture", details)

    def _fade(self, request: LightRequest) -> None:
        self.effects.append(FadeOut(request.span, self._still.count))
        self._act(request, "picture", {})

    def _act(
        self,
        request: LightRequest,
        what: str,
        details: dict[str, Any],
        box: tuple[float, float, float, float] | None = None,
    ) -> None:
        span = {"from": round(request.span.start, 3), "to": round(request.span.end, 3)}
        told = Acted(request.word, "light", what, request.becomes.value, box, span | details)
        self.acted.append(told)


_ADDERS: Final[Mapping[Illumination, Callable[[LightPlan, LightRequest], None]]] = {
    Illumination.FADE_TO_BLACK: LightPlan._fade,
}
"""Requests that are more than a turn of the light."""
