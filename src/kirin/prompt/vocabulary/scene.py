"""Models of ``scene.toml`` and ``associations.toml``: what scenes show."""

from __future__ import annotations

from functools import cache
from typing import Self

from pydantic import model_validator

from kirin.domain.intent import Extra, Season, Terrain, Time, Weather
from kirin.prompt.vocabulary.loader import Entries, Table, load, require_kinds


class SceneWords(Table):
    """The words for what a scene shows, in one language, in order of precedence."""

    terrain: dict[Terrain, Entries]
    time: dict[Time, Entries]
    weather: dict[Weather, Entries]
    season: dict[Season, Entries]
    extra: dict[Extra, Entries]

    @model_validator(mode="after")
    def _complete(self) -> Self:
        require_kinds(self.terrain, Terrain)
        require_kinds(self.time, Time)
        require_kinds(self.weather, Weather)
        require_kinds(self.season, Season)
        require_kinds(self.extra, Extra)
        return self


class Associations(Table):
    """Sentences that stand for what a scene can show."""

    terrain: dict[Terrain, tuple[str, ...]]
    time: dict[Time, tuple[str, ...]]
    weather: dict[Weather, tuple[str, ...]]

    @model_validator(mode="after")
    def _complete(self) -> Self:
        require_kinds(self.terrain, Terrain)
        require_kinds(self.time, Time)
        require_kinds(self.weather, Weather)
        return self


@cache
def scene_words(language: str) -> SceneWords:
    """The words of a language, loaded once a process."""
    return load(language, "scene", SceneWords)


@cache
def associations(language: str) -> Associations:
    """The sentences in a language, loaded once a process."""
    return load(language, "associations", Associations)
