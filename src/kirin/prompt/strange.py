"""English words that no table knows: where a noun stands, they are things without art."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Final

from kirin.concepts.words import english, others
from kirin.prompt.lemmas import noun_lemma, stems, verb_lemma
from kirin.prompt.verbs import verb_of

_SHORTEST: Final = 3  # letters
_DESCRIBING: Final = (
    "ing", "ed", "ly", "ish", "less", "ful", "like", "ous", "ive", "able", "ible", "istic", "esque",
    "est", "core", "wise", "ward", "wards", "punk", "free",
)  # fmt: skip
"""Endings of words that describe something, and of verbs."""


_ADVERBS: Final = frozenset(
    {"forward", "backward", "overhead", "inside", "outside", "ahead", "alone"}
)


@lru_cache(maxsize=20000)
def is_strange(word: str) -> bool:
    """Whether no dictionary knows a word, so that it may be the name of a thing.

    >>> is_strange("vrrtl"), is_strange("sorrow"), is_strange("splashes"), is_strange("fox")
    (True, False, False, False)
    """
    plain = unicodedata.normalize("NFD", word.replace("-", ""))
    plain = "".join(each for each in plain if not unicodedata.combining(each))
    if len(plain) < _SHORTEST or not plain.isalpha() or not plain.isascii():
        return False
    if "-" in word:
        return not all(_is_known(part) or len(part) < _SHORTEST for part in word.split("-"))
    return not (_is_known(word) or _is_known(plain) or plain.endswith(_DESCRIBING))


def is_seldom_thing(word: str) -> bool:
    """Whether a word names a thing only where nothing but a noun can stand: "the liquid"."""
    return word not in _ADVERBS and bool({word, noun_lemma(word)} & others().seldom)


def _is_known(word: str) -> bool:
    forms = {word, noun_lemma(word), verb_lemma(word), *stems(word), *_positive(word)}
    known = others()
    return any(
        form in known.never or form in known.seldom or form in english() for form in forms
    ) or (verb_of([word]) is not None)


def _positive(word: str) -> tuple[str, ...]:
    """What an adjective or a verb could be that ends in -er, -y or -d: "bigger", "lit"."""
    for ending in ("iest", "ier", "est", "er", "y", "n"):
        if word.endswith(ending) and len(word) > len(ending) + 2:
            stem = word.removesuffix(ending)
            return (stem, stem + "e", stem + "y", stem[:-1])
    return ()
