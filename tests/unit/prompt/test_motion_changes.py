"""What is to become something else, or to come with a deed: honoured, or told as missing."""

from __future__ import annotations

import pytest

from kirin.domain.motion import Particle, PictureMotion, Substance
from kirin.prompt.reader import read_intent


def read(prompt: str) -> PictureMotion:
    return read_intent(prompt, drawn=False).motion


@pytest.mark.parametrize(
    ("prompt", "missing"),
    [
        ("the leaves turn red", ["turn red"]),
        ("the grass turning yellow", ["turning yellow"]),
        ("her dress turns red", ["turns red"]),
        ("the barn turns to gold", ["turns to gold"]),
        ("the barn turns into a lion", ["turns into a lion"]),
        ("the water turns into wine", ["turns into wine"]),
        ("its eyes glow blue", ["glow blue"]),
        ("make her eyes glow red", ["glow red"]),
        ("the sunset glows", ["glows"]),
        ("the lights glow", ["glow"]),
        ("the cat becomes a statue", ["becomes a statue"]),
        ("the man becomes a werewolf under the full moon", ["becomes a werewolf"]),
        ("the cat gets old", ["gets old"]),
        ("the flowers change color", ["change color"]),
        ("the roof is on fire", ["is on fire"]),
        ("the barn is burning", ["burning"]),
        ("a man next to her smiles", ["smiles"]),
        ("树叶慢慢变红", ["变红"]),
        ("猫变成雕像", ["变成雕像"]),
        ("眼睛发光", ["发光"]),
        ("屋顶着火", ["着火"]),
    ],
)
def test_a_change_that_nothing_honours_is_missing(prompt: str, missing: list[str]) -> None:
    motion = read(prompt)
    assert not motion
    assert [each.word for each in motion.missing] == missing


@pytest.mark.parametrize(
    "prompt",
    [
        "the leaves are red",
        "a cat on a sofa",
        "a glowing lantern, soft glow",
        "a portrait in the sunset glow",
        "a warm glow fills the room",
        "a house on fire",
        "the house is not on fire",
        "the camera turns to the left",
        "the wind in her sails",
        "a cabin in smoke",
        "a man sits in the smoke",
        "发光的灯笼",
        "变红的树叶",
        "画面不变",
    ],
)
def test_what_a_picture_shows_is_no_request(prompt: str) -> None:
    motion = read(prompt)
    assert not motion
    assert not motion.missing


def test_light_that_changes_is_still_light() -> None:
    for prompt in ("the sky turns blue", "the colors become warmer", "天空变红"):
        motion = read(prompt)
        assert len(motion.light) == 1
        assert not motion.missing


@pytest.mark.parametrize(
    "prompt",
    ["the picture becomes black and white", "it turns into a watercolor", "画面变成水彩画风格"],
)
def test_looks_are_honoured_elsewhere(prompt: str) -> None:
    assert not read(prompt).missing


def test_who_stands_behind_somebody_does_something() -> None:
    (request,) = read("the rocket behind her lifts off").body
    assert (request.word, request.verb) == ("rocket", "lifts off")


@pytest.mark.parametrize(
    ("prompt", "smoke", "fire"),
    [
        ("The rocket lifts off in smoke", True, False),
        ("The rocket lifts off with fire and smoke", True, True),
        ("the rocket lifts off, trailing fire", False, True),
        ("the car drives away in a cloud of black smoke", True, False),
        ("火箭在浓烟中升空", True, False),
    ],
)
def test_fire_and_smoke_of_a_deed_are_asked_for(prompt: str, smoke: bool, fire: bool) -> None:
    motion = read(prompt)
    assert [each.particle for each in motion.air] == [Particle.SMOKE] * smoke
    assert [each.substance for each in motion.matter] == [Substance.FIRE] * fire
    assert len(motion.body) == 1
    assert not motion.missing
