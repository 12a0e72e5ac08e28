"""Following tasks: long polls and the event stream of an account."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import Any, NoReturn

import httpx
import pytest
from sqlalchemy import delete
from sqlalchemy.exc import OperationalError

from kirin.accounts import store as accounts
from kirin.app import App
from kirin.clock import now_ms
from kirin.database.tables import events as event_rows
from kirin.domain.task import Status
from kirin.http.tasks import events, read
from kirin.tasks import events as rows
from kirin.tasks import forecast, heartbeats, store
from support.api import TASK, Api, InProcess
from support.cards import T2V
from support.live import Live, Told, stream
from support.waiting import until


@pytest.fixture(scope="module")
def live(shared_app: App) -> Iterator[Live]:
    with Live(shared_app.http()) as server:
        yield server


@pytest.fixture
def client(live: Live, api: Api) -> Iterator[httpx.Client]:
    with live.client(api.key) as made:
        yield made


def names(told: Iterator[Told], count: int) -> list[tuple[str, str]]:
    return [(message.name, message.data["id"]) for message in islice(told, count)]


def test_a_long_poll_answers_when_the_stage_changes(
    api: Api, client: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    task = api.make(T2V, prompt="a tiny lake")
    waits, wait = threading.Event(), read.wait_for_change

    def noted(*given: Any) -> Any:
        waits.set()
        return wait(*given)

    def claim() -> None:
        waits.wait(60)
        with api.app.database.write() as connection:
            store.claim(connection, task.id, now_ms())
            api.app.tasks.transitions.publish(connection, task.id)

    monkeypatch.setattr(read, "wait_for_change", noted)
    worker = threading.Thread(target=claim)
    worker.start()
    started = time.monotonic()
    answer = client.get(f"{TASK}/{task.id}", params={"wait": 60})
    waited = time.monotonic() - started
    worker.join()
    assert waits.is_set()  # it was read as queued
    assert answer.json()["status"] == "in_progress"
    assert answer.json()["metadata"]["stage"] == "rendering"
    assert waited < 50  # not at its time limit


def test_a_long_poll_answers_at_its_time_limit(api: Api, client: httpx.Client) -> None:
    task = api.make(T2V, prompt="a tiny lake", external_task_id="my order")
    started = time.monotonic()
    answer = client.get(f"{TASK}/my%20order", params={"wait": 1})
    assert answer.json()["status"] == "in_progress"
    assert answer.json()["id"] == task.id
    assert 0.9 < time.monotonic() - started < 50  # not the limit of all


def test_a_finished_task_is_not_waited_for(api: Api, client: httpx.Client) -> None:
    task = api.make(T2V, prompt="fail")
    api.run(task.id)
    started = time.monotonic()
    answer = client.get(f"{TASK}/{task.id}", params={"wait": 60})
    assert answer.json()["status"] == "failed"
    assert time.monotonic() - started < 50


@pytest.mark.parametrize("wait", ["61", "-1", "soon", "1.5", ""])
def test_a_wrong_wait_is_refused_by_name(api: Api, wait: str) -> None:
    task = api.make(T2V, prompt="a tiny lake")
    answer = api.http.get(f"{TASK}/{task.id}", params={"wait": wait})
    assert answer.status_code == 400
    (problem,) = answer.json()["errors"]
    assert problem["param"] == "wait"
    assert "0 to 60" in problem["message"]


def test_many_long_polls_hold_up_nobody(
    api: Api, live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Twice as many wait as there are threads and connections to wait with."""
    task = api.make(T2V, prompt="fail")
    begun: list[object] = []
    wait_for_change = read.wait_for_change

    def noted(*given: Any) -> Any:
        begun.append(given)
        return wait_for_change(*given)

    monkeypatch.setattr(read, "wait_for_change", noted)

    def wait(_: int) -> str:
        with live.client(api.key) as client:
            status: str = client.get(f"{TASK}/{task.id}", params={"wait": 60}).json()["status"]
            return status

    with ThreadPoolExecutor(40) as pool, live.client(api.key) as client:
        waiting = pool.map(wait, range(40))
        until(lambda: len(begun) == 40)
        started = time.monotonic()
        assert client.get(f"{TASK}/{task.id}").json()["status"] == "in_progress"
        assert time.monotonic() - started < 50  # not after those that wait
        api.http.delete(f"{TASK}/{task.id}")
        assert set(waiting) == {"failed"}


def test_the_stream_tells_every_change_of_all_tasks(api: Api, client: httpx.Client) -> None:
    with stream(client) as told:
        first = api.make(T2V, prompt="a tiny lake")
        second = api.make(T2V, prompt="fail")
        api.run(first.id)
        api.run(second.id)
        messages = list(islice(told, 6))
    assert [(m.name, m.data["id"]) for m in messages] == [
        ("in_progress", first.id),
        ("in_progress", second.id),
        ("in_progress", first.id),
        ("completed", first.id),
        ("in_progress", second.id),
        ("failed", second.id),
    ]
    assert [m.data["status"] for m in messages] == [m.name for m in messages]
    stages = [m.data["metadata"].get("stage") for m in messages]
    assert stages == ["queued", "queued", "rendering", None, "rendering", None]
    ids = [int(m.id) for m in messages]
    assert ids == list(range(ids[0], ids[0] + 6))
    completed = messages[3].data
    shown = client.get(f"{TASK}/{first.id}").json()
    assert completed == shown
    link = completed["output"][0]["content"][0]["url"]
    assert httpx.get(link).status_code == 200


def test_a_stream_goes_on_where_it_broke_off(api: Api, client: httpx.Client) -> None:
    with stream(client) as told:
        first = api.make(T2V, prompt="fail")
        (last,) = islice(told, 1)
    api.run(first.id)
    second = api.make(T2V, prompt="a tiny lake")
    with stream(client, Last_Event_ID=last.id) as told:
        assert names(told, 3) == [
            ("in_progress", first.id),
            ("failed", first.id),
            ("in_progress", second.id),
        ]


def test_a_stream_without_an_id_begins_now(api: Api, client: httpx.Client) -> None:
    api.make(T2V, prompt="before")
    with stream(client) as told:
        after = api.make(T2V, prompt="after")
        assert names(told, 1) == [("in_progress", after.id)]


def test_a_gap_is_told(api: Api, client: httpx.Client) -> None:
    for _ in range(3):
        api.make(T2V, prompt="a tiny lake")
    with api.app.database.write() as connection:
        connection.execute(
            delete(event_rows).where(event_rows.c.account == api.account, event_rows.c.number <= 2)
        )
    with stream(client, Last_Event_ID="1") as told:
        (reset,) = islice(told, 1)
        assert (reset.id, reset.name) == ("3", "reset")
        assert "list the tasks" in reset.data["message"]
    with stream(client, Last_Event_ID="2") as told:
        assert [m.id for m in islice(told, 1)] == ["3"]
    with stream(client, Last_Event_ID="900") as told:
        assert [m.name for m in islice(told, 1)] == ["reset"]


def test_a_stream_tells_nothing_of_others(api: Api, client: httpx.Client) -> None:
    with stream(client) as told:
        api.another().make(T2V, prompt="not yours")
        mine = api.make(T2V, prompt="mine")
        assert names(told, 1) == [("in_progress", mine.id)]


def test_more_events_than_a_stream_holds_at_a_time(
    api: Api, client: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "BATCH", 2)
    ids = [api.make(T2V, prompt="a tiny lake").id for _ in range(5)]
    with stream(client, Last_Event_ID="0") as told:
        assert names(told, 5) == [("in_progress", id) for id in ids]


def test_silence_is_filled(api: Api, client: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "KEEP_ALIVE_SECONDS", 0.1)
    with stream(client) as told:
        assert next(told).data == "keep-alive"


def test_a_stream_ends_when_the_database_goes_away(
    api: Api, client: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> NoReturn:
        raise OperationalError("SELECT", {}, Exception("gone"))

    monkeypatch.setattr(events, "KEEP_ALIVE_SECONDS", 0.1)
    with stream(client) as told:
        assert next(told).data == "keep-alive"
        with monkeypatch.context() as patch:
            patch.setattr(type(api.app.database), "read", away)
            assert all(message.data == "keep-alive" for message in told)
            assert client.get("/model/v1/events").status_code == 503
    with stream(client):
        pass


def test_an_account_has_so_many_streams(api: Api, live: Live, client: httpx.Client) -> None:
    most = api.app.settings.streams
    clients = [live.client(api.key) for _ in range(most)]
    streams = [stream(client) for client in clients]
    for one in streams:
        one.__enter__()
    answer = client.get("/model/v1/events")
    assert (answer.status_code, answer.json()["code"]) == (429, "too_many_streams")
    assert int(answer.headers["Retry-After"]) > 0
    with live.client(api.another().key) as other, stream(other):
        pass
    clients[0].close()

    def again() -> bool:
        with client.stream("GET", "/model/v1/events") as answer:
            return answer.status_code == 200

    assert until(again)
    for one in clients:
        one.close()


@pytest.mark.parametrize("given", ["first", "-1", "1.5", "9" * 19])
def test_a_wrong_event_id_is_refused_by_name(api: Api, given: str) -> None:
    answer = api.http.get("/model/v1/events", headers={"Last-Event-ID": given})
    assert answer.status_code == 400
    (problem,) = answer.json()["errors"]
    assert (problem["param"], problem["code"]) == ("Last-Event-ID", "invalid_header")


def test_the_stream_wants_a_key(api: Api) -> None:
    assert api.stranger.get("/model/v1/events").status_code == 401


def test_events_are_numbered_without_gaps_whoever_writes(app: App) -> None:
    with app.database.write() as connection:
        account = accounts.ensure_account(connection, "many", now_ms())
    with ThreadPoolExecutor(8) as pool:
        made = list(
            pool.map(lambda n: app.tasks.submit(account, T2V, {"prompt": str(n)}).id, range(16))
        )
    with app.database.read() as connection:
        found = rows.after(connection, account, 0, 100)
        assert rows.last(connection, [account]) == {account: 16}
        assert rows.oldest(connection, account) == 1
    assert [event.number for event in found] == list(range(1, 17))
    assert {event.task for event in found} == set(made)
    assert {event.status for event in found} == {Status.PENDING}


def test_a_poll_tells_the_place_and_the_times(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forecast, "FRESH_SECONDS", 0)
    monkeypatch.setattr(heartbeats, "INACTIVE_SECONDS", 3600)  # however long this test takes
    transport = InProcess(app.http())
    api = Api(app, transport)
    done = api.finish(T2V, prompt="a tiny lake")
    assert done["status"] == "completed"
    unattended = api.make(T2V, prompt="a tiny lake")
    told = api.read(unattended.id)["metadata"]
    assert "no worker" in told["queue_note"]
    assert "estimated_start_at" not in told
    api.http.delete(f"{TASK}/{unattended.id}")
    with app.database.write() as connection:
        heartbeats.beat(connection, "a worker", now_ms(), ("scripted",))
    first, second = (api.make(T2V, prompt="a tiny lake") for _ in range(2))
    before = now_ms()
    answer = api.http.get(f"{TASK}/{second.id}")
    told = answer.json()["metadata"]
    assert told["queue_position"] == 2
    assert "queue_note" not in told
    assert before <= told["estimated_start_at"] < told["estimated_finish_at"] + 1
    assert 1 <= int(answer.headers["Retry-After"]) <= 30
    with app.database.write() as connection:
        store.claim(connection, first.id, now_ms())
    answer = api.http.get(f"{TASK}/{first.id}")
    told = answer.json()["metadata"]
    assert "queue_position" not in told
    assert told["estimated_finish_at"] >= before
    assert "Retry-After" in answer.headers
    answer = api.http.get(f"{TASK}/{done['id']}")
    assert "Retry-After" not in answer.headers
    assert not {"queue_position", "estimated_finish_at"} & answer.json()["metadata"].keys()
    transport.end()
