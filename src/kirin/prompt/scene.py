"""Scene descriptions: which place, time, weather and season a prompt asks for."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final, TypeVar

import numpy as np

from kirin.domain.intent import Extra, SceneDescription, Season, Terrain, Time, Weather
from kirin.prompt.embeddings import SentenceEmbedder
from kirin.prompt.matching import affirmed, compile_kinds, denied, first_affirmed, mentioned
from kirin.prompt.vocabulary.loader import CHINESE, ENGLISH
from kirin.prompt.vocabulary.scene import associations, scene_words

_Kind = TypeVar("_Kind", Time, Weather, Season, Terrain)

_AT_SEA: Final = frozenset({Extra.BOAT, Extra.LIGHTHOUSE})
_IMPOSSIBLE: Final[Mapping[Terrain, frozenset[Extra]]] = {
    Terrain.SPACE: frozenset(Extra) - {Extra.STARS, Extra.PLANET},
    Terrain.DESERT: _AT_SEA | {Extra.LAKE, Extra.LIGHTS, Extra.TREES, Extra.PLANET},
    Terrain.FIELDS: frozenset({Extra.LIGHTHOUSE, Extra.LIGHTS, Extra.PLANET}),
    Terrain.FOREST: frozenset({Extra.LIGHTHOUSE, Extra.LIGHTS, Extra.PLANET}),
    Terrain.MOUNTAINS: frozenset({Extra.LIGHTHOUSE, Extra.LIGHTS, Extra.PLANET}),
    Terrain.CITY: _AT_SEA | {Extra.PLANET, Extra.LAKE},
    Terrain.SEA: frozenset({Extra.LAKE, Extra.TREES, Extra.LIGHTS, Extra.PLANET}),
}
"""What does not occur in a place, or is not drawn there."""


@dataclass(frozen=True, slots=True)
class _Patterns:
    """What finds the words for each kind of thing, in every language."""

    terrain: Mapping[Terrain, re.Pattern[str]]
    time: Mapping[Time, re.Pattern[str]]
    weather: Mapping[Weather, re.Pattern[str]]
    season: Mapping[Season, re.Pattern[str]]
    extra: Mapping[Extra, re.Pattern[str]]


@cache
def _patterns() -> _Patterns:
    en, zh = scene_words(ENGLISH), scene_words(CHINESE)
    return _Patterns(
        compile_kinds(en.terrain, zh.terrain),
        compile_kinds(en.time, zh.time),
        compile_kinds(en.weather, zh.weather),
        compile_kinds(en.season, zh.season),
        compile_kinds(en.extra, zh.extra),
    )


def read_scene(
    text: str,
    negative_text: str = "",
    seed: int = 0,
    embedder: SentenceEmbedder | None = None,
) -> SceneDescription:
    """Read a prompt as a scene.

    Where no word names a place, a time of day or weather, the meaning of the whole text decides
    if it is clear, and otherwise the seed. Of several things of a kind the first in the text
    wins. What the negative prompt names, or the prompt negates, is not shown.

    Args:
        text: the prompt, normalised; any text, also an empty one.
        negative_text: the negative prompt, normalised.
        seed: chooses what is left open.
        embedder: guesses what texts without keywords are about.
    """
    patterns = _patterns()
    digest = hashlib.sha256(f"{seed}\n{text}".encode("utf-8", "replace")).digest()
    variety = int.from_bytes(digest[:8], "big") >> 1
    rng = np.random.default_rng([variety, 1])
    banned = mentioned(patterns.extra, negative_text) | denied(patterns.extra, text)
    named = affirmed(patterns.extra, text) - banned
    chooser = _Chooser(text, negative_text, rng, embedder)
    sentences = associations(ENGLISH)
    terrain = chooser.choose(patterns.terrain, _likely_terrains(named), sentences.terrain)
    time = chooser.choose(patterns.time, _likely_times(named), sentences.time)
    starlit = named & {Extra.STARS, Extra.MOON, Extra.SUN}
    skies = {Weather.CLEAR: 3, Weather.CLOUDY: 0 if starlit else 1}
    weather = chooser.choose(patterns.weather, skies, sentences.weather)
    seasons = {Season.SUMMER: 2, Season.SPRING: 1, Season.AUTUMN: 1}
    season = chooser.choose(patterns.season, seasons, {})
    extras = _settle(named, banned, terrain, time, weather, rng)
    understood = chooser.understood | {extra.value for extra in named}
    understood -= {extra.value for extra in named - extras}
    return SceneDescription(
        time,
        weather,
        season,
        terrain,
        extras,
        tuple(sorted(understood)),
        variety,
        tuple(sorted(chooser.guessed)),
    )


class _Chooser:
    """Chooses one kind of place, time, weather and season, and notes how."""

    def __init__(
        self,
        text: str,
        negative_text: str,
        rng: np.random.Generator,
        embedder: SentenceEmbedder | None,
    ) -> None:
        self._text = text
        self._negative_text = negative_text
        self._rng = rng
        self._embedder = embedder
        self.understood: set[str] = set()
        self.guessed: set[str] = set()

    def choose(
        self,
        patterns: Mapping[_Kind, re.Pattern[str]],
        weights: Mapping[_Kind, float],
        sentences: Mapping[_Kind, Sequence[str]],
    ) -> _Kind:
        """The kind that the text names, else the one that it means, else one at random.

        Args:
            patterns: find the words for each kind.
            weights: for the random choice.
            sentences: stand for the kinds that can be guessed.
        """
        unwanted = mentioned(patterns, self._negative_text)
        found = first_affirmed(patterns, self._text, unwanted)
        if found is not None:
            self.understood.add(found.value)
            return found
        refused = unwanted | denied(patterns, self._text)
        if guess := self._guess(patterns, refused, sentences):
            self.guessed.add(guess.value)
            return guess
        left = {kind: weight for kind, weight in weights.items() if kind not in refused}
        left = left or dict(weights)
        cumulative = np.cumsum(list(left.values()))
        pick = int(np.searchsorted(cumulative, self._rng.random() * cumulative[-1], side="right"))
        # Where only kinds of weight 0 are left, the pick is past the end.
        return list(left)[min(pick, len(left) - 1)]

    def _guess(
        self,
        kinds: Iterable[_Kind],
        refused: frozenset[_Kind],
        sentences: Mapping[_Kind, Sequence[str]],
    ) -> _Kind | None:
        if self._embedder is None:
            return None
        allowed = [kind for kind in kinds if kind not in refused]
        candidates = {kind: sentences[kind] for kind in allowed if kind in sentences}
        return self._embedder.nearest(self._text, candidates)


def _likely_terrains(named: frozenset[Extra]) -> Mapping[Terrain, float]:
    """Weights of terrains for a prompt that names none, by what else it names."""
    if named & {Extra.LAKE, Extra.MIST}:
        return {Terrain.MOUNTAINS: 1}
    if Extra.BOAT in named:
        return {Terrain.SEA: 1}
    if Extra.TREES in named:
        return {Terrain.FIELDS: 1, Terrain.FOREST: 1}
    return {Terrain.MOUNTAINS: 3, Terrain.SEA: 3, Terrain.FIELDS: 2, Terrain.FOREST: 1}


def _likely_times(named: frozenset[Extra]) -> Mapping[Time, float]:
    """Weights of times of day for a prompt that names none, by what else it names."""
    if Extra.SUN in named:
        return {Time.DAY: 2}
    if Extra.MOON in named:
        return {Time.NIGHT: 1}
    return {Time.DAWN: 2, Time.DAY: 2, Time.SUNSET: 2, Time.DUSK: 1}


def _settle(
    named: frozenset[Extra],
    banned: frozenset[Extra],
    terrain: Terrain,
    time: Time,
    weather: Weather,
    rng: np.random.Generator,
) -> frozenset[Extra]:
    """Add what belongs to a place and a time of day, and remove what cannot be there."""
    extras = set(named)
    open_sky = weather in (Weather.CLEAR, Weather.CLOUDY)
    if time is Time.NIGHT and weather is Weather.CLEAR:
        extras.add(Extra.STARS)
    if time in (Time.NIGHT, Time.DUSK) and terrain is Terrain.CITY:
        extras.add(Extra.LIGHTS)
    if time is Time.NIGHT and open_sky and Extra.STARS not in named and rng.random() < 0.6:
        extras.add(Extra.MOON)
    if time in (Time.DAWN, Time.SUNSET) and open_sky:
        extras.add(Extra.SUN)
    if terrain is Terrain.SPACE:
        extras.add(Extra.STARS)
        if rng.random() < 0.6:
            extras.add(Extra.PLANET)
    elif open_sky and time is not Time.NIGHT and rng.random() < 0.35:
        extras.add(Extra.BIRDS)
    if terrain is Terrain.MOUNTAINS and rng.random() < 0.5:
        extras.add(Extra.LAKE)
    if terrain is Terrain.FIELDS and rng.random() < 0.7:
        extras.add(Extra.TREES)
    if weather is Weather.FOG:
        extras.add(Extra.MIST)
    if time not in (Time.NIGHT, Time.DUSK):
        extras.discard(Extra.MOON)
    if time is not Time.NIGHT and terrain is not Terrain.SPACE:
        extras -= {Extra.STARS} - named
    return frozenset(extras) - banned - _IMPOSSIBLE[terrain]
