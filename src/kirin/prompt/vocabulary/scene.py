"""Models of ``scene.toml`` and ``associations.toml``: what scenes show."""

from __future__ import annotations

from functools import cache
from typing import Annotated

from kirin.domain.intent import Extra, Season, Terrain, Time, Weather
from kirin.prompt.vocabulary.loader import Entries, Table, complete, load


class SceneWords(Table):
    """The words for what a scene shows, in one language, in order of precedence."""

    terrain: Annotated[dict[Terrain, Entries], complete(Terrain)]
    time: Annotated[dict[Time, Entries], complete(Time)]
    weather: Annotated[dict[Weather, Entries], complete(Weather)]
    season: Annotated[dict[Season, Entries], complete(Season)]
    extra: Annotated[dict[Extra, Entries], complete(Extra)]


class Associations(Table):
    """Sentences that stand for what a scene can show."""

    terrain: Annotated[dict[Terrain, tuple[str, ...]], complete(Terrain)]
    time: Annotated[dict[Time, tuple[str, ...]], complete(Time)]
    weather: Annotated[dict[Weather, tuple[str, ...]], complete(Weather)]


@cache
def scene_words(language: str) -> SceneWords:
    """The words of a language, loaded once a process."""
    return load(language, "scene", SceneWords)


@cache
def associations(language: str) -> Associations:
    """The sentences in a language, loaded once a process."""
    return load(language, "associations", Associations)
