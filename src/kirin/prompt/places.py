"""Where a shot plays: the place that a text names, or the one that its cast suggests."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Final

from kirin.concepts.concept import Gait, Habitat, Kind
from kirin.concepts.library import library
from kirin.domain.cast import Action
from kirin.domain.intent import Place, Terrain
from kirin.prompt.mentions import Mention, Role
from kirin.prompt.vocabulary.cast import place_words
from kirin.prompt.vocabulary.loader import CHINESE, ENGLISH

LEAST_WEIGHT: Final = 0.3
"""A place that is named less surely than this is none."""

LANDSCAPES: Final[Mapping[Place, Terrain]] = {Place(terrain.value): terrain for terrain in Terrain}
"""The places that are open country."""

_ALL: Final = tuple(Terrain)
_INLAND: Final = (Terrain.FIELDS, Terrain.MOUNTAINS, Terrain.FOREST)
TERRAINS: Final[Mapping[Place, tuple[Terrain, ...]]] = {
    **{place: (terrain,) for place, terrain in LANDSCAPES.items()},
    Place.JUNGLE: (Terrain.FOREST,),
    Place.SNOWFIELD: (Terrain.MOUNTAINS, Terrain.FIELDS, Terrain.FOREST),
    Place.BEACH: (Terrain.SEA,),
    Place.RIVERSIDE: (*_INLAND, Terrain.CITY),
    Place.HARBOUR: (Terrain.SEA,),
    Place.PARK: (Terrain.FIELDS, Terrain.CITY, Terrain.FOREST),
    Place.GARDEN: (Terrain.FIELDS, Terrain.CITY),
    Place.FARM: (Terrain.FIELDS,),
    Place.ROAD: (*_INLAND, Terrain.DESERT, Terrain.CITY, Terrain.SEA),
    Place.RACE_TRACK: (Terrain.FIELDS, Terrain.CITY, Terrain.DESERT),
    Place.RAILWAY: (*_INLAND, Terrain.DESERT, Terrain.CITY),
    Place.BRIDGE: (Terrain.CITY, Terrain.MOUNTAINS, Terrain.FOREST, Terrain.FIELDS, Terrain.SEA),
    Place.SKY: (Terrain.MOUNTAINS, *_ALL),
    Place.PLANET_SURFACE: (Terrain.DESERT,),
    Place.CAVE: (Terrain.MOUNTAINS,),
    Place.REEF: (Terrain.SEA,),
    Place.STREET: (Terrain.CITY,),
    Place.ALLEY: (Terrain.CITY,),
    Place.MARKET: (Terrain.CITY,),
    Place.STADIUM: (Terrain.CITY,),
    Place.SPACESHIP: (Terrain.SPACE,),
    Place.TABLE_TOP: (),
    Place.BACKDROP: (),
    Place.ABSTRACT: (),
}
"""What the country around a place can be, the usual first; for the rest, what windows show."""

_ROOM_WINDOWS: Final = (Terrain.CITY, *_ALL)

INDOORS: Final = frozenset(
    {
        Place.LIVING_ROOM, Place.KITCHEN, Place.BEDROOM, Place.BATHROOM, Place.OFFICE,
        Place.ART_STUDIO, Place.CLASSROOM, Place.LABORATORY, Place.CAFE, Place.RESTAURANT,
        Place.SHOP, Place.LIBRARY, Place.MUSEUM, Place.GYM, Place.THEATRE, Place.CHURCH,
        Place.HOSPITAL, Place.FACTORY, Place.SPACESHIP, Place.TABLE_TOP, Place.BACKDROP,
        Place.ABSTRACT,
    }
)  # fmt: skip
"""Places without a sky."""

_BY_ACTION: Final = {
    Action.COOK: Place.KITCHEN,
    Action.PAINT: Place.ART_STUDIO,
    Action.SING: Place.THEATRE,
    Action.DANCE: Place.THEATRE,
    Action.WRITE: Place.OFFICE,
    Action.READ: Place.LIVING_ROOM,
    Action.SLEEP: Place.BEDROOM,
    Action.DRIVE: Place.ROAD,
    Action.SAIL: Place.SEA,
    Action.SWIM: Place.SEA,
    Action.RIDE: Place.ROAD,
    Action.CLIMB: Place.MOUNTAINS,
    Action.FLY: Place.SKY,
    Action.DRINK: Place.CAFE,
    Action.EAT: Place.RESTAURANT,
    Action.PLAY: Place.THEATRE,
}
_PEOPLE_ONLY: Final = frozenset(
    {
        Action.DRINK,
        Action.EAT,
        Action.COOK,
        Action.PAINT,
        Action.SING,
        Action.DANCE,
        Action.WRITE,
        Action.READ,
        Action.SLEEP,
    }
)
_FOR_SMALL: Final = (Place.TABLE_TOP,)
_FURNITURE: Final = frozenset({"table", "desk", "chair", "桌子", "桌", "椅子"})
_SURE: Final = 1.5  # a place whose name is in the text beyond doubt
_SMALL: Final = 0.7  # metres; larger objects stand on no table


def terrains(place: Place) -> tuple[Terrain, ...]:
    """What the country around a place can be, the usual first; empty if anything can."""
    return TERRAINS.get(place, _ROOM_WINDOWS)


def named_place(nouns: Sequence[Mention]) -> Mention | None:
    """The mention that says most surely where a shot plays, the first of those."""
    names = [each for each in nouns if each.place is not None and not each.denied]
    best = max(names, key=lambda each: each.weight, default=None)
    if best is not None and best.place is Place.SKY and best.weight < _SURE and _is_grounded(nouns):
        return None
    if best is not None and best.place is Place.RIVERSIDE:
        # The mountains have a lake of their own.
        among = (each for each in names if each.place is Place.MOUNTAINS and each.weight > 1)
        best = next(among, best)
    return best if best is not None and best.weight >= LEAST_WEIGHT else None


def _is_grounded(nouns: Sequence[Mention]) -> bool:
    """Whether something is on screen that stands on the ground and not in a sky."""
    kinds = {
        library().get(each.concept).kind
        for each in nouns
        if each.concept and each.role is Role.THING and not each.denied
    }
    return Kind.BUILDING in kinds


@cache
def _suggestions() -> dict[str, Place]:
    """Words that suggest a place."""
    return {
        word: place
        for language in (ENGLISH, CHINESE)
        for place, words in place_words(language).suggested.items()
        for word in words
    }


@cache
def shown_at(place: Place) -> frozenset[str]:
    """Words for what is drawn with a place."""
    tables = (place_words(language).shown for language in (ENGLISH, CHINESE))
    return frozenset(word for table in tables for word in table.get(place, ()))


_TOWN: Final = frozenset({"town", "city"})


@cache
def unpainted() -> frozenset[str]:
    """Names of places that are told apart by what is not painted: a rooftop, Paris."""
    tables = [place_words(language) for language in (ENGLISH, CHINESE)]
    words = [word for each in tables for word in (*each.unpainted.words, *each.towns.words)]
    return frozenset(words) - _TOWN


@cache
def entered_place(word: str) -> Place | None:
    """The place that a thing is for what is in, on or aboard it."""
    for language in (ENGLISH, CHINESE):
        for place, words in place_words(language).entered.items():
            if word in words:
                return place
    return None


def suggested_place(nouns: Sequence[Mention]) -> Place | None:
    """The place where the things that a text mentions are usually seen."""
    place = _suggested(nouns)
    return Place.SEA if place is Place.REEF and _has_vessel(nouns) else place


def _has_vessel(nouns: Sequence[Mention]) -> bool:
    """Whether something floats on the water, so that what lives in it comes up."""
    concepts = [library().get(each.concept) for each in nouns if each.concept and not each.denied]
    return any(each.gait is Gait.SAIL and each.kind is Kind.VEHICLE for each in concepts)


def _suggested(nouns: Sequence[Mention]) -> Place | None:
    table = _suggestions()
    large = _is_large(nouns)
    if _sails(nouns) and any(table.get(each.base) is Place.REEF for each in nouns):
        return Place.SEA  # what lives under water comes up to what floats on it
    for mention in _by_importance(nouns):
        for word in (mention.base, mention.word, *mention.base.split()[-1:]):
            if (place := table.get(word)) is not None and not (large and place in _FOR_SMALL):
                return place
            if large and word in _FURNITURE:
                return Place.LIVING_ROOM
        concept = (mention.concept or "").replace("-", " ")
        if (place := table.get(concept)) is not None and not (large and place in _FOR_SMALL):
            return place
    return None


def _is_large(nouns: Sequence[Mention]) -> bool:
    """Whether the subject is too large to stand on a table."""
    for mention in nouns:
        if mention.role is Role.THING and mention.concept and not mention.denied:
            concept = library().get(mention.concept)
            living = concept.kind in (Kind.PERSON, Kind.ANIMAL, Kind.VEHICLE)
            if living:
                return concept.size > _SMALL / 2
    return False


def usual_place(nouns: Sequence[Mention]) -> Place | None:
    """A place that suits what is on screen, by what it does and how it lives."""
    for mention in _by_importance(nouns):
        if mention.concept is None or mention.role is Role.SCENERY:
            continue
        concept = library().get(mention.concept)
        living = concept.kind in (Kind.PERSON, Kind.ANIMAL)
        place = _BY_ACTION.get(mention.action) if mention.action else None
        if place and (concept.kind is Kind.PERSON or mention.action not in _PEOPLE_ONLY):
            return place
        if concept.kind is Kind.ANIMAL:
            swims = concept.habitat is Habitat.WATER or concept.gait is Gait.SWIM
            return Place.REEF if swims else Place.FIELDS
        if living:
            return Place.PARK
        if concept.kind is Kind.VEHICLE:
            at_home = {Habitat.WATER: Place.SEA, Habitat.AIR: Place.SKY}
            return at_home.get(concept.habitat, Place.ROAD)
        if concept.kind is Kind.SKY:
            return Place.SKY
        if concept.kind is Kind.BUILDING:
            return Place.FIELDS
        if concept.kind is Kind.PLANT:
            return Place.GARDEN
        if concept.kind is Kind.FOOD or concept.size < _SMALL:
            return Place.TABLE_TOP
        return Place.BACKDROP
    return None


def _sails(nouns: Sequence[Mention]) -> bool:
    """Whether there is a vessel, which the water's surface carries."""
    found = (each.concept for each in nouns if each.concept and not each.denied)
    return any(library().get(concept).gait is Gait.SAIL for concept in found)


def _by_importance(nouns: Sequence[Mention]) -> Iterator[Mention]:
    """What stands on screen: what the subject is on or in, the subject, and the others."""
    seen = [
        each
        for each in nouns
        if not each.denied and each.role in (Role.THING, Role.CLOTHES, Role.SCENERY)
    ]
    things = [each for each in seen if each.role is Role.THING]
    if things and things[0].anchor in things and not (things[0].action):
        yield things[0].anchor
    yield from things
    # "Waves crash onto the rocks" has nothing else.
    yield from (each for each in nouns if each.role is not Role.THING and not each.denied)
