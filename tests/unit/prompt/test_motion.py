"""When, how much and which way something in a picture moves, and what is ruled out."""

from __future__ import annotations

import pytest

from kirin.domain.cast import Heading, Missing
from kirin.domain.motion import FocusPull, Illumination, Particle, PictureMotion, Span, Substance
from kirin.prompt.motion_lexicon import verb_forms
from kirin.prompt.reader import read_intent
from support.growth import growth


def read(prompt: str, negative: str = "") -> PictureMotion:
    return read_intent(prompt, negative, drawn=False).motion


def span(prompt: str) -> Span:
    motion = read(prompt)
    (request,) = (*motion.matter, *motion.air, *motion.light, *motion.body)
    return request.span


def test_drawn_shots_have_no_motion_of_pictures():
    assert read_intent("water flows down the rocks").motion == PictureMotion()


@pytest.mark.parametrize(
    ("prompt", "least", "most"),
    [
        ("snow is falling", 0.0, 0.0),
        ("it starts to snow", 0.1, 0.4),
        ("suddenly it snows", 0.3, 0.6),
        ("the camera pushes in, then it starts to snow", 0.5, 0.7),
        ("after three seconds it snows", 0.5, 0.7),
        ("开始下雪", 0.1, 0.4),
        ("突然下起大雪", 0.3, 0.6),
    ],
)
def test_what_begins_later_begins_later(prompt: str, least: float, most: float):
    when = span(prompt)
    assert least <= when.start <= most
    assert when.end == 1.0


@pytest.mark.parametrize(
    "prompt", ["the rain stops", "at first it snows", "the snow dies down", "雨停了"]
)
def test_what_stops_ends_before_the_shot(prompt: str):
    when = span(prompt)
    assert when.start == 0.0
    assert 0.2 < when.end < 0.8


def test_first_and_then_follow_one_another():
    motion = read("at first it snows, then lightning flashes")
    snow, lightning = motion.air
    assert snow.span.end <= lightning.span.start


def test_throughout_is_the_whole_shot():
    assert span("suddenly there is snow falling throughout the whole video") == Span()


@pytest.mark.parametrize(
    ("faint", "strong"),
    [
        ("light snow falls", "heavy snow falls"),
        ("clouds drift slowly", "clouds race by"),
        ("waves gently lap the shore", "waves crash violently on the shore"),
        ("a light drizzle falls", "a downpour"),
        ("下着小雨", "下着大雨"),
        ("头发轻轻飘动", "头发剧烈飘动"),
    ],
)
def test_words_say_how_much(faint: str, strong: str):
    few, many = ([*read(each).matter, *read(each).air][0].strength for each in (faint, strong))
    assert few < 0.5 < many


def test_how_much_belongs_to_its_own_clause():
    slow, fast = read("The river flows slowly, clouds race by fast").matter
    assert slow.strength < 0.5 < fast.strength
    assert read("camera slowly pushes in as snow falls").air[0].strength == 0.5


@pytest.mark.parametrize(
    ("prompt", "way"),
    [
        ("water flows down the rocks", Heading.DOWN),
        ("the river flows left", Heading.LEFT),
        ("the river flows to the right", Heading.RIGHT),
        ("clouds move from left to right", Heading.RIGHT),
        ("fog rolls in from the left", Heading.RIGHT),
        ("camera pans left, clouds drift", None),
        ("the camera moves to the right while the river flows", None),
        ("河水向左流动", Heading.LEFT),
    ],
)
def test_ways_are_those_of_what_moves(prompt: str, way: Heading | None):
    motion = read(prompt)
    (request,) = (*motion.matter, *motion.air)
    assert request.heading is way


def test_wind_carries_what_is_in_the_air():
    motion = read("snow falls, strong wind blows from right to left")
    assert motion.air[0].heading is Heading.LEFT


@pytest.mark.parametrize(
    ("prompt", "particle", "source"),
    [
        ("steam rises from the cup of coffee", Particle.STEAM, "cup"),
        ("smoke rises from the brick chimney", Particle.SMOKE, "chimney"),
        ("a cup of tea on a table, steam rising from it", Particle.STEAM, "cup"),
        ("fog rolls in from the left", Particle.FOG, None),
        ("烟囱里冒出浓烟", Particle.SMOKE, "烟囱"),
    ],
)
def test_air_names_what_it_comes_from(prompt: str, particle: Particle, source: str | None):
    (request,) = read(prompt).air
    assert (request.particle, request.source) == (particle, source)


def test_smoke_of_the_picture_is_matter():
    motion = read("the smoke drifts to the left")
    assert motion.matter[0].substance is Substance.SMOKE
    assert not motion.air


@pytest.mark.parametrize(
    "prompt",
    ["no snow, camera pans", "without rain", "the lake does not ripple", "没有下雪",
     "a cabin in the snow", 'a sign says "snow falls"', "<<<snow falls>>> stands still"],
)  # fmt: skip
def test_what_is_denied_described_or_quoted_does_not_move(prompt: str):
    motion = read(prompt)
    assert not motion


def test_the_negative_prompt_rules_out():
    prompt = "snow and leaves fall, the river flows, she blinks, the lamp flickers"
    motion = read(prompt, "snow, moving water, blinking, flickering, blurry")
    assert [each.particle for each in motion.air] == [Particle.LEAVES]
    assert not motion.body
    # "Flickering" in negative prompts is a fault of videos and no lamp.
    assert [each.becomes for each in motion.light] == [Illumination.FLICKER]


def test_what_enters_is_a_noun_that_is_missing():
    assert Missing("dog", "noun") in read("a dog runs into the frame").missing
    assert Missing("dog", "noun") not in read("the dog runs").missing


def test_missing_words_are_those_of_the_prompt():
    missing = read("The cat slowly turns its head and the man raises his left hand").missing
    assert [each.word for each in missing] == ["turns its head", "raises his left hand"]


def test_a_pose_asks_for_nothing():
    assert not read("a man sitting on a bench, a woman stands beside him").missing


def test_focus_has_its_words():
    motion = read("slow dolly, rack focus to the background")
    assert (motion.focus, motion.focus_word) == (
        FocusPull.TO_BACKGROUND,
        "rack focus to the background",
    )


def test_forms_of_verbs():
    assert list(verb_forms("carry off", {})) == [
        "carry off",
        "carries off",
        "carrying off",
        "carried off",
    ]
    assert "flapping" in verb_forms("flap", {})


def test_any_text_is_read():
    for text in (
        "",
        " ",
        "then then then",
        "and, and; with",
        "的的的",
        "water " * 400,
        "a\n" * 300,
    ):
        read(text)


def test_reading_grows_with_the_text():
    sentence = "the river flows left, snow falls, the lights turn on and the man walks away. "
    assert growth(read, sentence) < 10


@pytest.mark.parametrize(
    ("prompt", "doer"),
    [
        ("the lamps flicker and the kite rises", "kite"),
        ("the candle flickers and the balloon floats up", "balloon"),
        ("the river flows and the rocket lifts off", "rocket"),
    ],
)
def test_who_does_something_else_does_not_do_the_next_thing_too(prompt: str, doer: str) -> None:
    motion = read_intent(prompt, drawn=False).motion
    assert [each.word for each in motion.body] == [doer]
