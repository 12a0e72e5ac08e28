"""kirin_v3_omni_video and kirin_video_o1: pictures, subjects and a video (contract, OMN and O1)."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from kirin.domain.footage import FootageUse
from kirin.domain.storyboard import Quality
from support.api import Api
from support.cards import O1, OMNI
from support.pictures import inline

PICTURE = "https://example.com/picture.jpg"
VIDEO = "https://example.com/street.mp4"
WIDE = {"aspect_ratio": "16:9"}

both = pytest.mark.parametrize("model", [OMNI, O1])


def pictures(*types: str | None) -> list[dict[str, Any]]:
    """An image_list with pictures of these types."""
    return [{"image_url": PICTURE} | ({"type": each} if each else {}) for each in types]


def video(use: str | None = None, **changes: Any) -> list[dict[str, Any]]:
    """A video_list with a video for this use."""
    return [{"video_url": VIDEO} | ({"refer_type": use} if use else {}) | changes]


def shots(*prompts: str) -> dict[str, Any]:
    """A script of two seconds for each prompt."""
    listed = [
        {"index": index, "prompt": prompt, "duration": 2} for index, prompt in enumerate(prompts)
    ]
    return {
        "multi_shot": True,
        "shot_type": "customize",
        "multi_prompt": listed,
        "duration": 2 * len(prompts),
    }


def ignored(api: Api, model: str, **params: Any) -> list[str]:
    """What a request that must be accepted says without effect."""
    told: list[str] = api.read(api.make(model, **params).id)["metadata"]["ignored"]
    return told


@both
@pytest.mark.parametrize("field", ["image_url", "image"])
def test_a_picture_comes_by_either_name(api: Api, model: str, field: str) -> None:  # OMN-1
    row = api.make(model, prompt="a", **WIDE, image_list=[{field: inline(400, 300)}])
    (shot,) = api.storyboard(row).shots
    (reference,) = shot.references
    assert (reference.views[0].width, reference.number, reference.name) == (400, 1, "")
    assert shot.first is shot.last is None


@both
@pytest.mark.parametrize(
    ("entry", "problem"),
    [
        ({}, {"image_list[0].image_url": "required"}),
        ({"type": "first_frame"}, {"image_list[0].image_url": "required"}),
        (
            {"image_url": PICTURE, "image": PICTURE},
            {"image_list[0].image": "not_in_this_combination"},
        ),
        ({"image_url": PICTURE, "type": "last_frame"}, {"image_list[0].type": "not_an_option"}),
        ({"image_url": inline(300, 299)}, {"image_list[0].image_url": "too_small"}),
        ({"image_url": PICTURE, "kind": "x"}, {"image_list[0].kind": "unknown_parameter"}),
    ],
    ids=str,
)
def test_a_wrong_picture(
    api: Api, model: str, entry: dict[str, Any], problem: dict[str, str]
) -> None:  # OMN-1 C-3 C-9
    assert api.problems(model, prompt="a", **WIDE, image_list=[entry]) == problem


@both
@pytest.mark.parametrize(
    ("types", "good"),
    [
        (("first_frame",), True),
        (("first_frame", "end_frame"), True),
        (("end_frame", "first_frame"), True),
        (("end_frame",), False),
        (("end_frame", None), False),
        (("first_frame", "first_frame"), False),
        (("first_frame", "end_frame", "end_frame"), False),
        (("first_frame", "end_frame", None), False),
        (("first_frame", None, None), True),
    ],
    ids=str,
)
def test_first_and_end_frame(
    api: Api, model: str, types: tuple[str | None, ...], good: bool
) -> None:  # OMN-2
    answer = api.create(model, prompt="a", image_list=pictures(*types), **WIDE)
    assert answer.status_code == (200 if good else 400), answer.text
    if not good:
        assert {rule for e in answer.json()["errors"] for rule in e["rules"]} == {"OMN-2"}


@both
def test_frames_are_where_they_belong(api: Api, model: str) -> None:  # OMN-1 OMN-2
    given = [
        {"image_url": inline(500, 400), "type": "end_frame"},
        {"image_url": inline(400, 300), "type": "first_frame"},
    ]
    (shot,) = api.storyboard(api.make(model, prompt="a", image_list=given)).shots
    assert shot.first is not None
    assert shot.last is not None
    assert (shot.first.width, shot.last.width, shot.references) == (400, 500, ())


@both
@pytest.mark.parametrize(
    ("entry", "use", "kept"),
    [
        ({}, FootageUse.BASE, True),
        ({"refer_type": None, "keep_original_sound": ""}, FootageUse.BASE, True),
        ({"refer_type": "base", "keep_original_sound": "no"}, FootageUse.BASE, False),
        ({"refer_type": "feature", "keep_original_sound": "yes"}, FootageUse.FEATURE, True),
    ],
)
def test_a_video(
    api: Api, model: str, entry: dict[str, Any], use: FootageUse, kept: bool
) -> None:  # OMN-3
    row = api.make(model, prompt="at night", video_list=[{"video_url": VIDEO, **entry}])
    footage = api.storyboard(row).footage
    assert footage is not None
    assert (footage.use, footage.keep_sound) == (use, kept)


@both
@pytest.mark.parametrize(
    ("given", "problem"),
    [
        (video() * 2, {"video_list": "wrong_count"}),
        ([{}], {"video_list[0].video_url": "required"}),
        ([{"video_url": "aGk="}], {"video_list[0].video_url": "not_a_url"}),
        (video("style"), {"video_list[0].refer_type": "not_an_option"}),
        (
            video(keep_original_sound=True),
            {"video_list[0].keep_original_sound": "wrong_type"},
        ),
    ],
    ids=str,
)
def test_a_wrong_video(
    api: Api, model: str, given: list[dict[str, Any]], problem: dict[str, str]
) -> None:  # OMN-3
    assert api.problems(model, prompt="at night", **WIDE, video_list=given) == problem


@both
@pytest.mark.parametrize("kind", ["first_frame", "end_frame"])
def test_an_edited_video_takes_no_frames(api: Api, model: str, kind: str) -> None:  # OMN-4
    types = ["first_frame", "end_frame"] if kind == "end_frame" else [kind]
    given = {"prompt": "at night", "image_list": pictures(*types)}
    wrong = {f"image_list[{i}].type": "not_in_this_combination" for i in range(len(types))}
    assert api.problems(model, **given, video_list=video("base")) == wrong
    assert api.problems(model, **given, video_list=video()) == wrong


@both
def test_an_edited_video_takes_other_pictures(api: Api, model: str) -> None:  # OMN-4
    row = api.make(model, prompt="a", image_list=pictures(None), video_list=video("base"))
    (shot,) = api.storyboard(row).shots
    assert [each.number for each in shot.references] == [1]


@both
def test_an_edit_has_the_length_and_the_shape_of_its_video(
    api: Api, model: str
) -> None:  # OMN-4 OMN-8 OMN-10
    given = {"prompt": "at night", "video_list": video("base"), "duration": 3} | WIDE
    assert ignored(api, model, **given) == ["duration", "aspect_ratio"]
    assert ignored(api, model, **(given | {"duration": 77, "aspect_ratio": "?"})) == [
        "duration",
        "aspect_ratio",
    ]
    board = api.storyboard(api.make(model, **given))
    assert board.seconds == 10  # the longest that may come


def test_an_edited_video_is_one_shot(api: Api) -> None:  # OMN-4
    problems = api.problems(OMNI, **shots("at night", "at dusk"), video_list=video("base"))
    assert problems == {"multi_shot": "not_in_this_combination"}
    row = api.make(OMNI, **shots("a lake", "a hill"), video_list=video("feature"))
    assert [shot.seconds for shot in api.storyboard(row).shots] == [2, 2]


@pytest.mark.parametrize("use", ["base", "feature"])
def test_no_sound_is_made_beside_a_video(api: Api, use: str) -> None:  # OMN-4 OMN-5
    given = {"prompt": "a lake at night", "video_list": video(use)}
    assert api.problems(OMNI, **given, sound="on") == {"sound": "not_in_this_combination"}
    assert api.create(OMNI, **given, sound="off").status_code == 200


@both
def test_a_video_to_learn_from_goes_with_a_first_frame(api: Api, model: str) -> None:  # OMN-5
    given = {"prompt": "a", "video_list": video("feature")}
    assert api.create(model, **given, image_list=pictures("first_frame")).status_code == 200
    ends = pictures("first_frame", "end_frame")
    problems = api.problems(model, **given, image_list=ends)
    assert problems == {"image_list[1].type": "not_in_this_combination"}


@both
@pytest.mark.parametrize(
    ("count", "subjects", "beside", "good"),
    [
        (7, 0, None, True),
        (8, 0, None, False),
        (6, 1, None, True),
        (7, 1, None, False),
        (4, 0, "base", True),
        (5, 0, "base", False),
        (3, 1, "feature", True),
        (4, 1, "feature", False),
    ],
)
def test_how_many_pictures_and_subjects(
    api: Api, model: str, count: int, subjects: int, beside: str | None, good: bool
) -> None:  # OMN-6
    given = {
        "prompt": "at night",
        "image_list": pictures(*[None] * count),
        "element_list": [{"element_id": api.subject()} for _ in range(subjects)],
        "video_list": video(beside) if beside else [],
    }
    answer = api.create(model, **given, **WIDE)
    assert answer.status_code == (200 if good else 400), answer.text
    if not good:
        (problem,) = answer.json()["errors"]
        assert (problem["param"], problem["code"]) == ("image_list", "wrong_count")


@both
def test_a_subject_is_named_once(api: Api, model: str) -> None:  # OMN-7
    id = api.subject()
    given = {"prompt": "a", "element_list": [{"element_id": id}] * 2}
    assert api.problems(model, **given, **WIDE) == {"element_list[1].element_id": "repeated"}


@both
def test_a_shape_must_come_from_somewhere(api: Api, model: str) -> None:  # OMN-8
    assert api.problems(model, prompt="a") == {"aspect_ratio": "required"}
    alone = api.problems(model, prompt="a", image_list=pictures(None))
    assert alone == {"aspect_ratio": "required"}
    for given in (
        WIDE,
        {"image_list": pictures("first_frame")},
        {"video_list": video("base")},
        {"video_list": video("feature")},
    ):
        assert api.create(model, prompt="a lake at night", **given).status_code == 200
    wrong = api.problems(model, prompt="a", aspect_ratio="4:3")
    assert wrong == {"aspect_ratio": "not_an_option"}


@both
@pytest.mark.parametrize(
    ("ratio", "std", "pro"),
    [
        ("16:9", (1280, 720), (1920, 1080)),
        ("9:16", (720, 1280), (1080, 1920)),
        ("1:1", (960, 960), (1440, 1440)),
    ],
)
def test_sizes(
    api: Api, model: str, ratio: str, std: tuple[int, int], pro: tuple[int, int]
) -> None:  # OMN-8 T2V-5
    for mode, size in (("std", std), ("pro", pro)):
        board = api.storyboard(api.make(model, prompt="a", mode=mode, aspect_ratio=ratio))
        assert (board.width, board.height, board.fps) == (*size, Fraction(24))


@both
def test_a_first_frame_gives_the_shape(api: Api, model: str) -> None:  # OMN-8 V3-8
    first = [{"image_url": inline(500, 500), "type": "first_frame"}]
    given = {"prompt": "a", "image_list": first, "aspect_ratio": "16:9", "mode": "std"}
    board = api.storyboard(api.make(model, **given))
    assert (board.width, board.height) == (960, 960)
    assert ignored(api, model, **given) == ["aspect_ratio"]
    # Of a video that lends its camera alone the shape is taken only where nothing else has one.
    beside = given | {"video_list": video("feature")}
    assert api.storyboard(api.make(model, **beside)).width == 960


@both
@pytest.mark.parametrize(
    ("prompt", "code"),
    [
        ("<<<image_1>>> and <<<image_2>>>", None),
        ("<<<image_3>>>", "unknown_image"),
        ("<<<image_0>>>", "unknown_image"),
        ("<<<element_1>>>", None),
        ("<<<element_2>>>", "unknown_subject"),
        ("<<<video_1>>> at night", None),
        ("<<<video_2>>> at night", "unknown_video"),
    ],
)
def test_calls(api: Api, model: str, prompt: str, code: str | None) -> None:  # OMN-9
    given = {
        "image_list": pictures(None, None),
        "element_list": [{"element_id": api.subject()}],
        "video_list": video("feature"),
    }
    answer = api.create(model, prompt=prompt, **given)
    if code is None:
        assert answer.status_code == 200, answer.text
        return
    (problem,) = answer.json()["errors"]
    assert (problem["param"], problem["code"]) == ("prompt", code)
    assert prompt.split(maxsplit=1)[0] in problem["message"]


@both
def test_a_video_that_is_not_there_is_not_called(api: Api, model: str) -> None:  # OMN-9
    problems = api.problems(model, prompt="<<<video_1>>> at night", **WIDE)
    assert problems == {"prompt": "unknown_video"}


def test_what_a_shot_calls_appears_in_it(api: Api) -> None:  # OMN-9
    script = shots("<<<image_1>>> sits", "<<<image_3>>> and <<<element_1>>> run", "a garden")
    row = api.make(
        OMNI,
        **script,
        **WIDE,
        image_list=pictures(None, None, None),
        element_list=[{"element_id": api.subject()}],
    )
    numbers = [[each.number for each in shot.references] for shot in api.storyboard(row).shots]
    assert numbers == [[1, 2], [0, 2, 3], [2]]
    wrong = api.problems(OMNI, **shots("a", "<<<image_2>>>"), **WIDE, image_list=pictures(None))
    assert wrong == {"multi_prompt[1].prompt": "unknown_image"}


@pytest.mark.parametrize(
    ("model", "given", "good"),
    [
        *((model, n, True) for model in (OMNI, O1) for n in (3, "3", 5, 10, "10")),
        *((model, n, False) for model in (OMNI, O1) for n in (2, 16, "3.5", 0, True)),
        *((OMNI, n, True) for n in (11, 15)),
        *((O1, n, False) for n in (11, 15)),
    ],
)
def test_duration(api: Api, model: str, given: object, good: bool) -> None:  # OMN-10 O1-3
    if good:
        board = api.storyboard(api.make(model, prompt="a", **WIDE, duration=given))
        assert board.seconds == int(str(given))
    else:
        problems = api.problems(model, prompt="a", **WIDE, duration=given)
        assert problems.keys() == {"duration"}


@both
@pytest.mark.parametrize(("seconds", "good"), [(3, True), (10, True), (11, False)])
def test_duration_beside_a_video(
    api: Api, model: str, seconds: int, good: bool
) -> None:  # OMN-10 O1-3
    given = {"prompt": "a lake", "video_list": video("feature"), "duration": seconds}
    if good:
        assert api.storyboard(api.make(model, **given)).seconds == seconds
    else:
        assert api.problems(model, **given).keys() == {"duration"}


@both
def test_duration_is_5_where_none_is_given(api: Api, model: str) -> None:  # OMN-10 C-5
    assert api.storyboard(api.make(model, prompt="a", **WIDE)).seconds == 5


@pytest.mark.parametrize("nothing", [{}, {"prompt": None}, {"prompt": ""}])
def test_o1_needs_a_prompt(api: Api, nothing: dict[str, Any]) -> None:  # O1-1
    assert api.problems(O1, **nothing, **WIDE).keys() == {"prompt"}
    assert api.problems(OMNI, **nothing, **WIDE) == {"prompt": "required"}  # V3-2


def test_modes(api: Api) -> None:  # O1-2 C-10
    boards = {
        model: api.storyboard(api.make(model, prompt="a", **WIDE)).quality for model in (OMNI, O1)
    }
    assert boards == {OMNI: Quality.STANDARD, O1: Quality.HIGH}
    std = api.storyboard(api.make(O1, prompt="a", mode="std", **WIDE))
    assert (std.quality, std.width) == (Quality.STANDARD, 1280)


@pytest.mark.parametrize(
    "name", ["sound", "negative_prompt", "multi_shot", "multi_prompt", "shot_type", "cfg_scale"]
)
def test_what_o1_does_not_have(api: Api, name: str) -> None:  # C-9
    problems = api.problems(O1, prompt="a", **WIDE, **{name: "x"})
    assert problems == {name: "unknown_parameter"}


@pytest.mark.parametrize(
    ("model", "changes", "second"),
    [
        (OMNI, {}, "0.2520"),
        (OMNI, {"mode": "pro"}, "0.3360"),
        (OMNI, {"sound": "on"}, "0.3780"),
        (OMNI, {"sound": "on", "mode": "pro"}, "0.5040"),
        (OMNI, {"video_list": video("feature")}, "0.3780"),
        (O1, {"mode": "std"}, "0.2520"),
        (O1, {}, "0.3360"),
        (O1, {"video_list": video("feature"), "mode": "std"}, "0.3780"),
        (O1, {"video_list": video("feature")}, "0.5040"),
    ],
)
def test_price(api: Api, model: str, changes: dict[str, Any], second: str) -> None:
    assert api.quote(model, prompt="a", duration=3, **WIDE, **changes) == second


@both
def test_an_edit_that_is_not_here_yet_costs_by_its_length(api: Api, model: str) -> None:
    asked = {"prompt": "at night", "video_list": video("base"), "mode": "std"}
    answer = api.http.post("/model/v1/quote", json={"model": model, "input": [{"params": asked}]})
    told = answer.json()["usage"] if "usage" in answer.json() else answer.json()
    assert "video_list[0].video_url" in answer.text
    assert told
