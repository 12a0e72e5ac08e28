"""Ambient sounds: which ones a prompt asks for, and how strong."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from kirin.domain.intent import (
    Ambience,
    Extra,
    Place,
    SceneDescription,
    Season,
    SoundLayer,
    Terrain,
    Time,
    Weather,
)
from kirin.prompt.matching import compile_kinds, mentioned
from kirin.prompt.negation import is_negated
from kirin.prompt.places import INDOORS
from kirin.prompt.vocabulary.loader import CHINESE, ENGLISH, alternatives
from kirin.prompt.vocabulary.sounds import sound_words

MAX_LAYERS: Final = 5
"""More sounds than that cannot be told apart."""

NORMAL: Final = 0.5
"""Intensity of a sound of which the prompt does not say how strong it is."""

_STRONG: Final = 1.0
_WEAK: Final = 0.2
_CHARACTERS_BEFORE: Final = 14
_CHARACTERS_AFTER: Final = 8

_BY_TERRAIN: Final[Mapping[Terrain, Ambience]] = {
    Terrain.SEA: Ambience.WAVES,
    Terrain.MOUNTAINS: Ambience.WIND,
    Terrain.DESERT: Ambience.WIND,
    Terrain.FOREST: Ambience.LEAVES,
    Terrain.CITY: Ambience.CITY,
    Terrain.FIELDS: Ambience.LEAVES,
    Terrain.SPACE: Ambience.DRONE,
}
_ROOM: Final = (Ambience.ROOM,)
_BY_PLACE: Final[Mapping[Place, tuple[Ambience, ...]]] = {
    Place.JUNGLE: (Ambience.LEAVES, Ambience.BIRDS, Ambience.CICADAS),
    Place.SNOWFIELD: (Ambience.WIND,),
    Place.BEACH: (Ambience.WAVES,),
    Place.RIVERSIDE: (Ambience.STREAM,),
    Place.HARBOUR: (Ambience.WAVES, Ambience.GULLS),
    Place.PARK: (Ambience.LEAVES, Ambience.BIRDS),
    Place.GARDEN: (Ambience.LEAVES, Ambience.BIRDS),
    Place.FARM: (Ambience.LEAVES, Ambience.BIRDS),
    Place.ROAD: (Ambience.TRAFFIC,),
    Place.RACE_TRACK: (Ambience.ENGINE, Ambience.CROWD),
    Place.RAILWAY: (Ambience.WIND,),
    Place.BRIDGE: (Ambience.TRAFFIC, Ambience.WIND),
    Place.SKY: (Ambience.WIND,),
    Place.PLANET_SURFACE: (Ambience.DRONE, Ambience.WIND),
    Place.CAVE: (Ambience.ROOM, Ambience.STREAM),
    Place.REEF: (Ambience.AIR,),
    Place.STREET: (Ambience.CITY,),
    Place.ALLEY: (Ambience.CITY,),
    Place.MARKET: (Ambience.CROWD,),
    Place.STADIUM: (Ambience.CROWD,),
    Place.LIVING_ROOM: _ROOM,
    Place.KITCHEN: _ROOM,
    Place.BEDROOM: _ROOM,
    Place.BATHROOM: _ROOM,
    Place.OFFICE: _ROOM,
    Place.ART_STUDIO: _ROOM,
    Place.CLASSROOM: _ROOM,
    Place.LABORATORY: _ROOM,
    Place.CAFE: (Ambience.ROOM, Ambience.CROWD),
    Place.RESTAURANT: (Ambience.ROOM, Ambience.CROWD),
    Place.SHOP: _ROOM,
    Place.LIBRARY: _ROOM,
    Place.MUSEUM: _ROOM,
    Place.GYM: _ROOM,
    Place.THEATRE: _ROOM,
    Place.CHURCH: _ROOM,
    Place.HOSPITAL: _ROOM,
    Place.FACTORY: (Ambience.ROOM, Ambience.ENGINE),
    Place.SPACESHIP: (Ambience.ROOM, Ambience.DRONE),
    Place.TABLE_TOP: _ROOM,
    Place.BACKDROP: _ROOM,
    Place.ABSTRACT: (Ambience.DRONE,),
}
"""What is heard in places that are more than their terrain."""

_DRY: Final = frozenset({Weather.CLEAR, Weather.CLOUDY, Weather.FOG})
_INTERMITTENT: Final = frozenset(
    {
        Ambience.THUNDER,
        Ambience.BIRDS,
        Ambience.GULLS,
        Ambience.CRICKETS,
        Ambience.FOOTSTEPS,
        Ambience.CRUNCH,
        Ambience.BELL,
        Ambience.TRAFFIC,
        Ambience.EXPLOSION,
        Ambience.FIREWORKS,
        Ambience.GLASS,
        Ambience.SPLASH,
        Ambience.WHOOSH,
        Ambience.PIANO,
        Ambience.GUITAR,
        Ambience.MUSIC_BOX,
        Ambience.DRUM,
        Ambience.DOG,
        Ambience.CAT,
        Ambience.HORSE,
        Ambience.CLOCK,
        Ambience.TYPING,
        Ambience.SIREN,
        Ambience.HEARTBEAT,
    }
)
"""Sounds with pauses; alone they are mixed with air, so that the pauses are not dead silent."""

_PASSING: Final = frozenset(
    {
        Ambience.AIR,
        Ambience.THUNDER,
        Ambience.FOOTSTEPS,
        Ambience.CRUNCH,
        Ambience.APPLAUSE,
        Ambience.BELL,
        Ambience.EXPLOSION,
        Ambience.FIREWORKS,
        Ambience.GLASS,
        Ambience.SPLASH,
        Ambience.WHOOSH,
        Ambience.DOG,
        Ambience.CAT,
        Ambience.HORSE,
        Ambience.TYPING,
        Ambience.SIREN,
        Ambience.HEARTBEAT,
    }
)
"""Sounds of what happens in a shot, and the silence behind it; the others are of its place."""

_SINGERS: Final = frozenset(
    {Ambience.BIRDS, Ambience.GULLS, Ambience.CRICKETS, Ambience.CICADAS, Ambience.DOG}
)
"""What sings or cries right after its name is this sound itself: "birds sing"."""


@dataclass(frozen=True, slots=True)
class _Patterns:
    """What finds the words for sounds and for their intensity, in every language."""

    ambience: Mapping[Ambience, re.Pattern[str]]
    strong_before: re.Pattern[str]
    strong_after: re.Pattern[str]
    strong_names: re.Pattern[str]
    weak_before: re.Pattern[str]
    weak_after: re.Pattern[str]
    weak_names: re.Pattern[str]
    unheard: re.Pattern[str]


@cache
def _patterns() -> _Patterns:
    english, chinese = sound_words(ENGLISH), sound_words(CHINESE)
    en, zh = english.intensity, chinese.intensity

    def whole(words: Iterable[str], others: Iterable[str]) -> re.Pattern[str]:
        return re.compile(rf"\b(?:{alternatives([*words])})\b|{alternatives([*others])}")

    def part(words: Iterable[str], others: Iterable[str]) -> re.Pattern[str]:
        return re.compile(alternatives([*words, *others]))

    return _Patterns(
        compile_kinds(english.ambience, chinese.ambience),
        whole(en.strong_before, zh.strong_before),
        part(en.strong_after, zh.strong_after),
        part(en.strong_names, zh.strong_names),
        whole(en.weak_before, zh.weak_before),
        part(en.weak_after, zh.weak_after),
        part(en.weak_names, zh.weak_names),
        re.compile(
            rf"(?:{alternatives(english.named_by)})(?P<named>[a-z]+)"
            rf"|\b(?:{alternatives(english.unheard)})(?:e?s)?\b|{alternatives(chinese.unheard)}"
        ),
    )


def read_sounds(
    text: str,
    negative_text: str,
    scene: SceneDescription,
    *,
    drawn: bool,
    before: Sequence[SoundLayer] = (),
) -> tuple[SoundLayer, ...]:
    """The ambient sounds of a shot, those that the prompt names first; at least one.

    Args:
        text: the prompt without its quotations, normalised.
        negative_text: the negative prompt, normalised; what it names is left out.
        scene: what the prompt describes.
        drawn: whether the picture is drawn from the prompt alone. Then the whole scene is heard,
            where over a given picture only what the prompt names is certain.
        before: sounds of the shot before, if this one plays at the same place: those that last
            go on.
    """
    patterns = _patterns().ambience
    unwanted = set(mentioned(patterns, negative_text))
    found: dict[Ambience, tuple[int, float]] = {}
    for kind, pattern in patterns.items():
        for match in pattern.finditer(text):
            if is_negated(text, match.start()):
                unwanted.add(kind)
            else:
                found.setdefault(kind, (match.start(), _intensity(text, match)))
    kinds = sorted(found, key=lambda kind: found[kind][0])
    lasting = {each.kind: each.intensity for each in before if each.kind not in _PASSING}
    kinds += [kind for kind in lasting if kind not in found]
    kinds += [kind for kind in _implied(scene, kinds, drawn=drawn) if kind not in kinds]
    kinds = [kind for kind in kinds if kind not in unwanted]
    if {Ambience.CRUNCH, Ambience.HORSE}.intersection(kinds) and Ambience.FOOTSTEPS in kinds:
        kinds.remove(Ambience.FOOTSTEPS)
    kinds = kinds[:MAX_LAYERS]
    if _INTERMITTENT.issuperset(kinds):
        kinds.append(Ambience.AIR)
    strengths = lasting | {kind: strength for kind, (_, strength) in found.items()}
    return tuple(SoundLayer(kind, strengths.get(kind, NORMAL)) for kind in kinds)


def read_unheard(text: str, negative_text: str) -> tuple[str, ...]:
    """The words for sounds that cannot be made, in their order, each once.

    Args:
        text: the prompt without its quotations, normalised.
        negative_text: the negative prompt, normalised; what it names is not missed.
    """
    patterns = _patterns()
    heard = [
        (match.start(), match.end() + (_CHARACTERS_AFTER if kind in _SINGERS else 0))
        for kind, pattern in patterns.ambience.items()
        for match in pattern.finditer(text)
    ]
    words: list[str] = []
    for match in patterns.unheard.finditer(text):
        name = "named" if match["named"] else 0
        start, end = match.span(name)
        made = any(first < end and start < last for first, last in heard)
        refused = is_negated(text, match.start()) or match[name] in negative_text
        if not made and not refused:
            words.append(match[name])
    return tuple(dict.fromkeys(words))


def _intensity(text: str, match: re.Match[str]) -> float:
    """How strong a sound is, by its own name or by the words just before and after it."""
    patterns = _patterns()
    before = text[max(0, match.start() - _CHARACTERS_BEFORE) : match.start()]
    after = text[match.end() : match.end() + _CHARACTERS_AFTER]
    if (
        patterns.strong_names.search(match[0])
        or patterns.strong_before.search(before)
        or patterns.strong_after.search(after)
    ):
        return _STRONG
    if (
        patterns.weak_names.search(match[0])
        or patterns.weak_before.search(before)
        or patterns.weak_after.search(after)
    ):
        return _WEAK
    return NORMAL


def _implied(scene: SceneDescription, named: Iterable[Ambience], *, drawn: bool) -> list[Ambience]:
    """What belongs to the place, the weather and the time of day without being named."""
    given = set(scene.understood)
    kinds: list[Ambience] = []
    open_air = drawn and scene.place not in INDOORS
    if open_air or scene.weather.value in given:
        if scene.weather is Weather.STORM:
            kinds += [Ambience.RAIN, Ambience.THUNDER, Ambience.WIND]
        elif scene.weather is Weather.RAIN and open_air:
            kinds.append(Ambience.RAIN)
        elif scene.weather is Weather.SNOW:
            kinds.append(Ambience.SNOW)
    if Ambience.ROOM in named:
        return kinds
    place = _BY_PLACE.get(scene.place, (_BY_TERRAIN[scene.terrain],))
    if drawn or not given.isdisjoint({scene.terrain.value, scene.place.value}):
        kinds += place
        if scene.weather in _DRY and scene.place not in _BY_PLACE:
            kinds += _animals(scene, named)
    birds = Ambience.GULLS if scene.terrain is Terrain.SEA else Ambience.BIRDS
    if Ambience.BIRDS not in named and Extra.BIRDS in scene.extras and drawn:
        kinds += [] if Ambience.ROOM in place else [birds]
    return list(dict.fromkeys(kinds))


def _animals(scene: SceneDescription, named: Iterable[Ambience]) -> list[Ambience]:
    """What sings in woods and fields: birds by day, crickets on warm nights."""
    if scene.terrain not in (Terrain.FOREST, Terrain.FIELDS) or scene.season is Season.WINTER:
        return []
    dark = scene.time in (Time.NIGHT, Time.DUSK)
    singer = Ambience.CRICKETS if dark else Ambience.BIRDS
    return [] if singer is Ambience.BIRDS and Ambience.CICADAS in named else [singer]
