"""kirin_v3_t2v (contract, "The rest of the family": V3T-1 to V3T-3)."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from support.api import Api

V3 = "kirin_v3_t2v"


def shots(*lengths: object) -> dict[str, Any]:
    """A script of shots with these seconds."""
    script = [
        {"index": index, "prompt": f"shot {index}", "duration": length}
        for index, length in enumerate(lengths, 1)
    ]
    return {"multi_shot": True, "shot_type": "customize", "multi_prompt": script}


def test_one_shot_by_the_prompt(api: Api) -> None:  # V3-2 V3T-1
    assert api.problems(V3) == {"prompt": "required"}
    row = api.make(V3, prompt="a", shot_type="none", multi_prompt=7)
    assert [shot.prompt for shot in api.storyboard(row).shots] == ["a"]


def test_several_shots_by_the_script(api: Api) -> None:  # V3-3 V3-4 V3T-1
    missing = api.problems(V3, multi_shot=True, prompt="a")
    assert missing == {"shot_type": "required", "multi_prompt": "required"}
    script = shots("2", 3)
    script["multi_prompt"].reverse()
    board = api.storyboard(api.make(V3, **script))
    assert [(shot.prompt, shot.seconds) for shot in board.shots] == [("shot 1", 2), ("shot 2", 3)]
    assert all(shot.drawn for shot in board.shots)


@pytest.mark.parametrize(
    ("lengths", "duration", "good"),
    [
        ((5,), 5, True),
        ((1, 1, 1, 1, 1, 1), 6, True),
        ((1, 1, 1, 1, 1, 1, 1), 7, False),
        ((2, 2), 5, False),
        ((3, 3), 5, False),
        ((15,), 15, True),
    ],
)
def test_the_shots_add_up(
    api: Api, lengths: tuple[int, ...], duration: int, good: bool
) -> None:  # V3-4 V3T-1
    answer = api.create(V3, **shots(*lengths), duration=duration)
    assert (answer.status_code == 200) is good


@pytest.mark.parametrize(("given", "good"), [(2, 0), (3, 1), ("15", 1), (16, 0)])
def test_duration(api: Api, given: object, good: bool) -> None:  # V3-7 V3T-1
    if good:
        assert api.storyboard(api.make(V3, prompt="a", duration=given)).seconds == int(str(given))
    else:
        assert api.problems(V3, prompt="a", duration=given) == {"duration": "not_an_option"}


@pytest.mark.parametrize("mode", ["std", "pro"])
def test_sound_in_both_modes(api: Api, mode: str) -> None:  # V3-6 V3T-1
    assert api.storyboard(api.make(V3, prompt="a", mode=mode, sound="on")).sound
    assert not api.storyboard(api.make(V3, prompt="a", mode=mode)).sound


@pytest.mark.parametrize("name", ["image", "image_tail", "element_list", "cfg_scale"])
def test_there_are_no_pictures_and_no_subjects(api: Api, name: str) -> None:  # V3T-1 C-9
    assert api.problems(V3, prompt="a", **{name: "x"}) == {name: "unknown_parameter"}


def test_aspect_ratio(api: Api) -> None:  # V3T-2
    sizes = {"16:9": (1280, 720), "9:16": (720, 1280), "1:1": (960, 960)}
    for given, size in sizes.items():
        board = api.storyboard(api.make(V3, prompt="a", aspect_ratio=given))
        assert (board.width, board.height) == size
    board = api.storyboard(api.make(V3, prompt="a"))
    assert (board.width, board.height) == sizes["16:9"]
    assert api.problems(V3, prompt="a", aspect_ratio="4:3") == {"aspect_ratio": "not_an_option"}


@pytest.mark.parametrize(("mode", "size"), [("std", (960, 960)), ("pro", (1440, 1440))])
def test_size_and_frame_rate(api: Api, mode: str, size: tuple[int, int]) -> None:  # V3T-3
    board = api.storyboard(api.make(V3, prompt="a", mode=mode, aspect_ratio="1:1"))
    assert (board.width, board.height) == size
    assert board.fps == Fraction(24)


@pytest.mark.parametrize(
    ("params", "price"),
    [
        ({}, "0.4200"),
        ({"mode": "pro", "duration": 3}, "0.3360"),
        ({"sound": "on", "duration": 15}, "1.8900"),
        ({"mode": "pro", "sound": "on"}, "0.8400"),
    ],
)
def test_price(api: Api, params: dict[str, Any], price: str) -> None:
    assert api.quote(V3, prompt="a", **params) == price


def test_the_output_tells_the_duration(api: Api) -> None:  # W-5
    (content,) = api.finish(V3, prompt="tiny", duration=3)["output"][0]["content"]
    assert content["duration"] == 3
    (plain,) = api.finish("kirin_v2_1_master_t2v", prompt="tiny")["output"][0]["content"]
    assert plain.keys() == {"type", "url", "jobId"}
