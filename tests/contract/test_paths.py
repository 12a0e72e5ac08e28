"""Addresses: with a slash at the end or without, and behind a proxy with a prefix."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kirin.app import App
from kirin.http.server import path_prefix
from kirin.settings import Settings
from support.api import GENERATION, MODELS, TASK, Api, InProcess
from support.cards import T2V


@pytest.mark.parametrize(
    "path", ["/healthz", MODELS, f"{MODELS}/{T2V}/spec", "/openapi.json", TASK]
)
def test_a_slash_at_the_end_changes_nothing(api: Api, path: str) -> None:
    plain, slashed = api.http.get(path), api.http.get(f"{path}/")
    assert (plain.status_code, slashed.status_code) == (200, 200)
    assert slashed.json() == plain.json()


def test_a_task_with_a_slash_at_the_end(api: Api) -> None:  # W-3
    body = {"model": T2V, "prompt": "a", "external_task_id": "mine/7"}
    made = api.http.post(f"{GENERATION}/", json=body)
    assert made.status_code == 200, made.text
    id = made.json()["id"]
    for name in (id, "mine/7"):
        for path in (f"{TASK}/{name}/", f"{TASK}/{name}/request/"):
            assert api.http.get(path).status_code == 200
    assert api.http.post(f"{TASK}/{id}/cancel/").json()["status"] == "failed"
    assert api.http.delete(f"{TASK}/{id}/").status_code == 409
    assert api.http.post(f"{TASK}/{id}/remove/").json() == {"id": id, "removed": True}


def test_a_slash_that_belongs_to_the_id(api: Api) -> None:  # W-3
    made = api.make(T2V, prompt="a", external_task_id="mine/")
    assert api.http.get(f"{TASK}/mine%2F").json()["id"] == made.id
    assert api.http.get(f"{TASK}/mine%2F/").json()["id"] == made.id
    assert api.http.get(f"{TASK}/mine/").status_code == 404


@pytest.fixture
def behind_a_proxy(tmp_path: Path) -> Iterator[Api]:
    settings = Settings(
        data_dir=tmp_path,
        engines="scripted",
        public_url="https://videos.example/kirin/",  # type: ignore[arg-type]
    )
    app = App.open(settings)
    transport = InProcess(app.http())
    yield Api(app, transport)
    transport.end()
    app.close()


@pytest.mark.parametrize("prefix", ["", "/kirin"])
def test_a_proxy_may_pass_its_prefix_on_or_take_it_off(behind_a_proxy: Api, prefix: str) -> None:
    api = behind_a_proxy
    made = api.http.post(f"{prefix}{GENERATION}", json={"model": T2V, "prompt": "tiny"})
    id = made.json()["id"]
    api.run(id)
    task = api.http.get(f"{prefix}{TASK}/{id}/").json()
    url = task["output"][0]["content"][0]["url"]
    public = "https://videos.example/kirin"
    assert url.startswith(f"{public}/files/results/{id}/")
    assert api.stranger.get(prefix + url.removeprefix(public)).status_code == 200
    spec = api.stranger.get(f"{prefix}{MODELS}/{T2V}/spec").json()
    assert spec["data"]["api"]["endpoint"] == f"{public}{GENERATION}"
    assert api.stranger.get(f"{prefix}/nothing/").status_code == 404
    assert api.stranger.get("/kirin").headers["Content-Type"].startswith("text/html")
    assert api.stranger.get("/kirinx/healthz").status_code == 404


@pytest.mark.parametrize(
    ("public_url", "prefix"),
    [
        (None, ""),
        ("https://videos.example", ""),
        ("https://videos.example/", ""),
        ("https://videos.example/kirin/", "/kirin"),
        ("https://videos.example/a/b", "/a/b"),
        ("https://videos.example/a%20b", "/a b"),
        ("https://videos.example/model", ""),
        ("https://videos.example/api/kirin", ""),
    ],
)
def test_prefixes_that_could_be_addresses_of_our_own(public_url: str | None, prefix: str) -> None:
    assert path_prefix(public_url) == prefix
