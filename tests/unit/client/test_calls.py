"""Calls of both clients: what is sent, what is tried again, what is raised."""

from __future__ import annotations

import asyncio
import copy
import json
import logging
import pickle
import ssl
from collections.abc import Callable
from typing import Any

import httpx
import pytest

import kirin_client
from kirin_client import (
    ApiError,
    AsyncKirin,
    BadRequest,
    ConnectionFailed,
    Forbidden,
    InsufficientBalance,
    Kirin,
    KirinError,
    NotFound,
    RateLimited,
    ServerError,
    TaskFailed,
    TimedOut,
    Unauthenticated,
    UnreadableAnswer,
    WaitTimedOut,
)
from kirin_client.retries import FIRST_PAUSE, Attempts, jitter
from support.cards import T2V
from support.client_server import Server, refused, task

Connect = Callable[..., Any]


def test_what_goes_beside_the_parameters(connect: Connect) -> None:  # W-1
    server = Server(task())
    kirin = connect(server)
    kirin.create(T2V, {"prompt": "a lake"})
    kirin.create(T2V, {"prompt": "a lake"}, moderation=True, metadata={"order": 7})
    plain = {"model": T2V, "input": [{"params": {"prompt": "a lake"}}]}
    bodies = [json.loads(request.content) for request in server.requests]
    assert bodies == [plain, {**plain, "moderation": True, "metadata": {"order": 7}}]
    keys = [request.headers["Idempotency-Key"] for request in server.requests]
    assert len(set(keys)) == 2
    assert server.requests[0].headers["Authorization"] == "Bearer secret-key"
    assert server.requests[0].headers["User-Agent"].startswith("kirin-client/")


def test_tasks_are_listed_by_status_and_stage(connect: Connect) -> None:  # W-4
    server = Server({"tasks": [], "next_cursor": None})
    connect(server).tasks(status="in_progress", stage="queued", limit=3)
    query = dict(server.requests[0].url.params)
    assert query == {"limit": "3", "status": "in_progress", "stage": "queued"}


def test_pages_are_asked_for_one_by_one(connect: Connect) -> None:
    pages = [
        {"tasks": [task(id="a"), task(id="b")], "next_cursor": "2"},
        {"tasks": [task(id="c")], "next_cursor": None},
    ]
    server = Server(*pages)
    assert [each.id for each in connect(server).iter_tasks(limit=2)] == ["a", "b", "c"]
    assert [r.url.params.get("cursor") for r in server.requests] == [None, "2"]


def test_an_answer_is_read_by_attribute_and_by_item(connect: Connect) -> None:
    told = task("completed", new_member=[1], usage={"cost": "0.2", "discount": 0.0})
    found = connect(Server(told)).task("t1")
    assert (found.status, found["status"], found.usage.cost) == ("completed", "completed", "0.2")
    assert found["new_member"] == [1]
    assert found.error is None
    assert "error" not in found
    assert found.get("error", 5) == 5
    assert found.to_dict() == told
    with pytest.raises(KeyError):
        found["error"]
    assert pickle.loads(pickle.dumps(found)) == found  # noqa: S301  our own


def test_words_that_are_not_known_do_no_harm(connect: Connect) -> None:
    assert connect(Server(task("paused"))).task("t1").to_dict()["status"] == "paused"


@pytest.mark.parametrize(
    "first",
    [
        httpx.ConnectError("refused"),
        httpx.ReadError("cut"),
        httpx.ReadTimeout("slow"),
        refused(429),
        refused(500),
        refused(502),
        refused(503),
        httpx.Response(504, text="<html>"),
    ],
)
def test_a_creation_is_tried_again_under_one_key(
    first: Any, connect: Connect, pauses: list[float]
) -> None:
    server = Server(first, first, task())
    assert connect(server).create(T2V, {}).id == "t1"
    keys = {request.headers["Idempotency-Key"] for request in server.requests}
    assert (len(server.requests), len(keys), len(pauses)) == (3, 1, 2)


def test_ones_own_key_is_kept(connect: Connect) -> None:
    server = Server(refused(503), task())
    connect(server).create(T2V, {}, idempotency_key="mine")
    assert [r.headers["Idempotency-Key"] for r in server.requests] == ["mine", "mine"]


@pytest.mark.parametrize(
    ("failure", "attempts"),
    [
        (httpx.ConnectError("refused"), 4),  # nothing was sent
        (httpx.ReadError("cut"), 1),
        (refused(500), 1),
        (refused(503), 4),
        (refused(429), 4),
        (refused(409), 1),
    ],
)
def test_what_cannot_be_repeated_is_sent_again_only_if_it_was_not_done(
    failure: Any, attempts: int, connect: Connect
) -> None:
    server = Server(failure)
    with pytest.raises(KirinError):
        connect(server).cancel("t1")
    assert len(server.requests) == attempts


def test_retry_after_is_honoured(connect: Connect, pauses: list[float]) -> None:
    connect(Server(refused(429, headers={"Retry-After": "7"}), task())).task("t1")
    assert 7 <= pauses[0] <= 7 + FIRST_PAUSE


def test_who_is_told_to_come_much_later_is_told_so(connect: Connect, pauses: list[float]) -> None:
    server = Server(refused(429, headers={"Retry-After": "3600"}))
    with pytest.raises(RateLimited) as caught:
        connect(server).task("t1")
    assert (caught.value.retry_after, pauses, len(server.requests)) == (3600, [], 1)


def test_the_time_limit_is_for_all_attempts(connect: Connect, pauses: list[float]) -> None:
    server = Server(refused(503, headers={"Retry-After": "59"}))
    with pytest.raises(ServerError):
        connect(server, timeout=50).task("t1")
    assert (len(server.requests), pauses) == (1, [])
    assert server.requests[0].extensions["timeout"]["read"] <= 50


def test_options_of_one_call(connect: Connect) -> None:
    server = Server(refused(503))
    kirin = connect(server)
    with pytest.raises(ServerError):
        kirin.with_options(max_retries=0, timeout=50, headers={"X-Model": "m"}).task("t1")
    assert len(server.requests) == 1
    assert server.requests[0].headers["X-Model"] == "m"
    assert server.requests[0].extensions["timeout"]["read"] <= 50
    with pytest.raises(ServerError):
        kirin.task("t1")
    assert len(server.requests) == 5
    assert "X-Model" not in server.requests[1].headers


def test_pauses_grow_with_full_jitter() -> None:
    for attempt, most in ((1, 0.5), (2, 1), (3, 2), (4, 4), (5, 8), (9, 8)):
        drawn = [jitter(attempt) for _ in range(200)]
        assert 0 <= min(drawn) < most / 4
        assert most * 3 / 4 < max(drawn) <= most


def test_attempts_end_with_the_time() -> None:
    now = [0.0]
    attempts = Attempts(9, 10, clock=lambda: now[0])
    error = ConnectionFailed("x")
    assert attempts.again(error, repeatable=True) is not None
    now[0] = 10.0
    assert attempts.again(error, repeatable=True) is None


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (refused(400, errors=[{"param": "mode", "code": "c", "message": "m"}]), BadRequest),
        (refused(401), Unauthenticated),
        (refused(403), Forbidden),
        (refused(403, error_code=40201), InsufficientBalance),
        (refused(404), NotFound),
        (refused(410), NotFound),
        (refused(413), BadRequest),
        (refused(418), ApiError),
        (httpx.Response(500, text="oops", headers={"X-Request-Id": "r1"}), ServerError),
    ],
)  # fmt: skip
def test_refusals_have_kinds(
    answer: httpx.Response, kind: type[ApiError], connect: Connect
) -> None:  # W-9
    with pytest.raises(KirinError) as caught:
        connect(Server(answer), max_retries=0).task("t1")
    error = caught.value
    assert type(error) is kind
    assert isinstance(error, ApiError)
    assert (error.status, error.request_id) == (answer.status_code, "r1")
    if kind is BadRequest and error.problems:
        assert error.problems[0].param == "mode"
    again = pickle.loads(pickle.dumps(error))  # noqa: S301  our own
    assert (type(again), str(again), again.code, again.body) == (
        kind, str(error), error.code, error.body,
    )  # fmt: skip


def test_no_answer_has_kinds(connect: Connect) -> None:
    with pytest.raises(TimedOut, match=r"http://kirin\.test/model") as caught:
        connect(Server(httpx.ReadTimeout("")), max_retries=0).task("t1")
    assert isinstance(caught.value, TimeoutError)
    assert isinstance(caught.value.__cause__, httpx.ReadTimeout)
    again = pickle.loads(pickle.dumps(caught.value))  # noqa: S301  our own
    assert (str(again), again.url) == (str(caught.value), caught.value.url)


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(200, text="<html>welcome"),
        httpx.Response(200, json=[1]),
        httpx.Response(200, json={"id": "t1"}),
        httpx.Response(302, headers={"Location": "/login"}),
    ],
)
def test_another_server_is_told_as_such(answer: httpx.Response, connect: Connect) -> None:
    with pytest.raises(UnreadableAnswer, match=r"kirin\.test"):
        connect(Server(answer)).task("t1")


def test_waiting_asks_the_server_to_hold_the_answer_back(
    connect: Connect, pauses: list[float]
) -> None:
    server = Server(task(), task(), task("completed"))
    assert connect(server).wait("t1").status == "completed"
    assert [r.url.params["wait"] for r in server.requests] == ["30"] * 3
    assert pauses == []


def test_waiting_with_progress(connect: Connect, pauses: list[float]) -> None:
    seen: list[str] = []
    server = Server(task(), task(), task("completed"))
    connect(server).wait("t1", on_change=lambda it: seen.append(it.status), interval=0.1)
    assert seen == ["in_progress", "in_progress", "completed"]
    assert pauses == [0.1, 0.1]


def test_a_failed_task_is_raised(connect: Connect) -> None:
    why = {"code": "task_cancelled", "message": "It was cancelled.", "error_message": "x"}
    with pytest.raises(TaskFailed, match="task_cancelled: It was cancelled") as caught:
        connect(Server(task("failed", error=why))).wait("t1")
    again = pickle.loads(pickle.dumps(caught.value))  # noqa: S301  our own
    assert again.task == caught.value.task


def test_waiting_ends(connect: Connect) -> None:
    with pytest.raises(WaitTimedOut, match="still in_progress") as caught:
        connect(Server(task())).wait("t1", timeout=0)
    assert isinstance(caught.value, TimeoutError)
    assert pickle.loads(pickle.dumps(caught.value)).task.id == "t1"  # noqa: S301


def test_create_and_wait(connect: Connect) -> None:
    server = Server(task(), task(), task("completed"))
    assert connect(server).create_and_wait(T2V, {"prompt": "a"}).status == "completed"
    assert [r.method for r in server.requests] == ["POST", "GET", "GET"]


def test_raw_answers(connect: Connect) -> None:
    answer = httpx.Response(200, json=task(), headers={"X-Request-Id": "r9"})
    raw = connect(Server(answer)).with_raw_response.task("t1")
    assert (raw.status, raw.request_id, raw.parse().id) == (200, "r9", "t1")
    assert json.loads(raw.content) == task()


def test_the_administration(connect: Connect) -> None:
    server = Server({"accounts": [], "next_cursor": None})
    assert connect(server).admin.accounts().accounts == []
    assert list(connect(server).admin.iter_accounts()) == []
    assert connect(server).with_raw_response.admin.accounts().status == 200


def test_a_204_is_no_picture(connect: Connect) -> None:  # N-14
    assert connect(Server(httpx.Response(204))).preview("t1") is None


def test_server_and_key_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KIRIN_SERVER", "http://there:1/base/")
    monkeypatch.setenv("KIRIN_API_KEY", "theirs")
    server = Server(task())
    Kirin(transport=httpx.MockTransport(server)).task("a b")
    assert str(server.requests[0].url) == "http://there:1/base/model/v1/generation/task/a%20b"
    assert server.requests[0].headers["Authorization"] == "Bearer theirs"


def test_logs_hold_no_secret(connect: Connect, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "kirin_client")
    kirin = connect(Server(httpx.ReadError("cut"), task()))
    kirin.task("t1")
    kirin.read("http://kirin.test/files/a?signature=precious")
    ours = [record.getMessage() for record in caplog.records if record.name == "kirin_client"]
    assert len(ours) == 3
    assert ours[0].startswith("GET /model/v1/generation/task/t1: ReadError in")
    for secret in ("secret-key", "precious"):
        assert secret not in " ".join(ours)
        assert secret not in repr(kirin)
    assert "secret-key" not in repr(kirin.options)


@pytest.mark.parametrize("kind", [Kirin, AsyncKirin])
def test_a_client_is_pickled_and_copied_without_its_connections(kind: type[Any]) -> None:
    kirin = kind("http://kirin.test", "k", timeout=5)
    for other in (pickle.loads(pickle.dumps(kirin)), copy.copy(kirin)):  # noqa: S301  our own
        assert other.options == kirin.options
        assert other._http is not kirin._http
        _close(other)
        assert not kirin._http.is_closed
    _close(kirin.with_options(timeout=1))  # it does not own them
    assert not kirin._http.is_closed
    _close(kirin)
    _close(kirin)
    assert kirin._http.is_closed


def test_clients_read_the_authorities_once(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[ssl.SSLContext] = []

    def create() -> ssl.SSLContext:
        made.append(ssl.create_default_context())
        return made[-1]

    monkeypatch.setattr(httpx, "create_ssl_context", create)
    # Of no other test, nor there.
    monkeypatch.setenv("SSL_CERT_DIR", "authorities")
    for name in ("one", "one", "other"):
        monkeypatch.setenv("SSL_CERT_FILE", name)
        with Kirin("https://kirin.test", "k"):
            pass
        _close(AsyncKirin("https://kirin.test", "k"))
    assert len(made) == 2
    with Kirin("https://kirin.test", "k", verify=False):
        pass
    assert len(made) == 2


def _close(kirin: Any) -> None:
    closing = kirin.close()
    if closing is not None:
        asyncio.run(closing)


def test_all_that_is_public_is_there() -> None:
    assert all(hasattr(kirin_client, name) for name in kirin_client.__all__)
    errors = [each for each in vars(kirin_client).values() if isinstance(each, type)]
    for each in errors:
        assert not issubclass(each, Exception) or issubclass(each, KirinError)
