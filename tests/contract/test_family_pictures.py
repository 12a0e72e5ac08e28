"""The family's models that make one shot from pictures (contract, "The rest of the family")."""

from __future__ import annotations

from fractions import Fraction
from math import sqrt
from typing import Any

import pytest

from kirin.domain.storyboard import Quality
from support.api import Api
from support.pictures import inline

V1_5 = "kirin_v1_5_i2v"
V1_6 = "kirin_v1_6_i2v"
MASTER = "kirin_v2_master_i2v"
V2_1 = "kirin_v2_1_i2v"
MASTER_2_1 = "kirin_v2_1_master_i2v"
TURBO = "kirin_v2_5_turbo_i2v"
V2_6 = "kirin_v2_6_i2v"
MODELS = (V1_5, V1_6, MASTER, V2_1, MASTER_2_1, TURBO, V2_6)
EITHER_END = (V1_5, V1_6)
FIRST_NEEDED = tuple(model for model in MODELS if model not in EITHER_END)
TAILED = (V1_5, V1_6, V2_1, TURBO, V2_6)
ANY_TAIL = (V1_5, V1_6, V2_1, TURBO)
WITHOUT_MODES = (MASTER, MASTER_2_1)

URL = "https://example.com/picture.jpg"
HD, FULL_HD = 1280 * 720, 1920 * 1080
NOT_TOGETHER = "not_in_this_combination"

each_model = pytest.mark.parametrize("model", MODELS)


@pytest.mark.parametrize("model", FIRST_NEEDED)
def test_the_image_is_required(api: Api, model: str) -> None:
    # V2MI-1 V21-1 V21MI-1 V25I-1 V26I-1
    assert api.problems(model, prompt="a") == {"image": "required"}
    (shot,) = api.storyboard(api.make(model, image=URL)).shots
    assert shot.first is not None
    assert shot.last is None


@pytest.mark.parametrize("model", [model for model in TAILED if model in FIRST_NEEDED])
def test_a_tail_does_not_do_instead(api: Api, model: str) -> None:  # V21-2 V25I-2 V26I-2
    assert api.problems(model, image_tail=URL, mode="pro") == {"image": "required"}


@pytest.mark.parametrize("model", EITHER_END)
def test_one_end_is_enough(api: Api, model: str) -> None:  # V15-1 V16-1
    assert api.problems(model, prompt="a") == {"image": "required"}
    (shot,) = api.storyboard(api.make(model, image=URL)).shots
    assert (shot.first is not None, shot.last) == (True, None)
    (shot,) = api.storyboard(api.make(model, image_tail=URL, mode="pro")).shots
    assert (shot.first, shot.last is not None) == (None, True)


@pytest.mark.parametrize("model", TAILED)
def test_a_tail_needs_pro(api: Api, model: str) -> None:  # V15-2 V16-2 V21-2 V25I-2 V26I-2
    row = api.make(model, image=inline(400, 300), image_tail=inline(500, 400), mode="pro")
    (shot,) = api.storyboard(row).shots
    assert (shot.first, shot.last) == (row.assets["image"], row.assets["image_tail"])
    for params in ({"mode": "std"}, {}):
        problems = api.problems(model, image=URL, image_tail=URL, **params)
        assert problems == {"image_tail": NOT_TOGETHER}


@pytest.mark.parametrize("model", EITHER_END)
def test_a_tail_alone_needs_pro_too(api: Api, model: str) -> None:  # V15-2 V16-2
    assert api.problems(model, image_tail=URL) == {"image_tail": NOT_TOGETHER}


@pytest.mark.parametrize("model", TAILED)
def test_tails_of_every_duration(api: Api, model: str) -> None:  # V15-2 V16-2 V21-2 V25I-2 V26I-2
    row = api.make(model, image=URL, image_tail=URL, mode="pro", duration=10)
    assert api.storyboard(row).seconds == 10


@pytest.mark.parametrize("model", ANY_TAIL)
@pytest.mark.parametrize("size", [(300, 900), (2000, 300)])
def test_a_tail_of_any_shape(api: Api, model: str, size: tuple[int, int]) -> None:
    # V15-2 V16-2 V21-2 V25I-2
    api.make(model, image=inline(), image_tail=inline(*size), mode="pro")
    small = api.problems(model, image=inline(), image_tail=inline(299, 900), mode="pro")
    assert small == {"image_tail": "too_small"}


def test_the_tail_of_2_6_has_a_common_shape(api: Api) -> None:  # V26I-2 C-3
    api.make(V2_6, image=inline(), image_tail=inline(300, 750), mode="pro")
    problems = api.problems(V2_6, image=inline(), image_tail=inline(300, 751), mode="pro")
    assert problems == {"image_tail": "aspect"}


@pytest.mark.parametrize(
    ("model", "name"),
    [
        *((model, "image_tail") for model in WITHOUT_MODES),
        *((model, "mode") for model in WITHOUT_MODES),
        *((model, "cfg_scale") for model in FIRST_NEEDED),
        (MASTER_2_1, "negative_prompt"),
        (V2_6, "negative_prompt"),
        *((model, "aspect_ratio") for model in MODELS),
        *((model, "sound") for model in MODELS if model != V2_6),
        *((model, "camera_control") for model in MODELS if model != V1_5),
        *((model, "static_mask") for model in MODELS if model != V1_5),
    ],
)
def test_what_a_model_does_not_have(api: Api, model: str, name: str) -> None:
    # C-9 V2MI-2 V21-2 V21MI-2 V25I-2 V26I-2 V26I-5
    assert api.problems(model, image=URL, **{name: "x"}) == {name: "unknown_parameter"}


@each_model
def test_the_prompt_is_optional(api: Api, model: str) -> None:
    # V15-3 V16-3 V2MI-3 V21-3 V21MI-3 V25I-3 V26I-3
    assert api.storyboard(api.make(model, image=URL)).shots[0].prompt == ""
    longest = "駿" * 2500
    assert api.storyboard(api.make(model, image=URL, prompt=longest)).shots[0].prompt == longest
    assert api.problems(model, image=URL, prompt=longest + "x") == {"prompt": "too_long"}
    assert api.problems(model, image=URL, prompt=" ") == {"prompt": "too_short"}


@each_model
def test_duration(api: Api, model: str) -> None:
    # V15-3 V16-3 V2MI-3 V21-3 V21MI-3 V25I-3 V26I-3
    assert api.storyboard(api.make(model, image=URL)).seconds == 5
    for given, seconds in (("5", 5), ("10", 10), (10, 10)):
        assert api.storyboard(api.make(model, image=URL, duration=given)).seconds == seconds
    for given in (4, 6, "9", 11):
        assert api.problems(model, image=URL, duration=given) == {"duration": "not_an_option"}


@pytest.mark.parametrize("model", EITHER_END)
def test_cfg_scale(api: Api, model: str) -> None:  # V15-3 V16-3
    assert api.storyboard(api.make(model, image=URL)).guidance == 0.5
    for given in (0, 1):
        assert api.storyboard(api.make(model, image=URL, cfg_scale=given)).guidance == given
    for given in (-0.01, 1.01):
        assert api.problems(model, image=URL, cfg_scale=given) == {"cfg_scale": "out_of_range"}


@pytest.mark.parametrize(
    ("model", "mode", "area", "fps"),
    [
        (V1_5, "std", HD, 30),
        (V1_5, "pro", FULL_HD, 30),
        (V1_6, "std", HD, 30),
        (V1_6, "pro", FULL_HD, 30),
        (MASTER, None, HD, 24),
        (MASTER_2_1, None, FULL_HD, 24),
        *(
            (model, mode, area, 24)
            for model in (V2_1, TURBO, V2_6)
            for mode, area in (("std", HD), ("pro", FULL_HD))
        ),
    ],
)
def test_the_pictures_shape_and_the_modes_area(
    api: Api, model: str, mode: str | None, area: int, fps: int
) -> None:  # V15-4 V16-4 V2MI-4 V21-4 V21MI-4 V25I-4 V26I-4
    chosen = {"mode": mode} if mode else {}
    for width, height in ((320, 300), (300, 750), (750, 300)):
        board = api.storyboard(api.make(model, image=inline(width, height), **chosen))
        assert abs(board.width - sqrt(area * width / height)) <= 1
        assert abs(board.height - sqrt(area * height / width)) <= 1
        assert board.width % 2 == board.height % 2 == 0
        assert board.fps == Fraction(fps)
        assert board.quality is (Quality.STANDARD if mode == "std" else Quality.HIGH)


@pytest.mark.parametrize("model", EITHER_END)
def test_a_tail_alone_gives_the_shape(api: Api, model: str) -> None:  # V15-4 V16-4
    board = api.storyboard(api.make(model, image_tail=inline(600, 300), mode="pro"))
    assert board.width == pytest.approx(2 * board.height, abs=2)


def test_std_where_nothing_is_said(api: Api) -> None:  # C-10
    for model in set(MODELS) - set(WITHOUT_MODES):
        assert api.storyboard(api.make(model, image=URL)).quality is Quality.STANDARD


def test_sound_needs_pro(api: Api) -> None:  # V26I-5
    assert api.storyboard(api.make(V2_6, image=URL, mode="pro", sound="on")).sound
    assert not api.storyboard(api.make(V2_6, image=URL, mode="pro")).sound
    assert not api.storyboard(api.make(V2_6, image=URL, sound="off")).sound
    assert api.problems(V2_6, image=URL, sound="on") == {"mode": NOT_TOGETHER}


def test_a_tail_is_silent(api: Api) -> None:  # V26I-2
    both = {"image": URL, "image_tail": URL, "mode": "pro"}
    assert api.problems(V2_6, **both, sound="on") == {"image_tail": NOT_TOGETHER}
    assert not api.storyboard(api.make(V2_6, **both, sound="off")).sound


@pytest.mark.parametrize(
    ("model", "params", "price"),
    [
        *((model, {}, "0.2800") for model in (V1_5, V1_6, V2_1)),
        *((model, {"mode": "pro", "duration": 10}, "0.9800") for model in (V1_5, V1_6, V2_1)),
        (MASTER, {}, "1.4000"),
        (MASTER_2_1, {"duration": 10}, "2.8000"),
        (TURBO, {}, "0.2100"),
        (TURBO, {"mode": "pro"}, "0.3500"),
        (V2_6, {"duration": 10}, "0.4200"),
        (V2_6, {"mode": "pro", "sound": "on", "duration": 10}, "1.4000"),
    ],
)
def test_price(api: Api, model: str, params: dict[str, Any], price: str) -> None:
    assert api.quote(model, image=URL, **params) == price
