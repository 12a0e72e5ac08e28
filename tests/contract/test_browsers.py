"""Web pages of other origins: shut out, unless the operator names them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kirin.app import App
from kirin.settings import Settings
from support.api import GENERATION, MODELS, TASK, Api, InProcess
from support.cards import T2V

PAGE = "https://app.example.com"
ASKED = {
    "Origin": PAGE,
    "Access-Control-Request-Method": "POST",
    "Access-Control-Request-Headers": "authorization,content-type,idempotency-key",
}


@pytest.fixture
def open_to_page(tmp_path: Path) -> Iterator[Api]:
    app = App.open(Settings(data_dir=tmp_path, engines="scripted", cors_origins=PAGE))
    transport = InProcess(app.http())
    yield Api(app, transport)
    transport.end()
    app.close()


@pytest.mark.parametrize("path", [GENERATION, MODELS, "/healthz"])
def test_no_page_is_let_in_by_itself(api: Api, path: str) -> None:
    answers = [
        api.http.options(path, headers=ASKED),
        api.http.get(path, headers={"Origin": PAGE}),
    ]
    for answer in answers:
        assert not [name for name in answer.headers if name.startswith("access-control")]


def test_a_page_that_is_named_is_let_in(open_to_page: Api) -> None:
    asked = open_to_page.stranger.options(GENERATION, headers=ASKED)
    assert asked.status_code == 200
    assert asked.headers["Access-Control-Allow-Origin"] == PAGE
    assert "POST" in asked.headers["Access-Control-Allow-Methods"]
    assert "access-control-allow-credentials" not in asked.headers
    made = open_to_page.http.post(
        GENERATION, json={"model": T2V, "prompt": "a"}, headers={"Origin": PAGE}
    )
    refused = open_to_page.stranger.get(TASK, headers={"Origin": PAGE})
    assert (made.status_code, refused.status_code) == (200, 401)
    for answer in (made, refused):
        values = answer.headers.get_list("Access-Control-Allow-Origin")
        assert values == [PAGE]
        assert "Retry-After" in answer.headers["Access-Control-Expose-Headers"]


def test_a_page_may_ask_for_parts_and_for_what_is_new(open_to_page: Api) -> None:
    asked = "authorization,idempotency-key,if-none-match,if-modified-since,if-range,range"
    headers = {**ASKED, "Access-Control-Request-Headers": asked}
    answer = open_to_page.stranger.options("/files/inputs/a", headers=headers)
    assert answer.status_code == 200
    allowed = answer.headers["Access-Control-Allow-Headers"].lower().split(", ")
    assert set(asked.split(",")) <= set(allowed)
    told = open_to_page.http.get(TASK, headers={"Origin": PAGE})
    exposed = told.headers["Access-Control-Expose-Headers"].split(", ")
    assert {
        "Accept-Ranges",
        "Content-Disposition",
        "Content-Length",
        "Content-Range",
        "ETag",
        "Last-Modified",
    } <= set(exposed)


def test_a_preflight_that_is_refused_is_told_in_json(open_to_page: Api) -> None:  # W-9 W-10
    headers = {**ASKED, "Access-Control-Request-Headers": "x-evil", "X-Request-Id": "job-7"}
    answer = open_to_page.stranger.options(GENERATION, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (400, "origin_refused")
    assert answer.json()["request_id"] == answer.headers["X-Request-Id"] == "job-7"
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["Content-Length"] == str(len(answer.content))
    assert answer.headers["Access-Control-Allow-Origin"] == PAGE


def test_other_pages_stay_out(open_to_page: Api) -> None:
    for origin in ("https://evil.example", "https://app.example.com.evil.example", "null"):
        asked = open_to_page.stranger.options(GENERATION, headers={**ASKED, "Origin": origin})
        assert asked.status_code == 400
        told = open_to_page.http.get(TASK, headers={"Origin": origin})
        assert "access-control-allow-origin" not in told.headers


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("cors_origins", "*"),
        ("cors_origins", "https://a.example/path"),
        ("cors_origins", "app.example.com"),
        ("trusted_proxies", "*"),
        ("trusted_proxies", "proxy.internal"),
    ],
)
def test_a_setting_that_lets_everybody_in_is_refused(name: str, value: str) -> None:
    with pytest.raises(ValueError, match=r"not an origin such as|not an address or network"):
        Settings(**{name: value})  # type: ignore[arg-type]
