"""Surfaces: table tops and backdrops are made of what the prompt says."""

from __future__ import annotations

import pytest

from kirin.engines.animatic.places.interior.plan import named_surfaces
from kirin.engines.animatic.scene.crops import CROPS
from kirin.prompt.reader import read_intent
from kirin.prompt.vocabulary.cast import surface_words
from kirin.prompt.vocabulary.loader import CHINESE, ENGLISH


@pytest.mark.parametrize(
    ("text", "surface"),
    [
        ("a perfume bottle on black marble", "black_marble"),
        ("a watch on marble", "white_marble"),
        ("a sneaker on a white background", "white"),
        ("a sneaker on white, studio lighting", "white"),
        ("a burger on a wooden table", "wood"),
        ("a lipstick, pink backdrop", "pink"),
        ("a fox in a forest", None),
        ("香水放在黑色大理石上", "black_marble"),
        ("白色背景上的运动鞋", "white"),
    ],
)
def test_a_prompt_names_the_surface(text: str, surface: str | None) -> None:
    assert read_intent(text).scene.surface == surface


def test_both_languages_name_the_surfaces_that_are_drawn() -> None:
    for language in (ENGLISH, CHINESE):
        assert set(surface_words(language).surface) == set(named_surfaces())


def test_the_crops_are_those_that_the_engine_paints() -> None:
    named = {*surface_words(ENGLISH).crop, *surface_words(CHINESE).crop}
    assert named <= CROPS.keys()


@pytest.mark.parametrize(
    ("text", "crop"),
    [
        ("a girl runs through lavender", "lavender"),
        ("rice paddies in the mist", "rice"),
        ("a village among fields", None),
        ("向日葵田里的小狗", "sunflowers"),
        ("金色的麦浪", "wheat"),
    ],
)
def test_a_crop_is_read(text: str, crop: str | None) -> None:
    assert read_intent(text, seed=1).scene.crop == crop
