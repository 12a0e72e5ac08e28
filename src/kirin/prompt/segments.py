"""Words of a Chinese text, with their parts of speech."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from kirin.concepts.library import library
from kirin.prompt.vocabulary.cast import noun_words, place_words, relation_words, verb_words
from kirin.prompt.vocabulary.loader import CHINESE, alternatives

_HAN: Final = r"\u3400-\u9fff"
_END: Final = frozenset("。！？!?;；\n")
_COMMON: Final = 3000
"""How often a word of ours counts as met, which is what jieba weighs words by: as often as 沙发."""

_RARE: Final = 60  # single characters stay what the dictionary knows


@dataclass(frozen=True, slots=True)
class Segment:
    """One word, number or mark of a Chinese text.

    Attributes:
        text: in lower case.
        start: its first character in the normalised text.
        tag: part of speech as in jieba's dictionary: n, v, a, m ...; "x" for marks.
        count: how many it says, for a number with its measure word.
        singular: whether the number says that there is one.
    """

    text: str
    start: int
    tag: str
    count: int | None = None


class _Cutter:
    """Cuts Chinese text into words: jieba's dictionary, with our words in it.

    The instance is its own: jieba's shared one, its cache file and its log stay untouched.
    """

    def __init__(self) -> None:
        from jieba import Tokenizer  # noqa: PLC0415  # half a second; for Chinese prompts only

        self._tokenizer: Any = Tokenizer()
        frequencies, total = self._tokenizer.gen_pfdict(self._tokenizer.get_dict_file())
        self._tags: dict[str, str] = {}
        with self._tokenizer.get_dict_file() as lines:
            for line in lines:
                word, _, tag = line.decode().split()
                self._tags[word] = tag
        for word, tag in _our_words():
            if len(word) == 1 and word in frequencies:
                continue
            count = max(frequencies.get(word, 0), _COMMON if len(word) > 1 else _RARE)
            total += count - frequencies.get(word, 0)
            frequencies[word] = count
            self._tags[word] = tag
            for end in range(1, len(word)):
                frequencies.setdefault(word[:end], 0)
        self._tokenizer.FREQ, self._tokenizer.total = frequencies, total
        self._tokenizer.initialized = True

    def words(self, text: str) -> Iterator[tuple[str, str]]:
        """The words of a text without spaces, and their parts of speech."""
        for word in self._tokenizer.cut(text, HMM=False):
            yield word, self._tags.get(word, "x")

    def tag(self, word: str) -> str | None:
        """The part of speech of a word that the dictionary knows."""
        return self._tags.get(word)


def _our_words() -> Iterator[tuple[str, str]]:
    """The words of the vocabulary and of the library, with a part of speech."""

    def plain(words: Iterable[str], tag: str) -> Iterator[tuple[str, str]]:
        return ((word, tag) for word in words if re.fullmatch(rf"[{_HAN}]+", word))

    nouns, verbs = noun_words(CHINESE), verb_words(CHINESE)
    for entries in verbs.action.values():
        yield from plain(entries, "v")
    yield from plain(verbs.undrawn.words, "v")
    yield from plain((word for word in verbs.stative.words if word.endswith("着")), "v")
    yield from plain((word for words in nouns.colours.values() for word in words), "a")
    for listed in (nouns.parts, nouns.scenery, nouns.ground, nouns.clothes, nouns.fluff):
        yield from plain(listed.words, "n")
    yield from plain(nouns.synonyms, "n")
    yield from plain(nouns.groups, "n")
    yield from plain(nouns.many.words, "n")
    places = place_words(CHINESE)
    for table in (places.named, places.suggested):
        for words in table.values():
            yield from plain(words, "n")
    for words in relation_words(CHINESE).relation.values():
        yield from plain(words, "f")
    yield from plain(library().chinese_words(), "n")


@cache
def cutter() -> _Cutter:
    """The cutter, made once a process, when the first Chinese text is read."""
    return _Cutter()


@cache
def _pieces() -> re.Pattern[str]:
    """Matches a number with its measure word, a run of Chinese, a run of other letters, a mark."""
    nouns = noun_words(CHINESE)
    numbers = alternatives(sorted(nouns.numbers, key=len, reverse=True))
    measures = alternatives(sorted(nouns.measures, key=len, reverse=True))
    collectives = alternatives(list(nouns.collectives))
    count = (
        rf"(?!一家[人三四五])(?P<number>{numbers}|\d{{1,3}})(?:大|小|整)?"
        rf"(?:(?P<group>{collectives})|(?:{measures}))(?=[{_HAN}])"
    )
    alone = r"(?P<some>许多|很多|众多|无数|几十|数十|成群的?|成千上万的?)"
    han = rf"[{_HAN}]"
    return re.compile(rf"{count}|{alone}|(?P<han>{han})|(?P<word>[a-z0-9]+)|(?P<mark>[^\s])")


def segments(text: str) -> Iterator[list[Segment]]:
    """The sentences of a normalised text; those without Chinese characters are left out."""
    sentence: list[Segment] = []
    run, begin = "", 0
    for found in _pieces().finditer(text):
        if found.lastgroup == "han" and (not run or begin + len(run) == found.start()):
            begin = begin if run else found.start()
            run += found.group()
            continue
        sentence += _cut(run, begin)
        run = ""
        if found.lastgroup == "han":
            run, begin = found.group(), found.start()
        elif found["number"] is not None or found["some"] is not None:
            sentence.append(_counted(found))
        elif found.group() in _END:
            if sentence:
                yield sentence
            sentence = []
        else:
            tag = "x" if found.lastgroup == "mark" else "eng"
            sentence.append(Segment(found.group(), found.start(), tag))
    sentence += _cut(run, begin)
    if sentence:
        yield sentence


def _counted(found: re.Match[str]) -> Segment:
    nouns = noun_words(CHINESE)
    if found["some"] is not None:
        count = nouns.numbers.get(found["some"].removesuffix("的"), 9)
    elif found["group"] is not None:
        number = nouns.numbers.get(found["number"]) or int(found["number"])
        count = nouns.collectives[found["group"]] * max(number, 1)
    else:
        count = nouns.numbers.get(found["number"]) or int(found["number"])
    return Segment(found.group(), found.start(), "m", max(1, min(count, 12)))


def _cut(run: str, begin: int) -> Iterator[Segment]:
    if not run:
        return
    at = begin
    for word, tag in cutter().words(run):
        yield Segment(word, at, tag)
        at += len(word)
