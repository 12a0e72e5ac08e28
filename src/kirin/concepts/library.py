"""The library of concepts: all that can be drawn, by id and by word."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from kirin.concepts import words
from kirin.concepts.concept import Concept, Extent, Facing, Gait, Habitat, Kind


@dataclass(frozen=True, slots=True)
class ConceptMatch:
    """What a word is drawn as.

    Attributes:
        concept: what is drawn.
        how: the word is its name, a tag of it, or a word of the same or of a narrower meaning.
        distance: steps from the meaning of the word to the wider one of the concept.
    """

    concept: Concept
    how: words.How
    distance: int


class ConceptLibrary:
    """All concepts, in the order of their ids.

    Words are loaded when the first one is looked up.
    """

    def __init__(self, concepts: dict[str, Concept], variants: dict[str, dict[str, str]]) -> None:
        """Hold concepts by id, and for each action what is drawn instead of a concept."""
        self._concepts = concepts
        self._variants = variants

    def get(self, concept_id: str) -> Concept:
        """A concept by its id.

        Raises:
            KeyError: no such concept.
        """
        return self._concepts[concept_id]

    def __contains__(self, concept_id: str) -> bool:
        return concept_id in self._concepts

    def __iter__(self) -> Iterator[Concept]:
        return iter(self._concepts.values())

    def __len__(self) -> int:
        return len(self._concepts)

    def find(self, word: str) -> ConceptMatch | None:
        """What a noun is drawn as.

        Args:
            word: an English lemma, one word or several; or a Chinese word.

        Returns:
            ``None`` if there is no art of it; see :meth:`is_concrete`.
        """
        found = words.meaning(word)
        if found is None or not found.concept:
            return None
        return ConceptMatch(self._concepts[found.concept], found.how, found.distance)

    def is_concrete(self, word: str) -> bool:
        """Whether a word names a thing that can be seen, drawn or not."""
        return words.meaning(word) is not None

    def is_undrawn(self, word: str) -> bool:
        """Whether a thing has no art, and that of a wider word would show another thing."""
        found = words.meaning(word)
        return found is not None and found.how == "none"

    def chinese_words(self) -> frozenset[str]:
        """All Chinese words that name a thing, for cutting sentences into words."""
        return frozenset(words.chinese())

    def variant(self, concept_id: str, action: str) -> str | None:
        """The art in which a concept does something: a woman who runs is a running woman.

        Args:
            concept_id: what is drawn at rest.
            action: a value of :class:`kirin.domain.cast.Action`, or another key of
                ``data/variants.toml``.
        """
        return self._variants.get(action, {}).get(concept_id)


@lru_cache(maxsize=1)
def library() -> ConceptLibrary:
    """The library that this package ships."""
    data = files("kirin.concepts") / "data"
    table = (data / "concepts.tsv").read_text(encoding="utf-8")
    concepts = {concept.id: concept for concept in map(_read, table.splitlines())}
    return ConceptLibrary(concepts, _variants((data / "variants.toml").read_text("utf-8")))


def _read(line: str) -> Concept:
    """One line of the table, as scripts/concepts/facts.py writes it."""
    name, english, chinese, kind, habitat, gait, facing, extent, size, *box = line.split("\t")
    left, top, right, bottom = map(float, box)
    return Concept(
        name,
        english,
        chinese,
        Kind(kind),
        Habitat(habitat),
        Gait(gait),
        Facing(facing),
        Extent(extent),
        float(size),
        (left, top, right, bottom),
    )


def _variants(text: str) -> dict[str, dict[str, str]]:
    """Concepts in action by the action and the concept at rest."""
    table = tomllib.loads(text)
    families: dict[str, list[str]] = table["families"]
    return {
        action: {
            concept: drawn
            for family, drawn in drawings.items()
            for concept in families.get(family, [family])
        }
        for action, drawings in table["actions"].items()
    }
