"""kirin_v3_i2v: one shot or several (contract, V3-2 to V3-4)."""

from __future__ import annotations

from typing import Any

import pytest

from support.api import Api
from support.cards import V3
from support.pictures import inline

URL = "https://example.com/picture.jpg"
PROMPT_512 = {"x": "x" * 512, "cjk": "駿" * 512, "emoji": "🐴" * 512}

ANYTHING = [
    0,
    -1.5,
    True,
    "",
    "x" * 3000,
    "a\x00b",
    [],
    [None],
    [{"index": "first", "prompt": 7, "duration": "long", "colour": "red"}] * 9,
    {"deep": [{"deeper": {}}]},
]
"""Values that no parameter of the model takes."""


def shots(*seconds: object) -> list[dict[str, Any]]:
    """Shots of these lengths."""
    return [
        {"index": number, "prompt": f"shot {number}", "duration": length}
        for number, length in enumerate(seconds, 1)
    ]


def several(*seconds: object, **changes: Any) -> dict[str, Any]:
    """A request for shots of these lengths, 5 seconds in all."""
    directed = {"multi_shot": True, "shot_type": "customize", "multi_prompt": shots(*seconds)}
    return {"image": URL, **directed, **changes}


def ignored(api: Api, **params: Any) -> list[str]:
    """What a request that must be accepted says without effect."""
    return api.read(api.make(V3, **params).id)["metadata"]["ignored"]


@pytest.mark.parametrize("multi_shot", [{}, {"multi_shot": False}, {"multi_shot": None}])
@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({}, "required"),
        ({"prompt": None}, "required"),
        ({"prompt": ""}, "required"),
        ({"prompt": " \n"}, "too_short"),
        ({"prompt": 5}, "wrong_type"),
        ({"prompt": "🐴" * 2501}, "too_long"),
    ],
)
def test_one_shot_needs_a_prompt(
    api: Api, multi_shot: dict[str, Any], given: dict[str, Any], code: str
) -> None:  # V3-2
    assert api.problems(V3, image=URL, **multi_shot, **given) == {"prompt": code}


@pytest.mark.parametrize("given", [0, 1, "true", "", [], {}])
def test_a_wrong_multi_shot(api: Api, given: object) -> None:  # V3-2 V3-3
    both = several(2, 3, multi_shot=given, prompt="a")
    assert api.problems(V3, **both) == {"multi_shot": "wrong_type"}


@pytest.mark.parametrize("given", [0, "true"])
def test_what_hangs_on_a_wrong_multi_shot_is_not_judged(api: Api, given: object) -> None:  # V3-3
    assert api.problems(V3, **several(2, 3, multi_shot=given)) == {"multi_shot": "wrong_type"}
    alone = {"image": URL, "prompt": "a", "multi_shot": given}
    assert api.problems(V3, **alone) == {"multi_shot": "wrong_type"}


@pytest.mark.parametrize("multi_shot", [{}, {"multi_shot": False}])
@pytest.mark.parametrize("name", ["shot_type", "multi_prompt"])
@pytest.mark.parametrize("value", ANYTHING, ids=lambda value: str(value)[:20])
def test_one_shot_asks_for_no_others_whatever_is_said_of_them(
    api: Api, multi_shot: dict[str, Any], name: str, value: object
) -> None:  # V3-2 W-8
    given = {"image": URL, "prompt": "the one", **multi_shot, name: value}
    blank = [] if name == "multi_prompt" else ""  # which counts as absent (C-11)
    assert ignored(api, **given) == ([] if value == blank else [name])
    (shot,) = api.storyboard(api.make(V3, **given)).shots
    assert (shot.prompt, shot.seconds) == ("the one", 5)


@pytest.mark.parametrize("value", ANYTHING, ids=lambda value: str(value)[:20])
def test_several_shots_have_prompts_of_their_own_whatever_the_other_says(
    api: Api, value: object
) -> None:  # V3-3 W-8
    given = several(2, 3, prompt=value)
    assert ignored(api, **given) == ([] if value == "" else ["prompt"])  # C-11
    made = api.storyboard(api.make(V3, **given)).shots
    assert [shot.prompt for shot in made] == ["shot 1", "shot 2"]


def test_what_has_no_effect_is_told_in_the_order_it_was_given(api: Api) -> None:  # W-8 V3-2
    given = {"multi_prompt": shots(9), "image": URL, "shot_type": "no", "prompt": "a"}
    assert ignored(api, **given) == ["multi_prompt", "shot_type"]
    assert ignored(api, image=URL, prompt="a", shot_type=None, multi_prompt=None) == []
    assert ignored(api, **several(5)) == []


def test_what_has_no_effect_is_not_kept(api: Api) -> None:  # V3-2 V3-3
    assert "multi_prompt" not in api.make(V3, **several(2, 3, prompt="a", multi_shot=False)).params
    assert "prompt" not in api.make(V3, **several(2, 3, prompt="a")).params


@pytest.mark.parametrize("missing", ["shot_type", "multi_prompt"])
def test_several_shots_need_their_directions(api: Api, missing: str) -> None:  # V3-3
    given = {name: value for name, value in several(2, 3).items() if name != missing}
    assert api.problems(V3, **given) == {missing: "required"}
    assert api.problems(V3, **several(2, 3, **{missing: None})) == {missing: "required"}
    assert api.problems(V3, image=URL, multi_shot=True, prompt="a").keys() == {
        "shot_type",
        "multi_prompt",
    }


@pytest.mark.parametrize("given", ["", "intelligence", "Customize", 1, True, ["customize"]])
def test_a_wrong_shot_type(api: Api, given: object) -> None:  # V3-3
    assert api.problems(V3, **several(2, 3, shot_type=given)).keys() == {"shot_type"}


@pytest.mark.parametrize(("count", "good"), [(0, False), (1, True), (6, True), (7, False)])
def test_one_to_six_shots(api: Api, count: int, good: bool) -> None:  # V3-4
    given = several(*[2] * count, duration=2 * count) if count > 1 else several(*[5] * count)
    if good:
        assert len(api.storyboard(api.make(V3, **given)).shots) == count
    else:
        code = "wrong_count" if count else "required"
        assert api.problems(V3, **given) == {"multi_prompt": code}


@pytest.mark.parametrize("prompt", PROMPT_512.values(), ids=PROMPT_512)
def test_a_shot_prompt_of_512_characters_and_not_513(api: Api, prompt: str) -> None:  # V3-4
    first, second = shots(2, 3)
    given = several(multi_prompt=[first, {**second, "prompt": prompt}])
    assert api.storyboard(api.make(V3, **given)).shots[1].prompt == prompt
    longer = several(multi_prompt=[first, {**second, "prompt": prompt + prompt[0]}])
    assert api.problems(V3, **longer) == {"multi_prompt[1].prompt": "too_long"}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"prompt": ""}, {"prompt": "too_short"}),
        ({"prompt": "　\n"}, {"prompt": "too_short"}),
        ({"prompt": None}, {"prompt": "required"}),
        ({"prompt": 7}, {"prompt": "wrong_type"}),
        ({"duration": None}, {"duration": "required"}),
        ({"duration": 0}, {"duration": "not_an_option"}),
        ({"duration": -3}, {"duration": "not_an_option"}),
        ({"duration": 16}, {"duration": "not_an_option"}),
        ({"duration": 3.5}, {"duration": "not_an_option"}),
        ({"duration": "3.5"}, {"duration": "not_an_option"}),
        ({"duration": ""}, {"duration": "not_an_option"}),
        ({"duration": True}, {"duration": "wrong_type"}),
        ({"index": None}, {"index": "required"}),
        ({"index": -1}, {"index": "out_of_range"}),
        ({"index": 2**31}, {"index": "out_of_range"}),
        ({"index": "2"}, {"index": "wrong_type"}),
        ({"index": 1.5}, {"index": "wrong_type"}),
        ({"index": True}, {"index": "wrong_type"}),
        ({"camera": "low"}, {"camera": "unknown_parameter"}),
    ],
    ids=str,
)
def test_a_wrong_shot(api: Api, change: dict[str, object], code: dict[str, str]) -> None:  # V3-4
    first, second = shots(2, 3)
    problems = api.problems(V3, **several(multi_prompt=[first, second | change]))
    assert problems == {f"multi_prompt[1].{name}": value for name, value in code.items()}


@pytest.mark.parametrize("given", ["a, then b", {"index": 1}, 7, True])
def test_shots_are_a_list(api: Api, given: object) -> None:  # V3-4
    assert api.problems(V3, **several(multi_prompt=given)) == {"multi_prompt": "wrong_type"}


@pytest.mark.parametrize("entry", ["a", None, [], 1])
def test_a_shot_is_an_object(api: Api, entry: object) -> None:  # V3-4
    given = several(multi_prompt=[shots(5)[0], entry])
    assert api.problems(V3, **given) == {"multi_prompt[1]": "wrong_type"}


@pytest.mark.parametrize(
    ("seconds", "duration", "good"),
    [
        ((2, 3), 5, True),
        ((2, 3), None, True),  # the default counts
        (("2", 3.0), "5", True),
        (("2.0", "3"), 5, True),
        ((14, 1), 15, True),
        ((1, 1, 1), 3, True),
        ((15,), 15, True),
        ((2, 2), 5, False),
        ((3, 3), 5, False),
        ((2, 3), 6, False),
        ((4,), 5, False),
        ((1, 1, 1, 1), None, False),
    ],
)
def test_the_seconds_of_the_shots_add_up(
    api: Api, seconds: tuple[object, ...], duration: object, good: bool
) -> None:  # V3-4
    given = several(*seconds, duration=duration)
    if good:
        made = api.storyboard(api.make(V3, **given)).shots
        assert [shot.seconds for shot in made] == [int(float(str(one))) for one in seconds]
    else:
        answer = api.create(V3, **given)
        (problem,) = answer.json()["errors"]
        assert (problem["param"], problem["code"]) == ("multi_prompt", "wrong_sum")
        assert f"= {sum(map(int, map(str, seconds)))} for duration" in problem["message"]


def test_a_shot_longer_than_the_whole(api: Api) -> None:  # V3-4
    problems = api.problems(V3, **several(6, 1))
    assert problems == {"multi_prompt[0].duration": "out_of_range", "multi_prompt": "wrong_sum"}


@pytest.mark.parametrize("duration", ["long", 2, 16, True])
def test_shots_are_not_summed_against_a_wrong_duration(api: Api, duration: object) -> None:  # V3-4
    assert api.problems(V3, **several(4, 4, duration=duration)).keys() == {"duration"}


def test_an_index_stands_once(api: Api) -> None:  # V3-4
    first, second, third = shots(1, 2, 2)
    given = several(multi_prompt=[first, second, third | {"index": 1}])
    answer = api.create(V3, **given)
    (problem,) = answer.json()["errors"]
    assert (problem["param"], problem["code"]) == ("multi_prompt[2].index", "repeated")
    assert "multi_prompt[0]" in problem["message"]
    thrice = [shot | {"index": 4} for shot in (first, second, third)]
    problems = api.problems(V3, **several(multi_prompt=thrice))
    assert problems.keys() == {"multi_prompt[1].index", "multi_prompt[2].index"}


@pytest.mark.parametrize("order", [(1, 2, 3), (3, 1, 2), (0, 7, 2**31 - 1), (20, 10, 0)])
def test_shots_play_in_the_order_of_their_index(api: Api, order: tuple[int, ...]) -> None:  # V3-4
    script = [
        {"index": index, "prompt": f"number {index}", "duration": 2 if index else 1}
        for index in order
    ]
    total = sum(entry["duration"] for entry in script)
    made = api.storyboard(api.make(V3, **several(multi_prompt=script, duration=total))).shots
    assert [shot.prompt for shot in made] == [f"number {index}" for index in sorted(order)]
    assert [shot.seconds for shot in made] == [2 if index else 1 for index in sorted(order)]


def test_the_first_shot_begins_and_the_last_one_ends_with_a_picture(api: Api) -> None:  # V3-1 V3-4
    given = several(1, 2, 2, image=inline(400, 300), image_tail=inline(500, 300))
    row = api.make(V3, **(given | {"multi_prompt": given["multi_prompt"][::-1]}))
    first, middle, last = api.storyboard(row).shots
    assert (first.first, first.last) == (row.assets["image"], None)
    assert (middle.first, middle.last) == (None, None)
    assert (last.first, last.last) == (None, row.assets["image_tail"])


@pytest.mark.parametrize(
    ("prompts", "seen"),
    [
        (("<<<element_2>>> runs", "ADA waves", "rain"), [["Rex"], ["Ada"], []]),
        (("rain", "rex barks", "rain"), [["Ada"], ["Ada", "Rex"], ["Ada"]]),
        (("adapted", "T-rexes", "<<<element>>>"), [["Ada", "Rex"]] * 3),
    ],
)
def test_subjects_are_in_the_shots_that_call_them_or_else_in_all(
    api: Api, prompts: tuple[str, ...], seen: list[list[str]]
) -> None:  # V3-4 V3-5
    ids = [api.subject(element_name=name) for name in ("Ada", "Rex")]
    script = [one | {"prompt": said} for one, said in zip(shots(1, 2, 2), prompts, strict=True)]
    given = several(multi_prompt=script, element_list=[{"element_id": id} for id in ids])
    made = api.storyboard(api.make(V3, **given)).shots
    assert [[reference.name for reference in shot.references] for shot in made] == seen


def test_a_call_of_a_subject_that_is_not_there_is_refused(api: Api) -> None:  # V3-5 W-9
    one, two = shots(1, 2)
    script = [one, two | {"prompt": "<<<element_2>>> runs"}]
    given = several(multi_prompt=script, duration=3, element_list=[{"element_id": api.subject()}])
    assert api.problems(V3, **given) == {"multi_prompt[1].prompt": "unknown_subject"}


def test_all_that_is_wrong_with_the_shots_is_told_at_once(api: Api) -> None:  # V3-4 W-9
    script = [
        {"index": 1, "prompt": "", "duration": 6},
        {"index": 1, "prompt": "x" * 513, "duration": "soon"},
        "cut",
        {"index": 2, "promt": "a"},
    ]
    given = several(multi_prompt=script, shot_type="auto", sound="loud", image=inline(299, 300))
    assert api.problems(V3, **given) == {
        "image": "too_small",
        "sound": "not_an_option",
        "shot_type": "not_an_option",
        "multi_prompt[0].prompt": "too_short",
        "multi_prompt[0].duration": "out_of_range",
        "multi_prompt[1].index": "repeated",
        "multi_prompt[1].prompt": "too_long",
        "multi_prompt[1].duration": "not_an_option",
        "multi_prompt[2]": "wrong_type",
        "multi_prompt[3].promt": "unknown_parameter",
        "multi_prompt[3].prompt": "required",
        "multi_prompt[3].duration": "required",
    }


def test_a_video_of_three_shots(api: Api) -> None:  # V3-3 V3-4 V3-8 W-6
    given = several(1, 1, 1, image=inline(400, 300), duration="3", prompt="not this")
    task = api.finish(V3, **given)
    facts = {"frames": 72, "duration": 3, "ignored": ["prompt"], "engine": "scripted"}
    assert facts.items() <= task["metadata"].items()
    assert task["usage"]["cost"] == "0.2520"
