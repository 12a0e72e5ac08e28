"""Who of a text is not in the picture yet, and would have to be added to it.

Whoever comes in or passes by is new where the text does not call them known: "a dog runs in". So is
a thing that goes somewhere: with "a balloon rises" no other thing of the picture may rise.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Final

from kirin.concepts.concept import Kind
from kirin.concepts.library import library
from kirin.domain.motion import BodyMotion, BodyRequest
from kirin.prompt.clauses import SENTENCE_END
from kirin.prompt.lexicon import tables
from kirin.prompt.mentions import Deed, Mention
from kirin.prompt.relations import preposition_of
from kirin.prompt.vocabulary.cast import noun_words
from kirin.prompt.vocabulary.grammar import grammar
from kirin.prompt.vocabulary.loader import CHINESE, ENGLISH, alternatives
from kirin.prompt.vocabulary.motion import motion_words

_GOING: Final = frozenset(
    {BodyMotion.LIFT_OFF, BodyMotion.RISE, BodyMotion.FALL, BodyMotion.LEAVE, BodyMotion.APPROACH}
)
"""Motions by which the whole subject goes somewhere; it rocks and hovers where it is."""

_WORD: Final = re.compile(r"[\w'-]+|[^\w\s]")
_REACH: Final = 48  # characters before a noun in which its article is looked for
_ADJECTIVES: Final = 4  # words between an article and its noun
_PRONOUN: Final = re.compile(
    r"\b(?:it|he|she|they|which|that|who)\s+(?:\w+ly\s+|is\s+|are\s+)*$|它们?$"
)


class Newcomers:
    """Those of a text who are new to the picture, found deed by deed in the order of the text.

    Args:
        text: normalised.
        added: those whom it asks to add.
    """

    def __init__(self, text: str, added: Iterable[Mention]) -> None:
        self._text = text
        self._shown: set[Mention] = set()
        self._new = {each.base for each in added}

    def entering(self, deed: Deed, ahead: Sequence[str], doers: Sequence[Mention]) -> list[Mention]:
        """Who of the doers of a deed enters the picture by it.

        Args:
            deed: a verb.
            ahead: the phrases that it may be the first word of.
            doers: who may do it.
        """
        words = motion_words(CHINESE if deed.chinese else ENGLISH).entering
        if not any(phrase in words.verbs for phrase in ahead):
            return []
        framed = _framed().search(self._text[deed.position : deed.position + 40])
        return self._told([each for each in doers if framed or self._is_indefinite(each)])

    def going(self, deed: Deed, request: BodyRequest, doers: Sequence[Mention]) -> list[Mention]:
        """Who of the things that do something goes somewhere by it, and is new.

        Whether a person is there is for the picture to tell: its faces are known.
        """
        goes = request.motion in _GOING
        goes = goes or (request.motion is BodyMotion.FLOAT and request.heading is not None)
        if not goes:
            return []
        things = [each for each in doers if not _is_person(each) and not self._is_known(each, deed)]
        return self._told(
            [each for each in things if self._is_indefinite(each) or self._is_bare_plural(each)]
        )

    def show(self, doers: Sequence[Mention]) -> None:
        """Note that a text describes some as there: "a rocket stands on the pad"."""
        self._shown |= {each for each in doers if each.base not in self._new}

    def are_new(self, doers: Sequence[Mention]) -> bool:
        """Whether some have come in before: "a dog runs in and it lies down"."""
        return bool(doers) and all(each.base in self._new for each in doers)

    def _told(self, found: list[Mention]) -> list[Mention]:
        self._new |= {each.base for each in found}
        return found

    def _is_known(self, noun: Mention, deed: Deed) -> bool:
        """Whether a text has shown something before it tells what it does."""
        if noun in self._shown:
            return True
        between = self._text[noun.position : deed.position]
        return SENTENCE_END.search(between) is not None or _PRONOUN.search(between) is not None

    def _is_indefinite(self, noun: Mention) -> bool:
        if not noun.word.isascii():
            return _chinese_number().search(self._text[: noun.position]) is not None
        return self._determiner(noun) == "indefinite"

    def _is_bare_plural(self, noun: Mention) -> bool:
        return noun.word.isascii() and noun.plural and self._determiner(noun) is None

    def _determiner(self, noun: Mention) -> str | None:
        """What stands before a noun and its adjectives: "definite", "indefinite" or nothing."""
        nouns = noun_words(ENGLISH)
        before = self._text[max(0, noun.position - _REACH) : noun.position]
        words = [*_WORD.findall(before)[-_ADJECTIVES - 1 :], *noun.word.split()[:1]]
        for index in range(len(words) - 2, -1, -1):
            word = words[index]
            if _indefinite().fullmatch(word):
                return "indefinite"
            if word in nouns.determiners or word in nouns.possessives or word.endswith("'s"):
                return "definite"
            joins = word == "and" and words[index + 1] in _describing()
            ends = not word[0].isalnum() or word in _joining() or preposition_of([word])
            if ends and not joins:
                return None
        return None


def _is_person(noun: Mention) -> bool:
    return noun.concept is not None and library().get(noun.concept).kind is Kind.PERSON


@cache
def _describing() -> frozenset[str]:
    nouns = noun_words(ENGLISH)
    return frozenset((*nouns.adjectives.words, *tables().colours))


@cache
def _joining() -> frozenset[str]:
    joints = grammar(ENGLISH).connectives
    return frozenset((*joints.then, *joints.while_, *joints.and_, *joints.or_))


@cache
def _indefinite() -> re.Pattern[str]:
    words = motion_words(ENGLISH).entering.indefinite
    return re.compile(alternatives([each for each in words if " " not in each] + ["few"]))


@cache
def _chinese_number() -> re.Pattern[str]:
    words = alternatives(motion_words(CHINESE).entering.indefinite)
    return re.compile(rf"(?<![那这该第])(?:{words})\w{{0,4}}$")


@cache
def _framed() -> re.Pattern[str]:
    english = alternatives(motion_words(ENGLISH).entering.framed)
    chinese = alternatives(motion_words(CHINESE).entering.framed)
    return re.compile(rf"\b(?:{english})\b|{chinese}")
