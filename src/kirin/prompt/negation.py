"""Negation: whether a text denies something that it names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Final

from kirin.concepts.concept import Kind
from kirin.concepts.library import library
from kirin.prompt.chinese_lexicon import chinese_noun
from kirin.prompt.lemmas import verb_lemma
from kirin.prompt.lexicon import Noun, noun_of, tables
from kirin.prompt.mentions import Role
from kirin.prompt.relations import preposition_of
from kirin.prompt.segments import cutter
from kirin.prompt.verbs import Inflection, verb_of
from kirin.prompt.vocabulary.cast import noun_words
from kirin.prompt.vocabulary.grammar import grammar
from kirin.prompt.vocabulary.loader import CHINESE, ENGLISH, alternatives

_REACH: Final = 48  # characters before a word in which its "no" may stand
_WORD: Final = re.compile(r"[^\W_]+(?:['-][^\W_]+)*")
_STARTS_CLAUSE: Final = frozenset({"", "and", "but", "or", "nor", "while", "as", "so", "where"})
"""Before these, "no" denies what its noun does too: "no wind blows"; not "with no tail runs"."""

_ENDS: Final = frozenset(
    {"but", "is", "are", "was", "were", "can", "will", "has", "have", "had", "does", "who", "which",
     "that", "then", "he", "she", "it", "they"}
)  # fmt: skip
_HAVING: Final = "戴穿带拿有"
"""Verbs between a Chinese negation and what is not worn or carried."""

_LISTS: Final = frozenset({"and", "or", "nor"})
_ACTING: Final = frozenset({Kind.PERSON, Kind.ANIMAL, Kind.VEHICLE})


def is_negated(text: str, position: int) -> bool:
    """Whether what stands at a position of a text is denied right before it.

    A negation reaches over one noun phrase, or a list of them: in "a dog without a collar or a
    leash chases a ball" the dog chases it.

    Args:
        text: normalised, in English or Chinese.
        position: index of the first character of the word.

    >>> is_negated("a beach without rain", 16), is_negated("no wind, rain", 9)
    (True, False)
    """
    before = text[max(0, position - _REACH) : position]
    within = f"{before}{text[position : position + 1] or ' '}"  # some look at what follows them
    if any(_reaches_chinese(found[1]) for found in _chinese().finditer(within)):
        return True
    ahead = _WORD.match(text, position)
    for found in _english().finditer(before):
        last = (_WORD.findall(before[: found.start()]) or [""])[-1]
        opening = before[: found.start()].rstrip()[-1:] in ",.;:!?"
        whole = found[1] == "no" and (opening or last in _STARTS_CLAUSE)
        words = _WORD.findall(found[2])
        if _reaches([*words, ahead[0] if ahead else ""], whole=whole):
            return True
    return False


def _reaches(words: Sequence[str], *, whole: bool) -> bool:
    """Whether a negation reaches over some words to the last of them.

    Args:
        words: after the negation, up to and with the one that is asked about.
        whole: whether it denies what its noun does too.
    """
    noun: Noun | None = None
    content = False
    for index, word in enumerate(words):
        if word in _LISTS:
            if not _lists_on(words[index + 1 :], either=word != "and"):
                return False
            noun = None
            continue
        if noun is None and not content:
            content = word not in noun_words(ENGLISH).determiners
            noun = noun_of((word,))
            continue
        if word in _ENDS or word in noun_words(ENGLISH).clause_starters:
            return whole and word not in noun_words(ENGLISH).clause_starters and word != "but"
        if noun is None and _can_only_be_verb(word) and not whole:
            return False  # "without a handle falls", where no table knows the handle
        if noun is not None and _is_phrase_end(words, index, noun, whole=whole):
            return False
        noun = noun_of((word,)) or noun
        content = True
    return True


def _lists_on(words: Sequence[str], *, either: bool) -> bool:
    """Whether a list goes on after "and" or "or", and no new subject or verb begins."""
    if not words:
        return True
    if either or words[0] in ("no", "any"):
        return True
    if _can_only_be_verb(words[0]):
        return False
    return words[0] not in noun_words(ENGLISH).determiners


def _can_only_be_verb(word: str) -> bool:
    """Whether a word is a verb that says what someone does, and no noun for what is seen."""
    noun = noun_of((word,))
    if noun is not None and noun.role is not Role.FLUFF:
        return False
    verb = verb_of([word])
    if verb is None:
        return (
            noun is None and verb_lemma(word) != word and word.endswith("s")
        )  # "applies" is in no list
    return verb.form in (Inflection.THIRD, Inflection.PARTICIPLE) and not verb.stative


def _is_phrase_end(words: Sequence[str], index: int, noun: Noun, *, whole: bool) -> bool:
    """Whether a noun phrase is over before a word: at a preposition, or at another's verb."""
    word, before = words[index], words[index - 1]
    found = preposition_of(words[index:])
    if found is not None and found.text != "of":
        return True
    if word in tables().function_words or noun_of((before, word)) is not None:
        return False
    verb = verb_of(words[index:])
    if verb is None:
        return not whole and _can_only_be_verb(word)
    if verb.form is Inflection.PARTICIPLE:
        return not (whole or _acts(noun) or before.endswith("s"))
    finite = verb.form is Inflection.THIRD or before.endswith("s")
    return finite and not whole


def _acts(noun: Noun) -> bool:
    """Whether what is denied does something of itself, which is denied with it."""
    if noun.role in (Role.SCENERY, Role.FLUFF) or noun.base in ("one", "anyone"):
        return True
    return noun.concept is not None and library().get(noun.concept).kind in _ACTING


def _reaches_chinese(between: str) -> bool:
    """Whether a Chinese negation reaches over some characters: not past a thing."""
    name = between.lstrip(_HAVING)
    if not name:
        return True
    noun = chinese_noun(name)
    if noun is None:
        tag = cutter().tag(name) if len(name) > 1 else None
        return tag is None or not tag.startswith("n")
    return noun.role not in (Role.THING, Role.CLOTHES, Role.PART) or _acts(noun)


@cache
def _english() -> re.Pattern[str]:
    """Matches an English negation, and what stands after it up to the end of a text."""
    return re.compile(rf"\b({alternatives(grammar(ENGLISH).negations)})\b(?=([^,.;:!?]{{0,40}})$)")


@cache
def _chinese() -> re.Pattern[str]:
    """Matches a Chinese negation that may reach to the end of a text."""
    return re.compile(
        rf"(?:{alternatives(grammar(CHINESE).negations)})([^,。;!?的]{{0,3}}).$", re.S
    )
