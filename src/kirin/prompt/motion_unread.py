"""Verbs that the reader of casts passes over: nothing that is asked to move may be lost."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from kirin.concepts.concept import Kind
from kirin.concepts.library import library
from kirin.prompt.mentions import Deed, Mention, Mentions
from kirin.prompt.negation import is_negated
from kirin.prompt.tokens import sentences
from kirin.prompt.verbs import Inflection, verb_of
from kirin.prompt.vocabulary.cast import noun_words
from kirin.prompt.vocabulary.loader import CHINESE, ENGLISH, alternatives
from kirin.prompt.vocabulary.motion import motion_words

_GOING_ON = frozenset(
    {"then", "and", "suddenly", "slowly", "finally", "before", "they", "we", "all"}
)
"""Words after which a verb in any form goes on with the subject."""


def unread_deeds(text: str, mentions: Mentions, taken: Sequence[tuple[int, int]]) -> Iterator[Deed]:
    """Verbs of a normalised text that stand in no deed.

    Args:
        text: normalised.
        mentions: what has been read of it.
        taken: characters that something else is read from, or that direct the camera.
    """
    known = {deed.position for deed in mentions.deeds}
    known |= {at for start, end in taken for at in range(start, end)}
    yield from _english(text, mentions, known)
    for found in _asked().finditer(text):
        if found.start() not in known and not is_negated(text, found.start()):
            yield Deed(found.group(), found.group(), found.start(), chinese=True)


def _english(text: str, mentions: Mentions, known: set[int]) -> Iterator[Deed]:
    starts = {each.position: each for each in mentions.nouns}
    deeds = {deed.position: deed for deed in mentions.deeds}
    for tokens in sentences(text):
        doers: tuple[Mention, ...] = ()
        last: Mention | None = None
        for index, token in enumerate(tokens):
            if (deed := deeds.get(token.start)) is not None:
                doers = deed.doers or doers
            before = tokens[index - 1].text if index else ""
            noun = starts.get(token.start)
            if noun is not None and before != "then":
                last = noun
                continue
            if token.start in known or not token.is_word:
                continue
            verb = verb_of([each.text for each in tokens[index : index + 4]])
            if verb is None or verb.stative or verb.form in (Inflection.PAST,):
                continue
            alive = last is not None and _is_alive(last) and _adjacent(text, last, token.start)
            goes_on = before in _GOING_ON and bool(doers) and verb.form is Inflection.THIRD
            if not (alive or goes_on) or is_negated(text, token.start):
                continue
            words = [each.text for each in tokens[index : index + verb.length]]
            base = " ".join((verb.lemma, *words[1:]))
            who = (last,) if alive and last is not None else doers
            yield Deed(" ".join(words), base, token.start, who)


def _is_alive(mention: Mention) -> bool:
    concept = mention.concept
    return concept is not None and library().get(concept).kind in (Kind.PERSON, Kind.ANIMAL)


def _adjacent(text: str, noun: Mention, position: int) -> bool:
    """Whether nothing but an adverb stands between a noun and a verb."""
    between = text[noun.position + len(noun.word) : position]
    return re.fullmatch(r"\s+(?:\w+ly\s+)?", between) is not None


@cache
def _asked() -> re.Pattern[str]:
    return re.compile(alternatives(motion_words(CHINESE).asked.words))


@cache
def part_names() -> frozenset[str]:
    """Names of parts of somebody, in both languages."""
    return frozenset((*noun_words(ENGLISH).parts.words, *noun_words(CHINESE).parts.words))
