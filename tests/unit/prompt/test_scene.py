"""Which scenes prompts ask for."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kirin.domain.intent import (
    Extra,
    SceneDescription,
    Season,
    Terrain,
    Time,
    Weather,
)
from kirin.prompt.reader import read_intent


def read(prompt: str, negative_prompt: str = "", seed: int = 0) -> SceneDescription:
    return read_intent(prompt, negative_prompt, seed=seed).scene


@pytest.mark.parametrize(
    ("prompt", "wanted"),
    [
        (
            "A lighthouse on a cliff, storm at night, rain",
            {Terrain.SEA, Weather.STORM, Time.NIGHT, Extra.LIGHTHOUSE},
        ),
        (
            "Sunrise over misty mountains, camera slowly pushes in",
            {Terrain.MOUNTAINS, Time.DAWN, Extra.MIST},
        ),
        ("夜晚的城市天际线,下雨,镜头缓慢向右平移", {Terrain.CITY, Weather.RAIN, Time.NIGHT}),
        ("golden wheat fields at sunset with birds", {Terrain.FIELDS, Time.SUNSET, Extra.BIRDS}),
        ("desert dunes at noon, pan right", {Terrain.DESERT, Time.DAY}),
        (
            "snow falling on a pine forest at dusk",
            {Terrain.FOREST, Weather.SNOW, Time.DUSK, Season.WINTER},
        ),
        ("stars over the sea, orbit left", {Terrain.SEA, Time.NIGHT, Extra.STARS}),
        ("spaceship view of a nebula", {Terrain.SPACE, Extra.STARS}),
        ("秋天的森林，清晨，薄雾", {Terrain.FOREST, Season.AUTUMN, Time.DAWN, Extra.MIST}),
        ("大漠落日", {Terrain.DESERT, Time.SUNSET}),
        ("暴风雨中的大海", {Terrain.SEA, Weather.STORM}),
        ("a small boat on a calm lake, mountains behind", {Extra.LAKE}),
    ],
)
def test_prompt_names_the_scene(prompt: str, wanted: set[object]) -> None:
    scene = read(prompt, seed=5)
    found = {scene.time, scene.weather, scene.season, scene.terrain, *scene.extras}
    assert wanted <= found


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize(
    ("prompt", "negative", "absent"),
    [
        ("rain over the sea", "rain", Weather.RAIN),
        ("a city, no rain", "", Weather.RAIN),
        ("field with birds", "birds", Extra.BIRDS),
        ("没有鸟的草原", "", Extra.BIRDS),
        ("mountains without clouds", "", Extra.CLOUDS),
        ("night sky over the desert", "stars, moon", Extra.STARS),
        ("night sky over the desert", "stars, moon", Extra.MOON),
        ("雪山", "下雪", Weather.SNOW),
        ("a landscape", "city, night", Time.NIGHT),
    ],
)
def test_what_is_negated_is_absent(prompt: str, negative: str, absent: object, seed: int) -> None:
    scene = read(prompt, negative, seed)
    assert absent not in {scene.time, scene.weather, scene.terrain, *scene.extras}


def test_a_scene_depends_on_prompt_and_seed() -> None:
    assert read("a hill", "", 3) == read("a hill", "", 3)
    assert read("a hill", "", 3).variety != read("a hill", "", 4).variety
    assert read("a hill", "", 3).variety != read("a hill!", "", 3).variety
    assert len({read("something", "", seed).terrain for seed in range(20)}) > 2


@given(st.text(max_size=2500), st.text(max_size=300))
def test_any_text_is_allowed(prompt: str, negative: str) -> None:
    json.dumps(read(prompt, negative, 1).describe())


def test_a_raincoat_is_no_rain() -> None:
    assert "rain" not in read("穿雨衣的女孩", seed=3).understood
    assert "rain" in read("雨中的女孩", seed=3).understood


@pytest.mark.parametrize("seed", range(5))
def test_a_sky_that_nothing_allows_is_cloudy(seed: int) -> None:
    # Stars ask for a clear sky, which the prompt denies.
    assert read("stars, not a clear sky", seed=seed).weather is Weather.CLOUDY
