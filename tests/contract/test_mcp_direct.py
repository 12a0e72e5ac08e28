"""Plain messages to ``/mcp`` are answered as the protocol's package would answer them.

Each message is sent twice, once with the direct answers switched off, and both answers are held
against each other: status, headers, and what the body says.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from kirin.accounts.keys import Scope
from kirin.accounts.limits import Limits
from kirin.app import App
from kirin.clock import now_ms
from kirin.mcp.direct import DirectAnswers
from kirin.mcp.plain_messages import LARGEST_ID, MOST_BYTES
from kirin.mcp.short_way import ShortWay
from support.api import Api
from support.cards import T2V

MODERN = "2026-07-28"
OLDER = ("", "2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25")
VERSIONS = (*OLDER, MODERN)

ACCEPT = "application/json, text/event-stream"

META = "io.modelcontextprotocol"
ENVELOPE = {
    f"{META}/protocolVersion": MODERN,
    f"{META}/clientInfo": {"name": "test", "version": "1"},
    f"{META}/clientCapabilities": {},
}


class Post:
    """Sends a message both ways."""

    def __init__(
        self, api: Api, http: FastAPI, runner: asyncio.Runner, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self.api = api
        self._http = http
        self._runner = runner
        self._patch = monkeypatch
        self.direct = 0

    def metrics(self) -> str:
        """What this application has counted."""

        async def read() -> str:
            transport = httpx.ASGITransport(self._http)
            url = "http://testserver"
            async with httpx.AsyncClient(transport=transport, base_url=url) as client:
                answer = await client.get("/metrics")
                assert answer.status_code == 200
                return answer.text

        return self._runner.run(read())

    def send(self, body: bytes, headers: dict[str, str]) -> httpx.Response:
        """Send a body; a header that is empty is left out."""
        given = {
            "Authorization": f"Bearer {self.api.key}",
            "Accept": ACCEPT,
            "Content-Type": "application/json",
            **headers,
        }
        kept = [(name, value) for name, value in given.items() if value]

        async def send() -> httpx.Response:
            transport = httpx.ASGITransport(self._http, raise_app_exceptions=False)
            url = "http://testserver"
            async with httpx.AsyncClient(transport=transport, base_url=url) as client:
                return await client.post("/mcp", content=body, headers=kept)

        return self._runner.run(send())

    def both(self, body: bytes, **headers: str) -> tuple[httpx.Response, bool]:
        """The answer to a body, and whether it was given directly; the package's is the same."""
        answered = DirectAnswers.answer
        direct: list[bool] = []

        async def noting(self: DirectAnswers, *given: Any) -> Any:
            direct.append(True)
            return await answered(self, *given)

        with self._patch.context() as patch:
            patch.setattr(DirectAnswers, "answer", noting)
            ours = self.send(body, headers)
        with self._patch.context() as patch:
            patch.setattr(DirectAnswers, "readable", lambda *_: None)
            theirs = self.send(body, headers)
        assert ours.status_code == theirs.status_code, (ours.text, theirs.text)
        assert facts(ours) == facts(theirs)
        assert said(ours) == said(theirs)
        if not direct:
            assert kind(ours) == kind(theirs)
        return ours, bool(direct)

    def message(self, message: Any, version: str, **headers: str) -> tuple[httpx.Response, bool]:
        """The answer to a message with the headers of its revision."""
        routing = {"MCP-Protocol-Version": version}
        if version == MODERN:
            message = with_envelope(message)
            routing["Mcp-Method"] = str(message.get("method", ""))
            params = message.get("params")
            name = params.get("name") if isinstance(params, dict) else None
            routing["Mcp-Name"] = name if isinstance(name, str) else ""
        return self.both(json.dumps(message).encode(), **{**routing, **headers})

    def call(self, version: str, tool: Any, arguments: Any) -> tuple[httpx.Response, bool]:
        """The answer to a call of a tool."""
        return self.message(call(tool, arguments), version)


def call(tool: Any, arguments: Any, **more: Any) -> dict[str, Any]:
    """A call of a tool as a message."""
    params = {"name": tool, "arguments": arguments, **more}
    return {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params}


def with_envelope(message: dict[str, Any]) -> dict[str, Any]:
    """A message that stands for itself; what it says in its ``_meta`` stays."""
    params = message.get("params", {})
    if not isinstance(params, dict):
        return message
    meta = params.get("_meta", {})
    if not isinstance(meta, dict):
        return message
    return {**message, "params": {**params, "_meta": {**ENVELOPE, **meta}}}


def said(answer: httpx.Response) -> Any:
    """What an answer says, be it JSON or a stream of one event."""
    if kind(answer) == "text/event-stream":
        (data,) = [line for line in answer.text.split("\r\n") if line.startswith("data: {")]
        return without_ids(json.loads(data.removeprefix("data: ")))
    if kind(answer) == "application/json" and answer.content:
        return without_ids(answer.json())
    return answer.text


def without_ids(value: Any) -> Any:
    """What is the same each time: without the ids of requests."""
    if isinstance(value, dict):
        return {k: without_ids(v) for k, v in value.items() if k != "request_id"}
    return value


def kind(answer: httpx.Response) -> str:
    """The media type of an answer."""
    return answer.headers.get("Content-Type", "").partition(";")[0]


def facts(answer: httpx.Response) -> dict[str, str]:
    """Headers of an answer, without those that tell how it travels and when."""
    travel = {"content-type", "content-length", "cache-control", "connection", "x-accel-buffering"}
    return {k: v for k, v in answer.headers.items() if k not in travel | {"x-request-id"}}


@pytest.fixture(scope="module")
def http(shared_app: App) -> Iterator[FastAPI]:
    """An application that nobody else counts requests of. Its clock stands still, so that a message
    that is sent twice finds the same estimates."""
    moment = now_ms()
    with pytest.MonkeyPatch.context() as patch:
        for clock in ("kirin.http.server.now_ms", "kirin.http.tasks.task_response.now_ms"):
            patch.setattr(clock, lambda: moment)
        yield shared_app.http()


@pytest.fixture(scope="module")
def runner() -> Iterator[asyncio.Runner]:
    """The event loop that it runs in."""
    with asyncio.Runner() as opened:
        yield opened


@pytest.fixture
def post(api: Api, http: FastAPI, runner: asyncio.Runner, monkeypatch: pytest.MonkeyPatch) -> Post:
    """Sends messages with the key of an account of its own."""
    return Post(api, http, runner, monkeypatch)


@pytest.mark.parametrize("version", VERSIONS)
def test_calls_that_succeed(post: Post, version: str) -> None:
    id = post.api.make(T2V, prompt="a lake, \u2028 \U0001f984").id
    post.api.make(T2V, prompt="another lake")
    asked = {"model": T2V, "params": {"prompt": "a lake"}}
    for tool, arguments in (
        ("get_task", {"task_id": id}),
        ("get_task", {"task_id": id, "poster": False}),
        ("get_task", {"task_id": id, "poster": None}),
        ("list_tasks", {}),
        ("list_tasks", {"limit": 1, "status": "in_progress", "cursor": None}),
        ("list_models", {}),
        ("list_models", {"type": "image-to-video"}),
        ("show_model", {"model": T2V}),
        ("quote_video", asked),
    ):
        answer, direct = post.call(version, tool, arguments)
        assert (direct, said(answer)["result"]["isError"]) == (True, False), tool
        assert kind(answer) == "application/json"


@pytest.mark.parametrize("version", ["2025-11-25", MODERN])
def test_a_task_that_has_ended_is_shown_and_cannot_be_cancelled(post: Post, version: str) -> None:
    id = post.api.make(T2V, prompt="a lake").id
    post.api.http.post(f"/model/v1/generation/task/{id}/cancel")
    for tool in ("get_task", "cancel_task"):
        answer, direct = post.call(version, tool, {"task_id": id})
        assert (direct, id in answer.text or "task_finished" in answer.text) == (True, True)


@pytest.mark.parametrize("version", VERSIONS)
def test_calls_that_are_refused(post: Post, version: str) -> None:
    stranger = post.api.another().make(T2V, prompt="a lake").id
    for tool, arguments in (
        ("get_task", {}),
        ("get_task", {"task_id": ""}),
        ("get_task", {"task_id": 7}),
        ("get_task", {"task_id": None}),
        ("get_task", {"task_id": "nobody"}),
        ("get_task", {"task_id": stranger}),
        ("get_task", {"task_id": "../quote"}),
        ("get_task", {"task_id": "a\x00b"}),
        ("get_task", {"task_id": "\ud800"}),
        ("get_task", {"task_id": "x", "poster": "yes"}),
        ("get_task", {"task_id": "x", "poster": "\ud800"}),
        ("get_task", {"task_id": "x", "\ud800": 1}),
        ("quote_video", {"model": T2V, "params": {"prompt": "\ud800", "\ud800": 1}}),
        ("get_task", {"task_id": "x", "taskid": "y"}),
        ("list_tasks", {"limit": 0}),
        ("list_tasks", {"limit": 1.5}),
        ("list_tasks", {"cursor": "nonsense"}),
        ("show_model", {"model": "kirin_v1_6_t2w"}),
        ("quote_video", {"model": T2V, "params": {"prompt": "", "cfg_scale": 7, "x": 1}}),
        ("quote_video", {"model": T2V, "params": []}),
        ("quote_video", {"model": T2V, "params": {"prompt": "a", "cfg_scale": float("nan")}}),
        ("cancel_task", {"task_id": stranger}),
        ("cancel_task", {"id": "x"}),
    ):
        answer, _ = post.call(version, tool, arguments)
        assert said(answer).get("result", {"isError": True})["isError"], (tool, arguments)


@pytest.mark.parametrize("version", VERSIONS)
def test_tools_that_take_long_and_those_that_are_none_are_the_packages(
    post: Post, version: str
) -> None:
    for tool in ("make_coffee", "", "wait_for_task", "upload_file", "create_video", 5, None):
        assert not post.call(version, tool, {})[1]
    assert not post.message(
        call("get_task", {"task_id": "x"}, _meta={"progressToken": 1}), version
    )[1]
    assert not post.call(version, "get_task", None)[1]
    assert not post.call(version, "get_task", ["x"])[1]


@pytest.mark.parametrize("version", VERSIONS)
def test_tools_are_listed_and_pings_answered(post: Post, version: str) -> None:
    for params in ({}, {"params": {}}, {"params": {"_meta": {"traceparent": "00-1-2-01"}}}):
        answer, direct = post.message(
            {"jsonrpc": "2.0", "id": "a", "method": "tools/list", **params}, version
        )
        assert direct
        assert len(said(answer)["result"]["tools"]) == 9
        answer, direct = post.message(
            {"jsonrpc": "2.0", "id": 0, "method": "ping", **params}, version
        )
        assert direct == (version != MODERN)  # which has no pings


@pytest.mark.parametrize("version", ["", "2025-11-25", MODERN])
def test_ids_come_back_as_they_are(post: Post, version: str) -> None:
    whole = (0, -1, LARGEST_ID, LARGEST_ID + 1, 10**30)
    for id in (*whole, "", "a", "7", "\u00e4\u2028", "x" * 999):
        answer, _ = post.message({"jsonrpc": "2.0", "id": id, "method": "tools/list"}, version)
        assert said(answer)["id"] == id
        assert type(said(answer)["id"]) is type(id)
    for odd in (None, True, 1.0, 1.5, [], {}):
        message = {"jsonrpc": "2.0", "id": odd, "method": "tools/list"}
        assert not post.message(message, version)[1]


WHOLE: dict[str, Any] = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}


NOT_QUITE_RIGHT: tuple[dict[str, Any], ...] = (
    {"id": 1, "method": "tools/list"},
    {**WHOLE, "jsonrpc": "1.0"},
    {**WHOLE, "jsonrpc": 2.0},
    {"jsonrpc": "2.0", "method": "tools/list"},
    {"jsonrpc": "2.0", "id": 1},
    {"jsonrpc": "2.0", "id": 1, "result": {}},
    {**WHOLE, "result": {}},
    {**WHOLE, "error": {"code": 1, "message": "x"}},
    {**WHOLE, "more": 1},
    {**WHOLE, "method": 7},
    {**WHOLE, "method": ["ping"]},
    {**WHOLE, "method": "tools/List"},
    {**WHOLE, "method": "resources/list"},
    {**WHOLE, "method": "server/discover"},
    {**WHOLE, "method": "notifications/initialized"},
    {**WHOLE, "params": None},
    {**WHOLE, "params": []},
    {**WHOLE, "params": {"cursor": "x"}},
    {**WHOLE, "params": {"cursor": 7}},
    {**WHOLE, "params": {"more": 7}},
    {**WHOLE, "params": {"_meta": None}},
    {**WHOLE, "params": {"_meta": {"progressToken": 1.5}}},
    {**WHOLE, "params": {"_meta": {f"{META}/logLevel": "debug"}}},
    {**WHOLE, "params": {"_meta": {f"{META}/clientInfo": {"name": 7}}}},
    {**WHOLE, "params": {"_meta": {f"{META}/clientInfo": None}}},
    {**WHOLE, "params": {"_meta": {f"{META}/clientCapabilities": []}}},
    {**WHOLE, "params": {"_meta": {f"{META}/protocolVersion": "2025-11-25"}}},
    {**WHOLE, "params": {"_meta": {f"{META}/protocolVersion": 7}}},
    call("get_task", {"task_id": "x"}, task={"ttl": 1}),
    call("get_task", {"task_id": "x"}, inputResponses={}),
    {**call("get_task", {}), "params": {"arguments": {}}},
    {**call("get_task", {}), "params": {"name": "get_task"}},
)


@pytest.mark.parametrize("version", ["", "2025-11-25", MODERN, "1999-01-01"])
def test_messages_that_are_not_quite_right(post: Post, version: str) -> None:
    for message in NOT_QUITE_RIGHT:
        post.message(message, version)
        bare = json.dumps(
            message
        ).encode()  # since 2026-07-28: without what it has to say of itself
        post.both(bare, **{"MCP-Protocol-Version": version, "Mcp-Method": "tools/list"})


NOT_QUITE_JSON = (
    b"",
    b"{",
    b"null",
    b"[]",
    b"[" + json.dumps(WHOLE).encode() + b"]",
    json.dumps(WHOLE).encode() + b"x",
    b"\xef\xbb\xbf" + json.dumps(WHOLE).encode(),
    json.dumps(WHOLE).encode("utf-16"),
    b'{"jsonrpc":"2.0","id":1,"id":2,"method":"ping"}',
    b'{"jsonrpc":"2.0","id":1,"method":"ping","params":{"\xff":1}}',
    b'{"jsonrpc":"2.0","id":"\\ud800","method":"ping"}',
    json.dumps(with_envelope({"jsonrpc": "2.0", "id": "\ud800", "method": "tools/list"})).encode(),
    b" " * MOST_BYTES + json.dumps(WHOLE).encode(),
)


@pytest.mark.parametrize("version", ["", "2025-11-25", MODERN])
def test_bodies_that_are_not_quite_json(post: Post, version: str) -> None:
    for body in NOT_QUITE_JSON:
        post.both(body, **{"MCP-Protocol-Version": version, "Mcp-Method": "tools/list"})


HEADERS: tuple[tuple[dict[str, str], int | None, bool], ...] = (
    ({}, 200, True),
    ({"Accept": "*/*"}, 200, True),
    ({"Accept": "text/*, application/*;q=0.5"}, 200, True),
    ({"Accept": "application/json"}, 406, False),
    ({"Accept": "text/event-stream"}, 406, False),
    ({"Accept": "text/html"}, 406, False),
    ({"Accept": ""}, 200, True),  # this client then sends */*
    ({"Content-Type": "application/json; charset=utf-8"}, 200, True),
    ({"Content-Type": "text/plain"}, 400, False),
    ({"Content-Type": ""}, 400, False),
    ({"Content-Type": "application/jsonl"}, None, False),
    ({"Content-Type": "Application/JSON"}, None, False),
    ({"MCP-Protocol-Version": "1999-01-01"}, 400, False),
    ({"Mcp-Session-Id": "abc"}, 200, True),
    ({"Last-Event-ID": "5"}, 200, True),
    ({"Authorization": ""}, 401, False),
    ({"Authorization": "Bearer wrong"}, 401, False),
    ({"Origin": "https://evil.example"}, 403, False),
    ({"Content-Encoding": "br"}, 415, False),
    ({"Mcp-Param-Model": "x"}, 200, True),
)
"""Headers, the status of the answer where it is the same in all revisions, and whether the answer
is a direct one."""


@pytest.mark.parametrize("version", ["", "2025-11-25", MODERN])
def test_headers(post: Post, version: str) -> None:
    for headers, status, direct in HEADERS:
        answer, answered = post.message(dict(WHOLE), version, **headers)
        assert answered == direct, headers
        assert status is None or answer.status_code == status, answer.text


def test_headers_by_which_proxies_route(post: Post) -> None:
    for headers in (
        {"Mcp-Method": ""},
        {"Mcp-Method": "ping"},
        {"Mcp-Name": ""},
        {"Mcp-Name": "list_tasks"},
        {"Mcp-Name": "=?base64?Z2V0X3Rhc2s=?="},
        {"Mcp-Name": "=?base64?!?="},
        {"MCP-Protocol-Version": ""},
        {"MCP-Protocol-Version": "2025-11-25"},
    ):
        post.message(call("get_task", {"task_id": "x"}), MODERN, **headers)


@pytest.mark.parametrize("version", ["2025-11-25", MODERN])
@pytest.mark.usefixtures("same_minute")
def test_keys_keep_their_scopes_and_rates(post: Post, version: str) -> None:
    maker = post.api.holder(Scope.GENERATE).headers["Authorization"]
    answer, direct = post.message(call("list_tasks", {}), version, Authorization=maker)
    assert (direct, said(answer)["result"]["isError"]) == (True, True)
    post.api.change(limits=Limits(requests_per_minute=2))
    body = json.dumps(call("list_tasks", {})).encode()
    answers = [post.send(body, {}) for _ in range(3)]
    assert [said(each)["result"]["isError"] for each in answers] == [False, False, True]
    answer, direct = post.message(call("list_tasks", {}), version)
    assert (direct, "429" in answer.text) == (True, True)


def test_a_bug_is_told_without_its_words(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kirin.mcp.toolbox.parse_model", None)
    message = with_envelope(call("get_task", {"task_id": "x"}))
    headers = {"Mcp-Method": "tools/call", "Mcp-Name": "get_task"}
    answer, direct = post.both(
        json.dumps(message).encode(), **{"MCP-Protocol-Version": MODERN, **headers}
    )
    assert direct
    assert said(answer)["error"] == {"code": -32603, "message": "Internal server error"}


POLLS = (
    'kirin_http_request_seconds_count{method="GET",route="/model/v1/generation/task/{task_id:path}"'
)


def polls(post: Post, status: int) -> float:
    """How many polls the metrics have counted."""
    lines = post.metrics().splitlines()
    counted = [line for line in lines if line.startswith(f'{POLLS},status="{status}"')]
    return sum(float(line.rpartition(" ")[2]) for line in counted)


@pytest.mark.parametrize("version", ["2025-11-25", MODERN])
def test_the_short_way_of_a_poll_leads_where_the_long_one_does(post: Post, version: str) -> None:
    id = post.api.make(T2V, prompt="a lake").id
    named = post.api.make(T2V, prompt="a lake", external_task_id="own name").id
    slashed = post.api.make(T2V, prompt="a lake", external_task_id="a/request").id
    answers = []
    for name in (
        id,
        "own name",
        "a/request",
        "nobody",
        "zip",
        "x" * 200,
        "..",
        ".",
        "\u00e4",
        "a%2Fb",
    ):
        before = polls(post, 200), polls(post, 404)
        answer, direct = post.call(version, "get_task", {"task_id": name})
        assert direct
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(ShortWay, "_known", lambda *_: False)
            long, _ = post.call(version, "get_task", {"task_id": name})
        assert (said(answer), facts(answer)) == (said(long), facts(long)), name
        answers.append(said(answer)["result"])
        if name in (id, "nobody"):  # each is sent both ways, and so counts twice
            after = polls(post, 200), polls(post, 404)
            grown = [now - then for now, then in zip(after, before, strict=True)]
            assert grown == ([4, 0] if name == id else [0, 4])
    found = [each["structuredContent"].get("id") for each in answers[:4]]
    assert found == [id, named, slashed, None]
