"""Nouns of WordNet: their first senses, and the way up from a sense to wider ones."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

CONCRETE = {"05": "animal", "06": "artifact", "08": "body", "13": "food", "17": "object"}
CONCRETE |= {"18": "person", "20": "plant", "27": "substance"}
"""Numbers of the lexicographers' files that hold things, in data.noun."""


@dataclass(frozen=True)
class Synset:
    """Words of one meaning."""

    file: str
    words: tuple[str, ...]
    wider: tuple[str, ...]
    instance: bool


@dataclass
class Nouns:
    """All nouns.

    Attributes:
        synsets: by offset.
        senses: offsets by word, the most frequent first; capitals are kept in the words of synsets.
        counts: how often a word was met as noun, verb or adjective in the tagged texts.
    """

    synsets: dict[str, Synset]
    senses: dict[str, list[str]]
    counts: dict[str, dict[str, int]]
    below: dict[str, int] = field(default_factory=dict)

    def first(self, word: str, kinds: frozenset[str] | None = None) -> str | None:
        """The most frequent sense of a word, or that of some kinds of things."""
        for offset in self.senses.get(word, ()):
            kind = CONCRETE.get(self.synsets[offset].file, "")
            if kinds is None or kind in kinds:
                return offset
        return None

    def common(self, word: str) -> str | None:
        """The most frequent sense of a word that is no name, which has capitals or is of one."""
        for offset in self.senses.get(word, ()):
            synset = self.synsets[offset]
            written = next((each for each in synset.words if each.lower() == word), word)
            if written == word and not synset.instance:
                return offset
        return None

    def up(self, offset: str) -> Iterator[tuple[str, int]]:
        """A sense and the wider ones with their distances, the nearest first."""
        seen, level, distance = {offset}, [offset], 0
        while level:
            for each in level:
                yield each, distance
            level = [w for o in level for w in self.synsets[o].wider if w not in seen]
            seen.update(level)
            distance += 1

    def count_below(self, offset: str) -> int:
        """How many senses are narrower than this."""
        if not self.below:
            counts: dict[str, int] = defaultdict(int)
            for each in self.synsets:
                for wider, _ in self.up(each):
                    counts[wider] += 1
            self.below = counts
        return self.below[offset]


def read_nouns(package: Path) -> Nouns:
    """Read the dictionary."""
    folder = package / "dict"
    synsets = dict(map(_synset, _lines(folder / "data.noun")))
    senses = {}
    for line in _lines(folder / "index.noun"):
        word, _, number, *rest = line.split()
        senses[word.replace("_", " ")] = rest[-int(number) :]
    counts: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for line in (folder / "index.sense").read_text().splitlines():
        key, _, _, met = line.split()
        word, rest = key.split("%")
        counts[word.replace("_", " ")][rest[0]] += int(met)
    return Nouns(synsets, senses, counts)


def words_of(package: Path) -> set[str]:
    """All words of all parts of speech, in lower case; with underscores for blanks."""
    parts = ("noun", "verb", "adj", "adv")
    folder = package / "dict"
    return {line.split()[0] for part in parts for line in _lines(folder / f"index.{part}")}


def _lines(path: Path) -> list[str]:
    """Without the licence, whose lines start with a blank."""
    return [line for line in path.read_text().splitlines() if not line.startswith(" ")]


def _synset(line: str) -> tuple[str, Synset]:
    parts = line.split(" | ", maxsplit=1)[0].split()
    offset, file, _, number = parts[:4]
    words = [parts[4 + 2 * index].replace("_", " ") for index in range(int(number, 16))]
    pointers = parts[5 + 2 * len(words) :]
    wider, instance = [], False
    for index in range(0, len(pointers) - 3, 4):
        symbol, target, speech, _ = pointers[index : index + 4]
        if symbol in ("@", "@i") and speech == "n":
            wider.append(target)
            instance |= symbol == "@i"
    return offset, Synset(file, tuple(words), tuple(wider), instance)
