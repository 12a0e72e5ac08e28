"""Creating a task and waiting for its end in one request (contract, section 1: N-1)."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import httpx
import pytest

from kirin.app import App
from kirin.domain.task import Status
from kirin.http.tasks import waiting_room
from kirin.settings import Settings
from support.api import GENERATION, TASK, Api, InProcess
from support.cards import T2V
from support.live import Live, events
from support.waiting import until

SYNC = f"{GENERATION}/sync"
EVENTS = {"Accept": "text/event-stream"}


def body(prompt: str, **params: Any) -> dict[str, Any]:
    return {"model": T2V, "input": [{"params": {"prompt": prompt, **params}}]}


@pytest.fixture(scope="module")
def live(shared_app: App) -> Iterator[Live]:
    with Live(shared_app.http()) as server:
        yield server


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Set once a request waits for the end of its task."""
    begun, wait = threading.Event(), waiting_room.wait_for_change

    def noted(*given: Any) -> Any:
        begun.set()
        return wait(*given)

    monkeypatch.setattr(waiting_room, "wait_for_change", noted)
    return begun


@pytest.fixture
def client(live: Live, api: Api) -> Iterator[httpx.Client]:
    with live.client(api.key) as made:
        yield made


@pytest.fixture(scope="module")
def _impatient(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[App, InProcess]]:
    settings = Settings(
        data_dir=tmp_path_factory.mktemp("impatient"), engines="scripted", sync_seconds=0.3
    )
    app = App.open(settings)
    transport = InProcess(app.http())
    yield app, transport
    transport.end()
    app.close()


@pytest.fixture
def impatient(_impatient: tuple[App, InProcess]) -> Api:
    """A fresh account on a server that waits for less than half a second."""
    return Api(*_impatient)


@contextmanager
def working(api: Api, count: int = 1) -> Iterator[None]:
    """Do a worker's work for the account's next tasks, in a thread that ends with the block."""

    def work() -> None:
        done: set[str] = set()
        while len(done) < count and not over.is_set():
            for task in api.http.get(TASK).json()["tasks"]:
                if task["id"] not in done:
                    api.run(task["id"])
                    done.add(task["id"])
            over.wait(0.05)

    over = threading.Event()
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def test_the_answer_is_the_task_at_its_end(api: Api, client: httpx.Client) -> None:  # N-1
    with working(api):
        answer = client.post(SYNC, json=body("a tiny lake"))
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"] == "application/json"
    task = answer.json()
    assert task["status"] == "completed"
    assert task == client.get(f"{TASK}/{task['id']}").json()
    assert httpx.get(task["output"][0]["content"][0]["url"]).status_code == 200


def test_a_task_that_fails_is_an_answer_too(api: Api, client: httpx.Client) -> None:  # N-1
    with working(api):
        answer = client.post(SYNC, json=body("fail"))
    assert answer.status_code == 200
    assert answer.json()["status"] == "failed"
    assert answer.json()["error"]["code"] == "002004095"


def test_out_of_time_it_says_so_and_the_task_goes_on(impatient: Api) -> None:  # N-1
    started = time.monotonic()
    answer = impatient.http.post(SYNC, json=body("a tiny lake"))
    assert 0.3 <= time.monotonic() - started < 50  # not as long as anybody may
    assert answer.status_code == 504
    told = answer.json()
    assert told["status"] == "in_progress"
    assert told["code"] == told["error"]["code"] == "SYNC_TIMEOUT"
    assert told["message"] == told["error"]["message"] == told["error"]["error_message"]
    assert told["request_id"] == answer.headers["X-Request-Id"]
    assert impatient.read(told["id"])["status"] == "in_progress"
    assert impatient.run(told["id"])["status"] == "completed"


def test_out_of_time_the_events_end_with_an_error(impatient: Api) -> None:  # N-1
    answer = impatient.http.post(SYNC, json=body("a tiny lake"), headers=EVENTS)
    assert answer.status_code == 200
    last = answer.text.strip().split("\n\n")[-1]
    assert "event: error" in last
    assert '"code":"SYNC_TIMEOUT"' in last
    assert '"status":"in_progress"' in last
    (task,) = impatient.http.get(TASK).json()["tasks"]
    assert impatient.run(task["id"])["status"] == "completed"


def test_it_can_be_told_as_events(api: Api, client: httpx.Client) -> None:  # N-1
    with (
        working(api),
        events(client, "POST", SYNC, json=body("a tiny lake"), headers=EVENTS) as told,
    ):
        messages = list(told)
    assert [m.name for m in messages[-2:]] == ["output", "done"]
    assert {m.name for m in messages[:-1]} == {"output"}
    done = messages[-1].data
    assert done["status"] == "completed"
    shown = client.get(f"{TASK}/{done['id']}").json()
    assert done == {**shown, "cursor": done["cursor"]}


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("text/event-stream", "text/event-stream"),
        ("text/event-stream;q=0.9, application/json;q=0.1", "text/event-stream"),
        ("TEXT/EVENT-STREAM", "text/event-stream"),
        ("application/json, text/event-stream", "application/json"),
        ("*/*", "application/json"),
        ("", "application/json"),
        ("image/png", "application/json"),
    ],
)
def test_accept_chooses_the_form(impatient: Api, accept: str, kind: str) -> None:  # N-1
    headers = {"Accept": accept}
    answer = impatient.http.post(SYNC, json=body("a tiny lake"), headers=headers)
    assert answer.headers["Content-Type"].partition(";")[0] == kind


def test_who_hangs_up_leaves_a_task_behind(api: Api, client: httpx.Client) -> None:  # N-1
    for count, headers in enumerate(({}, EVENTS), 1):
        patience = httpx.Timeout(60, read=0.5)
        request = {"json": body("a tiny lake"), "headers": headers, "timeout": patience}
        with pytest.raises(httpx.ReadTimeout), client.stream("POST", SYNC, **request) as answer:
            answer.read()
        # It hangs up half a second later, when a busy server may not have read the request yet.
        until(lambda count=count: len(api.http.get(TASK).json()["tasks"]) == count)
        task = api.http.get(TASK).json()["tasks"][0]
        assert task["status"] == "in_progress"
        assert api.run(task["id"])["status"] == "completed"
    assert len(api.http.get(TASK).json()["tasks"]) == 2


def test_many_who_wait_hold_up_nobody(api: Api, live: Live) -> None:  # N-1
    """Twice as many wait as there are threads and connections to wait with."""

    def wait(_: int) -> str:
        with live.client(api.key) as client:
            status: str = client.post(SYNC, json=body("a tiny lake")).json()["status"]
            return status

    with ThreadPoolExecutor(32) as pool, live.client(api.key) as client:
        waiting = pool.map(wait, range(32))
        until(lambda: len(client.get(TASK, params={"limit": 100}).json()["tasks"]) == 32)
        started = time.monotonic()
        tasks = client.get(TASK, params={"limit": 100}).json()["tasks"]
        assert time.monotonic() - started < 50  # not after those that wait
        for task in tasks:
            client.delete(f"{TASK}/{task['id']}")
        assert set(waiting) == {"failed"}


def test_what_is_refused_makes_no_task(api: Api) -> None:  # N-1
    for wrong in (body("a lake", colour="red"), {"model": "no_such"}, {}):
        answer = api.http.post(SYNC, json=wrong)
        assert answer.status_code in (400, 404)
        assert isinstance(answer.json()["message"], str)
    assert api.stranger.post(SYNC, json=body("a lake")).status_code == 401
    reader = api.holder("read")
    assert reader.post(SYNC, json=body("a lake")).status_code == 403
    assert api.http.get(TASK).json()["tasks"] == []


def test_a_repeated_request_waits_for_the_same_task(impatient: Api) -> None:  # N-1
    headers = {"Idempotency-Key": "order-7"}
    first = impatient.http.post(SYNC, json=body("a tiny lake"), headers=headers)
    again = impatient.http.post(SYNC, json=body("a tiny lake"), headers=headers)
    assert first.json()["id"] == again.json()["id"]
    task = impatient.row(first.json()["id"])
    assert task.status is Status.PENDING
    impatient.run(task.id)
    ended = impatient.http.post(SYNC, json=body("a tiny lake"), headers=headers)
    assert ended.status_code == 200
    assert ended.headers["Idempotent-Replayed"] == "true"
    assert ended.json()["id"] == task.id


def test_no_more_streams_than_an_account_may_hold(api: Api, client: httpx.Client) -> None:  # N-1
    most = api.app.settings.streams
    open_streams = [
        client.stream("POST", SYNC, json=body("a tiny lake"), headers=EVENTS) for _ in range(most)
    ]
    for each in open_streams:
        each.__enter__()
    refused = client.post(SYNC, json=body("a tiny lake"), headers=EVENTS)
    assert refused.status_code == 429
    assert refused.json()["code"] == "too_many_streams"
    tasks = client.get(TASK).json()["tasks"]
    assert len(tasks) == most  # none was made for the one that was refused
    for task in tasks:
        client.delete(f"{TASK}/{task['id']}")
    for each in open_streams:
        each.__exit__(None, None, None)


def test_no_more_wait_than_an_account_may_have_wait(  # N-1
    api: Api, shared_app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting_room, "MAX_WAITING", 1)
    with (
        Live(shared_app.http()) as server,
        server.client(api.key) as client,
        ThreadPoolExecutor(1) as pool,
    ):
        waiting = pool.submit(client.post, SYNC, json=body("a tiny lake"))
        until(lambda: client.get(TASK).json()["tasks"])
        refused = client.post(SYNC, json=body("a tiny lake"))
        assert (refused.status_code, refused.json()["code"]) == (429, "too_many_waiting")
        (task,) = client.get(TASK).json()["tasks"]
        client.delete(f"{TASK}/{task['id']}")
        assert waiting.result(60).json()["status"] == "failed"
        with working(api, 2):
            assert client.post(SYNC, json=body("fail")).status_code == 200  # there is room again


def test_a_server_that_stops_tells_the_id(  # N-1
    api: Api, shared_app: App, waits: threading.Event
) -> None:
    with (
        Live(shared_app.http()) as server,
        server.client(api.key) as client,
        ThreadPoolExecutor(1) as pool,
    ):
        waiting = pool.submit(client.post, SYNC, json=body("a tiny lake"))
        assert waits.wait(60)
        server.stop()
        answer = waiting.result(60)
    assert answer.status_code == 504
    (task,) = api.http.get(TASK).json()["tasks"]
    assert answer.json()["id"] == task["id"]
