"""kirin_v1_i2v (contract, section 3: I2V-1 to I2V-8, and its price)."""

from __future__ import annotations

from fractions import Fraction
from math import sqrt
from typing import Any

import pytest

from kirin.domain.money import dollars
from kirin.domain.storyboard import Point
from support.api import Api
from support.cards import I2V
from support.pictures import inline

URL = "https://example.com/picture.jpg"
PATH = [{"x": 10, "y": 20}, {"x": 30, "y": 40}]


def brush(width: int = 400, height: int = 300, path: object = PATH) -> dict[str, Any]:
    """A dynamic mask of a size."""
    return {"mask": inline(width, height), "trajectories": path}


def test_the_image_is_required(api: Api) -> None:  # I2V-1
    assert api.problems(I2V) == {"image": "required"}
    assert api.problems(I2V, image=None, prompt="a") == {"image": "required"}


def test_a_tail_alone_is_refused(api: Api) -> None:  # I2V-1
    assert api.problems(I2V, image_tail=inline()) == {"image": "required"}


def test_image_and_tail_are_the_first_and_the_last_frame(api: Api) -> None:  # I2V-1 I2V-2
    row = api.make(I2V, image=inline(400, 300), image_tail=inline(500, 400))
    (shot,) = api.storyboard(row).shots
    assert shot.first == row.assets["image"]
    assert shot.last == row.assets["image_tail"]
    assert shot.first != shot.last


@pytest.mark.parametrize("size", [(300, 900), (2000, 300), (300, 300)])
def test_a_tail_of_any_shape(api: Api, size: tuple[int, int]) -> None:  # I2V-2
    assert api.create(I2V, image=inline(), image_tail=inline(*size)).status_code == 200


def test_a_tail_keeps_the_least_size(api: Api) -> None:  # I2V-2 C-3
    problems = api.problems(I2V, image=inline(), image_tail=inline(299, 900))
    assert problems == {"image_tail": "too_small"}


@pytest.mark.parametrize("duration", [5, "5"])
@pytest.mark.parametrize("extra", [{"image_tail": URL}, {"static_mask": URL}])
def test_tail_and_masks_go_with_duration_5(
    api: Api, extra: dict[str, Any], duration: object
) -> None:  # I2V-2 I2V-3
    assert api.create(I2V, image=URL, duration=duration, **extra).status_code == 200
    assert api.create(I2V, image=URL, **extra).status_code == 200


@pytest.mark.parametrize("duration", [10, "10"])
def test_tail_and_masks_do_not_go_with_duration_10(
    api: Api, duration: object
) -> None:  # I2V-2 I2V-3
    code = "not_in_this_combination"
    assert api.problems(I2V, image=URL, image_tail=URL, duration=duration) == {"image_tail": code}
    masks = {"static_mask": inline(), "dynamic_masks": [brush()]}
    problems = api.problems(I2V, image=inline(), duration=duration, **masks)
    assert problems == dict.fromkeys(masks, code)


@pytest.mark.parametrize(
    "masks",
    [
        {"static_mask": inline()},
        {"dynamic_masks": [brush()]},
        {"static_mask": inline(), "dynamic_masks": [brush()]},
    ],
)
def test_tail_and_masks_exclude_each_other(api: Api, masks: dict[str, Any]) -> None:  # I2V-4
    answer = api.create(I2V, image=inline(), image_tail=inline(), **masks)
    (problem,) = answer.json()["errors"]
    assert (problem["param"], problem["rules"]) == ("image_tail", ["I2V-4"])


def test_the_prompt_is_optional_but_not_empty(api: Api) -> None:  # I2V-5
    (shot,) = api.storyboard(api.make(I2V, image=URL)).shots
    assert shot.prompt == ""
    assert api.problems(I2V, image=URL, prompt=" ") == {"prompt": "too_short"}
    assert api.problems(I2V, image=URL, prompt="  ") == {"prompt": "too_short"}
    assert api.create(I2V, image=URL, prompt="x").status_code == 200


@pytest.mark.parametrize(("given", "good"), [(0, True), (1, True), (-0.01, False), (1.01, False)])
def test_cfg_scale(api: Api, given: float, good: bool) -> None:  # I2V-5
    assert (api.create(I2V, image=URL, cfg_scale=given).status_code == 200) is good
    assert api.make(I2V, image=URL).params["cfg_scale"] == 0.5


@pytest.mark.parametrize(("given", "frames"), [("5", 150), (10, 300)])
def test_duration(api: Api, given: object, frames: int) -> None:  # I2V-5 I2V-8
    board = api.storyboard(api.make(I2V, image=URL, duration=given))
    assert board.frame_count == frames


@pytest.mark.parametrize("given", [3, "7", 11])
def test_a_wrong_duration(api: Api, given: object) -> None:  # I2V-5
    assert api.problems(I2V, image=URL, duration=given) == {"duration": "not_an_option"}


def test_six_masks_and_not_seven(api: Api) -> None:  # I2V-6
    row = api.make(I2V, image=inline(), dynamic_masks=[brush()] * 6)
    (shot,) = api.storyboard(row).shots
    assert len(shot.strokes) == 6
    problems = api.problems(I2V, image=inline(), dynamic_masks=[brush()] * 7)
    assert problems == {"dynamic_masks": "wrong_count"}
    row = api.make(I2V, image=inline(), prompt="she turns", dynamic_masks=[])  # C-11
    (shot,) = api.storyboard(row).shots
    assert shot.strokes == ()


@pytest.mark.parametrize(("count", "good"), [(0, False), (1, False), (2, True), (77, True)])
def test_two_to_77_points(api: Api, count: int, good: bool) -> None:  # I2V-6
    path = [{"x": number, "y": number} for number in range(count)]
    params = {"image": inline(), "dynamic_masks": [brush(path=path)]}
    if good:
        (shot,) = api.storyboard(api.make(I2V, **params)).shots
        assert len(shot.strokes[0].path) == count
    else:
        where = "dynamic_masks[0].trajectories"
        assert api.problems(I2V, **params) == {where: "wrong_count"}


def test_78_points_are_too_many(api: Api) -> None:  # I2V-6
    masks = [brush(), brush(path=[{"x": 1, "y": 1}] * 78)]
    problems = api.problems(I2V, image=inline(), dynamic_masks=masks)
    assert problems == {"dynamic_masks[1].trajectories": "wrong_count"}


def test_points_count_from_the_bottom_left(api: Api) -> None:  # I2V-6
    path = [{"x": 0, "y": 0}, {"x": 400, "y": 300}, {"x": 12.5, "y": 20}]
    row = api.make(I2V, image=inline(400, 300), dynamic_masks=[brush(path=path)])
    (shot,) = api.storyboard(row).shots
    (stroke,) = shot.strokes
    assert stroke.path == (Point(0, 300), Point(400, 0), Point(12.5, 280))


@pytest.mark.parametrize(
    ("x", "y", "inside"),
    [
        (0, 0, True),
        (400, 300, True),
        (0, 300, True),
        (400, 0, True),
        (-0.01, 0, False),
        (0, -0.01, False),
        (400.01, 0, False),
        (0, 300.01, False),
        (300, 400, False),
        (1e300, 0, False),
    ],
)
def test_points_lie_on_the_image(api: Api, x: float, y: float, inside: bool) -> None:  # I2V-6
    masks = [brush(), brush(path=[PATH[0], {"x": x, "y": y}])]
    params = {"image": inline(400, 300), "dynamic_masks": masks}
    if inside:
        assert api.create(I2V, **params).status_code == 200
    else:
        assert api.problems(I2V, **params) == {"dynamic_masks[1].trajectories[1]": "out_of_range"}


@pytest.mark.parametrize(
    ("path", "wrong"),
    [
        ([{"x": "1", "y": 2}, PATH[0]], {"[0].x": "wrong_type"}),
        ([PATH[0], {"x": True, "y": 2}], {"[1].x": "wrong_type"}),
        ([PATH[0], {"x": 1}], {"[1].y": "required"}),
        ([PATH[0], {"x": 1, "y": 10**400}], {"[1].y": "not_finite"}),
        ([PATH[0], {"x": 1, "y": 2, "z": 3}], {"[1].z": "unknown_parameter"}),
        ([PATH[0], [1, 2]], {"[1]": "wrong_type"}),
        ([PATH[0], None], {"[1]": "wrong_type"}),
        ("straight on", {"": "wrong_type"}),
        ({"x": 1, "y": 2}, {"": "wrong_type"}),
    ],
)
def test_a_wrong_path(api: Api, path: object, wrong: dict[str, str]) -> None:  # I2V-6
    where = "dynamic_masks[0].trajectories"
    problems = api.problems(I2V, image=inline(), dynamic_masks=[brush(path=path)])
    assert problems == {f"{where}{place}": code for place, code in wrong.items()}


@pytest.mark.parametrize("missing", ["mask", "trajectories"])
def test_a_mask_has_a_picture_and_a_path(api: Api, missing: str) -> None:  # I2V-6
    entry = {name: value for name, value in brush().items() if name != missing}
    problems = api.problems(I2V, image=inline(), dynamic_masks=[brush(), entry])
    assert problems == {f"dynamic_masks[1].{missing}": "required"}


@pytest.mark.parametrize(
    ("size", "good"),
    [
        ((1000, 500), True),
        ((500, 250), True),
        ((2, 1), True),
        ((500, 251), True),  # one pixel of rounding
        ((500, 249), True),
        ((501, 250), True),
        ((500, 252), False),
        ((500, 248), False),
        ((503, 250), False),
        ((250, 500), False),
        ((1000, 1000), False),
    ],
    ids=str,
)
def test_a_mask_has_the_shape_of_the_image(
    api: Api, size: tuple[int, int], good: bool
) -> None:  # I2V-7
    image = inline(1000, 500)
    if good:
        assert api.create(I2V, image=image, static_mask=inline(*size)).status_code == 200
        assert api.create(I2V, image=image, dynamic_masks=[brush(*size)]).status_code == 200
    else:
        problems = api.problems(I2V, image=image, static_mask=inline(*size))
        assert problems == {"static_mask": "wrong_aspect"}
        problems = api.problems(I2V, image=image, dynamic_masks=[brush(*size)])
        assert problems == {"dynamic_masks[0].mask": "wrong_aspect"}


def test_all_masks_have_one_size(api: Api) -> None:  # I2V-7
    image = inline(800, 600)
    masks = [brush(400, 300), brush(400, 300), brush(800, 600)]
    problems = api.problems(I2V, image=image, dynamic_masks=masks)
    assert problems == {"dynamic_masks[2].mask": "wrong_size"}
    problems = api.problems(I2V, image=image, dynamic_masks=masks[:2], static_mask=inline(800, 600))
    assert problems == {"static_mask": "wrong_size"}
    same = {"dynamic_masks": masks[:2], "static_mask": inline(400, 300)}
    (shot,) = api.storyboard(api.make(I2V, image=image, **same)).shots
    assert shot.still is not None
    assert (shot.still.width, shot.still.height) == (400, 300)


def test_masks_by_url_are_checked_later(api: Api) -> None:  # I2V-7
    masks = [{"mask": URL, "trajectories": PATH}, brush(300, 300)]
    assert api.create(I2V, image=URL, dynamic_masks=masks).status_code == 200
    problems = api.problems(I2V, image=inline(400, 300), dynamic_masks=masks)
    assert problems == {"dynamic_masks[1].mask": "wrong_aspect"}


@pytest.mark.parametrize("mode", ["std", "pro"])
@pytest.mark.parametrize(
    ("picture", "video"),
    [
        ((1920, 1080), (1280, 720)),
        ((640, 360), (1280, 720)),
        ((1080, 1920), (720, 1280)),
        ((500, 500), (960, 960)),
        ((640, 427), (1176, 784)),
    ],
)
def test_the_video_has_the_shape_of_the_image(
    api: Api, picture: tuple[int, int], video: tuple[int, int], mode: str
) -> None:  # I2V-8
    board = api.storyboard(api.make(I2V, image=inline(*picture), mode=mode))
    assert (board.width, board.height) == video
    assert board.fps == Fraction(30)


@pytest.mark.parametrize("size", [(750, 300), (300, 750), (301, 499), (997, 991), (4000, 1601)])
def test_odd_shapes_keep_aspect_and_area(api: Api, size: tuple[int, int]) -> None:  # I2V-8
    board = api.storyboard(api.make(I2V, image=inline(*size)))
    assert board.width % 2 == board.height % 2 == 0
    assert board.width * board.height == pytest.approx(1280 * 720, rel=0.005)
    aspect = size[0] / size[1]
    # Each side is the exact one to the nearest even number.
    assert abs(board.width - sqrt(1280 * 720 * aspect)) <= 1
    assert abs(board.height - sqrt(1280 * 720 / aspect)) <= 1


@pytest.mark.parametrize(
    ("mode", "duration", "price"),
    [
        ("std", 5, "0.1400"),
        ("std", 10, "0.2800"),
        ("pro", 5, "0.4900"),
        ("pro", 10, "0.9800"),
    ],
)
def test_price(api: Api, mode: str, duration: int, price: str) -> None:
    row = api.make(I2V, image=URL, mode=mode, duration=duration)
    assert dollars(row.quote) == price


def test_a_video_from_pictures(api: Api) -> None:  # I2V-6 I2V-7 I2V-8 W-8
    masks = {"static_mask": inline(400, 300), "dynamic_masks": [brush()]}
    task = api.run(api.make(I2V, image=inline(400, 300), prompt="tiny", **masks).id)
    facts = {"width": 1108, "height": 832, "fps": 30, "frames": 150, "duration": 5}
    assert {name: task["metadata"][name] for name in facts} == facts
    assert task["output"][0]["content"][0]["size"] == "1108x832"
    assert task["usage"]["cost"] == "0.1400"


@pytest.mark.parametrize("prompt", ["fail", "crash"])
def test_a_failed_render_has_this_models_code(api: Api, prompt: str) -> None:  # W-7
    task = api.run(api.make(I2V, image=inline(), prompt=prompt).id)
    assert task["error"]["code"] == "002002095"
    assert "division" not in task["error"]["message"]
    assert "crash" not in task["error"]["message"]
