"""The event stream of one task (contract, section 1: N-2)."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from itertools import islice

import httpx
import pytest
from sqlalchemy import update

from kirin.app import App
from kirin.clock import now_ms
from kirin.database.tables import tasks as rows
from kirin.http.tasks import stream
from kirin.tasks import store
from support.api import TASK, Api, Finished
from support.cards import T2V
from support.live import Live, events


@pytest.fixture(scope="module")
def live(shared_app: App) -> Iterator[Live]:
    with Live(shared_app.http()) as server:
        yield server


@pytest.fixture
def client(live: Live, api: Api) -> Iterator[httpx.Client]:
    with live.client(api.key) as made:
        yield made


def told(text: str) -> list[tuple[str, str]]:
    """Id and name of each event of a stream that has ended."""
    found = []
    for block in text.strip().split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.splitlines())
        if "event" in fields:
            found.append((fields["id"], fields["event"]))
    return found


def claim(api: Api, id: str) -> None:
    with api.app.database.write() as connection:
        store.claim(connection, id, now_ms())
        api.app.tasks.transitions.publish(connection, id)


def step(api: Api, id: str, progress: float) -> None:
    with api.app.database.write() as connection:
        store.report_progress(connection, api.row(id), progress, now_ms())


def test_it_tells_how_far_the_task_is_until_it_ends(  # N-2
    api: Api, client: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "PROGRESS_SECONDS", 0.1)
    task = api.make(T2V, prompt="a tiny lake")
    with events(client, "GET", f"{TASK}/{task.id}/stream") as messages:
        (queued,) = islice(messages, 1)
        claim(api, task.id)
        (rendering,) = islice(messages, 1)
        worker = threading.Thread(target=api.run, args=(task.id,))
        worker.start()
        rest = list(messages)
    worker.join()
    assert queued.name == rendering.name == "output"
    assert queued.data["metadata"]["stage"] == "queued"
    assert rendering.data["metadata"]["stage"] == "rendering"
    assert queued.data["status"] == rendering.data["status"] == "in_progress"
    assert [m.name for m in rest[-2:]] == ["output", "done"]
    cursors = [m.data["cursor"] for m in (queued, rendering, *rest)]
    assert cursors == sorted(cursors)
    assert [int(m.id) for m in (queued, rendering, *rest)] == cursors
    shown = client.get(f"{TASK}/{task.id}").json()
    for last in rest[-2:]:
        assert last.data == {**shown, "cursor": last.data["cursor"]}
        assert last.data["output"][0]["content"][0]["url"]


def test_progress_is_told(  # N-2
    api: Api, client: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "PROGRESS_SECONDS", 0.1)
    task = api.make(T2V, prompt="a tiny lake")
    claim(api, task.id)
    with events(client, "GET", f"{TASK}/{task.id}/stream") as messages:
        next(messages)
        for progress in (0.25, 0.5):
            step(api, task.id, progress)
            message = next(messages)
            assert (message.name, message.data["progress"]) == ("output", progress)


def test_it_goes_on_after_a_cursor(api: Api, client: httpx.Client) -> None:  # N-2
    task = api.make(T2V, prompt="a tiny lake")
    path = f"{TASK}/{task.id}/stream"
    with events(client, "GET", path) as messages:
        first = next(messages)
    api.run(task.id)
    again = told(client.get(path, params={"cursor": first.data["cursor"]}).text)
    assert [name for _, name in again] == ["output", "done"]
    seen = again[0][0]
    assert told(client.get(path, params={"cursor": seen}).text) == [(seen, "done")]
    resumed = client.get(path, headers={"Last-Event-ID": seen})
    assert told(resumed.text) == [(seen, "done")]


def test_an_ended_task_is_told_at_once(finished: Finished, failed: Finished) -> None:  # N-2
    for ended, names in ((finished, ["output", "done"]), (failed, ["done"])):
        answer = ended.api.http.get(f"{TASK}/{ended.task['id']}/stream")
        assert answer.headers["Content-Type"] == "text/event-stream; charset=utf-8"
        assert [name for _, name in told(answer.text)] == names
        assert f'"status":"{ended.task["status"]}"' in answer.text


def test_an_external_id_will_do(api: Api, client: httpx.Client) -> None:  # N-2
    for name in ("my order", "a/b", "a/stream"):
        task = api.make(T2V, prompt="fail", external_task_id=name)
        api.run(task.id)
        quoted = name.replace("/", "%2F")
        assert [n for _, n in told(client.get(f"{TASK}/{quoted}/stream").text)] == ["done"]
    assert client.get(f"{TASK}/a%2Fstream").json()["id"] == task.id


def test_silence_is_broken_by_comments(  # N-2
    api: Api, client: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "PROGRESS_SECONDS", 0.05)
    monkeypatch.setattr(stream, "KEEP_ALIVE_SECONDS", 0.2)
    task = api.make(T2V, prompt="a tiny lake")
    with events(client, "GET", f"{TASK}/{task.id}/stream") as messages:
        assert next(messages).name == "output"
        assert [(m.name, m.data) for m in islice(messages, 2)] == [("", "keepalive")] * 2


def test_a_task_that_is_removed_ends_it_with_an_error(  # N-2
    api: Api, client: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "PROGRESS_SECONDS", 0.1)
    task = api.make(T2V, prompt="a tiny lake")
    with events(client, "GET", f"{TASK}/{task.id}/stream") as messages:
        next(messages)
        with api.app.database.write() as connection:
            connection.execute(update(rows).where(rows.c.id == task.id).values(removed_at=now_ms()))
        (error,) = messages
    assert (error.name, error.data["error"]["code"]) == ("error", "unknown_task")
    assert error.data["id"] == task.id


def test_a_key_that_is_revoked_ends_it_with_an_error(  # N-2
    api: Api, client: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "PROGRESS_SECONDS", 0.1)
    task = api.make(T2V, prompt="a tiny lake")
    authenticator = "kirin.http.authentication.Authenticator.still_valid"

    async def revoked(*_: object) -> bool:
        return False

    with events(client, "GET", f"{TASK}/{task.id}/stream") as messages:
        next(messages)
        monkeypatch.setattr(authenticator, revoked)
        (error,) = messages
    assert (error.name, error.data["error"]["code"]) == ("error", "invalid_api_key")


@pytest.mark.parametrize("cursor", ["-1", "soon", "1.5", "", "12345678901"])
def test_a_wrong_cursor_is_refused_by_name(finished: Finished, cursor: str) -> None:  # N-2
    answer = finished.api.http.get(
        f"{TASK}/{finished.task['id']}/stream", params={"cursor": cursor}
    )
    assert answer.status_code == 400
    assert [problem["param"] for problem in answer.json()["errors"]] == ["cursor"]


def test_it_is_for_the_account_alone(api: Api, finished: Finished) -> None:  # N-2
    path = f"{TASK}/{finished.task['id']}/stream"
    assert api.http.get(path).status_code == 404
    assert api.stranger.get(path).status_code == 401
    assert finished.api.holder("generate").get(path).status_code == 403


def test_no_more_than_an_account_may_hold(api: Api, client: httpx.Client) -> None:  # N-2
    task = api.make(T2V, prompt="a tiny lake")
    path = f"{TASK}/{task.id}/stream"
    held = [client.stream("GET", path) for _ in range(api.app.settings.streams)]
    for each in held:
        each.__enter__()
    assert client.get(path).status_code == 429
    assert client.get("/model/v1/events").status_code == 429
    for each in held:
        each.__exit__(None, None, None)
