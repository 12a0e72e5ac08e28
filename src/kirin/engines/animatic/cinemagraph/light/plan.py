"""Which effects of light answer the requests of a prompt in one picture."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import numpy as np

from kirin.domain.cast import Heading, Missing
from kirin.domain.motion import Illumination, LightRequest, PictureMotion, Span
from kirin.engines.animatic.cinemagraph.light.flicker import broken_lamp, flame
from kirin.engines.animatic.cinemagraph.light.lamps import Flicker, Glow, LampsOff
from kirin.engines.animatic.cinemagraph.light.lighting import DUSK, LATER_AT_NIGHT, LIGHTINGS
from kirin.engines.animatic.cinemagraph.light.lit_windows import LitWindows
from kirin.engines.animatic.cinemagraph.light.passing_cloud import PassingCloud
from kirin.engines.animatic.cinemagraph.light.relight import LightEffect, LightSource
from kirin.engines.animatic.cinemagraph.light.relighting import lamp_light, relit
from kirin.engines.animatic.cinemagraph.light.scenery import Scenery
from kirin.engines.animatic.cinemagraph.light.stars import SkyStars
from kirin.engines.animatic.cinemagraph.light.turning import FadeOut, Turning
from kirin.engines.animatic.cinemagraph.part import Acted, Still
from kirin.vision.regions.lights import LightKind

_FLAMES: Final = ("candle", "fire", "flame", "torch", "蜡烛", "烛", "火")
"""Words of what flickers as a flame does; all else does as a loose contact."""

_STARRY = (0.12, 0.35)  # of the picture, of the clearness: least of a sky with stars
_DAYLIGHT = 0.36  # mean luma of the land from which it is day
_OUTDOORS = 0.4  # of the darkness that lamps leave behind in a room
_MANY = 6  # windows alike, so that they light up at night without being asked


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
            self._miss(request)
            return
        details: dict[str, Any] = {}
        if becomes is Illumination.NIGHT and scenery.night:
            lighting = LATER_AT_NIGHT
        target = relit(scenery, lighting)
        stations = [target]
        if becomes is Illumination.NIGHT:
            if scenery.night:
                details["already"] = "night"
            elif not self._darkened and scenery.open_sky:
                stations.insert(0, relit(scenery, DUSK))
            self._darkened = True
            self._night(request, details)
        elif becomes is Illumination.DAY and self._darkened and not scenery.night:
            stations = [scenery.unchanged()]
        elif becomes is Illumination.DAY and scenery.land > _DAYLIGHT:
            details["already"] = "day"
        elif becomes in (Illumination.DUSK, Illumination.SUNSET, Illumination.DAWN):
            self._darkened = True
        self.effects.append(Turning(stations, request.span, self._still.count))
        self._act(request, "sky and land" if scenery.open_sky else "picture", details)

    def _night(self, request: LightRequest, details: dict[str, Any]) -> None:
        """Stars, windows that light up, and what is told of the night."""
        scenery, still = self._scenery, self._still
        size = still.picture.shape[1], still.picture.shape[0]
        sky = scenery.open_sky
        if sky and not scenery.night and sky.area > _STARRY[0] and sky.clear > _STARRY[1]:
            self.sources.append(SkyStars(scenery.sky, size, request.span, still.count, still.seed))
            details["stars"] = True
        kinds = [each.kind for each in scenery.lights]
        if LightKind.DAYLIGHT in kinds:
            details["windows"] = "dark"
        asked = any(each.becomes is Illumination.WINDOWS_ON for each in self._motion.light)
        if kinds.count(LightKind.WINDOW) >= _MANY and not asked:
            windows = [each for each in scenery.lights if each.kind is LightKind.WINDOW]
            late = Span((request.span.start + request.span.end) / 2, request.span.end)
            self.sources.append(LitWindows(windows, size, late, still.count, still.seed))
            details["windows"] = "lit"

    def _fade(self, request: LightRequest) -> None:
        self.effects.append(FadeOut(request.span, self._still.count))
        self._act(request, "picture", {})

    def _lamps_on(self, request: LightRequest) -> None:
        core, halo = lamp_light(self._scenery)
        if not core.any():
            if not self._windows(request):
                self._miss(request)
            return
        self.effects.append(Glow(core, halo, request.span, self._still.count))
        # A picture has no lamp that can be known as one before it shines.
        self._act(request, "lamps", {"already": "on"}, self._box(LightKind.LAMP))

    def _lamps_off(self, request: LightRequest) -> None:
        core, halo = lamp_light(self._scenery)
        if not core.any():
            self._miss(request)
            return
        dark = float(np.clip(1.6 - 2.5 * self._scenery.land, 0.3, 1))
        if self._scenery.open_sky:
            dark *= _OUTDOORS
        self.effects.append(LampsOff(core, halo, dark, request.span, self._still.count))
        self._act(request, "lamps", {}, self._box(LightKind.LAMP))

    def _windows_on(self, request: LightRequest) -> None:
        if not self._windows(request):
            self._miss(request)

    def _windows(self, request: LightRequest) -> bool:
        windows = [each for each in self._scenery.lights if each.kind is LightKind.WINDOW]
        if not windows:
            return False
        still = self._still
        size = still.picture.shape[1], still.picture.shape[0]
        self.sources.append(LitWindows(windows, size, request.span, still.count, still.seed))
        details = {"windows": len(windows)}
        self._act(request, "windows", details, self._box(LightKind.WINDOW))
        return True

    def _flicker(self, request: LightRequest) -> None:
        core, halo = lamp_light(self._scenery)
        if not core.any():
            self._miss(request)
            return
        still = self._still
        fire = any(word in request.word.casefold() for word in _FLAMES)
        waves = flame if fire else broken_lamp
        light = waves(still.count, float(still.fps), still.seed)
        self.effects.append(Flicker(core, halo, light, request.span))
        details = {"like": "a flame" if fire else "a loose contact"}
        self._act(request, "lamps", details, self._box(LightKind.LAMP))

    def _cloud(self, request: LightRequest) -> None:
        scenery, still = self._scenery, self._still
        horizon = scenery.open_sky.horizon if scenery.open_sky else 0.0
        heading = _wind(self._motion)
        cloud = PassingCloud(scenery.sky, horizon, heading, request.span, still.count, still.seed)
        self.effects.append(cloud)
        self._act(request, "land", {"heading": "right" if heading > 0 else "left"})

    def _miss(self, request: LightRequest) -> None:
        self.missing.append(Missing(request.word, "motion"))

    def _box(self, kind: LightKind) -> tuple[float, float, float, float]:
        boxes = np.array([each.box for each in self._scenery.lights if each.kind is kind])
        left, top = boxes[:, :2].min(axis=0)
        right, bottom = boxes[:, 2:].max(axis=0)
        return float(left), float(top), float(right), float(bottom)

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
    Illumination.LAMPS_ON: LightPlan._lamps_on,
    Illumination.LAMPS_OFF: LightPlan._lamps_off,
    Illumination.WINDOWS_ON: LightPlan._windows_on,
    Illumination.FLICKER: LightPlan._flicker,
    Illumination.PASSING_CLOUD: LightPlan._cloud,
}
"""Requests that are more than a turn of the light."""


def _wind(motion: PictureMotion) -> float:
    """Which way the wind blows: 1 to the right, -1 to the left; what else moves may say."""
    headings = {each.heading for each in motion.matter} | {each.heading for each in motion.air}
    return -1.0 if Heading.LEFT in headings else 1.0
