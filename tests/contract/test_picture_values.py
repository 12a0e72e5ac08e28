"""What a picture may be given as, and what is none (contract, C-1 to C-3).

Each kind of parameter for a picture is asked; that every place has such a one is asked in
``test_pictures.py``.
"""

from __future__ import annotations

import pytest

from kirin.catalogue.card import Card
from support.api import Api
from support.cards import I2V, each_kind_of_picture, using
from support.pictures import claimed_png, flat_png, inline, ramp, saved, text


@each_kind_of_picture()
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


@each_kind_of_picture()
def test_a_picture_may_be_raw_base64(api: Api, card: Card, name: str) -> None:  # C-1
    data = inline()
    wrapped = "\n".join(data[start : start + 76] for start in range(0, len(data), 76))
    rows = [api.make(card.id, **using(card, name, **{name: given})) for given in (data, wrapped)]
    assert rows[0].params[name] == rows[1].params[name]
    assert rows[0].params[name].startswith("sha256:")


@each_kind_of_picture()
@pytest.mark.parametrize("prefix", ["data:image/png;base64,", "DATA:;base64,", " data:,"])
def test_a_data_prefix_is_refused(api: Api, card: Card, name: str, prefix: str) -> None:  # C-1
    answer = api.create(card.id, **using(card, name, **{name: prefix + inline()}))
    (problem,) = answer.json()["errors"]
    assert (problem["param"], problem["code"]) == (name, "data_url")
    assert "strip" in problem["message"]


@each_kind_of_picture()
@pytest.mark.parametrize(
    ("given", "code"),
    [
        ("ftp://example.com/a.jpg", "scheme"),
        ("file:///etc/passwd", "file_inputs_off"),
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


@each_kind_of_picture()
def test_kinds_are_told_by_content(api: Api, card: Card, name: str) -> None:  # C-2
    for kind in ("PNG", "JPEG"):
        given = using(card, name, **{name: text(saved(ramp(), kind))})
        assert api.create(card.id, **given).status_code == 200
    for kind in ("GIF", "BMP", "WEBP", "TIFF"):
        given = using(card, name, **{name: text(saved(ramp(), kind))})
        assert api.problems(card.id, **given) == {name: "not_an_image"}


@each_kind_of_picture()
def test_a_truncated_picture(api: Api, card: Card, name: str) -> None:  # C-2
    for kind in ("PNG", "JPEG"):
        cut = text(saved(ramp(), kind)[:-20])
        assert api.problems(card.id, **using(card, name, **{name: cut})) == {name: "broken_image"}


@each_kind_of_picture()
def test_a_bomb(api: Api, card: Card, name: str) -> None:  # C-2
    bomb = text(claimed_png(60_000, 60_000))
    assert api.problems(card.id, **using(card, name, **{name: bomb})).keys() == {name}


@each_kind_of_picture()
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
