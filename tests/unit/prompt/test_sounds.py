"""Which ambient sounds a prompt asks for."""

from dataclasses import replace

import pytest

from kirin.domain.intent import Place, Terrain, Weather
from kirin.prompt.reader import read_intent
from kirin.prompt.sounds import read_sounds


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
        ("An explosion in the desert", {"explosion", "wind"}),
        ("The car explodes", {"explosion"}),
        ("A pianist plays the piano", {"piano"}),
        ("He strums a guitar by the fire", {"guitar", "fire"}),
        ("An old music box on a shelf", {"music_box"}),
        ("A drummer in a garage", {"drum"}),
        ("A dog barks at the door", {"dog"}),
        ("A kitten meows", {"cat"}),
        ("Three horses gallop over a plain", {"horse"}),
        ("A clock ticks on the wall", {"clock"}),
        ("She types on a laptop in an office", {"typing", "room"}),
        ("The vase shatters", {"glass"}),
        ("A boy jumps into the pool", {"splash"}),
        ("A racing car speeds past", {"whoosh"}),
        ("Fireworks over the river", {"fireworks", "stream"}),
        ("A police car, sirens", {"siren"}),
        ("Her heartbeat in the dark", {"heartbeat"}),
        ("她在客厅弹钢琴", {"piano", "room"}),
        ("汽车爆炸", {"explosion"}),
        ("骏马在草原上奔跑", {"horse"}),
        ("狗在院子里汪汪叫", {"dog"}),
        ("墙上的时钟滴答作响", {"clock"}),
        ("玻璃杯打碎了", {"glass"}),
        ("夜空中的烟花", {"fireworks"}),
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
        ("a dog sleeps in the sun", "dog"),
        ("a cat looks out of the window", "cat"),
        ("a glass of water on a table", "glass"),
        ("the bark of an old oak", "dog"),
        ("the horses gallop", "footsteps"),
        ("人们热烈鼓掌", "drum"),
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


@pytest.mark.parametrize(
    ("prompt", "words"),
    [
        ("a woman plays the violin in the rain", ("violin",)),
        ("a lion roars, then a trumpet and a choir", ("roars", "trumpet", "choir")),
        ("the distant sound of bagpipes", ("bagpipes",)),
        ("the sound of rain", ()),
        ("the sound of silence", ()),
        ("a roaring waterfall and a roaring fire", ()),
        ("birds sing in a wood", ()),
        ("a singer by the sea", ("singer",)),
        ("a music box on a table", ()),
        ("a party without music", ()),
        ('he says "I play the violin"', ()),
        ("一个女孩在拉小提琴", ("小提琴",)),
        ("孩子们的笑声和鼓声", ("笑声",)),
        ("安静的湖", ()),
    ],
)
def test_a_sound_that_cannot_be_made_is_told(prompt, words):
    assert read_intent(prompt).unheard == words


def test_what_the_negative_prompt_refuses_is_not_missed():
    assert read_intent("a jazz trumpet", "trumpet").unheard == ("jazz",)


def place(place, **changes):
    """The kinds of a drawn scene in a place."""
    scene = read_intent("a clear day in summer", drawn=True).scene
    scene = replace(scene, place=place, weather=Weather.CLEAR, extras=frozenset(), **changes)
    return {layer.kind.value for layer in read_sounds("a day", "", scene, drawn=True)}


def test_rooms_sound_like_rooms_whatever_is_outside():
    assert place(Place.KITCHEN, terrain=Terrain.FOREST) == {"room"}
    assert place(Place.CAFE, terrain=Terrain.SEA) == {"room", "crowd"}
    assert place(Place.STREET, terrain=Terrain.CITY) == {"city"}
    assert place(Place.FOREST, terrain=Terrain.FOREST) >= {"leaves"}


def test_every_place_has_its_sound():
    for each in Place:
        assert place(each)
