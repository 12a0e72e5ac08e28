"""All places: their ground, their light and what they are drawn from."""

from __future__ import annotations

from kirin.concepts.concept import Habitat
from kirin.concepts.library import library
from kirin.domain.cast import Cast
from kirin.domain.intent import Place, SceneDescription
from kirin.engines.animatic.places.interior import rooms
from kirin.engines.animatic.places.outdoor import grounds, sets
from kirin.engines.animatic.scene.assembly import Drawable, drawables
from kirin.engines.animatic.scene.floor import EDGE
from kirin.engines.animatic.scene.ground import Ground, Surface
from kirin.engines.animatic.scene.light import Light, light_of
from kirin.engines.animatic.scene.setting import Setting

_AFLOAT = frozenset({Habitat.WATER, Habitat.AIR})


def drawables_of(setting: Setting) -> list[Drawable]:
    """What a place is drawn from, back to front; open country where it is no set."""
    place = setting.scene.place
    return (rooms.painters().get(place) or sets.DRAWABLES.get(place, drawables))(setting)


def light_for(scene: SceneDescription) -> Light:
    """The light of a place at its hour."""
    return (rooms.lights().get(scene.place) or sets.LIGHTS.get(scene.place, light_of))(scene)


def ground_of(scene: SceneDescription, cast: Cast) -> Ground:
    """Where a cast can stand in a place; it needs no painting.

    Args:
        scene: the place.
        cast: who is there: at sea, people get a beach to stand on, and boats do not.
    """
    if scene.place in rooms.grounds():
        return rooms.grounds()[scene.place]
    ground = grounds.ground_of(scene)
    habitats = {library().get(member.concept).habitat for member in cast.members}
    if scene.place is Place.SEA and not habitats <= _AFLOAT:
        return Ground(ground.horizon, EDGE + 0.1, 0.95, Surface.LAND, EDGE)
    return ground
