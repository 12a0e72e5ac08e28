"""kirin_v3_i2v: pictures, sound, length, size and price (contract, V3-1 and V3-5 to V3-8)."""

from __future__ import annotations

from fractions import Fraction
from math import sqrt

import pytest

from kirin.domain.storyboard import Quality
from support.api import Api
from support.cards import V3
from support.pictures import inline

URL = "https://example.com/picture.jpg"


def test_one_of_the_pictures_is_required(api: Api) -> None:  # V3-1
    for none in ({}, {"image": None, "image_tail": None}):
        answer = api.create(V3, prompt="a", **none)
        (problem,) = answer.json()["errors"]
        assert (problem["param"], problem["code"], problem["rules"]) == (
            "image",
            "required",
            ["V3-1"],
        )
        assert "image_tail" in problem["message"]


@pytest.mark.parametrize("given", [("image",), ("image_tail",), ("image", "image_tail")])
def test_either_picture_or_both(api: Api, given: tuple[str, ...]) -> None:  # V3-1
    sizes = {"image": (400, 300), "image_tail": (500, 400)}
    row = api.make(V3, prompt="a", **{name: inline(*sizes[name]) for name in given})
    (shot,) = api.storyboard(row).shots
    assert shot.first == row.assets.get("image")
    assert shot.last == row.assets.get("image_tail")


def test_a_refused_picture_is_not_called_missing(api: Api) -> None:  # V3-1
    assert api.problems(V3, prompt="a", image="###") == {"image": "not_base64"}
    for name in ("image", "image_tail"):
        assert api.problems(V3, prompt="a", **{name: 7}) == {name: "wrong_type"}


@pytest.mark.parametrize("size", [(300, 3000), (3000, 300), (300, 300)])
@pytest.mark.parametrize("alone", [True, False])
def test_a_tail_of_any_shape(api: Api, size: tuple[int, int], alone: bool) -> None:  # V3-1
    first = {} if alone else {"image": inline()}
    assert api.create(V3, prompt="a", image_tail=inline(*size), **first).status_code == 200


@pytest.mark.parametrize("name", ["image", "image_tail"])
def test_a_picture_keeps_the_least_size(api: Api, name: str) -> None:  # V3-1 C-3
    given = {"image": inline(), name: inline(300, 299)}
    assert api.problems(V3, prompt="a", **given) == {name: "too_small"}


@pytest.mark.parametrize("size", [(751, 300), (300, 751)])
def test_the_first_picture_keeps_the_aspect(api: Api, size: tuple[int, int]) -> None:  # V3-1 C-3
    assert api.problems(V3, prompt="a", image=inline(*size)) == {"image": "aspect"}


@pytest.mark.parametrize(
    ("given", "wanted"), [({}, False), ({"sound": "off"}, False), ({"sound": "on"}, True)]
)
def test_sound(api: Api, given: dict[str, str], wanted: bool) -> None:  # V3-6
    assert api.storyboard(api.make(V3, image=URL, prompt="a", **given)).sound is wanted


@pytest.mark.parametrize("given", ["yes", "ON", " ", True, False, 1, ["on"]])
def test_a_wrong_sound(api: Api, given: object) -> None:  # V3-6
    assert api.problems(V3, image=URL, prompt="a", sound=given).keys() == {"sound"}


@pytest.mark.parametrize(
    ("given", "seconds"), [(n, n) for n in range(3, 16)] + [("3", 3), ("15.0", 15), (7.0, 7)]
)
def test_duration(api: Api, given: object, seconds: int) -> None:  # V3-7 V3-8
    board = api.storyboard(api.make(V3, image=URL, prompt="a", duration=given))
    assert (board.seconds, board.frame_count) == (seconds, 24 * seconds)


@pytest.mark.parametrize("given", [0, 1, 2, 16, -5, "2", "16", 3.5, "7.5", "3.", True, [5]])
def test_a_wrong_duration(api: Api, given: object) -> None:  # V3-7
    assert api.problems(V3, image=URL, prompt="a", duration=given).keys() == {"duration"}


def test_duration_is_5_where_none_is_given(api: Api) -> None:  # V3-7 C-5
    assert api.storyboard(api.make(V3, image=URL, prompt="a")).seconds == 5


@pytest.mark.parametrize(
    ("picture", "mode", "video"),
    [
        ((1920, 1080), "std", (1280, 720)),
        ((1920, 1080), "pro", (1920, 1080)),
        ((640, 360), "pro", (1920, 1080)),
        ((1080, 1920), "std", (720, 1280)),
        ((1080, 1920), "pro", (1080, 1920)),
        ((500, 500), "std", (960, 960)),
        ((500, 500), "pro", (1440, 1440)),
    ],
)
@pytest.mark.parametrize("name", ["image", "image_tail"])
def test_the_video_has_the_shape_of_its_picture(
    api: Api, name: str, picture: tuple[int, int], mode: str, video: tuple[int, int]
) -> None:  # V3-8
    board = api.storyboard(api.make(V3, prompt="a", mode=mode, **{name: inline(*picture)}))
    assert (board.width, board.height) == video
    assert board.fps == Fraction(24)
    assert board.quality is (Quality.HIGH if mode == "pro" else Quality.STANDARD)


def test_of_two_pictures_the_first_gives_the_shape(api: Api) -> None:  # V3-8
    row = api.make(V3, prompt="a", image=inline(300, 300), image_tail=inline(750, 300))
    board = api.storyboard(row)
    assert (board.width, board.height) == (960, 960)


@pytest.mark.parametrize("size", [(750, 300), (300, 750), (301, 499), (997, 991)])
@pytest.mark.parametrize(("mode", "area"), [("std", 1280 * 720), ("pro", 1920 * 1080)])
def test_odd_shapes_keep_aspect_and_area(
    api: Api, size: tuple[int, int], mode: str, area: int
) -> None:  # V3-8
    board = api.storyboard(api.make(V3, prompt="a", image=inline(*size), mode=mode))
    assert board.width % 2 == board.height % 2 == 0
    aspect = size[0] / size[1]
    # Each side is the exact one to the nearest even number.
    assert abs(board.width - sqrt(area * aspect)) <= 1
    assert abs(board.height - sqrt(area / aspect)) <= 1


@pytest.mark.parametrize(
    ("mode", "sound", "second", "longest"),
    [
        ("std", "off", "0.2520", "1.2600"),
        ("std", "on", "0.3780", "1.8900"),
        ("pro", "off", "0.3360", "1.6800"),
        ("pro", "on", "0.5040", "2.5200"),
    ],
)
def test_price(api: Api, mode: str, sound: str, second: str, longest: str) -> None:
    given = {"image": URL, "prompt": "a", "mode": mode, "sound": sound}
    assert api.quote(V3, **given, duration=3) == second
    assert api.quote(V3, **given, duration=15) == longest


@pytest.mark.parametrize("name", ["cfg_scale", "aspect_ratio", "static_mask", "image_list"])
def test_what_this_model_does_not_have(api: Api, name: str) -> None:  # C-9
    problems = api.problems(V3, image=URL, prompt="a", **{name: "x"})
    assert problems == {name: "unknown_parameter"}


def test_a_video_with_sound(api: Api) -> None:  # V3-6 V3-7 V3-8 W-5 W-6
    task = api.finish(V3, image=inline(400, 300), prompt="tiny", duration=3, sound="on")
    facts = {"width": 1108, "height": 832, "fps": 24, "frames": 72, "duration": 3, "ignored": []}
    assert facts.items() <= task["metadata"].items()
    (content,) = task["output"][0]["content"]
    assert content.keys() == {"type", "url", "jobId", "duration"}
    assert content["duration"] == 3
    assert task["usage"] == {"cost": "0.3780", "discount": 0.0}


@pytest.mark.parametrize("prompt", ["fail", "crash"])
def test_a_failed_render_has_this_models_code(api: Api, prompt: str) -> None:  # W-7
    task = api.finish(V3, image=inline(), prompt=prompt, duration=3)
    assert task["error"]["code"] == "006001095"
    assert "usage" not in task


def subjects(*ids: object) -> list[dict[str, object]]:
    """An element_list of these ids."""
    return [{"element_id": id} for id in ids]


@pytest.mark.parametrize(("count", "good"), [(0, True), (1, True), (3, True), (4, False)])
def test_three_subjects_and_not_four(api: Api, count: int, good: bool) -> None:  # V3-5
    ids = [api.subject(element_name=f"one of {count}, {number}") for number in range(count)]
    given = {"image": URL, "prompt": "a", "element_list": subjects(*ids)}
    if good:
        row = api.make(V3, **given)
        assert {subject.id for subject in row.subjects} == set(ids)
        (shot,) = api.storyboard(row).shots
        assert [reference.name for reference in shot.references] == [
            f"one of {count}, {number}" for number in range(count)
        ]
    else:
        assert api.problems(V3, **given) == {"element_list": "wrong_count"}


def test_a_subject_is_named_once(api: Api) -> None:  # V3-5
    id = api.subject()
    answer = api.create(V3, image=URL, prompt="a", element_list=subjects(id, id))
    (problem,) = answer.json()["errors"]
    assert (problem["param"], problem["code"]) == ("element_list[1].element_id", "repeated")
    assert f"{id}" in problem["message"]
    assert "element_list[0]" in problem["message"]


def test_each_subject_that_is_not_known_is_named(api: Api) -> None:  # V3-5
    known = api.subject()
    problems = api.problems(V3, image=URL, prompt="a", element_list=subjects(7, known, 8))
    assert problems == {
        "element_list[0].element_id": "unknown_element",
        "element_list[2].element_id": "unknown_element",
    }


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ([{}], {"[0].element_id": "required"}),
        ([{"element_id": None}], {"[0].element_id": "required"}),
        ([{"element_id": "829836802793406551"}], {"[0].element_id": "wrong_type"}),
        ([{"element_id": 5.5}], {"[0].element_id": "wrong_type"}),
        ([{"element_id": True}], {"[0].element_id": "wrong_type"}),
        ([{"id": 7}], {"[0].id": "unknown_parameter", "[0].element_id": "required"}),
        ([7], {"[0]": "wrong_type"}),
        (7, {"": "wrong_type"}),
        ({"element_id": 7}, {"": "wrong_type"}),
    ],
    ids=str,
)
def test_a_wrong_element_list(api: Api, given: object, wrong: dict[str, str]) -> None:  # V3-5
    expected = {f"element_list{place}": code for place, code in wrong.items()}
    assert api.problems(V3, image=URL, prompt="a", element_list=given) == expected


@pytest.mark.parametrize(
    "prompt", ["a garden", "<<<element_2>>> barks", "<<<element_2>>> barks at <<<element_1>>>"]
)
def test_one_shot_shows_all_its_subjects(api: Api, prompt: str) -> None:  # V3-5
    ids = [api.subject(element_name=name) for name in ("Ada", "Rex")]
    row = api.make(V3, image=URL, prompt=prompt, element_list=subjects(*ids))
    (shot,) = api.storyboard(row).shots
    assert [reference.name for reference in shot.references] == ["Ada", "Rex"]
