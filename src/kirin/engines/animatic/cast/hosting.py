"""Hosting: which cast members give the place of others, and how."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from kirin.concepts.concept import Concept, Kind
from kirin.domain.cast import Action, Cast, Relation
from kirin.engines.animatic.cast.costume import Costume, tables
from kirin.engines.animatic.cast.dressing import PICTURES, seat_of
from kirin.engines.animatic.cast.medium import steers

_LIVING = frozenset({Kind.PERSON, Kind.ANIMAL})
_MANNED = 3.0  # metres from which what flies carries its pilot


class Grip(StrEnum):
    """How one is held by another."""

    ON = "on"
    IN = "in"
    UNDER = "under"
    OVER = "over"
    BEHIND = "behind"
    FRONT = "front"
    HAND = "hand"
    HEAD = "head"
    FACE = "face"
    MOUTH = "mouth"
    LAP = "lap"
    RIDE = "ride"
    SHELTER = "shelter"
    EASEL = "easel"
    COCKPIT = "cockpit"
    FILLED = "filled"
    ABLAZE = "ablaze"


@dataclass(frozen=True, slots=True)
class Host:
    """Who gives the place.

    Attributes:
        index: of the cast member.
        hold: how.
    """

    index: int
    hold: Grip


_BY_RELATION = {
    Relation.ON: Grip.ON,
    Relation.IN: Grip.IN,
    Relation.UNDER: Grip.UNDER,
    Relation.OVER: Grip.OVER,
    Relation.BEHIND: Grip.BEHIND,
    Relation.IN_FRONT_OF: Grip.FRONT,
    Relation.HOLDING: Grip.HAND,
    Relation.WEARING: Grip.HEAD,
}
FACEWEAR = {
    "glasses": 0.5,
    "sunglasses": 0.5,
    "diving-mask": 0.5,
    "goggles": 0.7,
    "headphone": 0.75,
}
"""What is worn at the height of the eyes: where these are on it, in its heights from the top."""

_BY_ACTION = {
    Action.EAT: Grip.MOUTH,
    Action.DRINK: Grip.MOUTH,
    Action.READ: Grip.LAP,
    Action.WRITE: Grip.LAP,
    Action.PLAY: Grip.LAP,
    Action.POUR: Grip.HAND,
    Action.THROW: Grip.HAND,
    Action.PAINT: Grip.EASEL,
    Action.COOK: Grip.HAND,
}


def hosts(cast: Cast, concepts: Sequence[Concept], costumes: Sequence[Costume]) -> dict[int, Host]:
    """The host of each member that has one."""
    found: dict[int, Host] = {}
    for index, member in enumerate(cast.members):
        anchor, target = member.anchor, member.target
        if anchor is not None and member.relation in _BY_RELATION and anchor != index:
            hold = _BY_RELATION[member.relation]
            if hold is Grip.ON and concepts[anchor].id == "fire":
                # Of "a house on fire" the fire is on the house.
                _bind(found, anchor, Host(index, Grip.ABLAZE))
                continue
            if hold is Grip.HEAD and FACEWEAR.keys() & {concepts[index].id, concepts[anchor].id}:
                hold = Grip.FACE
            flies = member.action is Action.FLY and concepts[anchor].kind is not Kind.BUILDING
            if (member.action is Action.RIDE or flies) and hold is Grip.ON:
                hold = Grip.RIDE
            shelter = "umbrella" in concepts[anchor].id and concepts[index].kind in _LIVING
            if shelter and hold in (Grip.UNDER, Grip.HAND):
                _bind(found, anchor, Host(index, Grip.SHELTER))
                continue
            if "umbrella" in concepts[index].id and hold in (Grip.HAND, Grip.OVER):
                hold = Grip.SHELTER
            # "A woman holding a book" may be said of either of the two.
            carries = hold in (Grip.HAND, Grip.HEAD, Grip.FACE) and concepts[index].kind in _LIVING
            if carries and concepts[anchor].kind not in _LIVING:
                _bind(found, anchor, Host(index, hold))
            else:
                _bind(found, index, Host(anchor, hold))
        if target is not None and target != index:
            _bind_target(found, index, cast, concepts, costumes)
    return found


def _bind_target(
    found: dict[int, Host],
    index: int,
    cast: Cast,
    concepts: Sequence[Concept],
    costumes: Sequence[Costume],
) -> None:
    """Put a member and the target of its action together."""
    member, target = cast.members[index], cast.members[index].target
    if target is None:
        return
    seat = seat_of(cast, index)
    if member.anchor is None and seat is not None and seat == cast.members[target].anchor:
        # Of "she plays the guitar on a bench" she is on the bench too.
        _bind(found, index, Host(seat, Grip.ON))
    if member.action is Action.RIDE:
        _bind(found, index, Host(target, Grip.RIDE))
    if member.action is Action.SIT and member.anchor is None and is_seat(concepts[target]):
        _bind(found, index, Host(target, Grip.ON))
    if steers(member, concepts[index]) and costumes[target].metres > _MANNED:
        _bind(found, index, Host(target, Grip.COCKPIT))
    held = _BY_ACTION.get(member.action) if member.action else None
    if held is Grip.EASEL and concepts[target].id not in PICTURES:
        held = None
    filled = receiver_of(cast, index)
    if filled is not None:
        _bind(found, filled, Host(index, Grip.FILLED))
    small = concepts[target].kind not in (*_LIVING, Kind.BUILDING, Kind.VEHICLE)
    other = cast.members[target]
    mine, theirs = costumes[index].metres * member.size, costumes[target].metres * other.size
    fits = theirs < 1.1 * mine or held is Grip.MOUTH
    if held and small and fits and (other.count == 1 or held is Grip.MOUTH):
        _bind(found, target, Host(index, held))


def _bind(found: dict[int, Host], index: int, host: Host) -> None:
    """Add a host, unless that closes a circle."""
    at: int | None = host.index
    while at is not None:
        if at == index:
            return
        at = found[at].index if at in found else None
    found.setdefault(index, host)


def receiver_of(cast: Cast, index: int) -> int | None:
    """The vessel that a member pours into."""
    member = cast.members[index]
    if member.action is not Action.POUR or member.target is None:
        return None
    for other in (cast.members[member.target].anchor, member.anchor, member.target):
        if other is not None and cast.members[other].concept in tables()["receivers"]:
            return other
    return None


def is_seat(concept: Concept) -> bool:
    """Whether one sits or lies on it."""
    return concept.id in tables()["seats"]
