"""The family's models that make one shot from words (contract, "The rest of the family")."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from kirin.domain.storyboard import Quality
from support.api import Api

V1 = "kirin_v1_t2v"
MASTER = "kirin_v2_master_t2v"
MASTER_2_1 = "kirin_v2_1_master_t2v"
TURBO = "kirin_v2_5_turbo_t2v"
V2_6 = "kirin_v2_6_t2v"
MODELS = (V1, MASTER, MASTER_2_1, TURBO, V2_6)
WITHOUT_MODES = (MASTER, MASTER_2_1)

HD = {"16:9": (1280, 720), "9:16": (720, 1280), "1:1": (960, 960)}
FULL_HD = {"16:9": (1920, 1080), "9:16": (1080, 1920), "1:1": (1440, 1440)}

each_model = pytest.mark.parametrize("model", MODELS)


@each_model
def test_the_prompt_is_required(api: Api, model: str) -> None:
    # V1T-1 V2MT-1 V21MT-1 V25T-1 V26T-1
    assert api.problems(model) == {"prompt": "required"}
    assert api.problems(model, prompt="") == {"prompt": "too_short"}
    assert api.problems(model, prompt="駿" * 2501) == {"prompt": "too_long"}
    (shot,) = api.storyboard(api.make(model, prompt="駿" * 2500)).shots
    assert shot.prompt == "駿" * 2500
    assert shot.drawn


@pytest.mark.parametrize("given", [0, 1, 0.25])
def test_cfg_scale(api: Api, given: float) -> None:  # V1T-2
    assert api.storyboard(api.make(V1, prompt="a", cfg_scale=given)).guidance == given


@pytest.mark.parametrize("given", [-0.01, 1.01])
def test_a_wrong_cfg_scale(api: Api, given: float) -> None:  # V1T-2
    assert api.problems(V1, prompt="a", cfg_scale=given) == {"cfg_scale": "out_of_range"}
    assert api.storyboard(api.make(V1, prompt="a")).guidance == 0.5


@pytest.mark.parametrize(
    ("model", "name"),
    [
        *((model, "cfg_scale") for model in MODELS if model != V1),
        *((model, "mode") for model in WITHOUT_MODES),
        (MASTER_2_1, "negative_prompt"),
        *((model, "camera_control") for model in MODELS if model != V1),
        *((model, "sound") for model in MODELS if model != V2_6),
        *((model, "image") for model in MODELS),
    ],
)
def test_what_a_model_does_not_have(api: Api, model: str, name: str) -> None:
    # C-9 V2MT-2 V21MT-2 V25T-2 V26T-2
    assert api.problems(model, prompt="a", **{name: "x"}) == {name: "unknown_parameter"}


@pytest.mark.parametrize("model", [model for model in MODELS if model != MASTER_2_1])
def test_the_negative_prompt_arrives(api: Api, model: str) -> None:  # C-4
    assert (
        api.storyboard(api.make(model, prompt="a", negative_prompt="fog")).negative_prompt == "fog"
    )


@pytest.mark.parametrize(
    ("model", "mode", "sizes", "fps"),
    [
        (V1, "std", HD, 30),
        (V1, "pro", HD, 30),
        (MASTER, None, HD, 24),
        (MASTER_2_1, None, FULL_HD, 24),
        *(
            (model, mode, sizes, 24)
            for model in (TURBO, V2_6)
            for mode, sizes in (("std", HD), ("pro", FULL_HD))
        ),
    ],
)
def test_sizes_and_frame_rates(
    api: Api, model: str, mode: str | None, sizes: dict[str, tuple[int, int]], fps: int
) -> None:  # V1T-3 V1T-5 V2MT-3 V2MT-5 V21MT-3 V21MT-5 V25T-3 V25T-5 V26T-3 V26T-5
    chosen = {"mode": mode} if mode else {}
    for ratio, size in sizes.items():
        board = api.storyboard(api.make(model, prompt="a", aspect_ratio=ratio, **chosen))
        assert (board.width, board.height) == size
        assert board.fps == Fraction(fps)
        assert board.quality is (Quality.STANDARD if mode == "std" else Quality.HIGH)


@each_model
def test_16_to_9_and_5_seconds_where_nothing_is_said(api: Api, model: str) -> None:
    # V1T-3 V2MT-3 V21MT-3 V25T-3 V26T-3 C-5
    board = api.storyboard(api.make(model, prompt="a"))
    assert Fraction(board.width, board.height) == Fraction(16, 9)
    assert board.seconds == 5


@each_model
@pytest.mark.parametrize("given", ["4:3", "16:9 ", "21:9", 1])
def test_a_wrong_aspect_ratio(api: Api, model: str, given: object) -> None:
    # V1T-3 V2MT-3 V21MT-3 V25T-3 V26T-3
    assert api.problems(model, prompt="a", aspect_ratio=given).keys() == {"aspect_ratio"}


@each_model
def test_duration(api: Api, model: str) -> None:  # V1T-4 V2MT-4 V21MT-4 V25T-4 V26T-4
    for given, seconds in (("5", 5), (5, 5), ("10", 10), (10.0, 10)):
        assert api.storyboard(api.make(model, prompt="a", duration=given)).seconds == seconds
    for given in (4, 6, "9", 11, 15):
        assert api.problems(model, prompt="a", duration=given) == {"duration": "not_an_option"}


def test_sound_needs_pro(api: Api) -> None:  # V26T-6
    pro = {"prompt": "a", "mode": "pro"}
    assert api.storyboard(api.make(V2_6, **pro, sound="on")).sound
    assert not api.storyboard(api.make(V2_6, **pro, sound="off")).sound
    assert not api.storyboard(api.make(V2_6, **pro)).sound
    assert not api.storyboard(api.make(V2_6, prompt="a", sound="off")).sound
    code = "not_in_this_combination"
    assert api.problems(V2_6, prompt="a", sound="on") == {"mode": code}
    assert api.problems(V2_6, prompt="a", sound="on", mode="std") == {"mode": code}
    assert api.problems(V2_6, **pro, sound="loud") == {"sound": "not_an_option"}


@pytest.mark.parametrize(
    ("model", "params", "price"),
    [
        (V1, {"mode": "std"}, "0.1400"),
        (V1, {"mode": "pro", "duration": 10}, "0.9800"),
        (MASTER, {}, "1.4000"),
        (MASTER, {"duration": 10}, "2.8000"),
        (MASTER_2_1, {"duration": 10}, "2.8000"),
        (TURBO, {}, "0.2100"),
        (TURBO, {"mode": "pro", "duration": 10}, "0.7000"),
        (V2_6, {}, "0.2100"),
        (V2_6, {"mode": "pro"}, "0.3500"),
        (V2_6, {"mode": "pro", "sound": "on"}, "0.7000"),
    ],
)
def test_price(api: Api, model: str, params: dict[str, Any], price: str) -> None:
    assert api.quote(model, prompt="a", **params) == price
