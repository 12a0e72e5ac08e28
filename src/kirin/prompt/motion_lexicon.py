"""Words for what moves in a picture: what each form of a word can mean."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Final

from kirin.domain.motion import MatterMotion, Particle, Substance
from kirin.prompt.vocabulary.loader import CHINESE, ENGLISH
from kirin.prompt.vocabulary.motion import AirWords, MatterWords, motion_words

_VOWELS: Final = "aeiou"
_DOUBLED: Final = frozenset(
    {"run", "flap", "nod", "bob", "whip", "pop", "stir", "tug", "scud", "spin", "let", "set",
     "drip", "flit", "rip", "wag", "hum", "swim", "stop", "begin", "lap", "slap", "slip", "hit"}
)  # fmt: skip
"""Verbs that double their last letter."""

_PLURALS: Final = {"leaf": "leaves", "grass": "grasses", "hair": "hair"}
LONGEST_WORDS: Final = 5
"""Words of the longest English phrase."""

LONGEST_CHARACTERS: Final = 8
"""Characters of the longest Chinese one."""


@dataclass(slots=True)
class MotionWord:
    """What one form of a word can mean in a picture.

    Attributes:
        matter: as a noun, the substances and how each usually moves.
        moving: whether the noun names the motion itself: ripples.
        named: the particle that is in the air wherever the word stands.
        stuff: particles that are in the air when they do something.
        acts: as a verb, how each substance moves by it; ``None`` as it usually does.
        drifts: the particles that do it.
        wind, blows: whether it is the wind, or what the wind does.
        windy: whether it says that something is in the wind.
        places: whether it says that something is in the air.
        adds: whether it says that something is to be added.
        participle: whether it ends in -ing, so that it may stand right before its noun.
    """

    matter: dict[Substance, MatterMotion] = field(default_factory=dict)
    moving: bool = False
    named: Particle | None = None
    stuff: set[Particle] = field(default_factory=set)
    acts: dict[Substance, MatterMotion | None] = field(default_factory=dict)
    drifts: set[Particle] = field(default_factory=set)
    wind: bool = False
    blows: bool = False
    windy: bool = False
    places: bool = False
    adds: bool = False
    participle: bool = False

    @property
    def is_noun(self) -> bool:
        """Whether it can be what moves."""
        return bool(self.matter or self.stuff or self.named)

    @property
    def is_verb(self) -> bool:
        """Whether it can be how something moves."""
        return bool(self.acts or self.drifts or self.places)


_Forms = Callable[[Sequence[str]], Iterator[MotionWord]]
"""The meanings of all forms of some words, to be added to."""


@cache
def english_meanings() -> dict[str, MotionWord]:
    """Meanings by the forms of English words."""
    return _table(ENGLISH)


@cache
def chinese_meanings() -> dict[str, MotionWord]:
    """Meanings by Chinese words."""
    return _table(CHINESE)


def verb_forms(verb: str, irregular: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """The forms of an English verb of one or more words.

    >>> list(verb_forms("roll in", {}))
    ['roll in', 'rolls in', 'rolling in', 'rolled in']
    """
    first, *rest = verb.split()
    for form in (*_regular(first), *irregular.get(first, ())):
        yield " ".join((form, *rest))


def _regular(verb: str) -> tuple[str, str, str, str]:
    stem = verb + verb[-1] if verb in _DOUBLED else verb
    if verb.endswith("e") and not verb.endswith("ee"):
        return verb, verb + "s", verb[:-1] + "ing", verb + "d"
    if verb.endswith("y") and verb[-2] not in _VOWELS:
        return verb, verb[:-1] + "ies", verb + "ing", verb[:-1] + "ied"
    third = verb + ("es" if verb.endswith(("s", "sh", "ch", "x", "z", "o")) else "s")
    return verb, third, stem + "ing", stem + "ed"


def _noun_forms(noun: str) -> tuple[str, ...]:
    *before, last = noun.split()
    if last in _PLURALS:
        plural = _PLURALS[last]
    elif last.endswith("y") and last[-2] not in _VOWELS:
        plural = last[:-1] + "ies"
    elif last.endswith(("s", "sh", "ch", "x")):
        plural = last + "es"
    else:
        plural = last + "s"
    if "of" in before:  # plumes of smoke
        first = before[0] + "s"
        return noun, " ".join((first, *before[1:], last)), " ".join((*before, plural))
    return noun, " ".join((*before, plural))


def _table(language: str) -> dict[str, MotionWord]:
    """All meanings of a language."""
    words = motion_words(language)
    table: dict[str, MotionWord] = {}

    def at(form: str) -> MotionWord:
        return table.setdefault(form, MotionWord())

    def verbs(entries: Sequence[str]) -> Iterator[MotionWord]:
        for verb in entries:
            forms = verb_forms(verb, words.irregular) if language == ENGLISH else (verb,)
            for form in forms:
                meaning = at(form)
                meaning.participle = meaning.participle or form.split()[0].endswith("ing")
                yield meaning

    def nouns(entries: Sequence[str]) -> Iterator[MotionWord]:
        for noun in entries:
            for form in _noun_forms(noun) if language == ENGLISH else (noun,):
                yield at(form)

    for substance, matter in words.matter.items():
        _add_matter(substance, matter, nouns, verbs)
    for particle, air in words.air.items():
        for phrase in air.named:
            at(phrase).named = particle
        _add_air(particle, air, nouns, verbs)
    for meaning in verbs(words.drifting.verbs):
        meaning.drifts |= set(Particle)
    for phrase in words.drifting.phrases:
        at(phrase).places = True
        at(phrase).drifts |= set(Particle)
    for phrase in words.drifting.adding:
        at(phrase).adds = True
    for meaning in nouns(words.wind.nouns):
        meaning.wind = True
    for meaning in verbs(words.wind.verbs):
        meaning.blows = True
    for phrase in words.wind.in_:
        at(phrase).windy = True
    _inherit(table, chinese=language == CHINESE)
    return table


def _inherit(table: dict[str, MotionWord], *, chinese: bool) -> None:
    """Let a verb of several words mean all that its parts do: "drift by" is to drift."""
    for form in sorted(table, key=len):
        meaning = table[form]
        if not meaning.is_verb:
            continue
        if chinese:
            parts = [form[n:] for n in range(1, len(form) - 1)]
            parts += [form[:n] for n in range(2, len(form))]
        else:
            words = form.split()
            parts = [" ".join(words[:n]) for n in range(1, len(words))]
        for part in parts:
            if (other := table.get(part)) is not None:
                meaning.acts = {**other.acts, **meaning.acts}
                meaning.drifts |= other.drifts


def _add_matter(substance: Substance, words: MatterWords, nouns: _Forms, verbs: _Forms) -> None:
    for motion, entries in words.nouns.items():
        for meaning in nouns(entries):
            meaning.matter[substance] = motion
    for meaning in nouns(words.moving):
        meaning.moving = True
    for meaning in verbs(words.usual):
        meaning.acts.setdefault(substance, None)
    for motion, entries in words.verbs.items():
        for meaning in verbs(entries):
            meaning.acts[substance] = motion


def _add_air(particle: Particle, words: AirWords, nouns: _Forms, verbs: _Forms) -> None:
    for meaning in nouns(words.stuff):
        meaning.stuff.add(particle)
    for meaning in verbs(words.moves):
        meaning.drifts.add(particle)
