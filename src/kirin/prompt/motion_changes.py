"""What is to become something that the picture does not show: "the leaves turn red", 变成雕像.

Nothing honours such a request. What a picture shows is none: "the leaves are red", "a lit lamp".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Final

from kirin.prompt.lemmas import is_plural
from kirin.prompt.lexicon import noun_of, tables
from kirin.prompt.mentions import Deed, Role
from kirin.prompt.motion_lexicon import verb_forms
from kirin.prompt.negation import is_negated
from kirin.prompt.relations import preposition_of
from kirin.prompt.vocabulary.cast import noun_words
from kirin.prompt.vocabulary.loader import CHINESE, ENGLISH, alternatives
from kirin.prompt.vocabulary.motion import motion_words

_IRREGULAR: Final = {"get": ("getting",)}
_HOW: Final = r"(?: \w+ly| more and more| more| completely| all| a little| a bit)*"
_BEFORE: Final = re.compile(r"([a-z'-]+)\s+(?:\w+ly\s+|is\s+|are\s+)*$")
_GOING: Final = re.compile(r"(?:begin|start|make|let)\w*(?: \w+){0,2} (?:to )?(?:\w+ly )?$")
"""What stands before an infinitive: "begins to", "make her eyes"."""

_THEM: Final = frozenset({"it", "they", "he", "she", "everything", "everyone", "which", "that"})


def asked_changes(text: str, taken: Sequence[tuple[int, int]]) -> Iterator[Deed]:
    """The changes that a normalised text asks for, each as a verb with its complement.

    Args:
        text: normalised.
        taken: characters that something else is read from, or that direct the camera.
    """
    spans = list(taken)
    for pattern in _patterns():
        for found in pattern.finditer(text):
            start, end = found.span()
            if any(start < stop and begin < end for begin, stop in spans):
                continue
            chinese = not found.group().isascii()
            if is_negated(text, start) or not (chinese or _is_verb(text, found.group(), start)):
                continue
            spans.append((start, end))
            yield Deed(found.group(), found.group(), start, chinese=chinese)


def _is_verb(text: str, phrase: str, start: int) -> bool:
    """Whether a phrase begins with the verb of a clause, and with no noun: "a warm glow"."""
    first = phrase.split(maxsplit=1)[0]
    before = _BEFORE.search(text[max(0, start - 40) : start])
    word = before[1] if before else ""
    if first.endswith("ing") or _GOING.search(text[max(0, start - 40) : start]):
        # "Glowing" alone says what is seen; "turning red" that it goes on.
        return first not in _seen() or " " in phrase
    if first in ("is", "are") or word in _THEM:
        return True
    if not word or preposition_of([word]) or _is_determiner(word):
        return False
    if first.endswith("s"):
        return True
    return is_plural(word)


def _is_determiner(word: str) -> bool:
    nouns = noun_words(ENGLISH)
    adjective = word in nouns.adjectives.words or word in tables().colours
    noun = noun_of((word,))
    return word in nouns.determiners or (adjective and (noun is None or noun.role is Role.FLUFF))


@cache
def _seen() -> frozenset[str]:
    """Forms that alone only say what is seen."""
    words = motion_words(ENGLISH).changing
    return frozenset(
        form for verb in words.glowing for form in verb_forms(verb, {}) if form.endswith("ing")
    )


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    words, nouns = motion_words(ENGLISH).changing, noun_words(ENGLISH)
    colours = alternatives(sorted(tables().colours, key=len, reverse=True))
    others = (*nouns.adjectives.words, *tables().old, *words.complements)
    kinds = alternatives(sorted(others, key=len, reverse=True))
    turned = rf"(?:(?:in)?to )?(?:(?:an?|the) )?(?:{colours}|{kinds})"
    turned = rf"(?:{turned}|(?:in)?to an? [\w-]+|into (?!the\b)[\w-]+)"
    return (
        *map(re.compile, motion_words(CHINESE).changing.phrases),
        re.compile(rf"\b(?:{alternatives(words.phrases)})(?![\w-])"),
        re.compile(rf"\b(?:{_forms(words.turning)}){_HOW} {turned}(?![\w-])"),
        re.compile(rf"\b(?:{_forms(words.getting)}){_HOW} (?:{colours}|{kinds})(?![\w-])"),
        re.compile(rf"\b(?:{_forms(words.becoming)})(?: \w+ly)* [\w-]+"),
        re.compile(rf"\b(?:{_forms(words.shining)}){_HOW} (?:in )?(?:{colours})(?![\w-])"),
        re.compile(rf"\b(?:{_forms(words.glowing)})(?:{_HOW} (?:in )?(?:{colours}))?(?![\w-])"),
    )


def _forms(verbs: Sequence[str]) -> str:
    """The forms of verbs by which they ask; past ones describe."""
    forms = [
        form
        for verb in verbs
        for form in (*tuple(verb_forms(verb, {}))[:3], *_IRREGULAR.get(verb, ()))
    ]
    return alternatives(sorted(forms, key=len, reverse=True))
