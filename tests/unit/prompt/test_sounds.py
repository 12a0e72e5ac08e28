"""Which ambient sounds a prompt asks for."""

import pytest

from kirin.prompt.reader import read_intent


def layers(prompt, negative="", *, picture=True):
    return read_intent(prompt, negative, drawn=not picture).sounds


def kinds(prompt, negative="", *, picture=True):
    return {layer.kind.value for layer in layers(prompt, negative, picture=picture)}


@pytest.mark.parametrize(
    ("prompt", "wanted"),
    [
        ("Waves crash on a rocky coast, seagulls circle", {"waves", "gulls"}),
        ("Heavy rain, thunder rolls over the city", {"rain", "thunder", "city"}),
        ("A thunderstorm at night", {"rain", "thunder"}),
        ("A campfire crackles", {"fire"}),
        ("She walks down a corridor", {"footsteps", "room"}),
        ("He walks slowly through the deep snow", {"crunch"}),
        ("A small stream in a forest, birds sing", {"stream", "birds"}),
        ("The audience breaks into applause", {"applause", "crowd"}),
        ("A train crosses a bridge", {"train"}),
        ("A spaceship drifts past a nebula", {"drone"}),
        ("A meadow at night in summer, crickets", {"crickets"}),
        ("下雨的城市夜晚", {"rain", "city"}),
        ("海浪拍打沙滩，海鸥飞过", {"waves", "gulls"}),
        ("篝火旁，蟋蟀在叫", {"fire", "crickets"}),
        ("森林里的小溪，鸟儿歌唱", {"stream", "birds"}),
        ("教堂的钟声", {"bell"}),
        ("人群鼓掌", {"crowd", "applause"}),
    ],
)
def test_prompts_are_heard(prompt, wanted):
    assert wanted <= kinds(prompt)


@pytest.mark.parametrize(
    ("prompt", "unwanted"),
    [
        ("a girl waves at the camera", "waves"),
        ("a clear sky without rain", "rain"),
        ("没有雨的森林", "rain"),
        ("fireworks reflected in a window", "fire"),
        ("她穿着雨衣站在屋里", "rain"),
        ("running water in a kitchen", "footsteps"),
        ("银河下的帐篷", "stream"),
        ('he says "the rain will come"', "rain"),
    ],
)
def test_what_only_looks_like_a_sound_is_none(prompt, unwanted):
    assert unwanted not in kinds(prompt)


@pytest.mark.parametrize(
    ("prompt", "negative", "gone", "left"),
    [
        ("rain on a harbour, seagulls", "no rain", "rain", "gulls"),
        ("rain on a harbour, seagulls", "bird, gull, blurry", "gulls", "rain"),
        ("森林里的小溪，鸟儿歌唱", "鸟叫", "birds", "stream"),
        ("a storm over the sea", "thunder", "thunder", "rain"),
    ],
)
def test_the_negative_prompt_takes_away_what_it_names(prompt, negative, gone, left):
    assert gone in kinds(prompt)
    assert gone not in kinds(prompt, negative)
    assert left in kinds(prompt, negative)


def test_without_a_word_about_sound_a_picture_gets_open_air_and_nothing_else():
    assert kinds("portrait of a cat") == {"air"}
    assert kinds("") == {"air"}


def test_a_scene_drawn_from_words_sounds_as_it_looks():
    assert kinds("a lighthouse on the coast", picture=False) >= {"waves"}
    assert kinds("a portrait of a cat", picture=False) - {"air"}


def test_pauses_are_not_dead():
    assert kinds("a church bell") == {"bell", "air"}
    assert "air" not in kinds("rain and a church bell")


def test_strength_comes_from_the_words_beside_it():
    forces = [
        layers(prompt)[0].intensity
        for prompt in ("light rain falls", "rain falls", "heavy rain falls", "cloud rain")
    ]
    assert forces == [0.2, 0.5, 1.0, 0.5]
    assert layers("细雨")[0].intensity < layers("雨")[0].intensity
    assert layers("暴雨")[0].intensity > layers("雨")[0].intensity


def test_more_than_five_layers_are_too_many():
    everything = "rain, thunder, wind, waves, a fire, birds, a crowd, a train and bells"
    assert len(layers(everything)) == 5
