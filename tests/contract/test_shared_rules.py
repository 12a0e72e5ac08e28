"""Rules that all models share (contract, section 2), on every model that the catalogue has."""

from __future__ import annotations

import pytest
from jsonschema import Draft202012Validator
from PIL import Image

from kirin.catalogue.card import Card
from kirin.catalogue.schema import params_schema
from support.api import TASK, Api
from support.cards import CARDS, I2V, T2V, each_picture, each_prompt, good, having, using
from support.pictures import (
    claimed_png,
    flat_png,
    inline,
    padded_jpeg,
    padded_png,
    ramp,
    saved,
    text,
)

MOST_BYTES = 10 * 1024 * 1024

HORSES = "🐴" * 2500
CHARACTERS = "駿" * 2500
FAMILY = "👨‍👩‍👧" * 500
"""One picture on the screen, five characters of Unicode: 2500 in all."""


@each_picture()
@pytest.mark.parametrize(
    "url",
    [
        "https://example.com/a.jpg",
        "http://example.com/a",
        "HTTPS://EXAMPLE.COM/a.jpg?x=1&y=ä",
        "https://bücher.example/bild.png",
    ],
)
def test_a_picture_may_be_a_url(api: Api, card: Card, name: str, url: str) -> None:  # C-1
    assert api.make(card.id, **using(card, name, **{name: url})).params[name] == url


@each_picture()
def test_a_picture_may_be_raw_base64(api: Api, card: Card, name: str) -> None:  # C-1
    data = inline()
    wrapped = "\n".join(data[start : start + 76] for start in range(0, len(data), 76))
    rows = [api.make(card.id, **using(card, name, **{name: given})) for given in (data, wrapped)]
    assert rows[0].params[name] == rows[1].params[name]
    assert rows[0].params[name].startswith("sha256:")


@each_picture()
@pytest.mark.parametrize("prefix", ["data:image/png;base64,", "DATA:;base64,", " data:,"])
def test_a_data_prefix_is_refused(api: Api, card: Card, name: str, prefix: str) -> None:  # C-1
    answer = api.create(card.id, **using(card, name, **{name: prefix + inline()}))
    (problem,) = answer.json()["errors"]
    assert (problem["param"], problem["code"]) == (name, "data_url")
    assert "strip" in problem["message"]


@each_picture()
@pytest.mark.parametrize(
    ("given", "code"),
    [
        ("ftp://example.com/a.jpg", "scheme"),
        ("file:///etc/passwd", "scheme"),
        ("javascript:alert(1)", "scheme"),
        ("https://", "malformed_url"),
        ("https://exa mple.com/", "malformed_url"),
        ("https://user:secret@example.com/a.jpg", "userinfo"),
        ("http://127.0.0.1/a.jpg", "not_public"),
        ("http://localhost:8000/a.jpg", "not_public"),
        ("http://[::1]/a.jpg", "not_public"),
        ("http://169.254.169.254/latest/meta-data", "not_public"),
        ("http://0x7f.1/a.jpg", "not_public"),
        ("http://2130706433/a.jpg", "not_public"),
        ("   ", "too_short"),
        ("not base64 at all!", "not_base64"),
        ("AAA", "not_base64"),
        ("AA-_", "not_base64"),
        (text(b"plain text"), "not_an_image"),
        (text(b"\x89PNG\r\n\x1a\n"), "broken_image"),
        (7, "wrong_type"),
        (True, "wrong_type"),
        ({"url": "https://example.com"}, "wrong_type"),
        (["https://example.com"], "wrong_type"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_what_is_no_picture(
    api: Api, card: Card, name: str, given: object, code: str
) -> None:  # C-1 C-2
    assert api.problems(card.id, **using(card, name, **{name: given})) == {name: code}


@each_picture()
def test_kinds_are_told_by_content(api: Api, card: Card, name: str) -> None:  # C-2
    for kind in ("PNG", "JPEG"):
        given = using(card, name, **{name: text(saved(ramp(), kind))})
        assert api.create(card.id, **given).status_code == 200
    for kind in ("GIF", "BMP", "WEBP", "TIFF"):
        given = using(card, name, **{name: text(saved(ramp(), kind))})
        assert api.problems(card.id, **given) == {name: "not_an_image"}


@each_picture()
def test_ten_megabytes_and_not_one_byte_more(api: Api, card: Card, name: str) -> None:  # C-2
    for padded in (padded_png, padded_jpeg):
        at_limit = using(card, name, **{name: text(padded(MOST_BYTES))})
        assert api.create(card.id, **at_limit).status_code == 200
        above = using(card, name, **{name: text(padded(MOST_BYTES + 1))})
        assert api.problems(card.id, **above) == {name: "too_many_bytes"}


@each_picture()
def test_a_truncated_picture(api: Api, card: Card, name: str) -> None:  # C-2
    for kind in ("PNG", "JPEG"):
        cut = text(saved(ramp(), kind)[:-20])
        assert api.problems(card.id, **using(card, name, **{name: cut})) == {name: "broken_image"}


@each_picture()
def test_a_bomb(api: Api, card: Card, name: str) -> None:  # C-2
    bomb = text(claimed_png(60_000, 60_000))
    assert api.problems(card.id, **using(card, name, **{name: bomb})).keys() == {name}


@each_picture()
@pytest.mark.parametrize(
    ("size", "code"),
    [
        ((300, 300), None),
        ((299, 300), "too_small"),
        ((300, 299), "too_small"),
        ((750, 300), None),
        ((751, 300), "aspect"),
        ((300, 750), None),
        ((300, 751), "aspect"),
        ((1250, 500), None),
        ((1251, 500), "aspect"),
        ((500, 1251), "aspect"),
        ((8000, 6000), None),
        ((1, 1), "too_small"),
    ],
    ids=str,
)
def test_size_and_aspect(
    api: Api, card: Card, name: str, size: tuple[int, int], code: str | None
) -> None:  # C-3
    params = using(card, name, **{name: inline(*size)})
    if code is None:
        assert api.create(card.id, **params).status_code == 200
    else:
        assert api.problems(card.id, **params) == {name: code}


@each_picture()
def test_orientation_counts_before_size(api: Api, card: Card, name: str) -> None:  # C-3
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was turned by a quarter
    row = api.make(
        card.id, **using(card, name, **{name: text(saved(ramp(900, 400), "JPEG", exif=exif))})
    )
    assert (row.assets[name].width, row.assets[name].height) == (400, 900)


@each_prompt()
@pytest.mark.parametrize(
    "prompt",
    ["x" * 2500, HORSES, CHARACTERS, FAMILY, "\n" * 2499 + "x"],
    ids=["x", "emoji", "cjk", "zwj", "lines"],
)
def test_2500_characters_are_a_prompt(api: Api, card: Card, name: str, prompt: str) -> None:  # C-4
    assert api.make(card.id, **good(card, **{name: prompt})).params[name] == prompt


@each_prompt()
@pytest.mark.parametrize(
    "prompt",
    ["x" * 2501, HORSES + "🐴", CHARACTERS + "馬", FAMILY + "!"],
    ids=["x", "emoji", "cjk", "zwj"],
)
def test_2501_characters_are_too_many(api: Api, card: Card, name: str, prompt: str) -> None:  # C-4
    assert api.problems(card.id, **good(card, **{name: prompt})) == {name: "too_long"}


@having("duration")
@pytest.mark.parametrize(
    ("given", "seconds"),
    [("5", 5), (5, 5), (5.0, 5), ("5.0", 5), ("05", 5), ("10", 10), (10, 10), ("10.00", 10)],
    ids=repr,
)
def test_duration_is_a_string_or_a_number(
    api: Api, card: Card, given: object, seconds: int
) -> None:  # C-5
    kept = api.make(card.id, **good(card, duration=given)).params["duration"]
    assert (type(kept), kept) == (int, seconds)


@having("duration")
@pytest.mark.parametrize(
    "given",
    [
        *("5.", "5.5", " 5", "+5", "5s", "٥", " ", "-5", "1e1", "0x5", "NaN", "five", "5,0"),
        *(5.5, 5.000001, -5, 0, 10**30, 1e300, True, False, [], [5], {}, {"seconds": 5}),
    ],
    ids=repr,
)
def test_a_wrong_duration(api: Api, card: Card, given: object) -> None:  # C-5
    assert api.problems(card.id, **good(card, duration=given)).keys() == {"duration"}


@having("duration")
def test_duration_is_5_where_none_is_given(api: Api, card: Card) -> None:  # C-5
    for params in (good(card), good(card, duration=None)):
        assert api.make(card.id, **params).params["duration"] == 5


@having("watermark_info")
@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ({"enabled": True}, True),
        ({"enabled": False}, False),
        ([{"enabled": True}], True),
        ([{"enabled": False}], False),
    ],
)
def test_watermark_info(api: Api, card: Card, given: object, wanted: bool) -> None:  # C-6
    row = api.make(card.id, **good(card, watermark_info=given))
    assert row.params["watermark_info"] == {"enabled": wanted}


@having("watermark_info")
@pytest.mark.parametrize(
    ("given", "wrong"),
    [
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
    ],
)
def test_a_wrong_watermark_info(
    api: Api, card: Card, given: object, wrong: dict[str, str]
) -> None:  # C-6
    assert api.problems(card.id, **good(card, watermark_info=given)) == wrong


@having("callback_url")
@pytest.mark.parametrize("url", ["http://example.com", "https://example.com:8443/a?b=c"])
def test_a_callback_url(api: Api, card: Card, url: str) -> None:  # C-7
    assert api.make(card.id, **good(card, callback_url=url)).callback_url == url


@having("callback_url")
@pytest.mark.parametrize(
    "url",
    [
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
    ],
    ids=lambda url: str(url)[:30],
)
def test_a_callback_that_is_not_called(api: Api, card: Card, url: object) -> None:  # C-7
    answer = api.create(card.id, **good(card, callback_url=url))
    assert answer.status_code == 400
    (problem,) = answer.json()["errors"]
    assert (problem["param"], problem["rules"]) == ("callback_url", ["C-7"])


@having("external_task_id")
@pytest.mark.parametrize("name", ["x", "x" * 128, "駿" * 128, "order 7", "é-1"])
def test_an_external_task_id(api: Api, card: Card, name: str) -> None:  # C-8
    task = api.make(card.id, **good(card, external_task_id=name))
    assert task.external_id == name
    assert api.http.get(f"{TASK}/{name}").json()["id"] == task.id


@having("external_task_id")
@pytest.mark.parametrize("name", ["x" * 129, "駿" * 129, " ", 7, "a\x00b"])
def test_a_wrong_external_task_id(api: Api, card: Card, name: object) -> None:  # C-8
    assert api.problems(card.id, **good(card, external_task_id=name)).keys() == {"external_task_id"}


@having("external_task_id")
def test_an_external_task_id_names_one_task_of_an_account(api: Api, card: Card) -> None:  # C-8
    first = api.make(card.id, **good(card, external_task_id="mine"))
    again = api.create(card.id, **good(card, external_task_id="mine"))
    assert again.status_code == 409
    assert again.json()["code"] == "external_task_id_used"
    assert first.id in again.json()["message"]
    other = api.another().make(card.id, **good(card, external_task_id="mine"))
    assert api.read("mine")["id"] == first.id != other.id


@having("external_task_id")
@pytest.mark.parametrize(
    "name",
    [
        "order\n7",
        "order7\n",
        "a\rb",
        "a\tb",
        "a\x1bb",
        "a\x7f",
        "a\x85b",
        "a\u2028b",
        "..",
        "a/../b",
        "./a",
    ],
)
def test_an_external_task_id_that_no_url_can_hold(api: Api, card: Card, name: str) -> None:  # C-8
    """Clients and proxies drop or refuse what is in it, so that it would find nothing."""
    given = good(card, external_task_id=name)
    assert api.problems(card.id, **given) == {"external_task_id": "invalid_text"}


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


@pytest.mark.parametrize(
    ("given", "near"),
    [
        ("callback", "callback_url"),
        ("callbackUrl", "callback_url"),
        ("external_id", "external_task_id"),
        ("external_task", "external_task_id"),
    ],
)
def test_an_unknown_name_is_told_its_nearest_neighbour(
    api: Api, card: Card, given: str, near: str
) -> None:  # C-9
    answer = api.create(card.id, **good(card, **{given: "x"}))
    (problem,) = answer.json()["errors"]
    assert (problem["param"], problem["code"]) == (given, "unknown_parameter")
    assert f"did you mean '{near}'?" in problem["message"]


@pytest.mark.parametrize("given", ["seed", "n", "駿馬", "x" * 5000, "a.b[0]", ""])
def test_an_unknown_name_far_from_all_is_told_what_there_is(
    api: Api, card: Card, given: str
) -> None:  # C-9
    answer = api.create(card.id, **good(card, **{given: None}))
    (problem,) = answer.json()["errors"]
    assert problem["param"] == (given if len(given) < 40 else f"{'x' * 40}...")
    assert "did you mean" in problem["message"] or "the parameters are" in problem["message"]


@having("mode")
@pytest.mark.parametrize("mode", ["std", "pro"])
def test_mode(api: Api, card: Card, mode: str) -> None:  # C-10
    assert api.make(card.id, **good(card, mode=mode)).params["mode"] == mode


@having("mode")
@pytest.mark.parametrize("mode", [" ", "STD", "std ", "fast", 1, True, ["std"]])
def test_a_wrong_mode(api: Api, card: Card, mode: object) -> None:  # C-10
    assert api.problems(card.id, **good(card, mode=mode)).keys() == {"mode"}


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


def test_a_picture_is_kept_once_by_its_bytes(api: Api) -> None:  # C-2
    rows = [api.make(I2V, image=text(flat_png(400, 301))) for _ in range(2)]
    names = [row.params["image"].removeprefix("sha256:") for row in rows]
    assert names[0] == names[1]
    stored = [key for key in api.app.storage.keys("inputs/") if key.endswith(names[0])]
    assert len(stored) == 1


def test_a_refused_request_stores_no_picture(api: Api) -> None:
    before = list(api.app.storage.keys("inputs/"))
    api.problems(I2V, image=text(flat_png(411, 317)), mode="best")
    assert list(api.app.storage.keys("inputs/")) == before
