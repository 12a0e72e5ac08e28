"""The painter and the light of each set."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from kirin.domain.intent import Place, SceneDescription
from kirin.engines.animatic.places.outdoor import nature, otherworld, town, tracks, waterside
from kirin.engines.animatic.scene.assembly import Drawable
from kirin.engines.animatic.scene.light import Light
from kirin.engines.animatic.scene.setting import Setting

DRAWABLES: Mapping[Place, Callable[[Setting], list[Drawable]]] = {
    Place.JUNGLE: nature.jungle,
    Place.SNOWFIELD: nature.snowfield,
    Place.BEACH: waterside.beach,
    Place.RIVERSIDE: waterside.riverside,
    Place.HARBOUR: waterside.harbour,
    Place.PARK: nature.park,
    Place.GARDEN: nature.garden,
    Place.FARM: nature.farm,
    Place.ROAD: tracks.road,
    Place.RACE_TRACK: tracks.race_track,
    Place.RAILWAY: tracks.railway,
    Place.BRIDGE: waterside.bridge,
    Place.SKY: otherworld.sky,
    Place.PLANET_SURFACE: otherworld.planet_surface,
    Place.CAVE: otherworld.cave,
    Place.REEF: otherworld.reef,
    Place.STREET: town.street,
    Place.ALLEY: town.alley,
    Place.MARKET: town.market,
    Place.STADIUM: town.stadium,
}
"""What a set consists of, back to front."""

LIGHTS: Mapping[Place, Callable[[SceneDescription], Light]] = {
    Place.CAVE: otherworld.cave_light,
    Place.REEF: otherworld.reef_light,
    Place.PLANET_SURFACE: otherworld.planet_light,
    Place.STREET: town.lamplit,
    Place.ALLEY: town.lamplit,
    Place.MARKET: town.lamplit,
    Place.STADIUM: town.floodlit,
    Place.RACE_TRACK: town.floodlit,
}
"""The light of the sets whose light is not that of open country."""
