"""Which sounds a prompt asks for, in English or Chinese, and how strong."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from kirin.prompt.cues import normalise
from kirin.prompt.negation import negated
from kirin.prompt.scene import (
    Brief,
    Extra,
    Season,
    Terrain,
    Time,
    Weather,
)


class Ambience(StrEnum):
    """A kind of sound."""

    AIR = "air"
    ROOM = "room"
    WIND = "wind"
    LEAVES = "leaves"
    SNOW = "snow"
    RAIN = "rain"
    THUNDER = "thunder"
    WAVES = "waves"
    STREAM = "stream"
    WATERFALL = "waterfall"
    FIRE = "fire"
    BIRDS = "birds"
    GULLS = "gulls"
    CRICKETS = "crickets"
    CICADAS = "cicadas"
    FOOTSTEPS = "footsteps"
    CRUNCH = "crunch"
    CROWD = "crowd"
    APPLAUSE = "applause"
    CITY = "city"
    TRAFFIC = "traffic"
    ENGINE = "engine"
    TRAIN = "train"
    BELL = "bell"
    DRONE = "drone"


@dataclass(frozen=True, slots=True)
class Layer:
    """One of the sounds of a shot.

    Attributes:
        kind: what it is.
        force: how strong, 0 to 1; a half where nothing is said.
    """

    kind: Ambience
    force: float


MOST_LAYERS: Final = 5
"""More than that is mud."""

# English whole words (a plural s is allowed), then Chinese.
_WORDS: Mapping[Ambience, tuple[str, str]] = {
    Ambience.ROOM: (
        "room|indoor|indoors|interior|office|kitchen|bedroom|library|studio|hallway|corridor"
        "|museum|classroom|apartment",
        "房间|室内|屋里|屋内|办公室|厨房|卧室|图书馆|走廊|博物馆|客厅|教室",
    ),
    Ambience.WIND: (
        "storm|stormy|tempest|wind|windy|breeze|breezy|gust|gale|blizzard|sandstorm|hurricane|typhoon|gusty",
        "风(?!景|格|光|扇|筝|衣)|微风|刮风|狂风|大风|沙尘暴|暴风雪|台风",
    ),
    Ambience.LEAVES: (
        "rustle|rustling|leaves|foliage|swaying trees|bamboo",
        "树叶|落叶|枝叶|沙沙|竹林",
    ),
    Ambience.SNOW: (
        "snowfall|snowing|falling snow|snow falls|snow falling|snowflake",
        "下雪|飘雪|雪花|大雪|落雪",
    ),
    Ambience.RAIN: (
        "storm|stormy|tempest|rain|rainy|raining|rainfall|raindrop|drizzle|downpour|shower|rainstorm|thunderstorm",
        "雨(?!林|伞|衣)",
    ),
    Ambience.THUNDER: (
        "storm|stormy|tempest|thunder|thunderstorm|lightning|thundercloud",
        "雷|闪电|暴风雨",
    ),
    Ambience.WAVES: (
        "(?<!sound )(?<!heat )(?<!light )wave(?!s? (?:at|to|her|his|their|a|goodbye|hello|back))"
        "|surf|sea|ocean|beach|shore|seaside|coast|coastal|breakers|seashore|tide",
        "海浪|波浪|浪花|大海|海洋|海边|海滩|沙滩|海岸|潮水|(?<!云)(?<!林)海面",
    ),
    Ambience.STREAM: (
        "stream|river|brook|creek|rapids|fountain|babbling|spring water",
        "溪|(?<!银)河(?!系)|小溪|江水|喷泉|流水|泉水",
    ),
    Ambience.WATERFALL: ("waterfall|cascade|cataract", "瀑布"),
    Ambience.FIRE: (
        "fire|campfire|bonfire|fireplace|flame|burning|hearth|torch|blaze",
        "篝火|火焰|壁炉|燃烧|火堆|着火|大火|烈火|营火",
    ),
    Ambience.BIRDS: (
        "bird|birdsong|songbird|sparrow|robin|nightingale|chirp|chirping|swallow",
        "鸟|麻雀|燕子|黄鹂|喜鹊",
    ),
    Ambience.GULLS: ("gull|seagull|seabird", "海鸥"),
    Ambience.CRICKETS: ("cricket|grasshopper|insect", "蟋蟀|虫鸣|虫子|蛐蛐"),
    Ambience.CICADAS: ("cicada", "蝉|知了"),
    Ambience.CRUNCH: (
        "(?:footstep|step|walk|walking|running|trudge|trudging|hiking)s?"
        " (?:\\w+ ){0,5}?(?:snow|gravel|pebbles|dry leaves)",
        "(?:雪地|雪中|碎石)[^,。]{0,4}(?:走|跑|行|脚步)|踏雪|踩雪",
    ),
    Ambience.FOOTSTEPS: (
        "footstep|walk|walking|stroll|strolling|march|marching|jog|jogging|running(?! water)|pacing"
        "|footfall",
        "脚步|走路|行走|散步|跑步|走过|奔跑|走来|走着|漫步",
    ),
    Ambience.CROWD: (
        "crowd|crowded|people talking|cafe|restaurant|market|bar|pub|party|audience|chatter"
        "|murmur|bustling",
        "人群|咖啡馆|咖啡厅|餐厅|集市|市场|酒吧|派对|观众|热闹|人声|熙熙攘攘",
    ),
    Ambience.APPLAUSE: ("applause|applaud|applauding|clapping|ovation", "掌声|鼓掌|喝彩"),
    Ambience.CITY: (
        "city|cities|cityscape|downtown|urban|metropolis|town|tokyo|shanghai|new york|skyline"
        "|street",
        "城市|都市|市中心|街道|上海|东京|纽约|天际线|城镇|街头",
    ),
    Ambience.TRAFFIC: (
        "traffic|car|cars|highway|motorway|busy road|taxi|bus|buses|truck",
        "车流|汽车|高速公路|马路|公路|出租车|卡车|公交车|车水马龙",
    ),
    Ambience.ENGINE: (
        "engine|motor|motorcycle|motorbike|driving|race car|tractor|motorboat|helicopter|machine",
        "引擎|发动机|摩托车|赛车|拖拉机|快艇|直升机|机器|驾驶",
    ),
    Ambience.TRAIN: ("train|railway|locomotive|subway|metro|tram", "火车|列车|铁路|地铁|高铁|电车"),
    Ambience.BELL: ("bell|church bell|chime|temple bell", "钟声|教堂|敲钟|古刹"),
    Ambience.DRONE: (
        "outer space|deep space|space station|nebula|nebulae|galaxy|galaxies|cosmos|cosmic"
        "|universe|spaceship|spacecraft|astronaut",
        "太空|宇宙|星云|星系|银河|飞船|宇航员",
    ),
}

_PATTERNS: Final = {
    kind: re.compile(rf"\b(?:{english})(?:e?s)?\b|{chinese}")
    for kind, (english, chinese) in _WORDS.items()
}
_STRONG: Final = re.compile(
    r"\b(?:heavy|heavily|strong|violent|fierce|raging|roaring|loud|huge|wild|torrential|pouring"
    r"|crashing|thick|howling|massive|storm\w*|blazing|rushing|busy)\b|[暴狂巨猛烈大]"
)
_WEAK: Final = re.compile(
    r"\b(?:light|lightly|gentle|gently|soft|softly|faint|distant|quiet|slight|calm|small|slow"
    r"|little|delicate)\b|[细微轻小柔缓静]"
)
_WEAK_KINDS: Final = re.compile(r"drizzle|breeze|shower|brook|stroll|微风|细雨")
_STRONG_KINDS: Final = re.compile(
    r"downpour|gale|gust|hurricane|typhoon|blizzard|bonfire|rapids|running|jog|ovation"
    r"|thunderstorm|rainstorm|sandstorm|race car|狂风|暴雨|跑"
)

_BY_TERRAIN: Mapping[Terrain, Ambience] = {
    Terrain.SEA: Ambience.WAVES,
    Terrain.MOUNTAINS: Ambience.WIND,
    Terrain.DESERT: Ambience.WIND,
    Terrain.FOREST: Ambience.LEAVES,
    Terrain.CITY: Ambience.CITY,
    Terrain.FIELDS: Ambience.LEAVES,
    Terrain.SPACE: Ambience.DRONE,
}
_DRY: Final = frozenset({Weather.CLEAR, Weather.CLOUDY, Weather.FOG})


def hear(prompt: str, negative_prompt: str, brief: Brief, *, drawn: bool) -> tuple[Layer, ...]:
    """The sounds of a shot, those that the prompt names first.

    Args:
        prompt: what is to be seen and heard, without what is said in it; any text.
        negative_prompt: what is not wanted; what it names is left out.
        brief: the scene that the prompt describes.
        drawn: whether the picture is drawn from the prompt alone: then what the prompt leaves
            open is as it is drawn, where over a photograph only what was named is certain.
    """
    text = normalise(prompt)
    unwanted = {
        kind for kind, words in _PATTERNS.items() if words.search(normalise(negative_prompt))
    }
    found: dict[Ambience, tuple[int, float]] = {}
    for kind, words in _PATTERNS.items():
        for match in words.finditer(text):
            if negated(text, match.start()):
                unwanted.add(kind)
            else:
                found.setdefault(kind, (match.start(), _force(text, match)))
    kinds = sorted(found, key=lambda kind: found[kind][0])
    kinds += [kind for kind in _implied(brief, kinds, drawn=drawn) if kind not in found]
    kinds = [kind for kind in kinds if kind not in unwanted]
    if Ambience.CRUNCH in kinds and Ambience.FOOTSTEPS in kinds:
        kinds.remove(Ambience.FOOTSTEPS)
    kinds = kinds[:MOST_LAYERS]
    if not _GROUNDS.intersection(kinds):
        kinds.append(Ambience.AIR)
    return tuple(Layer(kind, found.get(kind, (0, 0.5))[1]) for kind in kinds)


_GROUNDS: Final = frozenset(Ambience) - {
    Ambience.THUNDER,
    Ambience.BIRDS,
    Ambience.GULLS,
    Ambience.CRICKETS,
    Ambience.FOOTSTEPS,
    Ambience.CRUNCH,
    Ambience.BELL,
    Ambience.TRAFFIC,
}
"""Sounds that never pause; the others have air beneath them, so that their pauses are not dead."""


def _force(text: str, match: re.Match[str]) -> float:
    """How strong a thing is, by its own word or by the words just before and after it."""
    near = text[max(0, match.start() - 14) : match.start()]
    after = text[match.end() : match.end() + 8]
    if _STRONG_KINDS.search(match[0]) or _STRONG.search(near) or "heavily" in after:
        return 1.0
    if _WEAK_KINDS.search(match[0]) or _WEAK.search(near) or "softly" in after:
        return 0.2
    return 0.5


def _implied(brief: Brief, named: Iterable[Ambience], *, drawn: bool) -> list[Ambience]:
    """What belongs to the place, the weather and the hour, though nobody named its sound."""
    given = set(brief.understood)
    kinds: list[Ambience] = []
    if drawn or brief.weather.value in given:
        if brief.weather is Weather.STORM:
            kinds += [Ambience.RAIN, Ambience.THUNDER, Ambience.WIND]
        elif brief.weather is Weather.RAIN and drawn:
            kinds.append(Ambience.RAIN)
        elif brief.weather is Weather.SNOW:
            kinds.append(Ambience.SNOW)
    if Ambience.ROOM in named:
        return kinds
    if drawn or brief.terrain.value in given:
        kinds.append(_BY_TERRAIN[brief.terrain])
        if brief.weather in _DRY:
            kinds += _creatures(brief, named)
    if Ambience.BIRDS not in named and Extra.BIRDS in brief.extras and drawn:
        kinds.append(Ambience.GULLS if brief.terrain is Terrain.SEA else Ambience.BIRDS)
    return list(dict.fromkeys(kinds))


def _creatures(brief: Brief, named: Iterable[Ambience]) -> list[Ambience]:
    """Who sings in woods and fields: birds by day, crickets on warm nights."""
    if brief.terrain not in (Terrain.FOREST, Terrain.FIELDS) or brief.season is Season.WINTER:
        return []
    dark = brief.time in (Time.NIGHT, Time.DUSK)
    singer = Ambience.CRICKETS if dark else Ambience.BIRDS
    return [] if singer is Ambience.BIRDS and Ambience.CICADAS in named else [singer]
