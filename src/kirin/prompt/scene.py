"""Scene descriptions: which place, time, weather and season a prompt asks for."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Final, TypeVar

import numpy as np

from kirin.domain.intent import Extra, Place, SceneDescription, Season, Terrain, Time, Weather
from kirin.prompt.changes import Change
from kirin.prompt.embeddings import SentenceEmbedder
from kirin.prompt.matching import affirmed, compile_kinds, denied, first_affirmed, mentioned
from kirin.prompt.mentions import Mention, Mentions
from kirin.prompt.places import (
    INDOORS,
    LANDSCAPES,
    named_place,
    suggested_place,
    terrains,
    usual_place,
)
from kirin.prompt.surfaces import crop_of, is_neon, surface_of
from kirin.prompt.vocabulary.loader import CHINESE, ENGLISH
from kirin.prompt.vocabulary.scene import associations, scene_words

_HAN: Final = re.compile(r"[\u4e00-\u9fff]")
_INK: Final = re.compile(
    r"\b(?:ink|paint|milk|dye|pigment|glass)\b.{0,24}\bwater\b|水墨|墨.{0,4}水"
)
"""Water that is no lake."""

_SNOWLESS: Final = frozenset(
    {Place.JUNGLE, Place.BEACH, Place.REEF, Place.CAVE, Place.PLANET_SURFACE, Place.SPACESHIP,
     Place.SKY, *INDOORS}
)  # fmt: skip
_BIRDLESS: Final = frozenset({Place.REEF, Place.CAVE, Place.PLANET_SURFACE})
"""Places where only what the text names is seen in the sky."""

_WARM: Final = frozenset({Terrain.DESERT, Terrain.SPACE})

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
    mentions: Mentions | None = None,
    change: Change | None = None,
) -> SceneDescription:
    """Read a prompt as a scene.

    Where no word names a place, a time of day or weather, the meaning of the whole text decides
    if it is clear, and otherwise the seed. Of several things of a kind the first in the text
    wins. What the negative prompt names, or the prompt negates, is not shown.

    Args:
        text: the prompt, normalised; any text, also an empty one.
        negative_text: the negative prompt, normalised.
        seed: chooses what is left open.
        embedder: guesses what English texts without keywords are about.
        mentions: what the text mentions; they name or suggest the place.
        change: how light and weather change; the scene is that before it.
    """
    patterns = _patterns()
    seen = mentions.nouns if mentions else []
    digest = hashlib.sha256(f"{seed}\n{text}".encode("utf-8", "replace")).digest()
    variety = int.from_bytes(digest[:8], "big") >> 1
    rng = np.random.default_rng([variety, 1])
    banned = mentioned(patterns.extra, negative_text) | denied(patterns.extra, text)
    named = affirmed(patterns.extra, text) - banned
    if _INK.search(text):
        named -= {Extra.LAKE}
    chooser = _Chooser(text, negative_text, rng, embedder)
    sentences = associations(ENGLISH)
    spot = _PlaceChooser(text, seen, chooser, named)
    terrain, place = spot.settle()
    starts = change.before if change else {}
    time = chooser.choose(patterns.time, _likely_times(named), sentences.time, starts.get(Time))
    starlit = named & {Extra.STARS, Extra.MOON, Extra.SUN}
    skies = {Weather.CLEAR: 3, Weather.CLOUDY: 0 if starlit else 1}
    warm = {Weather.SNOW} if place in _SNOWLESS or terrain in _WARM else set()
    dry = {each: lines for each, lines in sentences.weather.items() if each not in warm}
    weather = chooser.choose(patterns.weather, skies, dry, starts.get(Weather))
    seasons = {Season.SUMMER: 2, Season.SPRING: 1, Season.AUTUMN: 1}
    season = chooser.choose(patterns.season, seasons, {}, starts.get(Season))
    if place is None:
        place = spot.fallback(lit=bool(chooser.understood or named))
    if place is Place.SNOWFIELD:
        season = Season.WINTER
    extras = _settle(named, banned, terrain, time, weather, rng)
    if place in INDOORS:
        extras &= named & {Extra.LIGHTS}
    elif place in _BIRDLESS:
        extras &= named | {Extra.STARS}
    if place not in INDOORS:
        chooser.by_chance.add("extras")
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
        place,
        is_neon(text),
        crop=crop_of(text),
        surface=surface_of(text),
        by_chance=tuple(sorted(chooser.by_chance)),
    )


class _PlaceChooser:
    """Chooses the place and the country around it."""

    def __init__(
        self, text: str, nouns: Sequence[Mention], chooser: _Chooser, named: frozenset[Extra]
    ) -> None:
        self._text = text
        self._nouns = nouns
        self._chooser = chooser
        self._named = named

    def settle(self) -> tuple[Terrain, Place | None]:
        """The country and the place; no place where only the light can tell."""
        kinds, sentences = _patterns().terrain, associations(ENGLISH).terrain
        weights = _likely_terrains(self._named)
        mention = named_place(self._nouns)
        if mention is not None and mention.place is not None:
            return self._around(mention.place, named=True), mention.place
        suggested = suggested_place(self._nouns)
        if suggested is not None and suggested not in LANDSCAPES:
            return self._around(suggested, named=False), suggested
        if not self._nouns or suggested is not None or self._chooser.names(kinds):
            # The words or the meaning of the text may name the country.
            usual = {LANDSCAPES[suggested]: 1.0} if suggested else weights
            terrain = self._chooser.choose(kinds, usual, sentences)
            known = suggested is not None or {*self._chooser.understood, *self._chooser.guessed}
            return terrain, Place(terrain.value) if known else None
        usual_home = usual_place(self._nouns)
        if usual_home in INDOORS - {Place.BACKDROP} and self._chooser.names(_wet()):
            usual_home = Place.PARK
        guess = self._chooser.guess(kinds, sentences) if usual_home not in INDOORS else None
        if guess is not None:
            return guess, Place(guess.value)
        if usual_home is not None:
            return self._around(usual_home, named=False), usual_home
        return self._chooser.draw(weights), None

    def fallback(self, *, lit: bool) -> Place:
        """The place where none is named or suggested: the open country if the light is told."""
        if lit or not self._text.strip():
            self._chooser.by_chance.add("place")
            return Place(self._chooser.draw(_likely_terrains(self._named)).value)
        return Place.BACKDROP

    def _around(self, place: Place, *, named: bool) -> Terrain:
        """The country around a place: what the text names, if it can be there."""
        allowed = terrains(place)
        if named:
            self._chooser.understood.add(place.value)
            if len(allowed) == 1:
                self._chooser.understood.add(allowed[0].value)
        if len(allowed) == 1:
            return allowed[0]
        found = self._chooser.named(_patterns().terrain)
        if found is not None and (found in allowed or not allowed):
            self._chooser.understood.add(found.value)
            return found
        return allowed[0] if allowed else self._chooser.draw(_likely_terrains(self._named))


@cache
def _wet() -> dict[Weather, re.Pattern[str]]:
    """The weather that is only met in the open."""
    return {kind: _patterns().weather[kind] for kind in (Weather.RAIN, Weather.SNOW, Weather.STORM)}


def changed_scene(scene: SceneDescription, change: Change) -> SceneDescription | None:
    """The scene at the end of the shot, or None where nothing changes.

    Args:
        scene: at its start.
        change: what the text says that becomes different.
    """
    if not change:
        return None
    time, weather, season = change.end(scene)
    rng = np.random.default_rng([scene.variety, 1])
    transient = {Extra.STARS, Extra.SUN, Extra.MOON, Extra.LIGHTS, Extra.MIST}
    kept = scene.extras - transient
    added = _settle(kept, frozenset(), scene.terrain, time, weather, rng) & transient
    extras = kept | (frozenset() if scene.place in INDOORS else added)
    if change.lights_after is not None:
        extras = extras | {Extra.LIGHTS} if change.lights_after else extras - {Extra.LIGHTS}
    named = {phase.value for phase in change.after.values()}
    understood = tuple(sorted({*scene.understood, *named}))
    changed = replace(
        scene, time=time, weather=weather, season=season, extras=extras, understood=understood
    )
    return None if changed == scene else changed


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
        self.by_chance: set[str] = set()

    def choose(
        self,
        patterns: Mapping[_Kind, re.Pattern[str]],
        weights: Mapping[_Kind, float],
        sentences: Mapping[_Kind, Sequence[str]],
        given: object = None,
    ) -> _Kind:
        """The kind that the text names, else the one that it means, else one at random.

        Args:
            patterns: find the words for each kind.
            weights: for the random choice.
            sentences: stand for the kinds that can be guessed.
            given: the kind, if it is known from a change that the text tells of.
        """
        unwanted = mentioned(patterns, self._negative_text)
        for kind in patterns:
            if kind is given:
                self.understood.add(kind.value)
                return kind
        found = first_affirmed(patterns, self._text, unwanted)
        if found is not None:
            self.understood.add(found.value)
            return found
        refused = unwanted | denied(patterns, self._text)
        if guess := self._guess(patterns, refused, sentences):
            self.guessed.add(guess.value)
            return guess
        return self.draw(weights, refused)

    def names(self, patterns: Mapping[_Kind, re.Pattern[str]]) -> bool:
        """Whether the text names one of the kinds."""
        return self.named(patterns) is not None

    def named(self, patterns: Mapping[_Kind, re.Pattern[str]]) -> _Kind | None:
        """The kind that the text names first."""
        return first_affirmed(patterns, self._text, mentioned(patterns, self._negative_text))

    def guess(
        self,
        patterns: Mapping[_Kind, re.Pattern[str]],
        sentences: Mapping[_Kind, Sequence[str]],
    ) -> _Kind | None:
        """The kind that the text means, if that is clear."""
        refused = mentioned(patterns, self._negative_text) | denied(patterns, self._text)
        if guess := self._guess(patterns, refused, sentences):
            self.guessed.add(guess.value)
        return guess

    def draw(
        self, weights: Mapping[_Kind, float], refused: frozenset[_Kind] = frozenset()
    ) -> _Kind:
        """A kind at random."""
        left = {kind: weight for kind, weight in weights.items() if kind not in refused}
        left = left or dict(weights)
        if sum(weight > 0 for weight in left.values()) > 1:
            # The kinds are named as a scene's description has them.
            self.by_chance.add(type(next(iter(left))).__name__.lower())
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
        if self._embedder is None or _HAN.search(self._text):
            return None  # the network knows English
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
