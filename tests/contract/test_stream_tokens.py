"""Tokens for event streams (contract, section 1: N-10)."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
from sqlalchemy import update

from kirin.accounts.keys import Scope
from kirin.app import App
from kirin.clock import now_ms
from kirin.database.account_tables import keys
from kirin.http.stream_tokens import LIFETIME_MS
from support.api import TASK, Api
from support.cards import T2V
from support.live import Live

EVENTS = "/model/v1/events"


@pytest.fixture(scope="module")
def live(shared_app: App) -> Iterator[Live]:
    with Live(shared_app.http()) as server:
        yield server


def token_of(api: Api, path: str) -> dict[str, str]:
    answer = api.http.post(f"{path}/token")
    assert answer.status_code == 200, answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    return dict(answer.json())


@pytest.fixture
def nobody(live: Live) -> Iterator[httpx.Client]:
    """Has no key, as a browser's EventSource."""
    with live.client("") as client:
        del client.headers["Authorization"]
        yield client


def test_a_token_opens_the_stream_of_a_task(api: Api, nobody: httpx.Client) -> None:  # N-10
    task = api.make(T2V, prompt="a tiny lake")
    other = api.make(T2V, prompt="a tiny lake")
    api.run(task.id)
    stream = f"{TASK}/{task.id}/stream"
    made = token_of(api, stream)
    assert made["url"] == f"http://testserver{stream}?token={made['token']}"
    token = {"token": made["token"]}
    answer = nobody.get(stream, params=token)
    assert (answer.status_code, "event: done" in answer.text) == (200, True)
    for path in (
        f"{TASK}/{other.id}/stream", EVENTS, f"{TASK}/{task.id}", TASK, f"{TASK}/{task.id}/request",
        "/v1/videos", "/model/v1/balance",
    ):  # fmt: skip
        assert nobody.get(path, params=token).status_code == 401, path
    assert nobody.post(f"{stream}/token", params=token).status_code == 401
    assert nobody.post(f"{TASK}/{other.id}/cancel", params=token).status_code == 401


def test_a_token_opens_the_stream_of_an_account(api: Api, nobody: httpx.Client) -> None:  # N-10
    token = {"token": token_of(api, EVENTS)["token"]}
    with nobody.stream("GET", EVENTS, params=token) as answer:
        assert answer.status_code == 200
        assert next(answer.iter_text()).startswith("retry:")
    task = api.make(T2V, prompt="a tiny lake")
    assert nobody.get(f"{TASK}/{task.id}/stream", params=token).status_code == 401


@pytest.mark.parametrize("change", ["", "x", "a.b", "a.b.c.d", ".".join("é" * 4), "x" * 600])
def test_what_was_not_made_here_opens_nothing(
    api: Api, nobody: httpx.Client, change: str
) -> None:  # N-10
    assert nobody.get(EVENTS, params={"token": change}).status_code == 401


def test_a_changed_token_opens_nothing(api: Api, nobody: httpx.Client) -> None:  # N-10
    key, stream, end, signature = token_of(api, EVENTS)["token"].split(".")
    for parts in ((key, stream, str(int(end) + 1)), ("key_other", stream, end)):
        token = ".".join((*parts, signature))
        assert nobody.get(EVENTS, params={"token": token}).status_code == 401


def test_a_token_ends(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:  # N-10
    task = api.make(T2V, prompt="a tiny lake")
    api.run(task.id)
    stream = f"{TASK}/{task.id}/stream"
    made = token_of(api, stream)
    assert abs(int(made["expires_at"]) - now_ms() - LIFETIME_MS) < 60_000
    monkeypatch.setattr("kirin.http.stream_tokens.LIFETIME_MS", 0)
    assert api.stranger.get(token_of(api, stream)["url"]).status_code == 401
    assert api.stranger.get(made["url"]).status_code == 200
    with api.app.database.write() as connection:
        connection.execute(
            update(keys).where(keys.c.account == api.account).values(revoked_at=now_ms())
        )
    assert api.stranger.get(made["url"]).status_code == 401


def test_a_key_that_may_not_read_gets_none(api: Api) -> None:  # N-10
    assert api.holder(Scope.GENERATE).post(f"{EVENTS}/token").status_code == 403
    assert api.http.post(f"{TASK}/nothing/stream/token").status_code == 404
