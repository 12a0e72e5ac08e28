"""Bodies with a Content-Encoding: gzip is taken for JSON, and all else refused by name (W-9)."""

from __future__ import annotations

import gzip
import json

import pytest

from support.api import GENERATION, Api
from support.cards import T2V

UPLOADS = "/model/v1/files"
BODY = json.dumps({"model": T2V, "prompt": "a lake"}).encode()


def test_a_compressed_request_is_the_same_request(api: Api) -> None:  # W-1
    keyed = {"Idempotency-Key": "once"}
    first = api.http.post(
        GENERATION,
        content=gzip.compress(BODY),
        headers={**keyed, "Content-Encoding": "gzip"},
    )
    assert first.status_code == 200, first.text
    again = api.http.post(GENERATION, content=BODY, headers=keyed)
    assert again.json() == first.json()
    assert again.headers["Idempotent-Replayed"] == "true"
    assert api.row(first.json()["id"]).params["prompt"] == "a lake"


def test_a_compressed_quote(api: Api) -> None:
    answer = api.http.post(
        "/model/v1/quote", content=gzip.compress(BODY), headers={"Content-Encoding": "gzip"}
    )
    assert answer.status_code == 200, answer.text


def test_a_bomb(api: Api) -> None:  # W-9
    bomb = gzip.compress(b" " * 41_000_000)
    answer = api.http.post(GENERATION, content=bomb, headers={"Content-Encoding": "gzip"})
    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")


@pytest.mark.parametrize(
    ("path", "coding"),
    [
        (GENERATION, "br"),
        (GENERATION, "zstd"),
        (f"{UPLOADS}/fetch", "deflate"),
        (UPLOADS, "gzip"),
        (UPLOADS, "br"),
    ],
)
def test_another_encoding(api: Api, path: str, coding: str) -> None:  # W-9
    answer = api.http.post(path, content=BODY, headers={"Content-Encoding": coding})
    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_content_encoding")
    assert coding in answer.json()["message"]
    assert answer.headers["Accept-Encoding"] == "gzip"
    assert answer.json()["request_id"] == answer.headers["X-Request-Id"]


def test_a_form_with_an_encoding(api: Api) -> None:  # W-9
    form = {"file": ("a.png", BODY, "image/png")}
    answer = api.http.post(UPLOADS, files=form, headers={"Content-Encoding": "gzip"})
    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_content_encoding")
