"""Normalised text, and the clauses that it falls into."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Final

from kirin.prompt.vocabulary.grammar import grammar
from kirin.prompt.vocabulary.loader import CHINESE, ENGLISH, alternatives

MAX_CHARACTERS: Final = 8192
"""Characters that are read; a prompt has at most 2,500, which normalisation may lengthen."""

MAX_CLAUSE_CHARACTERS: Final = 160
"""Longer clauses are split here, so that reading takes linear time."""


class Link(StrEnum):
    """How a clause is joined to the one before it."""

    SENTENCE = "sentence"
    THEN = "then"
    WHILE = "while"
    LIST = "list"
    AND = "and"
    OR = "or"


SENTENCE_END: Final = re.compile(r"[.!?;。！？；]")
"""Where what is said before no longer goes with what is said after."""

_STRENGTH: Final = (Link.LIST, Link.AND, Link.OR, Link.WHILE, Link.THEN, Link.SENTENCE)


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of a normalised text between two connectives.

    Attributes:
        text: without the connectives; never empty.
        position: index of its first character in the whole text.
        link: the strongest connective before it.
    """

    text: str
    position: int
    link: Link


def normalise(text: str) -> str:
    """Text in Unicode's NFKC form and lower case, with plain apostrophes, cut if too long."""
    plain = unicodedata.normalize("NFKC", text[:MAX_CHARACTERS]).lower()[:MAX_CHARACTERS]
    return plain.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")


def split_clauses(text: str) -> Iterator[Clause]:
    """Split a normalised text at punctuation and connectives, in every language."""
    link, start = Link.SENTENCE, 0
    for found in _connectives().finditer(text):
        for piece in _pieces(text, start, found.start()):
            yield Clause(*piece, link)
            link = Link.LIST
        link = max(link, Link(str(found.lastgroup)), key=_STRENGTH.index)
        start = found.end()
    for piece in _pieces(text, start, len(text)):
        yield Clause(*piece, link)
        link = Link.LIST


@cache
def _connectives() -> re.Pattern[str]:
    """Matches punctuation and connectives; the group is the name of the link."""
    en, zh = (grammar(language).connectives for language in (ENGLISH, CHINESE))
    words = {
        Link.THEN: (en.then, zh.then, "|->|→"),
        Link.WHILE: (en.while_, zh.while_, "|[+&]"),
        Link.AND: (en.and_, zh.and_, ""),
        Link.OR: (en.or_, zh.or_, ""),
    }
    groups = [r"(?P<sentence>[.!?。！？…]+)"]
    for link, (english, chinese, signs) in words.items():
        whole = rf"\b(?:{alternatives(english)})\b"
        groups.append(f"(?P<{link}>{whole}|{alternatives(chinese)}{signs})")
    groups.append(r'(?P<list>[,:;()\[\]{}"“”|/、\n\r\t—–*#<>=~])')
    return re.compile("|".join(groups))


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[str, int]]:
    for begin in range(start, end, MAX_CLAUSE_CHARACTERS):
        body = text[begin : min(end, begin + MAX_CLAUSE_CHARACTERS)]
        if stripped := body.strip():
            yield stripped, begin + len(body) - len(body.lstrip())
