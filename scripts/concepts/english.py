"""Writes the table of English words: what each is drawn as, and how it got there."""

from __future__ import annotations

import lzma
import re
import tomllib
from pathlib import Path
from typing import Any

from concepts.figures import whole
from concepts.names import Named
from concepts.wordnet import CONCRETE, Nouns, read_nouns, words_of

_KINDS = {  # of a concept: kinds of things in WordNet that its name can mean
    "person": frozenset({"person"}),
    "animal": frozenset({"animal"}),
    "vehicle": frozenset({"artifact"}),
    "food": frozenset({"food", "plant"}),
    "plant": frozenset({"plant"}),
    "object": frozenset({"artifact", "object", "food", "substance"}),
    "building": frozenset({"artifact"}),
    "sky": frozenset({"object"}),
}
_BODY = "08"
_FAR = 4  # more steps up than this lead to something else, except to a person
_WIDE = 40  # a word with more narrower senses stands for all of them only if [anchors] says so

Entry = tuple[str, str, int]
"""Concept or nothing, how it was reached, and at what distance."""


def write_english(
    wordnet: Path, named: dict[str, Named], kinds: dict[str, str], path: Path
) -> None:
    """One line per word, tabs between: word, concept, how, distance. Sorted, compressed.

    Args:
        wordnet: the unpacked package.
        named: what emojibase says of the concepts.
        kinds: kind of each concept.
        path: of the table.
    """
    table = tomllib.loads((Path(__file__).parent / "english.toml").read_text())
    nouns = read_nouns(wordnet)
    entries = _by_wordnet(nouns, _anchors(nouns, table, named, kinds), table)
    _add_tags(table, entries, named, kinds)
    entries |= _by_name(named, kinds, nouns)
    entries |= {word: ("", "none", 0) for text in table["none"].values() for word in split(text)}
    entries |= _by_hand(table["near"], kinds, "hypernym", 1)
    entries |= _by_hand(table["words"], kinds)
    for word in split(table["abstract"]["words"]):
        if entries.get(word, ("", "", 0))[1] != "hand":
            entries.pop(word, None)
    lines = [
        f"{word}\t{whole(concept, kinds)}\t{'name' if how == 'hand' else how}\t{distance}"
        for word, (concept, how, distance) in sorted(entries.items())
    ]
    path.write_bytes(lzma.compress("\n".join(lines).encode(), preset=9 | lzma.PRESET_EXTREME))


def write_other(wordnet: Path, things: Path, path: Path) -> None:
    """Write the single words of WordNet that name no thing, compressed: two lines.

    First those that never do, then those that do, but are met more often as verbs or adjectives.
    Names of people and places are left out: what no table knows may be a thing.

    Args:
        wordnet: the unpacked package.
        things: the table of English words, written before.
        path: of the list.
    """
    nouns = read_nouns(wordnet)
    known = {
        line.split("\t")[0] for line in lzma.decompress(things.read_bytes()).decode().split("\n")
    }
    never, seldom = [], []
    for word in sorted(words_of(wordnet)):
        if word in known or not re.fullmatch(r"[a-z]{3,}", word):
            continue
        sense = nouns.synsets.get(nouns.common(word) or "")
        thing = sense is not None and sense.file in CONCRETE and sense.file != _BODY
        if sense is None and word in nouns.senses and set("2345").isdisjoint(nouns.counts[word]):
            continue  # a name and nothing else
        (seldom if thing and _is_other(word, nouns) else never).append(word)
    text = "\n".join((" ".join(never), " ".join(seldom)))
    path.write_bytes(lzma.compress(text.encode(), preset=9 | lzma.PRESET_EXTREME))


def split(text: str) -> list[str]:
    """The words of a list with commas."""
    return [word for word in (part.strip() for part in re.split(r"[,，\n]", text)) if word]


def _by_hand(
    table: dict[str, str], kinds: dict[str, str], how: str = "hand", distance: int = 0
) -> dict[str, Entry]:
    entries: dict[str, Entry] = {}
    for concept, text in table.items():
        if concept not in kinds:
            raise SystemExit(f"english.toml: no such concept: {concept}")
        for word in split(text):
            if entries.get(word, (concept,))[0] != concept:
                raise SystemExit(f"english.toml: {word} is {entries[word][0]} and {concept}")
            entries[word] = (concept, how, distance)
    return entries


def _by_name(named: dict[str, Named], kinds: dict[str, str], nouns: Nouns) -> dict[str, Entry]:
    entries: dict[str, Entry] = {}
    for concept, names in named.items():
        plain = re.sub(r"[^a-z0-9 ]+", " ", names.english.lower().replace("’", ""))
        for word in (concept.replace("-", " "), " ".join(plain.split())):
            symbol = kinds[concept] == "symbol" and " " not in word
            if word and not (symbol and _is_other(word, nouns)):
                entries.setdefault(word, (concept, "name", 0))
    return entries


def _anchors(
    nouns: Nouns, table: dict[str, Any], named: dict[str, Named], kinds: dict[str, str]
) -> dict[str, str]:
    """Concepts by the senses of WordNet that name them."""
    anchors: dict[str, str] = {}
    for concept, words in table["anchors"].items():
        for word in words:
            sense = nouns.first(word, _KINDS[kinds[concept]]) or nouns.first(word)
            if sense is None:
                raise SystemExit(f"english.toml: WordNet has no {word} that is {concept}")
            anchors[sense] = concept
    for concept, kind in kinds.items():
        if kind == "symbol":
            continue
        own = [concept.replace("-", " "), named[concept].english.lower()]
        senses = [nouns.first(word, _KINDS[kind]) for word in own]
        senses += [
            sense
            for word in split(table["words"].get(concept, ""))
            for sense in [nouns.first(word)]  # of another kind it is another thing
            if sense and CONCRETE.get(nouns.synsets[sense].file) in _KINDS[kind]
        ]
        for sense in senses:
            if sense and nouns.count_below(sense) <= _WIDE:
                anchors.setdefault(sense, concept)
    return anchors


def _by_wordnet(nouns: Nouns, anchors: dict[str, str], table: dict[str, Any]) -> dict[str, Entry]:
    """Every noun whose first sense is a thing."""
    stops = {sense for word in table["stops"]["words"] for sense in [nouns.first(word)] if sense}
    person = nouns.first("person")
    entries: dict[str, Entry] = {}
    for word in nouns.senses:
        offset = nouns.common(word)
        if offset is None or not _is_thing(word, offset, nouns):
            continue
        entries[word] = ("", "", 0)
        for sense, distance in nouns.up(offset):
            if sense in stops or (distance > _FAR and sense != person):
                continue
            if sense in anchors:
                entries[word] = (anchors[sense], "hypernym" if distance else "synonym", distance)
                break
    return entries


def _is_thing(word: str, offset: str, nouns: Nouns) -> bool:
    synset = nouns.synsets[offset]
    written = next((each for each in synset.words if each.lower() == word), word)
    if synset.file not in CONCRETE or synset.instance or written != word:
        return False
    if word.count(" ") > 2 or not re.fullmatch(r"[a-z][a-z' -]*[a-z]", word):
        return False
    return not _is_other(word, nouns)


def _is_other(word: str, nouns: Nouns) -> bool:
    """Whether a word is a verb or an adjective more often than a noun."""
    met = nouns.counts.get(word, {})
    return max((met.get(speech, 0) for speech in "2345"), default=0) > met.get("1", 0)


def _add_tags(
    table: dict[str, Any], entries: dict[str, Entry], named: dict[str, Named], kinds: dict[str, str]
) -> None:
    """Those tags that are names of things help where WordNet finds nothing."""
    tagged: dict[str, list[str]] = {}
    for concept, names in named.items():
        if kinds[concept] not in ("symbol", "person"):
            for tag in names.english_tags:
                tagged.setdefault(tag.lower(), []).append(concept)
    for tag in split(table["tags"]["words"]):
        concepts = tagged[tag]
        if entries.get(tag) == ("", "", 0):
            entries[tag] = (concepts[0], "tag", 0)
