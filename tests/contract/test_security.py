"""What strangers try on the server as a whole; docs/security/threat-model.md says against what."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from kirin.accounts import administration, store
from kirin.accounts.audit import Actor
from kirin.accounts.keys import new_secret
from kirin.clock import now_ms
from support.api import GENERATION, TASK, Api
from support.cards import T2V
from support.live import Live, stream


@pytest.fixture(scope="module")
def live(shared_app: object) -> Iterator[Live]:
    with Live(shared_app.http()) as serving:  # type: ignore[attr-defined]
        yield serving


def revoke(api: Api) -> None:
    with api.app.database.write() as connection:
        for key in store.list_keys(connection, api.account):
            administration.revoke_key(connection, Actor("test"), key.id, now_ms())


def test_a_revoked_key_stops_at_once_in_every_process(api: Api, live: Live) -> None:
    """The live server is an application of its own: it knows of the revocation by the database."""
    with live.client(api.key) as client:
        assert client.get(TASK).status_code == 200
        revoke(api)
        assert client.get(TASK).status_code == 401


def test_a_stream_ends_with_its_key(api: Api, live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kirin.http.tasks.events.KEEP_ALIVE_SECONDS", 0.2)
    with live.client(api.key) as client, stream(client) as told:
        made = api.make(T2V, prompt="a tiny lake")
        assert next(message for message in told if message.name).data["id"] == made.id
        revoke(api)
        with api.app.database.write() as connection:
            store.add_key(connection, api.account, "other", new_secret(), now_ms())
        rest = [message for message in told if message.name]
        assert rest == []


def test_nothing_changes_a_task_of_others_by_guessing_names(api: Api) -> None:
    made = api.make(T2V, prompt="a tiny lake", external_task_id="mine")
    stranger = api.another().http
    for name in (made.id, "mine", f"{made.id}/", f"../{made.id}", f"{made.id}%00", "%2e%2e"):
        assert stranger.delete(f"{TASK}/{name}").status_code in (404, 405)
    assert api.read(made.id)["status"] == "in_progress"


@pytest.mark.parametrize(
    "url",
    [
        "https://example.com/\r\nX-Injected: yes",
        "https://example.com/ HTTP/1.1\r\nHost: evil",
        "https://example.com\r\n/",
        "https://example.com/\x00",
    ],
)
def test_a_callback_that_would_add_headers_is_refused(api: Api, url: str) -> None:  # C-7
    assert "callback_url" in api.problems(T2V, prompt="a tiny lake", callback_url=url)


@pytest.mark.parametrize("name", ["X-Request-Id", "Idempotency-Key", "Last-Event-ID", "Host"])
def test_no_header_comes_back_with_a_line_break(api: Api, name: str) -> None:
    raw = [(name.encode(), b"a\r\nX-Injected: yes")]
    answer = api.http.post(GENERATION, json={"model": T2V, "prompt": "a"}, headers=raw)
    assert "x-injected" not in answer.headers
    assert "\n" not in str(list(answer.headers.values()))


def test_secrets_are_not_kept_by_caches(api: Api) -> None:
    answer = api.http.get("/model/v1/webhooks/secret")
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_result_runs_no_script(api: Api) -> None:
    done = api.finish(T2V, prompt="a tiny lake")
    link = done["output"][0]["content"][0]["url"]
    headers = httpx.Headers(api.stranger.head(link).headers)
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"] == "sandbox"
