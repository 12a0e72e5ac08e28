"""kirin_v1_6_multi_i2v (contract, section 3: MUL-1 to MUL-3, and its price)."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from kirin.domain.storyboard import Quality, Storyboard
from support.api import Api
from support.cards import MULTI
from support.pictures import inline

URL = "https://example.com/subject.jpg"
ONE = [{"image": URL}]


def storyboard(api: Api, **params: Any) -> Storyboard:
    """What the server will make of a request."""
    return api.storyboard(api.make(MULTI, **{"image_list": ONE, "prompt": "a", **params}))


@pytest.mark.parametrize("given", [{}, {"image_list": None}])
def test_the_pictures_are_required(api: Api, given: dict[str, Any]) -> None:  # MUL-1
    assert api.problems(MULTI, prompt="a", **given) == {"image_list": "required"}


@pytest.mark.parametrize(("count", "good"), [(0, False), (1, True), (4, True), (5, False)])
def test_one_to_four_pictures(api: Api, count: int, good: bool) -> None:  # MUL-1
    params = {"prompt": "a", "image_list": ONE * count}
    if good:
        (shot,) = api.storyboard(api.make(MULTI, **params)).shots
        assert len(shot.references) == count
    else:
        assert api.problems(MULTI, **params) == {"image_list": "wrong_count"}


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ([URL], {"[0]": "wrong_type"}),
        ([None], {"[0]": "wrong_type"}),
        ([[]], {"[0]": "wrong_type"}),
        ([{}], {"[0].image": "required"}),
        ([{"image": None}], {"[0].image": "required"}),
        ([{"image": ""}], {"[0].image": "too_short"}),
        ([{"image": 7}], {"[0].image": "wrong_type"}),
        ([{"image": [URL]}], {"[0].image": "wrong_type"}),
        ([{"image_url": URL}], {"[0].image_url": "unknown_parameter", "[0].image": "required"}),
        ([{"image": URL, "crop": 1}], {"[0].crop": "unknown_parameter"}),
        ({"image": URL}, {"": "wrong_type"}),
        (URL, {"": "wrong_type"}),
    ],
    ids=str,
)
def test_an_entry_is_an_object_with_an_image(
    api: Api, given: object, wrong: dict[str, str]
) -> None:  # MUL-1
    expected = {f"image_list{place}": code for place, code in wrong.items()}
    assert api.problems(MULTI, prompt="a", image_list=given) == expected


def test_each_picture_is_looked_at_and_told_by_its_place(api: Api) -> None:  # MUL-1 W-9 C-1 C-3
    given = [
        {"image": inline(299, 300)},
        {"image": URL},
        {"image": f"data:image/png;base64,{inline()}"},
        {"image": inline(751, 300)},
    ]
    assert api.problems(MULTI, prompt="a", image_list=given) == {
        "image_list[0].image": "too_small",
        "image_list[2].image": "data_url",
        "image_list[3].image": "aspect",
    }


def test_each_picture_is_a_subject_in_its_order(api: Api) -> None:  # MUL-1
    sizes = [(300, 300), (750, 300), (300, 750), (301, 300)]
    row = api.make(MULTI, prompt="a", image_list=[{"image": inline(*size)} for size in sizes])
    (shot,) = api.storyboard(row).shots
    views = [view for reference in shot.references for view in reference.views]
    assert [(view.width, view.height) for view in views] == sizes
    assert shot.first is None


def test_one_picture_may_come_twice(api: Api) -> None:  # MUL-1
    given = [{"image": inline()}, {"image": inline()}]
    (shot,) = storyboard(api, image_list=given).shots
    assert shot.references[0] == shot.references[1]


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({}, "required"),
        ({"prompt": None}, "required"),
        ({"prompt": ""}, "too_short"),
        ({"prompt": " \n"}, "too_short"),
        ({"prompt": 5}, "wrong_type"),
        ({"prompt": "馬" * 2501}, "too_long"),
    ],
)
def test_the_prompt_is_required(api: Api, given: dict[str, Any], code: str) -> None:  # MUL-2
    assert api.problems(MULTI, image_list=ONE, **given) == {"prompt": code}


@pytest.mark.parametrize("prompt", ["x", "🐴" * 2500])
def test_the_prompt_arrives_as_it_was_sent(api: Api, prompt: str) -> None:  # MUL-2
    (shot,) = storyboard(api, prompt=prompt).shots
    assert shot.prompt == prompt


@pytest.mark.parametrize(("given", "seconds"), [(5, 5), ("5", 5), ("10", 10), (10.0, 10)])
def test_duration(api: Api, given: object, seconds: int) -> None:  # MUL-3
    board = storyboard(api, duration=given)
    assert (board.seconds, board.frame_count) == (seconds, 24 * seconds)


@pytest.mark.parametrize("given", [4, 6, "7", 9, 11, 15, 5.5, True])
def test_a_wrong_duration(api: Api, given: object) -> None:  # MUL-3
    problems = api.problems(MULTI, image_list=ONE, prompt="a", duration=given)
    assert problems.keys() == {"duration"}


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
) -> None:  # MUL-3 T2V-3 T2V-5
    # The pictures' own shape has no say.
    portrait = [{"image": inline(300, 750)}]
    board = storyboard(api, image_list=portrait, mode=mode, aspect_ratio=aspect_ratio)
    assert (board.width, board.height) == size
    assert board.fps == Fraction(24)
    assert board.quality is (Quality.HIGH if mode == "pro" else Quality.STANDARD)


def test_what_counts_where_nothing_is_said(api: Api) -> None:  # MUL-3
    board = storyboard(api)
    assert (board.width, board.height, board.seconds) == (1280, 720, 5)
    assert board.quality is Quality.STANDARD


@pytest.mark.parametrize("given", ["4:3", "16/9", " ", 1, None])
def test_a_wrong_aspect_ratio(api: Api, given: object) -> None:  # MUL-3
    answer = api.create(MULTI, image_list=ONE, prompt="a", aspect_ratio=given)
    assert answer.status_code == (200 if given is None else 400)


@pytest.mark.parametrize(
    ("mode", "duration", "price"),
    [("std", 5, "0.2800"), ("std", 10, "0.5600"), ("pro", 5, "0.4900"), ("pro", 10, "0.9800")],
)
@pytest.mark.parametrize("count", [1, 4])
def test_price(api: Api, mode: str, duration: int, price: str, count: int) -> None:
    given = {"image_list": ONE * count, "mode": mode, "duration": duration}
    assert api.quote(MULTI, prompt="a", **given) == price


@pytest.mark.parametrize("name", ["image", "image_tail", "cfg_scale", "sound", "element_list"])
def test_what_this_model_does_not_have(api: Api, name: str) -> None:  # C-9
    problems = api.problems(MULTI, image_list=ONE, prompt="a", **{name: "x"})
    assert problems == {name: "unknown_parameter"}


def test_a_video_of_two_subjects(api: Api) -> None:  # MUL-1 MUL-3 W-5 W-6
    given = [{"image": inline(400, 300)}, {"image": inline(300, 400)}]
    task = api.finish(MULTI, image_list=given, prompt="a tiny dance", aspect_ratio="1:1")
    facts = {"width": 960, "height": 960, "fps": 24, "frames": 120, "duration": 5}
    assert facts.items() <= task["metadata"].items()
    (content,) = task["output"][0]["content"]
    assert content.keys() == {"type", "url", "jobId"}
    assert task["usage"] == {"cost": "0.2800", "discount": 0.0}


@pytest.mark.parametrize("prompt", ["fail", "crash"])
def test_a_failed_render_has_this_models_code(api: Api, prompt: str) -> None:  # W-7
    task = api.finish(MULTI, image_list=[{"image": inline()}], prompt=prompt)
    assert task["error"]["code"] == "002004095"
    assert "usage" not in task
