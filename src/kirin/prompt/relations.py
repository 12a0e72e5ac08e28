"""Prepositions of English texts, and which way things go."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from kirin.domain.cast import Heading, Relation
from kirin.prompt.vocabulary.cast import relation_words
from kirin.prompt.vocabulary.loader import CHINESE, ENGLISH, alternatives

_LONGEST: Final = 5  # words of a preposition


@dataclass(frozen=True, slots=True)
class Preposition:
    """A preposition of one or more words; without a relation where it joins nothing on screen."""

    text: str
    length: int
    relation: Relation | None


@cache
def _tables() -> dict[str, Relation | None]:
    words = relation_words(ENGLISH)
    table: dict[str, Relation | None] = {"of": None}
    table |= dict.fromkeys(words.loose)
    for relation, entries in words.relation.items():
        table |= dict.fromkeys(entries, relation)
    return table


def preposition_of(words: Sequence[str]) -> Preposition | None:
    """The longest preposition that some words begin with.

    >>> preposition_of(["in", "front", "of", "it"]).relation.value
    'in_front_of'
    """
    table = _tables()
    for length in range(min(_LONGEST, len(words)), 0, -1):
        text = " ".join(words[:length])
        if text in table:
            return Preposition(text, length, table[text])
    return None


@cache
def _headings() -> tuple[re.Pattern[str], tuple[Heading, ...]]:
    en, zh = relation_words(ENGLISH).heading, relation_words(CHINESE).heading
    groups = [rf"(\b(?:{alternatives(en[way])})\b|{alternatives(zh[way])})" for way in Heading]
    return re.compile("|".join(groups)), tuple(Heading)


def headings(text: str) -> list[tuple[int, int, Heading]]:
    """Where a normalised text says which way something goes: start, end and heading."""
    pattern, ways = _headings()
    return [
        (found.start(), found.end(), ways[(found.lastindex or 1) - 1])
        for found in pattern.finditer(text)
    ]
