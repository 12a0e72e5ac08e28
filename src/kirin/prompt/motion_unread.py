"""Verbs that the reader of casts passes over: nothing that is asked to move may be lost."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Final

from kirin.concepts.concept import Kind
from kirin.concepts.library import library
from kirin.prompt.clauses import Clause, Link, split_clauses
from kirin.prompt.lemmas import is_plural, verb_lemma
from kirin.prompt.lexicon import noun_of
from kirin.prompt.mentions import Deed, Mention, Mentions, Role
from kirin.prompt.negation import is_negated
from kirin.prompt.relations import preposition_of
from kirin.prompt.tokens import sentences
from kirin.prompt.verbs import Inflection, verb_of
from kirin.prompt.vocabulary.cast import noun_words
from kirin.prompt.vocabulary.loader import CHINESE, ENGLISH, alternatives
from kirin.prompt.vocabulary.motion import motion_words

_GOING_ON: Final = frozenset(
    {"then", "and", "suddenly", "slowly", "finally", "before", "they", "we", "all"}
)
"""Words after which a verb in any form goes on with the subject."""


_CAUSING: Final = frozenset({"make", "let", "have", "making", "letting"})
_THEM: Final = frozenset({"her", "him", "them", "it", "me", "everyone", "everybody"})
_OBJECTS: Final = frozenset({"her", "him", "them", "it", "me", "us", "you"})
_FILMING: Final = frozenset({"camera", "shot", "lens", "drone", "zoom", "pan", "footage"})
_WORD: Final = re.compile(r"[a-z]+(?:['-][a-z]+)*")


def unread_deeds(text: str, mentions: Mentions, taken: Sequence[tuple[int, int]]) -> Iterator[Deed]:
    """Verbs of a normalised text that stand in no deed.

    Args:
        text: normalised.
        mentions: what has been read of it.
        taken: characters that something else is read from, or that direct the camera.
    """
    known = {deed.position for deed in mentions.deeds}
    known |= {at for start, end in taken for at in range(start, end)}
    deeds = [*_english(text, mentions, known)]
    yield from deeds
    known |= {at for deed in deeds for at in range(deed.position, deed.position + len(deed.word))}
    for clause in split_clauses(text):
        if (deed := _in_clause(clause, mentions, known)) is not None:
            yield deed
            known.add(deed.position)
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


def _in_clause(clause: Clause, mentions: Mentions, known: set[int]) -> Deed | None:
    """The verb of a clause in which none has been read: "the ice melts"."""
    begin, end = clause.position, clause.position + len(clause.text)
    told = any(at in known for at in range(begin, end))
    words = [(found.group(), begin + found.start()) for found in _WORD.finditer(clause.text)]
    texts = [text for text, _ in words]
    if any(text in _FILMING for text in texts):
        return None
    for index, (word, position) in enumerate(words):
        verb = verb_of(texts[index : index + 4])
        made = _is_caused(texts, index)
        if verb is None or (told and not made):
            continue
        if verb.stative and not made and verb.lemma not in motion_words(ENGLISH).asked.words:
            continue
        made = made or _follows_them(verb.form, texts, index)
        noun = noun_of((word,))
        if noun is not None and not made and noun.role not in (Role.FLUFF, Role.THING):
            continue
        if noun is not None and not made and noun.concept:
            continue
        before = texts[index - 1] if index else ""
        if made or _is_finite(verb.form, before, texts, index, clause.link):
            written = " ".join(texts[index : index + verb.length])
            base = " ".join((verb.lemma, *texts[index + 1 : index + verb.length]))
            nouns = [each for each in mentions.nouns if begin <= each.position < position]
            return Deed(written, base, position, tuple(nouns[:1]), stative=verb.stative)
    return None


def _is_caused(texts: Sequence[str], index: int) -> bool:
    """Whether somebody is made to do what a word says: "make her smile"."""
    return index > 1 and texts[index - 2] in _CAUSING and texts[index - 1] in _THEM


def _follows_them(form: Inflection, texts: Sequence[str], index: int) -> bool:
    """Whether a verb stands after a pronoun that is no subject: "the boat behind him sails"."""
    if form is not Inflection.THIRD or index < 2 or texts[index - 1] not in _OBJECTS:
        return False
    if preposition_of([texts[index - 2]]) is None:
        return False
    # "Her" may be whose what follows is: "the wind in her sails".
    sure = texts[index - 1] != "her" or index + 1 < len(texts)
    return sure or verb_lemma(texts[index]) in motion_words(ENGLISH).asked.words


def _is_finite(form: Inflection, before: str, texts: Sequence[str], index: int, link: Link) -> bool:
    """Whether a word can be the verb of its clause, by its form and the words around it."""
    if form is Inflection.THIRD:
        goes_on = index == 0 and link in (Link.AND, Link.THEN)
        return goes_on or (index > 0 and _can_end(before) and not before.endswith("s"))
    if form is Inflection.BASE and index:
        head = next((word for word in texts[:index] if _can_end(word)), "")
        rest = texts[index + 1] if index + 1 < len(texts) else ""
        closed = not rest or preposition_of([rest]) is not None or rest.endswith("ly")
        plural = is_plural(before) or is_plural(head)
        return plural and _can_end(before) and closed
    return False


def _can_end(word: str) -> bool:
    """Whether a noun phrase may end with a word."""
    words = noun_words(ENGLISH)
    listed = word in words.determiners or word in words.possessives
    adjective = word in words.adjectives.words and noun_of((word,)) is None
    listed = listed or adjective or word.endswith("ly")
    return not listed and word.isalpha() and preposition_of([word]) is None


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
