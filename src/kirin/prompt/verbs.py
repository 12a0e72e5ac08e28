"""Verbs of English texts: which they are, and in which form they stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Final

from kirin.domain.cast import Action
from kirin.prompt.lemmas import stems, verb_lemma
from kirin.prompt.vocabulary.cast import verb_words
from kirin.prompt.vocabulary.loader import ENGLISH

_LONGEST: Final = 4  # words of a verb with its particles


class Inflection(StrEnum):
    """The form of a verb."""

    BASE = "base"
    THIRD = "third"  # runs
    PARTICIPLE = "participle"  # running
    PAST = "past"  # ran, covered


@dataclass(frozen=True, slots=True)
class ActionVerb:
    """A verb of one or more words.

    Attributes:
        lemma: its first word's infinitive.
        form: the form that it stands in.
        length: how many words it has.
        action: what it means on screen.
        stative: whether nothing moves by it.
    """

    lemma: str
    form: Inflection
    length: int
    action: Action | None = None
    stative: bool = False


@cache
def _tables() -> tuple[dict[str, Action], frozenset[str], frozenset[str], frozenset[str]]:
    words = verb_words(ENGLISH)
    actions = {word: action for action, entries in words.action.items() for word in entries}
    return (
        actions,
        frozenset(words.stative.words),
        frozenset(words.undrawn.words),
        frozenset(words.alive.words),
    )


def verb_of(words: Sequence[str]) -> ActionVerb | None:
    """The verb that some words begin with, or None if it is in no list.

    >>> verb = verb_of(["takes", "off", "slowly"])
    >>> verb.action.value, verb.form.value, verb.length
    ('fly', 'third', 2)
    """
    first = words[0]
    actions, stative, undrawn, _ = _tables()
    for lemma in dict.fromkeys((verb_lemma(first), first, *stems(first))):
        form = _form(first, lemma)
        for length in range(min(_LONGEST, len(words)), 0, -1):
            phrase = " ".join((lemma, *words[1:length]))
            if phrase in actions:
                return ActionVerb(lemma, form, length, actions[phrase])
            if phrase in stative:
                return ActionVerb(lemma, form, length, stative=True)
            if phrase in undrawn:
                return ActionVerb(lemma, form, length)
    return None


def needs_life(action: Action) -> bool:
    """Whether plants, food and places cannot do it."""
    return action.value in _tables()[3]


def unlisted(word: str) -> ActionVerb | None:
    """A verb that is in no list, judged by its ending alone."""
    if word.endswith("ing") and len(word) > 5:
        return ActionVerb(verb_lemma(word), Inflection.PARTICIPLE, 1)
    return None


def _form(word: str, lemma: str) -> Inflection:
    if word == lemma:
        return Inflection.BASE
    if word.endswith("ing"):
        return Inflection.PARTICIPLE
    if word.endswith("s"):
        return Inflection.THIRD
    return Inflection.PAST
