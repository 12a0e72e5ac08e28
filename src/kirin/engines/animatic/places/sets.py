"""All places: their ground, their light and what they are drawn from."""

from __future__ import annotations

from kirin.concepts.concept import Habitat
from kirin.concepts.library import library
from kirin.domain.cast import Cast
from kirin.domain.intent import Place, SceneDescription
from kirin.engines.animatic.places.outdoor import sets as outdoor
from kirin.engines.animatic.scene.assembly import Drawable, drawables
from kirin.engines.animatic.scene.eyes import viewpoint
from kirin.engines.animatic.scene.floor import EDGE
from kirin.engines.animatic.scene.ground import Ground, Surface
from kirin.engines.animatic.scene.light import Light, light_of
from kirin.engines.animatic.scene.setting import Setting

_DRAWABLES = {**outdoor.DRAWABLES}
_LIGHTS = {**outdoor.LIGHTS}
_GROUNDS: dict[Place, Ground] = {}
_AFLOAT = frozenset({Habitat.WATER, Habitat.AIR})


def drawables_of(setting: Setting) -> list[Drawable]:
    """What a place is drawn from, back to front."""
    return _DRAWABLES.get(setting.scene.place, drawables)(setting)


def light_for(scene: SceneDescription) -> Light:
    """The light of a place at its hour."""
    return _LIGHTS.get(scene.place, light_of)(scene)


def ground_of(scene: SceneDescription, cast: Cast) -> Ground:
    """Where a cast can stand in a place; it needs no painting.

    Args:
        scene: the place.
        cast: who is there: at sea, people get a beach to stand on, and boats do not.
    """
    if scene.place in _GROUNDS:
        return _GROUNDS[scene.place]
    horizon, _ = viewpoint(scene)
    if scene.place is Place.SPACE:
        return Ground(horizon, 0.3, 0.95, Surface.NONE)
    habitats = {library().get(member.concept).habitat for member in cast.members}
    if scene.place is Place.SEA and habitats <= _AFLOAT:
        return Ground(horizon, 0.2, 0.9, Surface.WATER, shore=1.0)
    shore = EDGE if scene.place in (Place.SEA, Place.CITY) else None
    return Ground(horizon, EDGE + 0.1, 0.95, Surface.LAND, shore)
