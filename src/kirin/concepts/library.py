"""The library of concepts: all that can be drawn, by id."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from importlib.resources import files

from kirin.concepts.concept import Concept, Extent, Facing, Gait, Habitat, Kind


class Library:
    """All concepts by id, in the order of their ids."""

    def __init__(self, concepts: dict[str, Concept]) -> None:
        self._concepts = concepts

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


@lru_cache(maxsize=1)
def library() -> Library:
    """The library that this package ships."""
    table = (files("kirin.concepts") / "data" / "concepts.tsv").read_text(encoding="utf-8")
    return Library({concept.id: concept for concept in map(_read, table.splitlines())})


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
