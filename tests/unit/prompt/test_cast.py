"""Who and what prompts put on screen, and what is listed as missing."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kirin.concepts.library import library
from kirin.domain.cast import Action, Cast, CastMember, Heading, Relation, ShotSize, Style
from kirin.domain.intent import Extra, Intent, Place, Time, Weather
from kirin.prompt.cast import MAX_MEMBERS, MAX_TITLE
from kirin.prompt.reader import read_intent


def read(prompt: str, negative: str = "") -> Intent:
    return read_intent(prompt, negative, seed=1)


def told(cast: Cast) -> list[str]:
    """Each member as "count word action>target relation:anchor", shortened to what it says."""
    names = [member.word for member in cast.members]

    def line(member: CastMember) -> str:
        parts = [f"{member.count} " if member.count > 1 else "", member.word]
        if member.action:
            parts.append(f" {member.action.value}")
        if member.target is not None:
            parts.append(f">{names[member.target]}")
        if member.relation and member.anchor is not None:
            parts.append(f" {member.relation.value}:{names[member.anchor]}")
        return "".join(parts)

    return [line(member) for member in cast.members]


ENGLISH = [
    ("a fox runs through a snowy forest, the camera follows", Place.FOREST, ["fox run"]),
    (
        "A robot paints a portrait of a woman in an art studio",
        Place.ART_STUDIO,
        ["robot paint>portrait", "portrait", "woman in:portrait"],
    ),
    ("perfume bottle on black marble", Place.TABLE_TOP, ["perfume bottle"]),
    ("a dragon over a castle", Place.FIELDS, ["dragon over:castle", "castle"]),
    ("three dogs playing in a park", Place.PARK, ["3 dogs play"]),
    ("a flock of birds flies over the sea", Place.SEA, ["9 birds fly"]),
    (
        "a red sports car speeds along a coastal road at sunset",
        Place.ROAD,
        ["sports car drive"],
    ),
    (
        "A cat sleeping on a sofa in a living room",
        Place.LIVING_ROOM,
        ["cat sleep on:sofa", "sofa"],
    ),
    (
        "A woman in a red dress dances in the street at night",
        Place.STREET,
        ["woman dance"],
    ),
    (
        "an astronaut riding a horse on mars",
        Place.PLANET_SURFACE,
        ["astronaut ride>horse", "horse"],
    ),
    ("two kids flying a kite on a beach", Place.BEACH, ["2 kids fly>kite", "kite"]),
    (
        "A dog chases a cat around a tree",
        Place.FIELDS,
        ["dog chase>cat", "cat beside:tree", "tree"],
    ),
    ("A chef cooks pasta in a kitchen", Place.KITCHEN, ["chef cook>pasta", "pasta"]),
    (
        "A tiny mouse hides behind a giant cheese",
        Place.TABLE_TOP,
        ["mouse behind:cheese", "cheese"],
    ),
    (
        "A woman wearing sunglasses and a hat drinks coffee in a café",
        Place.CAFE,
        ["woman drink>coffee", "sunglasses wearing:woman", "hat wearing:woman", "coffee"],
    ),
    ("a boy and a girl dance in the rain", Place.PARK, ["boy dance", "girl dance"]),
    ("A tiger and a lion fight in the jungle", Place.JUNGLE, ["tiger fight", "lion fight"]),
    ("a school of fish swims around a coral reef", Place.REEF, ["9 fish swim"]),
    (
        "A man is typing on a laptop in an office at night",
        Place.OFFICE,
        ["man write>laptop", "laptop"],
    ),
    (
        "A scientist looks through a microscope in a laboratory",
        Place.LABORATORY,
        ["scientist look>microscope", "microscope"],
    ),
    (
        "a mother holding her baby in a hospital room",
        Place.HOSPITAL,
        ["mother", "baby holding:mother"],
    ),
    ("a ballerina spins on a stage", Place.THEATRE, ["ballerina spin"]),
    (
        "a girl with a red balloon walks through a market",
        Place.MARKET,
        ["girl walk", "balloon holding:girl"],
    ),
    (
        "a cat under an umbrella, a dog behind it",
        Place.STREET,
        ["cat under:umbrella", "umbrella", "dog behind:cat"],
    ),
    ("A volcano erupts", Place.MOUNTAINS, ["volcano explode"]),
    ("a running dog chases a cat", Place.FIELDS, ["dog chase>cat", "cat"]),
    ("On a table, a candle burns", Place.TABLE_TOP, ["candle burn"]),
    ("a red sneaker on a white background", Place.BACKDROP, ["sneaker"]),
    ("abstract flowing liquid metal, purple and gold", Place.ABSTRACT, []),
    ("an elderly couple dances slowly in a ballroom", Place.THEATRE, ["elderly couple dance"] * 2),
    ("A train arrives at a station, passengers get off", Place.RAILWAY, None),
    ("A paper plane lands on a desk in a classroom", Place.CLASSROOM, None),
    ("A monkey eats a banana", Place.JUNGLE, ["monkey eat>banana", "banana"]),
]
CHINESE = [
    ("一只狐狸在雪地森林里奔跑，镜头跟随", None, ["狐狸 run"]),
    ("一个穿红裙子的女孩在雨中的街道上跳舞", Place.STREET, ["女孩 dance"]),
    ("三只狗在公园里玩耍", Place.PARK, ["3 狗 jump"]),
    ("桌子上放着一杯咖啡，特写", Place.TABLE_TOP, ["咖啡"]),
    ("一只橘猫睡在沙发上", Place.LIVING_ROOM, ["橘猫 sleep on:沙发", "沙发"]),
    ("宇航员在火星上骑马", Place.PLANET_SURFACE, ["宇航员 ride>马", "马"]),
    ("一群鸟飞过大海，水墨画风格", Place.SEA, ["9 鸟 fly"]),
    ("厨师在厨房里炒菜", Place.KITCHEN, ["厨师 cook"]),
    (
        "机器人在画室里画一幅女人的肖像",
        Place.ART_STUDIO,
        ["机器人 paint>肖像", "女人 in:肖像", "肖像"],
    ),
    ("奔跑的狗追逐一只小猫", Place.FIELDS, ["狗 chase>小猫", "小猫"]),
    (
        "女孩和男孩在海滩上放风筝",
        Place.BEACH,
        ["女孩 play>风筝", "男孩 play>风筝", "风筝"],
    ),
    ("男孩拿着气球走在小巷里", Place.ALLEY, ["男孩 walk", "气球 holding:男孩"]),
    ("熊猫在竹林里吃竹子", Place.FOREST, ["熊猫 eat>竹子", "竹子"]),
    ("春天的樱花树下，一个女孩在弹吉他", None, None),
    ("一位老师在教室里讲课", Place.CLASSROOM, ["老师 talk"]),
    ("桌上有三个苹果和一个香蕉", Place.TABLE_TOP, ["3 苹果", "香蕉"]),
    ("一只蝴蝶落在花上", Place.GARDEN, ["蝴蝶 sit on:花", "花"]),
    (
        "一个老人和一只狗在公园的长椅上坐着",
        Place.PARK,
        ["老人 sit on:长椅", "狗 sit on:长椅", "长椅"],
    ),
    ("列车驶过雪原", Place.SNOWFIELD, ["列车 drive"]),
    ("烟花在城市上空绽放", Place.CITY, ["烟花 explode"]),
    ("黑色大理石上的香水瓶", Place.TABLE_TOP, ["香水瓶"]),
    ("冰淇淋慢慢融化", Place.TABLE_TOP, ["冰淇淋 melt"]),
]


@pytest.mark.parametrize(("prompt", "place", "members"), ENGLISH + CHINESE)
def test_a_prompt_names_place_and_cast(
    prompt: str, place: Place | None, members: list[str] | None
) -> None:
    intent = read(prompt)
    if members is not None:
        assert told(intent.cast) == members
    if place is not None:
        assert intent.scene.place is place


@pytest.mark.parametrize(
    ("prompt", "concept"),
    [
        ("a dalmatian", "dog"),
        ("a sports car", "racing-car"),
        ("wolves", "wolf-standing"),
        ("一只橘猫", "cat"),
        ("跑车", "racing-car"),
    ],
)
def test_words_reach_a_concept(prompt: str, concept: str) -> None:
    assert read(prompt).cast.members[0].concept == concept


@pytest.mark.parametrize(
    ("prompt", "missing"),
    [
        ("claymation penguin waves at the camera", {("claymation", "style")}),
        ("a dog kisses a cat", {("kisses", "verb")}),
        ("a girl in a yellow apron jumps", {("apron", "noun")}),
        ("a zorgon walks in a park", {("zorgon", "noun"), ("walks", "verb")}),
        ("粘土动画风格的企鹅在跳舞", {("粘土动画", "style")}),
        ("a fox in a forest, 4k, ultra detailed, masterpiece, cinematic", set()),
        ("a man runs like a cheetah", set()),
        ('a man says "dragons are real"', set()),
        ("a woman with blue eyes and long hair", set()),
    ],
)
def test_what_is_not_shown_is_listed(prompt: str, missing: set[tuple[str, str]]) -> None:
    assert {(each.word, each.kind) for each in read(prompt).cast.missing} == missing


@pytest.mark.parametrize("prompt", [prompt for prompt, _, _ in ENGLISH + CHINESE])
def test_nothing_is_both_shown_and_missing_or_listed_twice(prompt: str) -> None:
    cast = read(prompt).cast
    missing = [each.word for each in cast.missing]
    assert len(missing) == len(set(missing))
    assert not set(missing) & {member.word for member in cast.members}


def test_adjectives_colour_and_size_what_they_stand_before() -> None:
    big, small = read("a huge old black dog and two small white cats").cast.members
    assert (big.colour, big.size, big.old, big.count) == ("black", 2.2, True, 1)
    assert (small.colour, small.size, small.old, small.count) == ("white", 0.6, False, 2)
    (ball,) = read("the ball is red").cast.members
    assert ball.colour == "red"
    (cat,) = read("一只巨大的黑色的猫").cast.members
    assert (cat.colour, cat.size) == ("black", 2.2)


@pytest.mark.parametrize(
    ("prompt", "way"),
    [
        ("a dog runs to the left", Heading.LEFT),
        ("a car drives from left to right", Heading.RIGHT),
        ("a lion walks towards the camera", Heading.TOWARDS),
        ("a man walks away into the distance", Heading.AWAY),
        ("a balloon rises into the sky", Heading.UP),
        ("一架飞机从左向右飞过", Heading.RIGHT),
        ("一只狗跑向镜头", Heading.TOWARDS),
    ],
)
def test_a_prompt_says_which_way(prompt: str, way: Heading) -> None:
    assert read(prompt).cast.members[0].heading is way


@pytest.mark.parametrize(
    ("prompt", "index"),
    [
        ("a fox runs, the camera follows", 0),
        ("the camera follows a fox and a bird", 0),
        ("tracking shot following a cyclist through a forest", 0),
        ("一只狐狸奔跑，镜头跟随", 0),
        ("a fox runs", None),
    ],
)
def test_the_camera_follows(prompt: str, index: int | None) -> None:
    assert read(prompt).cast.followed == index


@pytest.mark.parametrize(
    ("prompt", "styles"),
    [
        ("black and white film noir", [Style.BLACK_AND_WHITE, Style.NOIR]),
        ("a cat, watercolor painting", [Style.WATERCOLOUR]),
        ("in the style of anime, slow motion", [Style.CEL, Style.SLOW_MOTION]),
        ("8-bit pixel art of a castle", [Style.PIXEL_ART]),
        ("a bee, shallow depth of field, film grain", [Style.SHALLOW_FOCUS, Style.FILM_GRAIN]),
        ("水墨画风格的山", [Style.INK_WASH]),
        ("黑白电影，慢动作", [Style.BLACK_AND_WHITE, Style.SLOW_MOTION]),
        ("not black and white", []),
    ],
)
def test_a_prompt_names_styles(prompt: str, styles: list[Style]) -> None:
    assert list(read(prompt).cast.styles) == styles


@pytest.mark.parametrize("style", Style)
def test_each_style_has_words_in_both_languages(style: Style) -> None:
    english = {
        Style.NOIR: "film noir",
        Style.CEL: "anime",
        Style.OIL: "oil painting",
        Style.SKETCH: "pencil sketch",
        Style.NEON: "synthwave",
        Style.VINTAGE: "vintage film",
    }
    assert style in read(english.get(style, style.value.replace("_", " "))).cast.styles


@pytest.mark.parametrize(
    ("prompt", "size"),
    [
        ("close-up of a cat", ShotSize.CLOSE_UP),
        ("macro photography of a bee", ShotSize.MACRO),
        ("extreme close-up of a bee", ShotSize.MACRO),
        ("medium close-up of a man", ShotSize.MEDIUM),
        ("wide shot of a castle", ShotSize.WIDE),
        ("aerial view of a castle", ShotSize.AERIAL),
        ("over the shoulder shot of a man", ShotSize.OVER_THE_SHOULDER),
        ("full body shot of a man", ShotSize.FULL),
        ("一只猫的特写", ShotSize.CLOSE_UP),
        ("航拍城堡", ShotSize.AERIAL),
        ("a cat", None),
    ],
)
def test_a_prompt_names_a_shot_size(prompt: str, size: ShotSize | None) -> None:
    assert read(prompt).cast.size is size


@pytest.mark.parametrize(
    ("prompt", "before", "after"),
    [
        ("a city from day to night", Time.DAY, Time.NIGHT),
        ("the sun sets over the sea", Time.SUNSET, Time.DUSK),
        ("a village as night falls", Time.DUSK, Time.NIGHT),
        ("从白天到黑夜的城市", Time.DAY, Time.NIGHT),
        ("夜幕降临，城市", Time.DUSK, Time.NIGHT),
        ("a park, it starts to snow", Weather.CLOUDY, Weather.SNOW),
        ("the fog lifts over a lake", Weather.FOG, Weather.CLEAR),
        ("公园里开始下雨", Weather.CLOUDY, Weather.RAIN),
    ],
)
def test_light_and_weather_change(prompt: str, before: object, after: object) -> None:
    intent = read(prompt)
    assert before in (intent.scene.time, intent.scene.weather)
    assert intent.becomes is not None
    assert after in (intent.becomes.time, intent.becomes.weather)
    assert intent.becomes.variety == intent.scene.variety
    assert intent.becomes.terrain is intent.scene.terrain
    assert intent.becomes.place is intent.scene.place


def test_lights_go_on() -> None:
    intent = read("the lights go on in an empty theatre")
    assert intent.becomes is not None
    assert Extra.LIGHTS in intent.becomes.extras


def test_without_a_change_nothing_becomes_anything() -> None:
    assert read("a city at night").becomes is None


@pytest.mark.parametrize(
    ("prompt", "negative"),
    [
        ("a street, no people", ""),
        ("a street without cars", ""),
        ("a street with a dog", "dogs"),
        ("a man in a street", "people"),
        ("没有人的街道", ""),
        ("街道，没有汽车", ""),
        ("一只狗在街道上", "狗"),
    ],
)
def test_what_is_denied_is_neither_cast_nor_missing(prompt: str, negative: str) -> None:
    intent = read(prompt, negative)
    assert intent.cast.members == ()
    assert intent.cast.missing == ()
    assert intent.scene.place is Place.STREET


def test_what_is_not_understood_is_lettered_on_a_plain_stage() -> None:
    intent = read("the essence of being")
    assert intent.scene.place is Place.BACKDROP
    assert intent.cast.title == "the essence of being"
    title = read("essence of being " * 30).cast.title
    assert title is not None
    assert len(title) <= MAX_TITLE
    assert read("").cast.title is None
    assert read("").scene.place is not Place.BACKDROP
    assert read("a cat").cast.title is None


def test_ink_in_water_is_no_lake() -> None:
    scene = read("ink drops in water, macro").scene
    assert scene.place is Place.ABSTRACT
    assert Extra.LAKE not in scene.extras
    assert "lake" not in scene.understood


def test_what_the_landscape_shows_is_not_cast_twice() -> None:
    intent = read("a lighthouse on a cliff, storm at night, rain")
    assert Extra.LIGHTHOUSE in intent.scene.extras
    assert intent.cast.members == ()
    assert intent.cast.missing == ()
    intent = read("a red boat sails to the left on the sea")
    assert Extra.BOAT not in intent.scene.extras
    assert len(intent.cast.members) == 1


def test_neon() -> None:
    assert read("a street at night with neon signs").scene.neon
    assert not read("a street at night").scene.neon


def test_more_members_than_fit_are_missing() -> None:
    animals = [
        "dog",
        "cat",
        "fox",
        "wolf",
        "lion",
        "tiger",
        "horse",
        "cow",
        "pig",
        "sheep",
        "goat",
        "camel",
        "giraffe",
        "monkey",
    ]
    cast = read(", ".join(f"a {animal}" for animal in animals)).cast
    assert len(cast.members) == MAX_MEMBERS
    assert [each.word for each in cast.missing] == animals[MAX_MEMBERS:]


def sound(cast: Cast) -> None:
    """Check what holds for every cast."""
    assert len(cast.members) <= MAX_MEMBERS
    for index, member in enumerate(cast.members):
        assert member.concept in library()
        assert 1 <= member.count <= 12
        assert 0.1 <= member.size <= 5
        assert (member.relation is None) == (member.anchor is None)
        for other in (member.target, member.anchor):
            assert other is None or (0 <= other < len(cast.members) and other != index)
    assert cast.followed is None or cast.followed < len(cast.members)
    words = [each.word for each in cast.missing]
    assert len(words) == len(set(words))


@pytest.mark.parametrize(
    "text",
    [
        "a dog " * 9000,
        "一只狗" * 20000,
        "🦊🐶🙂" * 500,
        "قطة تركض في الشارع",
        "שלום עולם",
        "!!! ??? ... --- ,,,",
        "的的的的在在在上上上",
        "'s 's 's of of of with with",
        "running running running",
        "\x00\ud800",
        "a" * 50000,
    ],
)
def test_hostile_text_is_read(text: str) -> None:
    sound(read_intent(text, text[:500], seed=1).cast)
    sound(read_intent(text, drawn=False).cast)


_WORDS = re.findall(r"\w+|[,.]", " ".join(prompt for prompt, _, _ in ENGLISH))


@given(st.lists(st.sampled_from(_WORDS), max_size=30))
def test_any_order_of_words_gives_a_sound_cast(words: list[str]) -> None:
    sound(read(" ".join(words)).cast)


@given(st.text(alphabet="".join({c for prompt, _, _ in CHINESE for c in prompt}), max_size=40))
def test_any_order_of_characters_gives_a_sound_cast(text: str) -> None:
    sound(read(text).cast)


def test_actions_of_relations_stay_apart() -> None:
    (dog, fence) = read("a dog jumps over a sheep").cast.members
    assert (dog.action, dog.relation, dog.anchor) == (Action.JUMP, Relation.OVER, 1)
    assert fence.relation is None
