"""Dressing: which costume each instance of a cast member wears, given the rest of the cast."""

from __future__ import annotations

from dataclasses import replace

from kirin.concepts.concept import Extent, Facing, Gait, Kind, plain_name
from kirin.concepts.library import library
from kirin.domain.cast import Action, Cast, CastMember, Relation
from kirin.engines.animatic.cast.costume import (
    FOLDS,
    NEAR,
    Build,
    Costume,
    costume_of,
    known,
    tables,
)

PICTURES = frozenset({"framed-picture"})
"""Art that shows something else inside of it."""

_ON_SEAT = frozenset(
    {
        Action.SIT,
        Action.READ,
        Action.WRITE,
        Action.EAT,
        Action.DRINK,
        Action.PLAY,
        Action.TALK,
        Action.LOOK,
        Action.SING,
        Action.WAVE,
    }
)
"""What is done on a seat without standing up."""
_LEGGED = frozenset({Gait.WALK, Gait.HOP})
_SLIM = 0.7  # width by height: the art of whoever stands


def dress(cast: Cast, index: int, instance: int = 0) -> Costume:
    """The costume of an instance of a cast member.

    Raises:
        KeyError: there is no such concept.
    """
    member = _one_of(cast.members[index], instance)
    concept = library().get(member.concept)
    anchor = cast.members[member.anchor].concept if member.anchor is not None else None
    if member.relation is Relation.IN and anchor in PICTURES and concept.kind is not Kind.OBJECT:
        portrait = known(plain_name(concept.id)) or concept
        return Costume.of(portrait, cut=False, colour=member.colour, gait=Gait.STILL)
    seat = seat_of(cast, index) is not None
    if member.action is Action.SLEEP:
        awake = replace(member, action=None) if seat and anchor != "bed" else member
        return _down(costume_of(awake, cast.size))
    sits = member.action is Action.SIT or (seat and (member.action in _ON_SEAT))
    rides = member.action is Action.RIDE and member.target is not None
    sits = (sits or rides or (seat and member.action is None)) and concept.kind is Kind.PERSON
    if not sits or cast.size in NEAR:
        return costume_of(member, cast.size)
    # Poses of sitting are drawn for the floor, and for few people.
    if not seat and member.action is Action.SIT:
        posed = costume_of(member, cast.size)
        if posed.aspect > _SLIM:
            return posed
    return _folded(costume_of(replace(member, action=None), cast.size), Build.SEATED)


def _one_of(member: CastMember, instance: int) -> CastMember:
    """One of a group: people of a group do not all look the same."""
    if member.count == 1:
        return member
    mixed = tables()["mixed"].get(member.concept)
    if mixed is None:
        both = [f"woman-{member.concept}", f"man-{member.concept}"]
        mixed = both if all(known(name) for name in both) else [member.concept]
    return replace(member, concept=mixed[instance % len(mixed)])


def seat_of(cast: Cast, index: int) -> int | None:
    """The cast member that a member sits or lies on, if there is one."""
    member = cast.members[index]
    placed = member.relation in (Relation.ON, Relation.IN)
    thing = cast.members[member.target] if member.target is not None else None
    theirs = thing.anchor if thing and thing.relation is Relation.ON else None
    for other in (member.anchor if placed else None, member.target, theirs):
        if other is None or other == index:
            continue
        if cast.members[other].concept in tables()["seats"]:
            return other
    return None


def _down(costume: Costume) -> Costume:
    """An animal that lies; people are turned by the action itself."""
    whole = costume.kind is Kind.ANIMAL and not costume.cut and costume.build is Build.PLAIN
    if whole and costume.gait in _LEGGED and costume.facing is not Facing.FRONT:
        return _folded(costume, Build.LYING)
    return costume


def _folded(costume: Costume, build: Build) -> Costume:
    """With folded legs, if there are any in the art."""
    if costume.build is not Build.PLAIN or costume.cut:
        return costume
    if library().get(costume.art).extent is not Extent.WHOLE:
        return costume
    if build is Build.SEATED and costume.aspect > _SLIM:
        return costume
    body, squeeze = FOLDS[build]
    left = body + (1.0 - body) * squeeze
    tall = costume.aspect < 1.0
    return replace(
        costume,
        build=build,
        aspect=costume.aspect / left,
        metres=costume.metres * (left if tall else 1.0),
        gait=Gait.STILL,
    )
