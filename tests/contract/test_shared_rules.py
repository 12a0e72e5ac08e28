"""Rules that all models share (contract, section 2), on every model that the catalogue has.

What a request comes to is asked over HTTP, once for each kind of parameter; then every model's card
is asked whether it takes and refuses the same.
"""

from __future__ import annotations

import pytest
from jsonschema import Draft202012Validator

from kirin.catalogue.card import Card
from kirin.catalogue.schema import params_schema
from support.api import TASK, Api
from support.cards import (
    CARDS,
    I2V,
    T2V,
    each_kind_of,
    each_kind_of_prompt,
    each_prompt,
    good,
    having,
    said,
)
from support.pictures import inline

HORSES = "🐴" * 2500
CHARACTERS = "駿" * 2500
FAMILY = "👨‍👩‍👧" * 500
"""One picture on the screen, five characters of Unicode: 2500 in all."""


PROMPTS = {
    "x": "x" * 2500,
    "emoji": HORSES,
    "cjk": CHARACTERS,
    "zwj": FAMILY,
    "lines": "\n" * 2499 + "x",
}
LONGER = {"x": "x" * 2501, "emoji": HORSES + "🐴", "cjk": CHARACTERS + "馬", "zwj": FAMILY + "!"}


@each_kind_of_prompt()
@pytest.mark.parametrize("prompt", PROMPTS.values(), ids=PROMPTS)
def test_2500_characters_are_a_prompt(api: Api, card: Card, name: str, prompt: str) -> None:  # C-4
    assert api.make(card.id, **good(card, **{name: prompt})).params[name] == prompt


@each_kind_of_prompt()
@pytest.mark.parametrize("prompt", LONGER.values(), ids=LONGER)
def test_2501_characters_are_too_many(api: Api, card: Card, name: str, prompt: str) -> None:  # C-4
    assert api.problems(card.id, **good(card, **{name: prompt})) == {name: "too_long"}


@each_prompt()
def test_every_prompt_ends_at_2500_characters(card: Card, name: str) -> None:  # C-4
    for prompt in PROMPTS.values():
        checked = card.check(good(card, **{name: prompt}))
        assert (checked.problems, checked.values[name]) == ([], prompt)
    for prompt in LONGER.values():
        assert said(card, good(card, **{name: prompt})) == {name: "too_long"}


DURATIONS = [
    *(("5", 5), (5, 5), (5.0, 5), ("5.0", 5), ("05", 5)),
    *(("10", 10), (10, 10), ("10.00", 10)),
]
WRONG_DURATIONS = [
    *("5.", "5.5", " 5", "+5", "5s", "٥", " ", "-5", "1e1", "0x5", "NaN", "five", "5,0"),
    *(5.5, 5.000001, -5, 0, 10**30, 1e300, True, False, [], [5], {}, {"seconds": 5}),
]


@each_kind_of("duration")
@pytest.mark.parametrize(("given", "seconds"), DURATIONS, ids=repr)
def test_duration_is_a_string_or_a_number(
    api: Api, card: Card, given: object, seconds: int
) -> None:  # C-5
    kept = api.make(card.id, **good(card, duration=given)).params["duration"]
    assert (type(kept), kept) == (int, seconds)


@each_kind_of("duration")
@pytest.mark.parametrize("given", WRONG_DURATIONS, ids=repr)
def test_a_wrong_duration(api: Api, card: Card, given: object) -> None:  # C-5
    assert api.problems(card.id, **good(card, duration=given)).keys() == {"duration"}


@having("duration")
def test_every_duration_is_a_string_or_a_number(card: Card) -> None:  # C-5
    for given, seconds in DURATIONS:
        checked = card.check(good(card, duration=given))
        kept = checked.values["duration"]
        assert (checked.problems, type(kept), kept) == ([], int, seconds)
    for wrong in WRONG_DURATIONS:
        assert said(card, good(card, duration=wrong)).keys() == {"duration"}


@having("duration")
def test_duration_is_5_where_none_is_given(api: Api, card: Card) -> None:  # C-5
    for params in (good(card), good(card, duration=None)):
        assert api.make(card.id, **params).params["duration"] == 5


WATERMARKS: list[tuple[object, bool]] = [
    ({"enabled": True}, True),
    ({"enabled": False}, False),
    ([{"enabled": True}], True),
    ([{"enabled": False}], False),
]
WRONG_WATERMARKS: list[tuple[object, dict[str, str]]] = [
    ({}, {"watermark_info.enabled": "required"}),
    ({"enabled": None}, {"watermark_info.enabled": "required"}),
    ({"enabled": "true"}, {"watermark_info.enabled": "wrong_type"}),
    ({"enabled": 1}, {"watermark_info.enabled": "wrong_type"}),
    ({"enabled": True, "text": "me"}, {"watermark_info.text": "unknown_parameter"}),
    ([{"enabled": True, "url": "x"}], {"watermark_info[0].url": "unknown_parameter"}),
    ([{"enabled": True}, {"enabled": True}], {"watermark_info": "wrong_type"}),
    ([True], {"watermark_info[0]": "wrong_type"}),
    (True, {"watermark_info": "wrong_type"}),
    ("true", {"watermark_info": "wrong_type"}),
]


@each_kind_of("watermark_info")
@pytest.mark.parametrize(("given", "wanted"), WATERMARKS)
def test_watermark_info(api: Api, card: Card, given: object, wanted: bool) -> None:  # C-6
    row = api.make(card.id, **good(card, watermark_info=given))
    assert row.params["watermark_info"] == {"enabled": wanted}


@each_kind_of("watermark_info")
@pytest.mark.parametrize(("given", "wrong"), WRONG_WATERMARKS)
def test_a_wrong_watermark_info(
    api: Api, card: Card, given: object, wrong: dict[str, str]
) -> None:  # C-6
    assert api.problems(card.id, **good(card, watermark_info=given)) == wrong


@having("watermark_info")
def test_every_watermark_info(card: Card) -> None:  # C-6
    for given, wanted in WATERMARKS:
        checked = card.check(good(card, watermark_info=given))
        assert (checked.problems, checked.values["watermark_info"]) == ([], {"enabled": wanted})
    for given, wrong in WRONG_WATERMARKS:
        assert said(card, good(card, watermark_info=given)) == wrong


CALLBACKS = ("http://example.com", "https://example.com:8443/a?b=c")


@each_kind_of("callback_url")
@pytest.mark.parametrize("url", CALLBACKS)
def test_a_callback_url(api: Api, card: Card, url: str) -> None:  # C-7
    assert api.make(card.id, **good(card, callback_url=url)).callback_url == url


WRONG_CALLBACKS = [
    "ftp://example.com",
    "example.com",
    "//example.com",
    " ",
    "https://example.com/a\nb",
    "https://",
    "https://user@example.com",
    "http://127.0.0.1:9000/hook",
    "http://10.0.0.7/hook",
    "http://[fd00::1]/hook",
    "http://localhost/hook",
    "http://169.254.169.254/",
    f"https://example.com/{'x' * 2048}",
    7,
    ["https://example.com"],
]


@each_kind_of("callback_url")
@pytest.mark.parametrize("url", WRONG_CALLBACKS, ids=lambda url: str(url)[:30])
def test_a_callback_that_is_not_called(api: Api, card: Card, url: object) -> None:  # C-7
    answer = api.create(card.id, **good(card, callback_url=url))
    assert answer.status_code == 400
    (problem,) = answer.json()["errors"]
    assert (problem["param"], problem["rules"]) == ("callback_url", ["C-7"])


@having("callback_url")
def test_every_model_calls_back_and_no_address_inside(api: Api, card: Card) -> None:  # C-7
    for url in CALLBACKS:
        assert said(card, good(card, callback_url=url)) == {}
    inside = api.create(card.id, **good(card, callback_url="http://127.0.0.1:9000/hook"))
    (problem,) = inside.json()["errors"]
    assert (problem["param"], problem["rules"]) == ("callback_url", ["C-7"])


NAMES = ("x", "x" * 128, "駿" * 128, "order 7", "é-1")
WRONG_NAMES = ("x" * 129, "駿" * 129, " ", 7, "a\x00b")
UNREACHABLE = (
    *("order\n7", "order7\n", "a\rb", "a\tb", "a\x1bb", "a\x7f", "a\x85b", "a\u2028b"),
    *("..", "a/../b", "./a"),
)
"""Clients and proxies drop or refuse what is in them, so that they would find nothing."""


@each_kind_of("external_task_id")
@pytest.mark.parametrize("name", NAMES)
def test_an_external_task_id(api: Api, card: Card, name: str) -> None:  # C-8
    task = api.make(card.id, **good(card, external_task_id=name))
    assert task.external_id == name
    assert api.http.get(f"{TASK}/{name}").json()["id"] == task.id


@each_kind_of("external_task_id")
@pytest.mark.parametrize("name", WRONG_NAMES)
def test_a_wrong_external_task_id(api: Api, card: Card, name: object) -> None:  # C-8
    assert api.problems(card.id, **good(card, external_task_id=name)).keys() == {"external_task_id"}


@each_kind_of("external_task_id")
@pytest.mark.parametrize("name", UNREACHABLE)
def test_an_external_task_id_that_no_url_can_hold(api: Api, card: Card, name: str) -> None:  # C-8
    given = good(card, external_task_id=name)
    assert api.problems(card.id, **given) == {"external_task_id": "invalid_text"}


@having("external_task_id")
def test_every_external_task_id(card: Card) -> None:  # C-8
    for name in NAMES:
        checked = card.check(good(card, external_task_id=name))
        assert (checked.problems, checked.values["external_task_id"]) == ([], name)
    for wrong in WRONG_NAMES:
        assert said(card, good(card, external_task_id=wrong)).keys() == {"external_task_id"}
    for name in UNREACHABLE:
        assert said(card, good(card, external_task_id=name)) == {"external_task_id": "invalid_text"}


@having("external_task_id")
def test_an_external_task_id_names_one_task_of_an_account(api: Api, card: Card) -> None:  # C-8
    first = api.make(card.id, **good(card, external_task_id="mine"))
    again = api.create(card.id, **good(card, external_task_id="mine"))
    assert again.status_code == 409
    assert again.json()["code"] == "external_task_id_used"
    assert first.id in again.json()["message"]
    other = api.another().make(card.id, **good(card, external_task_id="mine"))
    assert api.read("mine")["id"] == first.id != other.id


def test_an_external_task_id_is_not_the_id_of_another_task(api: Api) -> None:  # C-8
    first = api.make(T2V, prompt="a", external_task_id="mine")
    for _ in range(2):
        again = api.create(T2V, prompt="a", external_task_id=first.id)
        assert (again.status_code, again.json()["code"]) == (409, "external_task_id_used")
        api.http.delete(f"{TASK}/{first.id}")
        api.http.post(f"{TASK}/{first.id}/remove")
    other = api.another()
    theirs = other.make(T2V, prompt="a", external_task_id=first.id)
    assert other.read(first.id)["id"] == theirs.id


def test_an_external_task_id_stays_taken_when_its_task_has_ended(api: Api) -> None:  # C-8
    api.make(T2V, prompt="a", external_task_id="mine")
    api.http.delete(f"{TASK}/mine")
    assert api.create(T2V, prompt="a", external_task_id="mine").status_code == 409


NEAR = {
    "callback": "callback_url",
    "callbackUrl": "callback_url",
    "external_id": "external_task_id",
    "external_task": "external_task_id",
}
FAR = ("seed", "n", "駿馬", "x" * 5000, "a.b[0]", "")


@pytest.mark.parametrize(("given", "near"), NEAR.items())
def test_an_unknown_name_is_told_its_nearest_neighbour(
    api: Api, given: str, near: str
) -> None:  # C-9
    answer = api.create(T2V, prompt="a", **{given: "x"})
    (problem,) = answer.json()["errors"]
    assert (problem["param"], problem["code"]) == (given, "unknown_parameter")
    assert f"did you mean '{near}'?" in problem["message"]


def test_every_model_tells_of_unknown_names(card: Card) -> None:  # C-9
    for given, near in NEAR.items():
        (problem,) = card.check(good(card, **{given: "x"})).problems
        assert (problem.param, problem.code) == (given, "unknown_parameter")
        assert f"did you mean '{near}'?" in problem.message
    for given in FAR:
        (problem,) = card.check(good(card, **{given: None})).problems
        assert problem.param == (given if len(given) < 40 else f"{'x' * 40}...")
        assert "did you mean" in problem.message or "the parameters are" in problem.message


@pytest.mark.parametrize("given", FAR)
def test_an_unknown_name_far_from_all_is_told_what_there_is(api: Api, given: str) -> None:  # C-9
    answer = api.create(T2V, prompt="a", **{given: None})
    (problem,) = answer.json()["errors"]
    assert problem["param"] == (given if len(given) < 40 else f"{'x' * 40}...")
    assert "did you mean" in problem["message"] or "the parameters are" in problem["message"]


MODES = ("std", "pro")
WRONG_MODES = (" ", "STD", "std ", "fast", 1, True, ["std"])


@each_kind_of("mode")
@pytest.mark.parametrize("mode", MODES)
def test_mode(api: Api, card: Card, mode: str) -> None:  # C-10
    assert api.make(card.id, **good(card, mode=mode)).params["mode"] == mode


@each_kind_of("mode")
@pytest.mark.parametrize("mode", WRONG_MODES)
def test_a_wrong_mode(api: Api, card: Card, mode: object) -> None:  # C-10
    assert api.problems(card.id, **good(card, mode=mode)).keys() == {"mode"}


@having("mode")
def test_every_mode(card: Card) -> None:  # C-10
    for mode in MODES:
        checked = card.check(good(card, mode=mode))
        assert (checked.problems, checked.values["mode"]) == ([], mode)
    for wrong in WRONG_MODES:
        assert said(card, good(card, mode=wrong)).keys() == {"mode"}


@having("mode", required=False)
def test_mode_is_std_where_none_is_given(api: Api, card: Card) -> None:  # C-10 O1-2
    usual = "pro" if card.id == "kirin_video_o1" else "std"
    assert api.make(card.id, **good(card, mode=None)).params["mode"] == usual


def test_null_is_the_same_as_not_given(api: Api) -> None:
    row = api.make(I2V, image=inline(), prompt=None, image_tail=None, dynamic_masks=None)
    assert row.params.keys() == {"image", "cfg_scale", "mode", "duration"}


def blanks(*, required: bool) -> pytest.MarkDecorator:
    """The test gets as ``card`` and ``name`` each parameter that has a blank value, and that."""
    found = [
        pytest.param(card, p.name, [] if p.absent([]) or p.type == "array" else "")
        for card in CARDS
        for p in card.parameters
        if p.required is required and (p.type in ("string", "array") or p.absent([]))
    ]
    assert found
    return pytest.mark.parametrize(("card", "name", "blank"), found)


@blanks(required=False)
def test_a_blank_optional_parameter_is_absent(card: Card, name: str, blank: object) -> None:  # C-11
    without = {key: value for key, value in good(card).items() if key != name}
    assert card.check(without | {name: blank}) == card.check(without)
    whole = params_schema(card)
    flat, *_ = whole.get("anyOf", [whole])  # the other form has it in an envelope
    schema = flat["properties"][name]
    assert Draft202012Validator(schema).is_valid(blank)


@blanks(required=True)
def test_a_blank_required_parameter_is_refused(
    card: Card, name: str, blank: object
) -> None:  # C-11
    problems = card.check(good(card) | {name: blank}).problems
    assert [problem.param for problem in problems] == [name]
    assert not Draft202012Validator(params_schema(card)).is_valid(good(card) | {name: blank})


def test_a_form_that_was_left_empty(api: Api) -> None:  # C-11
    texts = ("prompt", "image_tail", "static_mask", "mode", "duration", "callback_url")
    row = api.make(
        I2V,
        image=inline(),
        **dict.fromkeys((*texts, "negative_prompt", "external_task_id"), ""),
        dynamic_masks=[],
        watermark_info=[],
    )
    assert row.params.keys() == {"image", "cfg_scale", "mode", "duration"}
    assert (row.external_id, row.callback_url) == (None, None)
