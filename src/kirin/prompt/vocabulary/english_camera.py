"""Model of ``en/camera.toml``: the English words of camera direction."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import Enum, StrEnum
from functools import cache, cached_property
from typing import Annotated, Final, Self

from pydantic import Field, model_validator

from kirin.domain.intent import Move, Speed
from kirin.prompt.vocabulary.loader import (
    ENGLISH,
    Entries,
    Entry,
    Table,
    alternatives,
    complete,
    load,
)

IDIOM: Final = "#"
"""First character of what stands for an idiom among the words of a clause."""


class Form(Enum):
    """Form of a verb; a noun of the same stem counts as its base form."""

    BASE = 0
    THIRD = 1
    ING = 2
    PAST = 3


class MoveHeading(StrEnum):
    """Which way a move goes; bare where the text does not say."""

    IN = "in"
    OUT = "out"
    LEFT = "left"
    RIGHT = "right"
    UP = "up"
    DOWN = "down"
    OVER = "over"
    BEHIND = "behind"
    AROUND = "around"
    CLOCKWISE = "clockwise"
    COUNTERCLOCKWISE = "counterclockwise"
    BARE = "bare"


class Trait(StrEnum):
    """How a verb behaves; explained in the file."""

    CAMERA = "camera"
    SHARED = "shared"
    NOUN = "noun"
    ORBIT = "orbit"
    GENERAL = "general"
    TRANSITIVE = "transitive"
    SHAKE = "shake"
    ORDER = "order"
    FOLLOW = "follow"


class Verb(Table):
    """A verb of motion.

    Attributes:
        forms: base, third person, -ing, past.
        groups: names of groups of moves that it shares with other verbs.
        moves: what it asks for by heading, in addition to its groups.
        traits: how it behaves.
        speed: that it implies.
    """

    forms: Annotated[Entries, Field(min_length=1)]
    groups: tuple[str, ...] = ()
    moves: dict[MoveHeading, Move] = Field(default_factory=dict)
    traits: frozenset[Trait] = frozenset()
    speed: Speed | None = None


class Idiom(Table):
    """Words that mean something else together than each alone.

    Attributes:
        words: the ways to write it.
        moves: what it asks for; none if it is no camera move.
    """

    words: Annotated[Entries, Field(min_length=1)]
    moves: tuple[Move, ...] = ()


class SentenceWords(Table):
    """Words by what they do in a sentence; explained in the file."""

    camera: frozenset[Entry]
    carriers: frozenset[Entry]
    across: frozenset[Entry]
    pronouns: frozenset[Entry]
    units: frozenset[Entry]
    sides: frozenset[Entry]
    objects: frozenset[Entry]
    footage: frozenset[Entry]
    sizes: frozenset[Entry]
    unsteady: frozenset[Entry]
    still: frozenset[Entry]
    still_alone: frozenset[Entry]
    showy: frozenset[Entry]
    manners: frozenset[Entry]
    degrees: frozenset[Entry]
    articles: frozenset[Entry]
    auxiliaries: frozenset[Entry]
    negations: frozenset[Entry]
    determiners: frozenset[Entry]
    measures: frozenset[Entry]
    before_heading: frozenset[Entry]
    other_zooms: frozenset[Entry]


class EnglishCamera(Table):
    """The English words of camera direction.

    Attributes:
        headings: words by heading.
        groups: moves by heading, by the name of the group.
        verbs: by base form.
        speeds: words by speed.
        amounts: words for a turn, by degrees.
        idioms: by name.
        words: the other words.
    """

    headings: Annotated[dict[MoveHeading, Entries], complete(set(MoveHeading) - {MoveHeading.BARE})]
    groups: dict[str, dict[MoveHeading, Move]]
    verbs: dict[Entry, Verb]
    speeds: Annotated[dict[Speed, Entries], complete(set(Speed) - {Speed.NORMAL})]
    amounts: dict[int, Entries]
    idioms: dict[Entry, Idiom]
    words: SentenceWords

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        for lemma, verb in self.verbs.items():
            if unknown := sorted(set(verb.groups) - set(self.groups)):
                raise ValueError(f"verbs.{lemma}.groups names an unknown group {unknown[0]!r}")
        return self

    @cached_property
    def heading_of(self) -> dict[str, MoveHeading]:
        """The heading that a word names."""
        return {word: heading for heading, words in self.headings.items() for word in words}

    @cached_property
    def speed_of(self) -> dict[str, Speed]:
        """The speed that a word names."""
        return {word: speed for speed, words in self.speeds.items() for word in words}

    @cached_property
    def verb_of(self) -> dict[str, tuple[str, Form]]:
        """The base form and the form of each word that is a verb of motion."""
        return {
            word: (lemma, Form(min(index, Form.PAST.value)))
            for lemma, verb in self.verbs.items()
            for index, word in enumerate(verb.forms)
        }

    @cached_property
    def token_pattern(self) -> re.Pattern[str]:
        """Matches an idiom, in a group of its name, or a word."""
        idioms = (
            rf"(?P<{name}>(?<![a-z])(?:{alternatives(idiom.words)})(?![a-z]))"
            for name, idiom in self.idioms.items()
        )
        return re.compile("|".join((*idioms, r"[a-z]+(?:'[a-z]+)?")))

    @cached_property
    def amount_patterns(self) -> tuple[tuple[re.Pattern[str], int], ...]:
        """A pattern for the words of each amount of degrees."""
        return tuple(
            (re.compile(rf"\b(?:{alternatives(words)})\b"), degrees)
            for degrees, words in self.amounts.items()
        )

    @cached_property
    def moves_of(self) -> dict[str, dict[MoveHeading, Move]]:
        """The moves of each verb by heading."""
        moves: dict[str, dict[MoveHeading, Move]] = {}
        for lemma, verb in self.verbs.items():
            moves[lemma] = {}
            for group in verb.groups:
                moves[lemma] |= self.groups[group]
            moves[lemma] |= verb.moves
        return moves

    @cached_property
    def fillers(self) -> frozenset[str]:
        """Words that are neither a subject nor an object nor a move."""
        words = self.words
        named = words.manners | words.articles | words.auxiliaries | words.negations
        return named | frozenset(self.speed_of)

    @cached_property
    def links_to_heading(self) -> frozenset[str]:
        """Words that may stand between a verb and its heading."""
        words = self.words
        return words.articles | words.manners | words.before_heading | frozenset(self.speed_of)

    @cached_property
    def states(self) -> frozenset[str]:
        """Words that say that the camera is handheld or static."""
        return self.words.unsteady | self.words.still

    @cached_property
    def footage(self) -> frozenset[str]:
        """What is said to be handheld or static."""
        return self.words.camera | self.words.footage

    def has(self, lemma: str, *traits: Trait) -> bool:
        """Whether a verb has any of the traits."""
        return not self.verbs[lemma].traits.isdisjoint(traits)

    def is_free(self, words: Sequence[str]) -> bool:
        """Whether these are nothing but fillers, headings, cameras and moves."""
        return all(
            word in self.fillers
            or (word.startswith(IDIOM) and self.idioms[word[1:]].moves)
            or word in self.heading_of
            or word in self.verb_of
            or word in self.words.camera
            for word in words
        )


@cache
def english_camera() -> EnglishCamera:
    """The words, loaded once a process."""
    return load(ENGLISH, "camera", EnglishCamera)
