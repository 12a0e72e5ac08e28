"""Model of ``motion.toml``: what moves in a given picture."""

from __future__ import annotations

from functools import cache
from typing import Annotated, Literal

from pydantic import Field

from kirin.domain.cast import Heading
from kirin.domain.motion import (
    BodyMotion,
    FocusPull,
    Illumination,
    MatterMotion,
    Particle,
    Substance,
)
from kirin.prompt.vocabulary.cast import WordList
from kirin.prompt.vocabulary.loader import Entries, Table, complete, load

Doer = Literal["living", "part", "vehicle", "thing", "unnamed"]
"""Whose deed something can be; "unnamed" is that of nobody who is named."""


class MatterWords(Table):
    """Words of one substance; the file says what each list is."""

    moving: Entries = ()
    usual: Entries = ()
    nouns: dict[MatterMotion, Entries]
    verbs: dict[MatterMotion, Entries]


class WindWords(Table):
    """The wind, what it does, and phrases for being in it."""

    nouns: Entries
    verbs: Entries
    in_: Annotated[Entries, Field(alias="in")]
    carried: Entries


class AirWords(Table):
    """Words of one particle; the file says what each list is."""

    named: Entries
    stuff: Entries = ()
    moves: Entries = ()


class DriftingWords(Table):
    """What everything in the air does, and how it is said to be there or to stop."""

    verbs: Entries
    phrases: Entries
    adding: Entries
    stopping: Entries


class LightRule(Table):
    """Regular expressions for one way in which the light changes."""

    becomes: Illumination
    words: Entries


class BodyRule(Table):
    """Verbs and phrases for what a subject does, and whose deeds they can be."""

    motion: BodyMotion
    of: tuple[Doer, ...]
    verbs: Entries
    phrases: Entries = ()


class EnteringWords(Table):
    """How somebody enters the picture, or is to be added to it."""

    verbs: Entries
    adding: Entries
    indefinite: Entries
    framed: Entries


class ChangingWords(Table):
    """How something is said to become something else; the file says what each list is."""

    becoming: Entries = ()
    getting: Entries = ()
    turning: Entries = ()
    glowing: Entries = ()
    shining: Entries = ()
    complements: Entries = ()
    phrases: Entries


class MotionWords(Table):
    """All that a language has for what moves in a picture."""

    matter: Annotated[dict[Substance, MatterWords], complete(Substance)]
    wind: WindWords
    air: Annotated[dict[Particle, AirWords], complete(Particle)]
    drifting: DriftingWords
    irregular: dict[str, Entries]
    light: tuple[LightRule, ...]
    focus: Annotated[dict[FocusPull, Entries], complete(FocusPull)]
    body: tuple[BodyRule, ...]
    asked: WordList
    still: WordList
    nobody: WordList
    lettered: WordList
    looking: WordList
    entering: EnteringWords
    changing: ChangingWords
    with_: Annotated[WordList, Field(alias="with")]
    strength: dict[float, Entries]
    start: dict[float, Entries]
    end: dict[float, Entries]
    whole: WordList
    heading: Annotated[dict[Heading, Entries], complete(Heading)]
    source: WordList


@cache
def motion_words(language: str) -> MotionWords:
    """The words of a language, loaded once a process."""
    return load(language, "motion", MotionWords)
