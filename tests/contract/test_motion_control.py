"""kirin_v3_motion_control: its request and its price (contract, MC-1, MC-2 and MC-4 to MC-8)."""

from __future__ import annotations

from typing import Any

import pytest

from kirin.domain.storyboard import Orientation, Quality
from support.api import Api
from support.cards import MOTION
from support.loopback import FileHost
from support.pictures import claimed_png, flat_png, inline, text
from support.videos import video

IMAGE = "https://example.com/character.jpg"
VIDEO = "https://example.com/dance.mp4"


def request(**changes: Any) -> dict[str, Any]:
    """A good request, with some parameters changed."""
    plain = {
        "image_url": IMAGE,
        "video_url": VIDEO,
        "character_orientation": "image",
        "mode": "std",
    }
    return plain | changes


@pytest.mark.parametrize("name", ["image_url", "video_url", "character_orientation", "mode"])
def test_what_is_required(api: Api, name: str) -> None:  # MC-1 MC-2 MC-4 MC-5
    assert api.problems(MOTION, **request(**{name: None})) == {name: "required"}
    without = {key: value for key, value in request().items() if key != name}
    assert api.problems(MOTION, **without) == {name: "required"}


def test_all_that_is_missing_is_told_at_once(api: Api) -> None:  # MC-1 MC-2 MC-4 MC-5 W-9
    assert api.problems(MOTION) == dict.fromkeys(request(), "required")


@pytest.mark.parametrize(
    ("size", "code"),
    [
        ((299, 300), "too_small"),
        ((300, 299), "too_small"),
        ((300, 300), None),
        ((750, 300), None),
        ((751, 300), "aspect"),
        ((300, 751), "aspect"),
        ((26_215, 65_536), None),
        ((65_536, 26_215), None),
        ((26_215, 65_537), "too_large"),
        ((65_537, 26_215), "too_large"),
    ],
    ids=str,
)
def test_size_and_aspect_of_the_image(
    api: Api, size: tuple[int, int], code: str | None
) -> None:  # MC-1 C-3
    given = request(image_url=text(flat_png(*size, depth=1)))
    if code is None:
        row = api.make(MOTION, **given)
        assert (row.assets["image_url"].width, row.assets["image_url"].height) == size
    else:
        assert api.problems(MOTION, **given) == {"image_url": code}


def test_sides_of_the_image_are_told_with_their_rules(api: Api) -> None:  # MC-1
    answer = api.create(MOTION, **request(image_url=text(claimed_png(26_300, 65_537))))
    (problem,) = answer.json()["errors"]
    assert problem["rules"] == ["MC-1", "C-3"]
    assert "65536" in problem["message"]


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ("", "too_short"),
        ("  ", "too_short"),
        (7, "wrong_type"),
        ([VIDEO], "wrong_type"),
        ({"url": VIDEO}, "wrong_type"),
        ("ftp://example.com/dance.mp4", "scheme"),
        ("file:///etc/passwd", "file_inputs_off"),
        ("ftp://example.com/a", "scheme"),
        ("data:video/mp4;base64,AAAA", "data_url"),
        ("dance.mp4", "not_a_url"),
        (text(video()), "not_a_url"),
        ("https://", "malformed_url"),
        ("https://me@example.com/dance.mp4", "userinfo"),
        ("http://127.0.0.1/dance.mp4", "not_public"),
        ("http://169.254.169.254/dance.mp4", "not_public"),
        ("http://[::ffff:10.0.0.1]/dance.mp4", "not_public"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_the_video_is_a_url(api: Api, given: object, code: str) -> None:  # MC-2
    assert api.problems(MOTION, **request(video_url=given)) == {"video_url": code}


@pytest.mark.parametrize("orientation", ["image", "video"])
def test_orientation(api: Api, orientation: str) -> None:  # MC-4
    board = api.storyboard(api.make(MOTION, **request(character_orientation=orientation)))
    assert board.driving is not None
    assert board.driving.orientation is Orientation(orientation)


@pytest.mark.parametrize("given", ["", "Image", "left", True, 1, ["image"]])
def test_a_wrong_orientation(api: Api, given: object) -> None:  # MC-4
    problems = api.problems(MOTION, **request(character_orientation=given))
    assert problems.keys() == {"character_orientation"}


@pytest.mark.parametrize(("mode", "quality"), [("std", Quality.STANDARD), ("pro", Quality.HIGH)])
def test_mode(api: Api, mode: str, quality: Quality) -> None:  # MC-5
    assert api.storyboard(api.make(MOTION, **request(mode=mode))).quality is quality


@pytest.mark.parametrize("given", ["", "STD", "best", 1, False])
def test_a_wrong_mode(api: Api, given: object) -> None:  # MC-5
    assert api.problems(MOTION, **request(mode=given)).keys() == {"mode"}


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({}, True),
        ({"keep_original_sound": None}, True),
        ({"keep_original_sound": "yes"}, True),
        ({"keep_original_sound": "no"}, False),
    ],
    ids=str,
)
def test_keep_original_sound(api: Api, given: dict[str, Any], kept: bool) -> None:  # MC-6
    board = api.storyboard(api.make(MOTION, **request(**given)))
    assert board.driving is not None
    assert board.driving.keep_sound is kept


@pytest.mark.parametrize("given", [" ", "Yes", "on", True, False, 1])
def test_a_wrong_keep_original_sound(api: Api, given: object) -> None:  # MC-6
    problems = api.problems(MOTION, **request(keep_original_sound=given))
    assert problems.keys() == {"keep_original_sound"}


def test_one_subject_takes_the_characters_place(api: Api) -> None:  # MC-7
    id = api.subject(element_name="Ada")
    given = request(character_orientation="video", element_list=[{"element_id": id}])
    row = api.make(MOTION, **given)
    assert [subject.id for subject in row.subjects] == [id]
    (shot,) = api.storyboard(row).shots
    assert [reference.name for reference in shot.references] == ["Ada"]


def test_two_subjects_are_too_many(api: Api) -> None:  # MC-7
    both = [{"element_id": api.subject()}, {"element_id": api.subject()}]
    given = request(character_orientation="video", element_list=both)
    assert api.problems(MOTION, **given) == {"element_list": "wrong_count"}


def test_a_subject_goes_only_with_orientation_video(api: Api) -> None:  # MC-7
    one = [{"element_id": api.subject()}]
    answer = api.create(MOTION, **request(element_list=one))
    (problem,) = answer.json()["errors"]
    assert (problem["param"], problem["code"], problem["rules"]) == (
        "element_list",
        "not_in_this_combination",
        ["MC-7"],
    )
    assert "character_orientation video" in problem["message"]


@pytest.mark.parametrize("given", [{}, {"character_orientation": "sideways"}])
def test_an_orientation_that_is_not_known_forbids_no_subject(
    api: Api, given: dict[str, Any]
) -> None:  # MC-7 W-9
    one = [{"element_id": api.subject()}]
    wrong = request(element_list=one, **({"character_orientation": None} | given))
    assert api.problems(MOTION, **wrong).keys() == {"character_orientation"}


def test_a_video_subject_does_not_apply(fetching: Api, files: FileHost) -> None:  # MC-7 EL-5
    shown = files.add("subject.mp4", video())
    id = fetching.subject(
        reference_type="video_refer",
        element_image_list=None,
        element_video_list={"refer_videos": [{"video_url": shown}]},
    )
    given = request(character_orientation="video", element_list=[{"element_id": id}])
    answer = fetching.create(MOTION, **given)
    (problem,) = answer.json()["errors"]
    assert (problem["param"], problem["rules"]) == ("element_list[0].element_id", ["MC-7"])
    for words in (f"element {id}", "made from a video", "made from images"):
        assert words in problem["message"]
    assert (
        fetching.create(
            "kirin_v3_i2v", image=IMAGE, prompt="a", element_list=[{"element_id": id}]
        ).status_code
        == 200
    )


@pytest.mark.parametrize("given", [{}, {"prompt": None}])
def test_the_prompt_is_optional(api: Api, given: dict[str, Any]) -> None:  # MC-8
    (shot,) = api.storyboard(api.make(MOTION, **request(**given))).shots
    assert shot.prompt == ""


@pytest.mark.parametrize(
    ("given", "code"),
    [("馬" * 2500, None), ("馬" * 2501, "too_long"), (" ", "too_short"), (7, "wrong_type")],
    ids=lambda value: str(value)[:10],
)
def test_a_prompt(api: Api, given: object, code: str | None) -> None:  # MC-8 C-4
    if code is None:
        (shot,) = api.storyboard(api.make(MOTION, **request(prompt=given))).shots
        assert shot.prompt == given
    else:
        assert api.problems(MOTION, **request(prompt=given)) == {"prompt": code}


@pytest.mark.parametrize("name", ["duration", "negative_prompt", "image", "sound", "cfg_scale"])
def test_what_this_model_does_not_have(api: Api, name: str) -> None:  # C-9
    assert api.problems(MOTION, **request(**{name: "5"})) == {name: "unknown_parameter"}


@pytest.mark.parametrize(
    ("mode", "orientation", "most"),
    [
        ("std", "image", "1.2600"),
        ("std", "video", "3.7800"),
        ("pro", "image", "1.6800"),
        ("pro", "video", "5.0400"),
    ],
)
def test_before_the_video_is_there_the_longest_is_quoted(
    api: Api, mode: str, orientation: str, most: str
) -> None:
    given = request(image_url=inline(), mode=mode, character_orientation=orientation)
    assert api.quote(MOTION, **given) == most
