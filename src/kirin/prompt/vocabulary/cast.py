"""Models of the files that name cast, places, styles and changes."""

from __future__ import annotations

from functools import cache
from typing import Annotated

from pydantic import Field

from kirin.domain.cast import Action, Heading, Relation, ShotSize, Style
from kirin.domain.intent import Place, Season, Time, Weather
from kirin.prompt.vocabulary.loader import Entries, Table, complete, load


class WordList(Table):
    """Words of one sort."""

    words: Entries


class Sense(Table):
    """What a word means beside certain others: a "ring" beside boxers is no jewel.

    Attributes:
        word: as a mention has it for its base.
        near: any of them, anywhere in the text.
        noun: what it means then.
    """

    word: str
    near: Entries
    noun: str


class NounWords(Table):
    """Words in and around nouns; the files say what each list is."""

    determiners: Entries = ()
    possessives: Entries = ()
    subject_pronouns: Entries = ()
    clause_starters: Entries = ()
    measures: Entries = ()
    collectives: dict[str, int]
    numbers: dict[str, int]
    colours: dict[str, Entries]
    sizes: dict[float, Entries]
    ages: dict[str, Entries]
    adjectives: WordList
    parts: WordList
    scenery: WordList
    partitives: WordList
    pictures: WordList
    clothes: WordList
    fluff: WordList
    synonyms: dict[str, str]
    near: WordList
    groups: dict[str, Entries]
    many: WordList
    seats: WordList
    vessels: WordList
    ground: WordList
    senses: tuple[Sense, ...] = ()


class VerbWords(Table):
    """Verbs by what they do to a cast member."""

    action: Annotated[dict[Action, Entries], complete(Action)]
    stative: WordList
    undrawn: WordList
    approximate: WordList
    done: WordList
    states: dict[Action, Entries]
    alive: WordList


class RelationWords(Table):
    """Prepositions, and which way things go."""

    relation: Annotated[dict[Relation, Entries], complete(Relation)]
    loose: Entries
    heading: Annotated[dict[Heading, Entries], complete(Heading)]


class StyleWords(Table):
    """Looks of the whole frame, looks that are not drawn, and shot sizes."""

    style: Annotated[dict[Style, Entries], complete(Style)]
    unknown: WordList
    size: Annotated[dict[ShotSize, Entries], complete(ShotSize)]


class PlaceWords(Table):
    """The words for places, for what suggests one or is part of one, and for what none shows."""

    named: Annotated[dict[Place, Entries], complete(Place)]
    suggested: dict[Place, Entries]
    shown: dict[Place, Entries]
    entered: dict[Place, Entries]
    unpainted: WordList
    towns: WordList
    neon: WordList


class SurfaceWords(Table):
    """The words for what table tops and backdrops are made of, in order of precedence."""

    surface: dict[str, Entries]
    crop: dict[str, Entries]


class LightState(Table):
    """Some of what a scene's light and weather are before or after a change."""

    time: Time | None = None
    weather: Weather | None = None
    season: Season | None = None
    lights: bool | None = None


class ChangeRule(Table):
    """Words for something that changes the light or the weather during a shot."""

    words: Entries
    before: Annotated[LightState, Field(alias="from")] = LightState()
    after: Annotated[LightState, Field(alias="to")]


class ChangeWords(Table):
    """How a language says that light and weather change."""

    joins: Entries
    change: tuple[ChangeRule, ...]


@cache
def noun_words(language: str) -> NounWords:
    """The words around nouns in a language, loaded once a process."""
    return load(language, "nouns", NounWords)


@cache
def verb_words(language: str) -> VerbWords:
    """The verbs of a language, loaded once a process."""
    return load(language, "verbs", VerbWords)


@cache
def relation_words(language: str) -> RelationWords:
    """The prepositions of a language, loaded once a process."""
    return load(language, "relations", RelationWords)


@cache
def style_words(language: str) -> StyleWords:
    """The styles and shot sizes of a language, loaded once a process."""
    return load(language, "styles", StyleWords)


@cache
def place_words(language: str) -> PlaceWords:
    """The places of a language, loaded once a process."""
    return load(language, "places", PlaceWords)


@cache
def surface_words(language: str) -> SurfaceWords:
    """The surfaces of a language, loaded once a process."""
    return load(language, "surfaces", SurfaceWords)


@cache
def change_words(language: str) -> ChangeWords:
    """The changes of a language, loaded once a process."""
    return load(language, "changes", ChangeWords)
