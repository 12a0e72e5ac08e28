"""All interiors: their ground, their drawables and their light, by place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache, partial

from kirin.domain.intent import Place, SceneDescription
from kirin.engines.animatic.places.interior.abstract import abstract_drawables
from kirin.engines.animatic.places.interior.atmosphere import dust, shafts, spotlights
from kirin.engines.animatic.places.interior.lighting import room_light
from kirin.engines.animatic.places.interior.outside import outside
from kirin.engines.animatic.places.interior.painting import RoomPainter, both_sides
from kirin.engines.animatic.places.interior.plan import RoomPlan, ground_back, room_plans
from kirin.engines.animatic.places.interior.stars import star_field
from kirin.engines.animatic.places.interior.studio import backdrop_drawables, table_drawables
from kirin.engines.animatic.scene.assembly import Drawable
from kirin.engines.animatic.scene.ground import Ground, Surface
from kirin.engines.animatic.scene.light import Light, light_of
from kirin.engines.animatic.scene.setting import Setting


def _ground(plan: RoomPlan) -> Ground:
    up = (0.5 - plan.horizon) / plan.eye
    ceiling = plan.horizon - (plan.ceiling - plan.eye) * up * plan.back
    return Ground(plan.horizon, ground_back(plan), 0.97, Surface.FLOOR, ceiling=max(ceiling, -0.5))


def room_drawables(setting: Setting, plan: RoomPlan) -> list[Drawable]:
    """All drawables of a room, back to front."""
    place = setting.scene.place
    painter = RoomPainter(setting, plan)
    behind: list[Drawable] = []
    if place is Place.SPACESHIP:
        behind = star_field(setting)
    elif any(window.startswith("back") for window in plan.windows):
        behind = [outside(setting, painter.size.horizon)]
    parts = [*behind, painter.back(), painter.floor(), *both_sides(painter)]
    parts += painter.furniture()
    if place is Place.THEATRE:
        parts += spotlights(setting)
    if place is Place.CHURCH:
        parts += shafts(setting)
    if place in (Place.CHURCH, Place.LIBRARY, Place.ART_STUDIO) and not setting.light.dark:
        parts.append(dust(setting))
    return parts


def _plain_light(scene: SceneDescription) -> Light:
    return room_light(scene, _STUDIO)


_STUDIO = RoomPlan(0.1, 1.2, 4.0, 0.3, 4.0, (), (), (), (), day=1.0, bright=(1.0, 0.7))


@cache
def grounds() -> Mapping[Place, Ground]:
    """Where the cast can stand, by place."""
    rooms = {Place(name): _ground(plan) for name, plan in room_plans().items()}
    return rooms | {
        Place.TABLE_TOP: Ground(-0.16, 0.45, 0.95, Surface.TABLE),
        Place.BACKDROP: Ground(0.06, 0.45, 0.97, Surface.FLOOR),
        Place.ABSTRACT: Ground(0.0, 0.35, 0.95, Surface.NONE),
    }


@cache
def painters() -> Mapping[Place, Callable[[Setting], list[Drawable]]]:
    """What paints the places."""
    rooms = {Place(n): partial(room_drawables, plan=plan) for n, plan in room_plans().items()}
    return rooms | {
        Place.TABLE_TOP: table_drawables,
        Place.BACKDROP: backdrop_drawables,
        Place.ABSTRACT: abstract_drawables,
    }


@cache
def lights() -> Mapping[Place, Callable[[SceneDescription], Light]]:
    """The light of the places at an hour."""
    rooms = {Place(name): partial(room_light, plan=plan) for name, plan in room_plans().items()}
    return rooms | {
        Place.TABLE_TOP: _plain_light,
        Place.BACKDROP: _plain_light,
        Place.ABSTRACT: light_of,
    }
