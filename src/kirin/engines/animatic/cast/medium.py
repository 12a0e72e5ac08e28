"""What carries a performer: ground, water, air."""

from __future__ import annotations

from enum import StrEnum

from kirin.concepts.concept import Concept, Gait, Habitat, Kind
from kirin.domain.cast import Action, CastMember
from kirin.engines.animatic.cast.costume import Costume
from kirin.engines.animatic.scene.ground import Ground, Surface

_TALL = 1.5  # metres from which something on a wall reaches down to the floor: a door
_AIRBORNE = frozenset({Action.FLY, Action.FLOAT})


class Medium(StrEnum):
    """What carries a performer."""

    GROUND = "ground"
    WATER = "water"  # on its surface
    DEEP = "deep"  # under water
    AIR = "air"
    SKY = "sky"
    WALL = "wall"
    EDGE = "edge"  # cut off by the lower edge of the frame


def steers(member: CastMember, concept: Concept) -> bool:
    """Whether a member makes something else fly: a kite, a drone, an aeroplane."""
    wings = concept.gait in (Gait.FLAP, Gait.GLIDE)
    return member.action is Action.FLY and member.target is not None and not wings


def medium_of(  # noqa: PLR0911  # one return for each medium
    member: CastMember, concept: Concept, costume: Costume, ground: Ground
) -> Medium:
    """What carries a cast member in a place."""
    if costume.cut:
        return Medium.EDGE
    if concept.kind is Kind.SKY:
        return Medium.SKY
    if ground.surface is Surface.NONE:
        return Medium.AIR
    if concept.habitat is Habitat.WALL and ground.surface is Surface.FLOOR:
        return Medium.GROUND if concept.size > _TALL else Medium.WALL
    swims = concept.gait in (Gait.SWIM, Gait.SAIL) or concept.habitat is Habitat.WATER
    if ground.surface is Surface.SEABED:
        bottom = concept.gait in (Gait.CRAWL, Gait.STILL, Gait.DRIVE)
        return Medium.GROUND if bottom else Medium.DEEP
    if member.action in _AIRBORNE and not steers(member, concept):
        return Medium.AIR
    if concept.habitat is Habitat.AIR:
        seated = concept.gait is Gait.FLAP and member.action not in (None, Action.FLY)
        return Medium.GROUND if seated and ground.surface is not Surface.WATER else Medium.AIR
    wet = ground.surface is Surface.WATER or ground.shore is not None
    if swims or member.action in (Action.SWIM, Action.SAIL):
        return Medium.WATER if wet else Medium.AIR if concept.gait is Gait.SWIM else Medium.GROUND
    return Medium.WATER if ground.surface is Surface.WATER else Medium.GROUND
