"""The suite of prompts (tests/prompts): what people type, and what a human says it names."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from kirin.domain.cast import Action, Relation, Style
from kirin.domain.intent import Move, Place, Time, Weather

FOLDER: Final = Path(__file__).parents[1] / "prompts"

_CHINESE: Final = re.compile("[\u4e00-\u9fff]")


def is_chinese(text: str) -> bool:
    """Whether a text has Chinese characters."""
    return bool(_CHINESE.search(text))


@dataclass(frozen=True)
class NamedNoun:
    """A concrete noun of a prompt.

    Attributes:
        word: as written.
        concepts: ids of which each alone shows it.
        shared: ids that show it together with another noun.
        scenery: what the scene may show it with, as kind and value: ("extra", "moon").
        count: exactly how many, if told; ``least`` if only "several" is told.
        colours: any of; "" stands for the art as drawn. Empty if none is told.
    """

    word: str
    concepts: frozenset[str]
    shared: frozenset[str]
    scenery: tuple[tuple[str, str], ...]
    count: int | None
    least: int | None
    colours: tuple[str, ...]

    @property
    def drawable(self) -> bool:
        """Whether anything can show it."""
        return bool(self.concepts or self.shared or self.scenery)


@dataclass(frozen=True)
class NamedVerb:
    """A verb of a prompt: any of ``actions`` by the noun of that index; none if none can."""

    word: str
    actions: tuple[Action, ...]
    noun: int


@dataclass(frozen=True)
class NamedRelation:
    """Where a noun is relative to another: any of ``relations``."""

    noun: int
    relations: tuple[Relation, ...]
    anchor: int


@dataclass(frozen=True)
class Group:
    """Camera moves at the same time; ``optional`` ones may be left out."""

    required: frozenset[Move]
    optional: frozenset[Move]


Moves = tuple[tuple[Group, ...], ...]
"""Readings of which any will do; each is groups one after the other."""


@dataclass(frozen=True)
class PromptRecord:
    """A prompt and what it names; what it does not name is empty."""

    category: str
    text: str
    negative: str
    nouns: tuple[NamedNoun, ...]
    verbs: tuple[NamedVerb, ...]
    relations: tuple[tuple[NamedRelation, ...], ...]
    styles: tuple[Style, ...]
    places: tuple[Place, ...]
    times: tuple[Time, ...]
    weathers: tuple[Weather, ...]
    becomes: tuple[Time | Weather, ...]
    camera: Moves

    @property
    def chinese(self) -> bool:
        """Whether it is written in Chinese."""
        return is_chinese(self.text)


@dataclass(frozen=True)
class DirectionRecord:
    """A camera direction and the moves that a human expects."""

    text: str
    moves: Moves


@dataclass(frozen=True)
class Suite:
    """All records."""

    prompts: tuple[PromptRecord, ...]
    directions: tuple[DirectionRecord, ...]

    @classmethod
    def load(cls, folder: Path = FOLDER) -> Suite:
        """Read the files; unknown values of enumerations, keys and sets are errors."""
        data = tomllib.loads((folder / "prompts.toml").read_text("utf-8"))
        directions = tomllib.loads((folder / "directions.toml").read_text("utf-8"))
        return cls(
            tuple(_prompt(record, data["sets"]) for record in data["prompt"]),
            tuple(
                DirectionRecord(record["text"], read_moves(record["moves"]))
                for record in directions["direction"]
            ),
        )

    @cached_property
    def concepts(self) -> frozenset[str]:
        """Ids of all concepts that are named anywhere."""
        nouns = [noun for prompt in self.prompts for noun in prompt.nouns]
        return frozenset().union(*(noun.concepts | noun.shared for noun in nouns))


def read_moves(notation: str) -> Moves:
    """Read "a & b? > c | d": " > " then, " & " at the same time, " | " or, "?" optional."""
    return tuple(
        tuple(_group(group) for group in reading.split(">")) for reading in notation.split("|")
    )


def _group(notation: str) -> Group:
    names = [name.strip() for name in notation.split("&")]
    return Group(
        frozenset(Move(name) for name in names if not name.endswith("?")),
        frozenset(Move(name[:-1]) for name in names if name.endswith("?")),
    )


_KEYS: Final = frozenset(PromptRecord.__annotations__) - {"places", "times", "weathers"} | {
    "place",
    "time",
    "weather",
}


def _prompt(record: Mapping[str, Any], sets: Mapping[str, list[str]]) -> PromptRecord:
    if unknown := record.keys() - _KEYS:
        raise ValueError(f"{record['text']}: unknown {sorted(unknown)}")
    becomes = record.get("becomes", {})
    return PromptRecord(
        category=record["category"],
        text=record["text"],
        negative=record.get("negative", ""),
        nouns=tuple(_noun(noun, sets) for noun in record.get("nouns", ())),
        verbs=tuple(
            NamedVerb(verb["word"], tuple(map(Action, verb["any"])), verb["noun"])
            for verb in record.get("verbs", ())
        ),
        relations=tuple(
            tuple(
                NamedRelation(one["noun"], tuple(map(Relation, one["any"])), one["anchor"])
                for one in readings
            )
            for readings in record.get("relations", ())
        ),
        styles=tuple(map(Style, record.get("styles", ()))),
        places=tuple(map(Place, record.get("place", ()))),
        times=tuple(map(Time, record.get("time", ()))),
        weathers=tuple(map(Weather, record.get("weather", ()))),
        becomes=tuple(
            Time(value) if key == "time" else Weather(value) for key, value in becomes.items()
        ),
        camera=read_moves(record["camera"]) if "camera" in record else (),
    )


def _noun(record: Mapping[str, Any], sets: Mapping[str, list[str]]) -> NamedNoun:
    names = [
        name
        for item in record["any"]
        for name in (sets[item[1:]] if item.startswith("@") else [item])
    ]
    return NamedNoun(
        word=record["word"],
        concepts=frozenset(name for name in names if not name.startswith("+") and ":" not in name),
        shared=frozenset(name[1:] for name in names if name.startswith("+")),
        scenery=tuple(
            (kind, value) for kind, colon, value in (n.partition(":") for n in names) if colon
        ),
        count=record.get("count"),
        least=record.get("least"),
        colours=tuple(record.get("colour", ())),
    )
