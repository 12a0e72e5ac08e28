"""camera_control, and the brush beside it (contract, "The rest of the family")."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from kirin.domain.camera import CameraControl, CameraPreset
from kirin.domain.storyboard import Point
from support.api import Api
from support.pictures import inline

WORDS, PICTURE = "kirin_v1_t2v", "kirin_v1_5_i2v"
AXES = ("horizontal", "vertical", "pan", "tilt", "roll", "zoom")
PRESETS = ("down_back", "forward_up", "right_turn_forward", "left_turn_forward")
PAN = {"type": "simple", "config": {"pan": 3}}
PRO: dict[str, Any] = {"image": inline(400, 300), "mode": "pro"}
CONFIG = "camera_control.config"
NOT_TOGETHER = "not_in_this_combination"
BRUSHES: list[dict[str, Any]] = [
    {"static_mask": inline(400, 300)},
    {
        "dynamic_masks": [
            {"mask": inline(400, 300), "trajectories": [{"x": 1, "y": 2}, {"x": 400, "y": 300}]}
        ]
    },
]


def moved(api: Api, control: dict[str, Any]) -> CameraControl | None:
    """The move that the storyboard has."""
    return api.storyboard(api.make(WORDS, prompt="a", camera_control=control)).shots[0].camera


def refused(api: Api, control: object) -> dict[str, str]:
    """The code of each parameter."""
    return api.problems(WORDS, prompt="a", camera_control=control)


@pytest.mark.parametrize("axis", AXES)
def test_one_axis_moves_by_an_amount(api: Api, axis: str) -> None:  # CAM-1 CAM-2
    for amount in (-10, -0.5, 10):
        control = CameraControl(**{axis: amount})
        assert moved(api, {"type": "simple", "config": {axis: amount}}) == control
        full = dict.fromkeys(AXES, 0) | {axis: amount}
        assert moved(api, {"type": "simple", "config": full}) == control
    for amount in (-10.01, 11):
        problems = refused(api, {"type": "simple", "config": {axis: amount}})
        assert problems == {f"{CONFIG}.{axis}": "out_of_range"}


@pytest.mark.parametrize(
    ("config", "code"),
    [
        ({"pan": 1, "zoom": -1}, "wrong_count"),
        (dict.fromkeys(AXES, 1), "wrong_count"),
        (dict.fromkeys(AXES, 0), "wrong_count"),
        ({}, "wrong_count"),
        (None, "required"),
    ],
)
def test_exactly_one_axis_moves(api: Api, config: object, code: str) -> None:  # CAM-2
    assert refused(api, {"type": "simple", "config": config}) == {CONFIG: code}


def test_simple_needs_a_config(api: Api) -> None:  # CAM-2
    assert refused(api, {"type": "simple"}) == {CONFIG: "required"}


@pytest.mark.parametrize("preset", PRESETS)
def test_presets_have_no_config(api: Api, preset: str) -> None:  # CAM-1 CAM-3
    assert moved(api, {"type": preset}) == CameraControl(preset=CameraPreset(preset))
    assert moved(api, {"type": preset, "config": {}}) == CameraControl(preset=CameraPreset(preset))
    for config in ({"zoom": 3}, {"zoom": 0}):
        assert refused(api, {"type": preset, "config": config}) == {CONFIG: NOT_TOGETHER}


@pytest.mark.parametrize(
    ("control", "problems"),
    [
        ({}, {"camera_control.type": "required"}),
        ({"config": {"pan": 1}}, {"camera_control.type": "required"}),
        ({"type": "orbit"}, {"camera_control.type": "not_an_option"}),
        ({"type": "simple", "config": []}, {CONFIG: "wrong_type"}),
        ({"type": "simple", "config": {"yaw": 1}}, {f"{CONFIG}.yaw": "unknown_parameter"}),
        ({"type": "simple", "config": {"pan": "5"}}, {f"{CONFIG}.pan": "wrong_type"}),
        ("simple", {"camera_control": "wrong_type"}),
    ],
)
def test_a_wrong_control(api: Api, control: object, problems: dict[str, str]) -> None:  # CAM-1
    assert refused(api, control) == problems


def test_the_camera_is_free_where_nothing_is_said(api: Api) -> None:  # CAM-1
    assert api.storyboard(api.make(WORDS, prompt="a")).shots[0].camera is None
    assert api.storyboard(api.make(PICTURE, **PRO)).shots[0].camera is None


def test_from_words_it_needs_std_and_5_seconds(api: Api) -> None:  # V1T-6
    given = {"prompt": "a", "camera_control": PAN}
    api.make(WORDS, **given, mode="std", duration=5)
    for params in ({"mode": "pro"}, {"duration": 10}):
        assert api.problems(WORDS, **given, **params) == {"camera_control": NOT_TOGETHER}


def test_from_a_picture_it_needs_pro_and_5_seconds(api: Api) -> None:  # V15-6
    row = api.make(PICTURE, **PRO, camera_control=PAN)
    assert api.storyboard(row).shots[0].camera == CameraControl(pan=3)
    for params in ({"mode": "std"}, {"mode": None}, {"duration": 10}):
        problems = api.problems(PICTURE, **(PRO | params), camera_control=PAN)
        assert problems == {"camera_control": NOT_TOGETHER}


@pytest.mark.parametrize("preset", PRESETS)
def test_from_a_picture_it_is_simple(api: Api, preset: str) -> None:  # V15-6
    problems = api.problems(PICTURE, **PRO, camera_control={"type": preset})
    assert problems == {"camera_control.type": "not_an_option"}


@pytest.mark.parametrize("masks", BRUSHES)
def test_the_brush_needs_pro_and_5_seconds(api: Api, masks: dict[str, Any]) -> None:  # V15-5
    api.make(PICTURE, **PRO, **masks)
    for params in ({"mode": "std"}, {"mode": None}, {"duration": "10"}):
        problems = api.problems(PICTURE, **(PRO | params), **masks)
        assert problems == dict.fromkeys(masks, NOT_TOGETHER)


def test_the_brush_arrives_from_the_top(api: Api) -> None:  # V15-5
    (stroke,) = api.storyboard(api.make(PICTURE, **PRO, **BRUSHES[1])).shots[0].strokes
    assert stroke.path == (Point(1, 298), Point(400, 0))


@pytest.mark.parametrize(
    ("masks", "problems"),
    [
        ({"static_mask": inline(400, 310)}, {"static_mask": "wrong_aspect"}),
        (BRUSHES[1] | {"static_mask": inline(800, 600)}, {"static_mask": "wrong_size"}),
        (
            {
                "dynamic_masks": [
                    {
                        "mask": inline(400, 300),
                        "trajectories": [{"x": 0, "y": 0}, {"x": 401, "y": 0}],
                    }
                ]
            },
            {"dynamic_masks[0].trajectories[1]": "out_of_range"},
        ),
    ],
)
def test_masks_fit_the_picture(
    api: Api, masks: dict[str, Any], problems: dict[str, str]
) -> None:  # V15-5
    assert api.problems(PICTURE, **PRO, **masks) == problems


EXTRAS: list[dict[str, Any]] = [{"image_tail": inline()}, {"camera_control": PAN}, *BRUSHES]


@pytest.mark.parametrize(
    ("first", "second"),
    [(EXTRAS[a], EXTRAS[b]) for a, b in ((0, 1), (0, 2), (0, 3), (1, 2), (1, 3))],
)
def test_tail_brush_and_camera_exclude_each_other(
    api: Api, first: dict[str, Any], second: dict[str, Any]
) -> None:  # V15-7
    problems = api.problems(PICTURE, **PRO, **first, **second)
    assert set(problems.values()) == {NOT_TOGETHER}
    assert problems.keys() <= {*first, *second}


def test_the_masks_of_the_brush_go_together(api: Api) -> None:  # V15-7
    api.make(PICTURE, **PRO, **BRUSHES[0], **BRUSHES[1])


def test_parameters_in_an_envelope(api: Api) -> None:  # V15-8
    given = {**PRO, "camera_control": PAN, "external_task_id": "in-data"}
    row = api.make(PICTURE, data=given)
    assert row.external_id == "in-data"
    board = api.storyboard(row)
    assert board.shots[0].camera == CameraControl(pan=3)
    plain = api.storyboard(api.make(PICTURE, **PRO, camera_control=PAN))
    assert replace(board, seed=plain.seed) == plain


def test_what_is_wrong_in_an_envelope_is_told(api: Api) -> None:  # V15-8
    given = {"image_tail": "https://example.com/a.jpg", "colour": "red"}
    problems = {"image_tail": NOT_TOGETHER, "colour": "unknown_parameter"}
    assert api.problems(PICTURE, data=given) == problems
    assert api.problems(PICTURE, data={}) == {"image": "required"}
    assert api.problems(PICTURE, data=[PRO]) == {"data": "wrong_type", "image": "required"}


def test_parameters_beside_an_envelope_are_refused(api: Api) -> None:  # V15-8
    answer = api.create(PICTURE, data={"prompt": "a"}, image=inline(), mode="pro")
    (problem,) = answer.json()["errors"]
    assert (problem["param"], problem["code"]) == ("data", NOT_TOGETHER)
    assert problem["message"].endswith("beside it are image, mode")
    assert problem["rules"] == ["V15-8"]


def test_an_empty_envelope_is_none(api: Api) -> None:  # V15-8
    api.make(PICTURE, data=None, image=inline())


def test_other_models_have_no_envelope(api: Api) -> None:  # V15-8 C-9
    assert api.problems("kirin_v1_6_i2v", image=inline(), data={}) == {"data": "unknown_parameter"}
