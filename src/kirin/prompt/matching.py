"""Find the kinds of things (places, sounds, ...) that a normalised text names."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import TypeVar

from kirin.prompt.negation import is_negated
from kirin.prompt.vocabulary.loader import alternatives

_Kind = TypeVar("_Kind")


def compile_kinds(
    english: Mapping[_Kind, Sequence[str]], chinese: Mapping[_Kind, Sequence[str]]
) -> dict[_Kind, re.Pattern[str]]:
    """A pattern for each kind: whole English words, with or without plural -s, and Chinese ones.

    Args:
        english, chinese: entries of the vocabulary; the English ones give the order of kinds.
    """
    return {
        kind: re.compile(rf"\b(?:{alternatives(words)})(?:e?s)?\b|{alternatives(chinese[kind])}")
        for kind, words in english.items()
    }


def mentioned(patterns: Mapping[_Kind, re.Pattern[str]], text: str) -> frozenset[_Kind]:
    """The kinds that a text names, whether it denies them or not."""
    return frozenset(kind for kind, pattern in patterns.items() if pattern.search(text))


def affirmed(patterns: Mapping[_Kind, re.Pattern[str]], text: str) -> frozenset[_Kind]:
    """The kinds that a text names somewhere without denying them."""
    return frozenset(kind for kind in patterns if _first_affirmed(patterns[kind], text) is not None)


def denied(patterns: Mapping[_Kind, re.Pattern[str]], text: str) -> frozenset[_Kind]:
    """The kinds that a text denies somewhere."""
    return frozenset(
        kind
        for kind, pattern in patterns.items()
        if any(is_negated(text, found.start()) for found in pattern.finditer(text))
    )


def first_affirmed(
    patterns: Mapping[_Kind, re.Pattern[str]], text: str, excluded: Collection[_Kind]
) -> _Kind | None:
    """The kind that a text names first without denying it, the first in order on a tie."""
    places = {
        kind: place
        for kind, pattern in patterns.items()
        if kind not in excluded and (place := _first_affirmed(pattern, text)) is not None
    }
    return min(places, key=places.__getitem__) if places else None


def _first_affirmed(pattern: re.Pattern[str], text: str) -> int | None:
    """Index of the first match that is not denied."""
    starts = (found.start() for found in pattern.finditer(text))
    return next((start for start in starts if not is_negated(text, start)), None)
