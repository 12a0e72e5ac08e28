"""Words that mean something else beside certain others: a "ring" beside boxers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Final

from kirin.prompt.chinese_lexicon import chinese_noun
from kirin.prompt.lexicon import Noun, noun_of
from kirin.prompt.mentions import Mention, Role
from kirin.prompt.vocabulary.cast import noun_words
from kirin.prompt.vocabulary.loader import CHINESE, ENGLISH, alternatives

_SURE: Final = 2.5  # how surely a shot plays at a place that a word means beside others


def settle_senses(text: str, nouns: Sequence[Mention]) -> None:
    """Give mentions the meaning that the rest of a normalised text lets their words have."""
    for mention in nouns:
        for pattern, noun in _senses().get(mention.base, ()):
            if pattern.search(text):
                _become(mention, noun, nouns)
                break


def has_sense(text: str, word: str) -> bool:
    """Whether the rest of a normalised text gives a word another meaning."""
    return any(pattern.search(text) for pattern, _ in _senses().get(word, ()))


def _become(mention: Mention, noun: Noun, nouns: Sequence[Mention]) -> None:
    mention.base, mention.role, mention.concept = noun.base, noun.role, noun.concept
    mention.place, mention.guessed = noun.place, noun.guessed
    if noun.place is None:
        return
    mention.weight = _SURE
    mention.relation = mention.anchor = None
    for each in nouns:
        if each.anchor is mention:
            each.relation = each.anchor = None
        if each.target is mention:
            each.target = None


@cache
def _senses() -> dict[str, list[tuple[re.Pattern[str], Noun]]]:
    table: dict[str, list[tuple[re.Pattern[str], Noun]]] = {}
    for language in (ENGLISH, CHINESE):
        for sense in noun_words(language).senses:
            words = alternatives(sense.near)
            english = language == ENGLISH
            noun = noun_of(tuple(sense.noun.split())) if english else chinese_noun(sense.noun)
            pattern = re.compile(rf"\b(?:{words})\b" if english else words)
            table.setdefault(sense.word, []).append(
                (pattern, noun or Noun(sense.noun, Role.THING, 1))
            )
    return table
