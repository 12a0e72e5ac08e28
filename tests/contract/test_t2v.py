"""kirin_v1_6_t2v (contract, section 3: T2V-1 to T2V-5, and its price)."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from kirin.domain.money import dollars
from kirin.domain.storyboard import Quality, Storyboard
from support.api import GENERATION, Api
from support.cards import T2V


def storyboard(api: Api, **params: Any) -> Storyboard:
    """What the server will make of a request."""
    return api.storyboard(api.make(T2V, **params))


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({}, "required"),
        ({"prompt": None}, "required"),
        ({"prompt": ""}, "too_short"),
        ({"prompt": " \n\t　"}, "too_short"),
        ({"prompt": 5}, "wrong_type"),
        ({"prompt": ["a lake"]}, "wrong_type"),
        ({"prompt": "x" * 2501}, "too_long"),
    ],
)
def test_the_prompt_is_required(api: Api, params: dict[str, Any], code: str) -> None:  # T2V-1
    assert api.problems(T2V, **params) == {"prompt": code}


def test_the_prompt_arrives_as_it_was_sent(api: Api) -> None:  # T2V-1
    prompt = "  夜晚的城市,镜头缓慢推进 🌃\n\tÉ <b>&amp; "
    (shot,) = storyboard(api, prompt=prompt).shots
    assert shot.prompt == prompt


@pytest.mark.parametrize("given", [0, 0.0, -0.0, 1, 1.0, 0.5, 1e-300, 0.999999])
def test_cfg_scale(api: Api, given: float) -> None:  # T2V-2
    assert storyboard(api, prompt="a", cfg_scale=given).guidance == given


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (-0.01, "out_of_range"),
        (1.01, "out_of_range"),
        (-1e-300, "out_of_range"),
        (1.0000000000000002, "out_of_range"),
        (10**400, "not_finite"),
        (True, "wrong_type"),
        (False, "wrong_type"),
        ("0.5", "wrong_type"),
        ([0.5], "wrong_type"),
        ({}, "wrong_type"),
    ],
)
def test_a_wrong_cfg_scale(api: Api, given: object, code: str) -> None:  # T2V-2
    assert api.problems(T2V, prompt="a", cfg_scale=given) == {"cfg_scale": code}


@pytest.mark.parametrize("word", ["NaN", "Infinity", "-Infinity"])
def test_a_cfg_scale_that_is_no_json(api: Api, word: str) -> None:  # T2V-2
    body = f'{{"model": "{T2V}", "prompt": "a", "cfg_scale": {word}}}'
    answer = api.http.post(GENERATION, content=body.encode())
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed_body")


def test_cfg_scale_is_one_half_where_none_is_given(api: Api) -> None:  # T2V-2
    assert storyboard(api, prompt="a").guidance == 0.5


@pytest.mark.parametrize("given", ["4:3", "16/9", "16:9 ", " ", "1.78", 1, True, [16, 9]])
def test_a_wrong_aspect_ratio(api: Api, given: object) -> None:  # T2V-3
    assert api.problems(T2V, prompt="a", aspect_ratio=given).keys() == {"aspect_ratio"}


@pytest.mark.parametrize(
    ("given", "seconds", "frames"), [("5", 5, 120), (5, 5, 120), ("10", 10, 240), (10.0, 10, 240)]
)
def test_duration(api: Api, given: object, seconds: int, frames: int) -> None:  # T2V-4
    board = storyboard(api, prompt="a", duration=given)
    assert (board.seconds, board.frame_count) == (seconds, frames)


@pytest.mark.parametrize("given", [4, 6, "7", 7, 9, 11, 15])
def test_a_wrong_duration(api: Api, given: object) -> None:  # T2V-4
    answer = api.create(T2V, prompt="a", duration=given)
    (problem,) = answer.json()["errors"]
    assert (problem["param"], problem["code"]) == ("duration", "not_an_option")
    assert "5 or 10" in problem["message"]


@pytest.mark.parametrize(
    ("mode", "aspect_ratio", "size"),
    [
        ("std", "16:9", (1280, 720)),
        ("std", "9:16", (720, 1280)),
        ("std", "1:1", (960, 960)),
        ("pro", "16:9", (1920, 1080)),
        ("pro", "9:16", (1080, 1920)),
        ("pro", "1:1", (1440, 1440)),
    ],
)
def test_size_and_frame_rate(
    api: Api, mode: str, aspect_ratio: str, size: tuple[int, int]
) -> None:  # T2V-3 T2V-5
    board = storyboard(api, prompt="a", mode=mode, aspect_ratio=aspect_ratio)
    assert (board.width, board.height) == size
    assert board.fps == Fraction(24)
    assert board.quality is (Quality.HIGH if mode == "pro" else Quality.STANDARD)


def test_16_to_9_in_std_where_nothing_is_said(api: Api) -> None:  # T2V-3 T2V-5
    board = storyboard(api, prompt="a")
    assert (board.width, board.height, board.seconds) == (1280, 720, 5)


@pytest.mark.parametrize(
    ("mode", "duration", "price"),
    [
        ("std", "5", "0.2800"),
        ("std", "10", "0.5600"),
        ("pro", "5", "0.4900"),
        ("pro", "10", "0.9800"),
    ],
)
@pytest.mark.parametrize("marked", [True, False])
def test_price(api: Api, mode: str, duration: str, price: str, marked: bool) -> None:
    row = api.make(
        T2V, prompt="a", mode=mode, duration=duration, watermark_info={"enabled": marked}
    )
    assert dollars(row.quote) == price


@pytest.mark.parametrize("name", ["image", "image_list", "sound", "seed"])
def test_what_this_model_does_not_have(api: Api, name: str) -> None:  # C-9
    assert api.problems(T2V, prompt="a", **{name: "x"}) == {name: "unknown_parameter"}


def test_what_the_engine_cannot_do_is_refused_before_the_task(api: Api) -> None:
    answer = api.create(T2V, prompt="refuse")
    assert answer.status_code == 400
    (problem,) = answer.json()["errors"]
    assert (problem["param"], problem["code"]) == ("prompt", "unsupported")
