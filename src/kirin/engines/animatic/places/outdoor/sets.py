"""The painter of each set."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from kirin.domain.intent import Place, SceneDescription
from kirin.engines.animatic.places.outdoor import nature, waterside
from kirin.engines.animatic.scene.assembly import Drawable
from kirin.engines.animatic.scene.light import Light
from kirin.engines.animatic.scene.setting import Setting

DRAWABLES: Mapping[Place, Callable[[Setting], list[Drawable]]] = {
    Place.SNOWFIELD: nature.snowfield,
    Place.PARK: nature.park,
    Place.JUNGLE: nature.jungle,
    Place.GARDEN: nature.garden,
    Place.FARM: nature.farm,
    Place.BEACH: waterside.beach,
    Place.RIVERSIDE: waterside.riverside,
    Place.HARBOUR: waterside.harbour,
    Place.BRIDGE: waterside.bridge,
}
"""What a set consists of, back to front."""

LIGHTS: Mapping[Place, Callable[[SceneDescription], Light]] = {}
"""The light of the sets whose light is not that of open country."""
