"""Words of concepts: which thing an English or a Chinese noun is drawn as."""

from __future__ import annotations

import lzma
import re
from functools import lru_cache
from importlib.resources import files
from typing import Literal, NamedTuple

How = Literal["name", "tag", "synonym", "hypernym", "none"]

_HAN = re.compile(r"[\u3400-\u9fff]")


class Meaning(NamedTuple):
    """What the tables say of a word that names a thing.

    Attributes:
        concept: id of what it is drawn as; empty if there is no art of it.
        how: by its own name, by a tag, by a word of the same meaning or of a wider one; or "none"
            where no wider word would do either: a "paper plane" is no plane.
        distance: how many steps wider the meaning of the concept is than that of the word.
    """

    concept: str
    how: How
    distance: int


def meaning(word: str) -> Meaning | None:
    """Look a word up, in the table of its script.

    Args:
        word: a lemma or several words in English, in any case, with spaces or hyphens; or a word
            in simplified Chinese.

    Returns:
        ``None`` if the word names no thing that can be seen.
    """
    if is_chinese(word):
        return chinese().get(word)
    return english().get(" ".join(word.lower().replace("-", " ").split()))


def is_chinese(word: str) -> bool:
    """Whether a word is written in Han characters."""
    return _HAN.search(word) is not None


@lru_cache(maxsize=1)
def english() -> dict[str, Meaning]:
    """All English words."""
    return _read("english.tsv.xz")


@lru_cache(maxsize=1)
def chinese() -> dict[str, Meaning]:
    """All Chinese words."""
    return _read("chinese.tsv.xz")


class Others(NamedTuple):
    """Single English words that are in the dictionary and name no thing.

    Attributes:
        never: verbs, adjectives, adverbs and abstract nouns.
        seldom: those that name a thing too, but not as often.
    """

    never: frozenset[str]
    seldom: frozenset[str]


@lru_cache(maxsize=1)
def others() -> Others:
    """Those words, in lower case."""
    packed = (files("kirin.concepts") / "data" / "other.txt.xz").read_bytes()
    never, seldom = lzma.decompress(packed).decode().split("\n")
    return Others(frozenset(never.split()), frozenset(seldom.split()))


def _read(name: str) -> dict[str, Meaning]:
    """One line per word: word, concept, how, distance. The first three columns repeat a lot."""
    packed = (files("kirin.concepts") / "data" / name).read_bytes()
    table: dict[str, Meaning] = {}
    known: dict[str, Meaning] = {}
    for line in lzma.decompress(packed).decode().splitlines():
        word, _, rest = line.partition("\t")
        found = known.get(rest)
        if found is None:
            concept, how, distance = rest.split("\t")
            found = known[rest] = Meaning(concept, how or "name", int(distance))  # type: ignore[arg-type]
        table[word] = found
    return table
