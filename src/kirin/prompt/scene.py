"""The brief: what a scene shows, read from a prompt in English or Chinese."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

import numpy as np

from kirin.prompt.associations import ASSOCIATIONS
from kirin.prompt.cues import normalise
from kirin.prompt.embeddings import Meaning
from kirin.prompt.negation import negated


class Time(StrEnum):
    """Time of day."""

    DAWN = "dawn"
    DAY = "day"
    SUNSET = "sunset"
    DUSK = "dusk"
    NIGHT = "night"


class Weather(StrEnum):
    """Weather; a storm rains."""

    CLEAR = "clear"
    CLOUDY = "cloudy"
    RAIN = "rain"
    SNOW = "snow"
    FOG = "fog"
    STORM = "storm"


class Season(StrEnum):
    """Season, which colours leaves and grass."""

    SPRING = "spring"
    SUMMER = "summer"
    AUTUMN = "autumn"
    WINTER = "winter"


class Terrain(StrEnum):
    """The kind of place."""

    SEA = "sea"
    MOUNTAINS = "mountains"
    DESERT = "desert"
    FOREST = "forest"
    CITY = "city"
    FIELDS = "fields"
    SPACE = "space"


class Extra(StrEnum):
    """Something besides."""

    BIRDS = "birds"
    STARS = "stars"
    MOON = "moon"
    SUN = "sun"
    LIGHTS = "lights"
    BOAT = "boat"
    TREES = "trees"
    LAKE = "lake"
    LIGHTHOUSE = "lighthouse"
    MIST = "mist"
    CLOUDS = "clouds"
    PLANET = "planet"


@dataclass(frozen=True, slots=True)
class Brief:
    """What a scene shows.

    Attributes:
        time, weather, season, terrain: one of each, named or chosen.
        extras: what is there besides.
        understood: which of them the prompt names, sorted.
        guessed: which of them the prompt does not name and seems to mean, sorted.
        variety: 0 to 2**63 - 1; all that is left to chance follows from it. It comes from
            the seed and the whole prompt, so that two prompts never give the same picture.
    """

    time: Time
    weather: Weather
    season: Season
    terrain: Terrain
    extras: frozenset[Extra]
    understood: tuple[str, ...]
    variety: int
    guessed: tuple[str, ...] = ()

    def describe(self) -> dict[str, Any]:
        """The brief as JSON values, for a task's metadata."""
        return {
            "time": self.time.value,
            "weather": self.weather.value,
            "season": self.season.value,
            "terrain": self.terrain.value,
            "extras": sorted(extra.value for extra in self.extras),
            "understood": list(self.understood),
            "guessed": list(self.guessed),
        }


_Kind = TypeVar("_Kind", Time, Weather, Season, Terrain, Extra)

# English whole words (a plural s is allowed), then Chinese.
_TIMES: Mapping[Time, tuple[str, str]] = {
    Time.DAWN: (
        "dawn|sunrise|daybreak|early morning|first light|morning|sunup",
        "黎明|日出|清晨|拂晓|早晨|破晓|朝霞|晨曦|晨光|早上",
    ),
    Time.SUNSET: (
        "sunset|sundown|golden hour|evening|setting sun|late afternoon",
        "日落|夕阳|落日|傍晚|黄金时刻|晚霞|余晖",
    ),
    Time.DUSK: ("dusk|twilight|blue hour|nightfall|gloaming", "黄昏|暮色|暮光|蓝调时刻|薄暮"),
    Time.NIGHT: (
        "night|nighttime|midnight|starry|starlight|moonlit|moonlight|milky way|nocturnal|neon"
        "|star|aurora|northern lights",
        "夜晚|夜里|深夜|午夜|星空|夜空|月光|银河|夜景|夜色|霓虹|月夜|繁星|夜",
    ),
    Time.DAY: (
        "day|daytime|daylight|noon|midday|sunny|afternoon|blue sky|blue skies|bright sun",
        "白天|正午|中午|阳光明媚|晴天|蓝天|下午|烈日|艳阳|阳光",
    ),
}
_WEATHERS: Mapping[Weather, tuple[str, str]] = {
    Weather.STORM: (
        "storm|stormy|thunder|thunderstorm|lightning|tempest|typhoon|hurricane|gale",
        "暴风雨|风暴|雷暴|雷雨|闪电|台风|狂风|打雷|暴雨",
    ),
    Weather.SNOW: (
        "snowfall|heavy snow|snowing|blizzard|falling snow|snow falling|snow falls|snowstorm"
        "|snowflake",
        "下雪|飘雪|雪花|大雪|暴雪",
    ),
    Weather.RAIN: (
        "rain|rainy|raining|drizzle|downpour|shower|rainfall",
        "下雨|雨天|细雨|大雨|雨中|雨夜|小雨|雨(?![衣伞鞋靴林])",
    ),
    Weather.FOG: ("fog|foggy|dense mist|haze|hazy", "大雾|浓雾|雾霾|起雾|弥漫"),
    Weather.CLOUDY: (
        "cloudy|overcast|grey sky|gray sky|cloudscape|gloomy",
        "多云|阴天|乌云|阴沉|阴云",
    ),
    Weather.CLEAR: ("clear|cloudless|clear sky|sunny", "晴朗|无云|万里无云|晴空|晴天"),
}
_SEASONS: Mapping[Season, tuple[str, str]] = {
    Season.WINTER: (
        "winter|snow|snowy|snowcapped|frost|frosty|icy|ice|arctic|christmas|snowfall|blizzard",
        "冬|雪|冰|寒冬|圣诞",
    ),
    Season.AUTUMN: (
        "autumn|fall foliage|autumnal|golden leaves|red leaves|harvest|maple",
        "秋|红叶|枫|落叶",
    ),
    Season.SPRING: (
        "spring|springtime|lush|green fields|green meadow|green grass|blossom|cherry blossom|bloom",
        "春|樱花|花开|桃花",
    ),
    Season.SUMMER: ("summer|summertime|tropical", "夏|热带"),
}
_TERRAINS: Mapping[Terrain, tuple[str, str]] = {
    Terrain.SPACE: (
        "(?:outer|deep|in|into|through) space|space station|nebula|nebulae|galaxy|galaxies|cosmos"
        "|cosmic|universe|spaceship|planet"
        "|spacecraft|asteroid|black hole|supernova|interstellar",
        "太空|宇宙|星云|星系|银河系|飞船|行星|外太空|黑洞|星际",
    ),
    Terrain.CITY: (
        "city|cities|cityscape|skyline|skyscraper|downtown|urban|metropolis|street|town|tokyo"
        "|shanghai|new york|manhattan|hong kong|cyberpunk|building|rooftop|neon",
        "城市|天际线|都市|摩天楼|高楼|大厦|街道|上海|东京|香港|纽约|楼群|市中心|街|霓虹",
    ),
    Terrain.DESERT: (
        "desert|dune|sahara|sand|oasis|camel|mars|cactus",
        "沙漠|沙丘|戈壁|大漠|骆驼|绿洲|火星",
    ),
    Terrain.FOREST: (
        "forest|wood|woods|woodland|jungle|pine|rainforest|redwood|taiga|grove",
        "森林|树林|丛林|松林|竹林|林海|雨林|林间",
    ),
    Terrain.MOUNTAINS: (
        "mountain|mountainous|peak|alps|alpine|himalaya|himalayas|summit|ridge|canyon|valley|cliff"
        "|fjord|glacier|volcano|hill",
        "山脉|群山|山峰|雪山|高山|峡谷|山谷|山|峰|悬崖|冰川|火山|丘陵",
    ),
    Terrain.SEA: (
        "sea|ocean|seaside|coast|coastal|coastline|shore|beach|lighthouse|harbor|harbour|bay"
        "|island|surf|breakers|seascape|whale",
        "大海|海洋|海面|海边|海岸|海浪|沙滩|灯塔|港口|岛|波浪|海滩|海上|(?<!云)海",
    ),
    Terrain.FIELDS: (
        "(?<!depth of )field|wheat|meadow|grassland|prairie|farm|farmland|countryside|village"
        "|lavender|pasture|steppe"
        "|savanna|savannah|rice paddy|barley|grass|garden|vineyard|flower",
        "田野|麦田|草原|草地|农田|稻田|花海|薰衣草|乡村|牧场|原野|麦浪|草坪|(?<!雪)花",
    ),
}
_EXTRAS: Mapping[Extra, tuple[str, str]] = {
    Extra.BIRDS: (
        "bird|seagull|gull|flock|geese|swallow|eagle|crow|heron",
        "鸟|海鸥|雁|鹰|燕|鹤",
    ),
    Extra.STARS: ("star|starry|starlight|milky way|constellation", "星空|繁星|星星|银河|星"),
    Extra.MOON: ("moon|moonlit|moonlight|crescent", "月亮|月光|明月|圆月|月夜|月"),
    Extra.SUN: ("sun|sunshine|sunlight|sunny", "太阳|阳光|烈日|旭日|夕阳|落日"),
    Extra.LIGHTS: (
        "(?<!northern )light|lantern|neon|lamp|window|lit|illuminated",
        "灯光|灯火|霓虹|灯笼|路灯|万家灯火",
    ),
    Extra.BOAT: ("boat|ship|sail|sailing|sailboat|yacht|vessel", "船|帆|轮船|渔船|小舟"),
    Extra.TREES: ("tree|pine|oak|birch|cypress|palm", "树|松|柏|桦"),
    Extra.LAKE: (
        "lake|river|pond|reflection|reflected|water|fjord|lagoon",
        "湖|(?<!银)河|江|池塘|倒影|水面|溪",
    ),
    Extra.LIGHTHOUSE: ("lighthouse|beacon", "灯塔"),
    Extra.MIST: ("mist|misty|fog|foggy|haze|hazy", "薄雾|雾|云海|烟雨|缭绕"),
    Extra.CLOUDS: ("cloud|cloudy|cloudscape", "云|白云|云彩|云海"),
    Extra.PLANET: ("planet|moon|world|saturn|jupiter|earth", "行星|星球|地球|土星|木星|月球"),
}
_NO_SEA = frozenset({Extra.BOAT, Extra.LIGHTHOUSE})
_IMPOSSIBLE: Mapping[Terrain, frozenset[Extra]] = {
    Terrain.SPACE: frozenset(Extra) - {Extra.STARS, Extra.PLANET},
    Terrain.DESERT: _NO_SEA | {Extra.LAKE, Extra.LIGHTS, Extra.TREES, Extra.PLANET},
    Terrain.FIELDS: frozenset({Extra.LIGHTHOUSE, Extra.LIGHTS, Extra.PLANET}),
    Terrain.FOREST: frozenset({Extra.LIGHTHOUSE, Extra.LIGHTS, Extra.PLANET}),
    Terrain.MOUNTAINS: frozenset({Extra.LIGHTHOUSE, Extra.LIGHTS, Extra.PLANET}),
    Terrain.CITY: _NO_SEA | {Extra.PLANET, Extra.LAKE},
    Terrain.SEA: frozenset({Extra.LAKE, Extra.TREES, Extra.LIGHTS, Extra.PLANET}),
}
"""What a place has no room for, or this painter no hand."""


def read_brief(
    prompt: str, negative_prompt: str = "", seed: int = 0, meaning: Meaning | None = None
) -> Brief:
    """Read a prompt as a scene; any text is allowed.

    Where no word names a place, an hour or a weather, what the text means decides, if that is
    clear; what is open even then is chosen by the seed. Of several things of a kind the first
    in the text wins. What the negative prompt names, or the prompt negates, is not shown.

    Args:
        prompt: what to show, in English or Chinese.
        negative_prompt: what not to show.
        seed: chooses what is left open.
        meaning: guesses what texts without keywords are about.
    """
    wanted = normalise(prompt)
    unwanted = normalise(negative_prompt)
    digest = hashlib.sha256(f"{seed}\n{wanted}".encode("utf-8", "replace")).digest()
    variety = int.from_bytes(digest[:8], "big") >> 1
    rng = np.random.default_rng([variety, 1])
    banned = _named(_EXTRAS, unwanted, ignore_negation=True) | _negated(_EXTRAS, wanted)
    named = _named(_EXTRAS, wanted) - banned
    understood: set[str] = {extra.value for extra in named}
    guessed: set[str] = set()

    def choose(words: Mapping[_Kind, tuple[str, str]], weights: Mapping[_Kind, float]) -> _Kind:
        found = _first(words, wanted, _named(words, unwanted, ignore_negation=True))
        if found is not None:
            understood.add(found.value)
            return found
        refused = _named(words, unwanted, ignore_negation=True) | _negated(words, wanted)
        left = {kind: weight for kind, weight in weights.items() if kind not in refused}
        if meaning and (guess := meaning.nearest(wanted, _meant(words, refused))):
            guessed.add(guess.value)
            return guess
        left = left or dict(weights)
        shares = np.cumsum(list(left.values()))
        pick = int(np.searchsorted(shares, rng.random() * shares[-1], side="right"))
        return list(left)[pick]

    terrain = choose(_TERRAINS, _likely_terrain(named))
    time = choose(
        _TIMES,
        {Time.DAY: 2}
        if Extra.SUN in named
        else {Time.DAWN: 2, Time.DAY: 2, Time.SUNSET: 2, Time.DUSK: 1}
        if Extra.MOON not in named
        else {Time.NIGHT: 1},
    )
    starlit = named & {Extra.STARS, Extra.MOON, Extra.SUN}
    weather = choose(_WEATHERS, {Weather.CLEAR: 3, Weather.CLOUDY: 0 if starlit else 1})
    season = choose(_SEASONS, {Season.SUMMER: 2, Season.SPRING: 1, Season.AUTUMN: 1})
    extras = _settle(named, banned, terrain, time, weather, rng)
    understood -= {extra.value for extra in named - extras}
    return Brief(
        time,
        weather,
        season,
        terrain,
        extras,
        tuple(sorted(understood)),
        variety,
        tuple(sorted(guessed)),
    )


def _meant(words: Iterable[_Kind], refused: frozenset[_Kind]) -> dict[_Kind, tuple[str, ...]]:
    """What a text may mean, with the sentences that stand for it."""
    allowed = [kind for kind in words if kind not in refused]
    return {kind: ASSOCIATIONS[kind] for kind in allowed if kind in ASSOCIATIONS}


def _likely_terrain(named: frozenset[Extra]) -> Mapping[Terrain, float]:
    """Weights of places for a prompt that names none, by what else it names."""
    if named & {Extra.LAKE, Extra.MIST}:
        return {Terrain.MOUNTAINS: 1}
    if Extra.BOAT in named:
        return {Terrain.SEA: 1}
    if Extra.TREES in named:
        return {Terrain.FIELDS: 1, Terrain.FOREST: 1}
    return {Terrain.MOUNTAINS: 3, Terrain.SEA: 3, Terrain.FIELDS: 2, Terrain.FOREST: 1}


def _settle(
    named: frozenset[Extra],
    banned: frozenset[Extra],
    terrain: Terrain,
    time: Time,
    weather: Weather,
    rng: np.random.Generator,
) -> frozenset[Extra]:
    """Add what belongs to a place and an hour, and take away what cannot be there."""
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


def _pattern(english: str, chinese: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{english})(?:e?s)?\b|{chinese}")


_PATTERNS = {
    kind: _pattern(*words)
    for table in (_TIMES, _WEATHERS, _SEASONS, _TERRAINS, _EXTRAS)
    for kind, words in table.items()
}


def _named(
    words: Mapping[_Kind, tuple[str, str]], text: str, *, ignore_negation: bool = False
) -> frozenset[_Kind]:
    return frozenset(
        kind
        for kind in words
        if any(
            ignore_negation or not negated(text, found.start())
            for found in _PATTERNS[kind].finditer(text)
        )
    )


def _negated(words: Mapping[_Kind, tuple[str, str]], text: str) -> frozenset[_Kind]:
    return frozenset(
        kind
        for kind in words
        if any(negated(text, found.start()) for found in _PATTERNS[kind].finditer(text))
    )


def _first(
    words: Mapping[_Kind, tuple[str, str]], text: str, banned: frozenset[_Kind]
) -> _Kind | None:
    """The kind that the text names first, the one listed first on a tie."""
    places = {
        kind: found.start()
        for kind in words
        if kind not in banned
        for found in [
            next(
                (f for f in _PATTERNS[kind].finditer(text) if not negated(text, f.start())),
                None,
            )
        ]
        if found
    }
    return min(places, key=places.__getitem__) if places else None
