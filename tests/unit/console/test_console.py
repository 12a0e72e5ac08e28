"""The console's server side: files, headers, and the link that works once."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from kirin.console.build import read_build
from kirin.console.routes import add_unknown_page, console_routes
from kirin.console.welcome import LINK_MINUTES, MINUTE_MS, Welcome
from kirin.http.error_answers import ErrorAnswers
from kirin.http.error_handlers import add_error_handlers
from kirin.http.middleware import RequestContext


class Clock:
    """Time that passes when it is told to."""

    now = 0

    def __call__(self) -> int:
        return self.now


@pytest.fixture
def built(tmp_path: Path) -> Path:
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text("<!doctype html>")
    (tmp_path / "assets" / "index-abc.js").write_text("run()")
    (tmp_path / "assets" / "index-abc.js.gz").write_bytes(gzip.compress(b"run()"))
    (tmp_path / "secret.key").write_text("not of a kind that is served")
    return tmp_path


def client(built: Path, welcome: Welcome | None = None) -> TestClient:
    app = FastAPI(openapi_url=None)
    app.include_router(console_routes(welcome, read_build(built)))
    add_error_handlers(app, ErrorAnswers())
    add_unknown_page(app, read_build(built))
    app.add_middleware(RequestContext, answers=ErrorAnswers())
    return TestClient(app)


def test_every_page_answers_with_the_same_document(built: Path) -> None:
    site = client(built)
    for path in ("/", "/play/kirin_v1_i2v", "/gallery/abc", "/reference/api"):
        answer = site.get(path)
        assert (answer.status_code, answer.text) == (200, "<!doctype html>")
        assert answer.headers["cache-control"] == "no-cache"
        assert "script-src 'self';" in answer.headers["content-security-policy"]


def test_each_page_has_a_nonce_of_its_own(built: Path) -> None:
    (built / "index.html").write_text('<meta nonce="made-by-the-server">')
    site = client(built)
    answers = [site.get("/") for _ in range(2)]
    nonces = [answer.text.removeprefix('<meta nonce="').removesuffix('">') for answer in answers]
    assert len(set(nonces)) == len(nonces)
    for answer, nonce in zip(answers, nonces, strict=True):
        assert len(nonce) >= 16
        policy = answer.headers["content-security-policy"]
        assert f"style-src 'self' 'nonce-{nonce}';" in policy
        assert "unsafe" not in policy


def test_files_are_kept_for_good_and_sent_compressed(built: Path) -> None:
    site = client(built)
    answer = site.get("/assets/index-abc.js", headers={"Accept-Encoding": "gzip, deflate"})
    assert answer.text == "run()"
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["cache-control"].endswith("immutable")
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    plain = site.get("/assets/index-abc.js", headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.headers["vary"] == "Accept-Encoding"


def test_a_video_is_sent_in_the_part_that_is_asked_for(built: Path) -> None:
    (built / "assets" / "fox-abc.mp4").write_bytes(bytes(range(10)))
    site = client(built)
    whole = site.get("/assets/fox-abc.mp4")
    assert (whole.status_code, whole.content) == (200, bytes(range(10)))
    assert whole.headers["content-type"] == "video/mp4"
    assert whole.headers["accept-ranges"] == "bytes"
    assert whole.headers["cache-control"].endswith("immutable")
    for asked, first, last in (("0-1", 0, 1), ("4-", 4, 9), ("8-99", 8, 9)):
        part = site.get("/assets/fox-abc.mp4", headers={"Range": f"bytes={asked}"})
        assert (part.status_code, part.content) == (206, bytes(range(first, last + 1)))
        assert part.headers["content-range"] == f"bytes {first}-{last}/10"
    for ignored in ("bytes=10-", "bytes=5-4", "bytes=-3", "bytes=0-1,3-4", "lines=0-1", "bytes=x-"):
        answer = site.get("/assets/fox-abc.mp4", headers={"Range": ignored})
        assert (answer.status_code, answer.content) == (200, bytes(range(10)))


@pytest.mark.parametrize(
    "name", ["none.js", "index-abc.js.gz", "..%2Findex.html", "..%2Fsecret.key"]
)
def test_nothing_else_is_served(built: Path, name: str) -> None:
    assert client(built).get(f"/assets/{name}").status_code == 404


def test_without_a_build_the_page_says_what_to_do(tmp_path: Path) -> None:
    answer = client(tmp_path).get("/")
    assert answer.status_code == 503
    assert "make console" in answer.text


def test_the_code_gives_the_key_once(built: Path) -> None:
    welcome = Welcome("the-key", Clock())
    site = client(built, welcome)
    assert site.post("/console/welcome", json={"code": "wrong"}).status_code == 401
    first = site.post("/console/welcome", json={"code": welcome.code})
    assert (first.json(), first.headers["cache-control"]) == ({"key": "the-key"}, "no-store")
    again = site.post("/console/welcome", json={"code": welcome.code})
    assert (again.status_code, "used already" in again.json()["message"]) == (401, True)


def test_the_code_gives_nothing_when_it_is_late() -> None:
    clock = Clock()
    early, late = Welcome("the-key", clock), Welcome("the-key", clock)
    clock.now = LINK_MINUTES * MINUTE_MS
    assert early.take(early.code) == "the-key"
    clock.now += 1
    assert late.take(late.code) is None
    clock.now = 0
    assert late.take(late.code) is None
    assert late.code not in "the-key"
    assert late.fragment() == f"#welcome={late.code}"


def test_a_browser_sees_a_page_where_there_is_nothing(built: Path) -> None:
    site = client(built)
    browser = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
    answer = site.get("/nonsense", headers=browser)
    assert (answer.status_code, answer.text) == (404, "<!doctype html>")
    assert "script-src 'self';" in answer.headers["content-security-policy"]


def test_a_program_gets_an_error_where_there_is_nothing(built: Path) -> None:
    site = client(built)
    for answer in (
        site.get("/nonsense"),
        site.get("/nonsense", headers={"Accept": "application/json"}),
        site.post("/nonsense", headers={"Accept": "text/html"}),
        site.get("/assets/none.js", headers={"Accept": "text/html"}),
    ):
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
