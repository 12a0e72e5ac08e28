"""The costume of a cast member: which art shows it, whole where a figure must be whole."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import Any

from kirin.concepts.concept import Concept, Extent, Facing, Gait, Kind
from kirin.concepts.library import library
from kirin.domain.cast import Action, CastMember, ShotSize

NEAR = frozenset({ShotSize.MACRO, ShotSize.CLOSE_UP, ShotSize.MEDIUM, ShotSize.OVER_THE_SHOULDER})
"""Shot sizes that frame the upper part, where a bust needs no legs."""


_WHOLE = {
    (Kind.PERSON, Extent.HEAD): 5.5,
    (Kind.PERSON, Extent.BUST): 2.3,
    (Kind.ANIMAL, Extent.HEAD): 3.4,
    (Kind.ANIMAL, Extent.BUST): 1.8,
}
"""Size of a whole figure by that of its art: of a man 7.5 heads tall, most art is stockier."""


_POSED = frozenset(
    {
        Action.WALK,
        Action.APPROACH,
        Action.LEAVE,
        Action.ENTER,
        Action.RUN,
        Action.CHASE,
        Action.CATCH,
        Action.JUMP,
        Action.DANCE,
        Action.SWIM,
        Action.CLIMB,
        Action.RIDE,
        Action.SAIL,
        Action.COOK,
        Action.PAINT,
        Action.SING,
        Action.SLEEP,
        Action.SIT,
        Action.FIGHT,
    }
)
"""Actions that art of people shows; others are shown by props."""
_WITH_TARGET = frozenset({Action.RIDE, Action.SAIL, Action.CLIMB, Action.SWIM})
"""Art of these contains what the target is: a bicycle, a boat, a rock."""
_LARGE = frozenset({Action.DANCE, Action.SWIM, Action.RUN, Action.CLIMB, Action.RIDE})
"""Actions whose pose matters in a near shot too."""


class Build(StrEnum):
    """How the art is put together."""

    PLAIN = "plain"  # as drawn
    DONOR = "donor"  # a head on another animal's body
    LEGS = "legs"  # a bust or a head, continued downwards
    SEATED = "seated"  # a standing figure with its thighs towards the camera
    LYING = "lying"  # an animal on four legs with the legs under it
    LEVEL = "level"  # what the art shows at a slant, turned to lie level
    PUFF = "puff"  # a soft ball of smoke, drawn by :mod:`kirin.engines.animatic.cast.effects`


FOLDS = {Build.SEATED: (0.62, 0.36), Build.LYING: (0.66, 0.35)}
"""Share of the art above the legs, and what is left of their length, by the way they fold."""


@dataclass(frozen=True, slots=True)
class Costume:
    """The art of one performer.

    Attributes:
        art: id of the concept whose art is drawn.
        build: what is done with it.
        body: id of the art that gives the body, for ``Build.DONOR``.
        aspect: width by height of the result.
        facing, gait, kind: as of a concept.
        cut: whether it still ends at its lower edge, so that a border must hide that.
        colour: adjective of colour that it is painted in.
        old: whether it looks worn.
        metres: larger side of the whole figure.
        flat: whether it is shown as drawn, without the light of the place: fire, notes.
    """

    art: str
    build: Build = Build.PLAIN
    body: str | None = None
    aspect: float = 1.0
    facing: Facing = Facing.FRONT
    gait: Gait = Gait.STILL
    kind: Kind = Kind.OBJECT
    cut: bool = False
    colour: str | None = None
    old: bool = False
    metres: float = 1.0
    flat: bool = False

    @classmethod
    def of(cls, concept: Concept, **changes: Any) -> Costume:
        """A concept as its own art shows it."""
        facts: dict[str, Any] = {
            "art": concept.id,
            "aspect": concept.aspect,
            "facing": concept.facing,
            "gait": concept.gait,
            "kind": concept.kind,
            "cut": concept.extent is not Extent.WHOLE,
            "metres": concept.size * _WHOLE.get((concept.kind, concept.extent), 1.0),
        }
        return cls(**(facts | changes))


@cache
def tables() -> dict[str, Any]:
    """The data on costumes."""
    text = resources.files("kirin.engines.animatic.cast").joinpath("data/costumes.toml")
    return tomllib.loads(text.read_text("utf-8"))


def known(identifier: str) -> Concept | None:
    """A concept, or ``None`` if there is no such art."""
    try:
        return library().get(identifier)
    except KeyError:
        return None


def prop(identifier: str, **changes: Any) -> Costume:
    """The costume of a prop or an effect."""
    concept = known(identifier)
    return Costume.of(concept, **changes) if concept else Costume(identifier, **changes)


def costume_of(  # noqa: PLR0911  # one return for each way to dress somebody
    member: CastMember, size: ShotSize | None
) -> Costume:
    """The art for a cast member in a shot of a size.

    Raises:
        KeyError: there is no such concept.
    """
    concept = library().get(member.concept)
    paint: dict[str, Any] = {"colour": member.colour, "old": member.old}
    if concept.id in tables()["level"]:
        aspect = float(tables()["level"][concept.id][1])
        return Costume.of(concept, build=Build.LEVEL, aspect=aspect, cut=False, **paint)
    if concept.kind not in (Kind.PERSON, Kind.ANIMAL):
        return Costume.of(concept, cut=False, **paint)
    posed = _posed(member, concept, near=size in NEAR)
    if posed:
        stature = float(tables()["statures"].get(concept.id, 1.0))
        own = posed.id.startswith(concept.id)
        metres = posed.size * (1.0 if own else stature)
        return Costume.of(posed, cut=False, metres=metres, **paint)
    if concept.extent is Extent.WHOLE or concept.extent is Extent.PART:
        return Costume.of(concept, cut=concept.extent is Extent.PART, **paint)
    if size in NEAR:
        return Costume.of(concept, **paint)
    same = known(str(tables()["same"].get(concept.id, "")))
    if same:
        return Costume.of(same, **paint)
    donor = known(str(tables()["bodies"].get(concept.id, [""])[0]))
    if donor and concept.kind is Kind.ANIMAL:
        return _on_body(concept, donor, paint)
    legs = _legs(concept.extent)
    aspect = concept.aspect / (1.0 + legs)
    return Costume.of(
        concept, build=Build.LEGS, aspect=aspect, cut=False, facing=Facing.FRONT, **paint
    )


def _posed(member: CastMember, concept: Concept, near: bool) -> Concept | None:
    """Art of a whole figure: in the pose of its action, or standing."""
    pose = concept
    alone = member.action not in _WITH_TARGET or member.target is None
    if member.action in _POSED and alone:
        pose = known(library().variant(concept.id, member.action.value) or "") or concept
    if pose is not concept and pose.extent is Extent.WHOLE:
        return pose if not near or member.action in _LARGE else None
    if near or concept.extent in (Extent.WHOLE, Extent.PART):
        return None
    return known(f"{pose.id}-standing") or known(f"{concept.id}-standing")


def donor_box(costume: Costume) -> tuple[float, float, float, float, tuple[float, float, float]]:
    """Left, top, width and height of a head on a body, in heights of the body's art, from the
    body's corner, and the middle and the height of the head."""
    head = library().get(costume.art)
    body = library().get(costume.body or costume.art)
    return _union(head, body)


def _union(
    head: Concept, body: Concept
) -> tuple[float, float, float, float, tuple[float, float, float]]:
    _, x, y, tall = tables()["bodies"][head.id]
    wide = tall * head.aspect
    left, top = min(0.0, x - wide / 2), min(0.0, y - tall / 2)
    right = max(body.aspect, x + wide / 2)
    return left, top, right - left, 1.0 - top, (x, y, tall)


def _on_body(concept: Concept, donor: Concept, paint: dict[str, Any]) -> Costume:
    _, _, wide, tall, _ = _union(concept, donor)
    return Costume.of(
        concept,
        build=Build.DONOR,
        body=donor.id,
        aspect=wide / tall,
        facing=donor.facing,
        gait=donor.gait,
        cut=False,
        **paint,
    )


def _legs(extent: Extent) -> float:
    return float(tables()["legs"]["bust" if extent is Extent.BUST else "head"])
