"""Where a clause names something that can move in a picture, or how it moves."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from kirin.prompt.chinese_lexicon import chinese_noun
from kirin.prompt.clauses import Clause
from kirin.prompt.motion_lexicon import (
    LONGEST_CHARACTERS,
    LONGEST_WORDS,
    MotionWord,
    chinese_meanings,
    english_meanings,
)
from kirin.prompt.segments import cutter

_WORD: Final = re.compile(r"[a-z0-9]+(?:['-][a-z0-9]+)*")
_ASPECTS: Final = frozenset("着了起过下来")
"""What may follow a verb in its word: 飘着."""

_BLOWING: Final = frozenset("吹拂刮")
"""What may follow the wind in its word: 风吹."""

_HAN: Final = re.compile(r"[\u3400-\u9fff]+")


@dataclass(frozen=True, slots=True)
class Hit:
    """A word or phrase of the motion vocabulary in a text.

    Attributes:
        text: as the text has it.
        start, end: its characters in the whole text.
        meaning: what it can mean.
        chinese: its language.
    """

    text: str
    start: int
    end: int
    meaning: MotionWord
    chinese: bool = False


def hits_in(clause: Clause) -> list[Hit]:
    """The words of a clause that are in the vocabulary, the longest at each place, in order."""
    found = [*_english(clause), *_chinese(clause)]
    found.sort(key=lambda hit: hit.start)
    return found


def _english(clause: Clause) -> Iterator[Hit]:
    table = english_meanings()
    words = list(_WORD.finditer(clause.text))
    index = 0
    while index < len(words):
        for length in range(min(LONGEST_WORDS, len(words) - index), 0, -1):
            text = " ".join(word.group() for word in words[index : index + length])
            meaning = table.get(text) or table.get(text.removesuffix("'s"))
            if meaning is not None:
                start, end = words[index].start(), words[index + length - 1].end()
                yield Hit(text, clause.position + start, clause.position + end, meaning)
                index += length
                break
        else:
            index += 1


def _chinese(clause: Clause) -> Iterator[Hit]:
    for run in _HAN.finditer(clause.text):
        yield from _in_run(run.group(), clause.position + run.start())


def _in_run(run: str, position: int) -> Iterator[Hit]:
    """The words of an unbroken run of Chinese; nouns begin and end where words do."""
    table = chinese_meanings()
    borders = {0}
    compounds: dict[int, int] = {}  # by where they begin: a balloon is no hot air
    at = 0
    for word, _ in cutter().words(run):
        if len(word) > 2 and chinese_noun(word) is not None:
            compounds[at] = at + len(word)
        at += len(word)
        borders.add(at)
    index = last = 0
    while index < len(run):
        for length in range(min(LONGEST_CHARACTERS, len(run) - index), 0, -1):
            text = run[index : index + length]
            meaning = table.get(text)
            if meaning is None:
                continue
            if meaning.is_noun and index + length < compounds.get(index, 0):
                continue
            follows = index == last or (index == last + 1 and run[index - 1] in _ASPECTS)
            begins = index in borders or (last > 0 and follows)
            whole = begins and (index + length in borders or length > 1)
            if length == 1 and index in borders and meaning.wind:
                whole = run[index + 1 : index + 2] in _BLOWING
            if length == 1 and index in borders and run[index + 1 : index + 2] in _ASPECTS:
                whole = meaning.is_verb or meaning.blows
            if whole or length > 2 or (length > 1 and not (meaning.is_noun or meaning.wind)):
                start = position + index
                yield Hit(text, start, start + length, meaning, chinese=True)
                index = last = index + length
                break
        else:
            index += 1
