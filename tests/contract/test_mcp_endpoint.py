"""The address ``/mcp``: who may send messages, how large they are, what a key may do with tools."""

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
from kirin.mcp.endpoint import MOST_BYTES
from kirin.settings import Settings
from support.api import Api, InProcess
from support.cards import T2V

PATH = "/mcp"
OURS = "https://kirin.example/base"
PAGE = "https://app.example.com"
HEADERS = {"Accept": "application/json, text/event-stream", "Content-Type": "application/json"}


class Agent:
    """Sends messages as a client of the protocol does, without its package.

    Attributes:
        api: the account whose key it has.
    """

    def __init__(self, api: Api, http: FastAPI, runner: asyncio.Runner) -> None:
        self.api = api
        self._http = http
        self._runner = runner

    def send(self, content: bytes, method: str = "POST", **headers: str) -> httpx.Response:
        """Send a body; a header that is empty is left out."""
        given = {**HEADERS, "Authorization": f"Bearer {self.api.key}", **headers}
        kept = {name: value for name, value in given.items() if value}

        async def send() -> httpx.Response:
            transport = httpx.ASGITransport(self._http, raise_app_exceptions=False)
            async with httpx.AsyncClient(
                transport=transport, base_url="http://testserver"
            ) as client:
                return await client.request(method, PATH, content=content, headers=kept)

        return self._runner.run(send())

    def message(self, method: str, **params: Any) -> httpx.Response:
        """Send a message."""
        body = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
        return self.send(json.dumps(body).encode())

    def call(self, tool: str, key: str = "", /, **arguments: Any) -> tuple[bool, str]:
        """Call a tool: whether it failed, and what it said."""
        body = {
            "jsonrpc": "2.0",
            "id": 1,
            "method": "tools/call",
            "params": {"name": tool, "arguments": arguments},
        }
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        answer = self.send(json.dumps(body).encode(), **headers)
        result = result_of(answer)
        return result["isError"], result["content"][0]["text"]


def result_of(answer: httpx.Response) -> dict[str, Any]:
    """The result in an answer, which is JSON or a stream of events."""
    assert answer.status_code == 200, answer.text
    if answer.headers["Content-Type"] == "application/json":
        return dict(answer.json()["result"])
    (data,) = [line for line in answer.text.splitlines() if line.startswith("data: {")]
    return dict(json.loads(data.removeprefix("data: "))["result"])


@pytest.fixture(scope="module")
def http(shared_app: App) -> FastAPI:
    """The application that agents speak to."""
    return shared_app.http()


@pytest.fixture(scope="module")
def runner() -> Iterator[asyncio.Runner]:
    """The event loop that they wait in."""
    with asyncio.Runner() as opened:
        yield opened


@pytest.fixture
def agent(api: Api, http: FastAPI, runner: asyncio.Runner) -> Agent:
    """An agent of an account of its own."""
    return Agent(api, http, runner)


LIST = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "tools/list"}).encode()


def test_tools_are_listed_for_who_has_a_key(agent: Agent) -> None:
    tools = result_of(agent.send(LIST))["tools"]
    assert {tool["inputSchema"]["type"] for tool in tools} == {"object"}
    assert all(tool["inputSchema"]["additionalProperties"] is False for tool in tools)
    (upload,) = [tool for tool in tools if tool["name"] == "upload_file"]
    assert set(upload["inputSchema"]["properties"]) == {"base64", "url"}  # no path of the server


@pytest.mark.parametrize("header", ["", "Bearer wrong", "Basic abc", "Bearer"])
def test_nobody_comes_in_without_a_key(agent: Agent, header: str) -> None:
    answer = agent.send(LIST, Authorization=header)
    body = answer.json()
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert (body["jsonrpc"], body["id"]) == ("2.0", None)
    assert body["error"]["data"]["code"] == "invalid_api_key"
    assert isinstance(body["error"]["message"], str)


@pytest.mark.parametrize("method", ["GET", "DELETE", "PUT"])
def test_there_are_no_sessions_and_no_streams(agent: Agent, method: str) -> None:
    answer = agent.send(b"", method)
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")
    assert "mcp-session-id" not in agent.send(LIST).headers


def test_a_message_has_a_limit(agent: Agent) -> None:
    room = MOST_BYTES - len(LIST)
    assert agent.send(LIST + b" " * room).status_code == 200
    refused = agent.send(LIST + b" " * (room + 1))
    assert refused.status_code == 413
    assert refused.json()["error"]["data"]["code"] == "body_too_large"


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"[" * 100_000, b'{"jsonrpc":"2.0","id":' + b"9" * 5000 + b"}"]
)
@pytest.mark.parametrize("version", ["", "2025-11-25", "2026-07-28", "1999-01-01"])
def test_nonsense_is_refused(agent: Agent, body: bytes, version: str) -> None:
    answer = agent.send(body, **{"MCP-Protocol-Version": version})
    assert 400 <= answer.status_code < 500, answer.text
    assert answer.json()["error"]["code"] < 0


def test_arguments_of_any_depth_and_any_characters_are_refused(agent: Agent) -> None:
    deep: Any = "a"
    for _ in range(50):
        deep = [deep]
    for prompt in (deep, "a\x00b"):
        failed, said = agent.call("create_video", model=T2V, params={"prompt": prompt})
        assert (failed, "\nprompt: " in said) == (True, True)
    for name in ("a\x00b", "..", "../../quote", "a/b", "a?wait=60", "%2e%2e"):
        failed, said = agent.call("get_task", task_id=name)
        assert (failed, said.startswith("40")) == (True, True)
    failed, said = agent.call("create_video", model=T2V, params=[])
    assert (failed, "params: " in said) == (True, True)


def test_a_message_that_no_program_writes_is_refused_as_a_whole(agent: Agent) -> None:
    half = b'{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"get_task",'
    for rest in (b'"arguments":{"task_id":"\\ud800"}}}', b'"arguments":' + b"[" * 300 + b"}"):
        assert agent.send(half + rest).status_code == 400


def test_scopes_are_those_of_the_key(agent: Agent) -> None:
    reader = key_of(agent.api, Scope.READ)
    maker = key_of(agent.api, Scope.GENERATE)
    asked = {"model": T2V, "params": {"prompt": "a lake"}}
    failed, said = agent.call("create_video", reader, **asked)
    assert (failed, "generate" in said) == (True, True)
    assert agent.call("upload_file", reader, base64="aaaa")[0]
    assert not agent.call("list_tasks", reader)[0]
    assert not agent.call("create_video", maker, **asked)[0]
    assert agent.call("list_tasks", maker)[0]


@pytest.mark.usefixtures("same_minute")
def test_requests_count_against_the_rate(agent: Agent) -> None:
    agent.api.change(limits=Limits(requests_per_minute=2))
    assert [agent.call("list_tasks")[0] for _ in range(3)] == [False, False, True]
    failed, said = agent.call("list_tasks")
    assert (failed, "429" in said, "wait" in said) == (True, True, True)


def test_tasks_of_others_are_not_there(agent: Agent) -> None:
    other = agent.api.another().make(T2V, prompt="a lake")
    for tool in ("get_task", "cancel_task", "wait_for_task"):
        assert "unknown_task" in agent.call(tool, task_id=other.id)[1]
    assert json.loads(agent.call("list_tasks")[1])["tasks"] == []


def test_what_is_made_is_a_task_like_any_other(agent: Agent) -> None:
    failed, said = agent.call(
        "create_video", model=T2V, params={"prompt": "a lake"}, metadata={"from": "agent"}
    )
    assert not failed
    task = agent.api.read(json.loads(said)["id"])
    assert task["metadata"]["request"] == {"from": "agent"}


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        ("", 200),
        ("http://localhost:6274", 200),
        ("http://127.0.0.1", 200),
        ("http://[::1]:8000", 200),
        ("https://kirin.example", 200),
        (PAGE, 200),
        ("http://kirin.example", 403),
        ("https://kirin.example:444", 403),
        ("https://kirin.example.evil.example", 403),
        ("https://evil.example", 403),
        ("http://testserver", 403),  # the Host of the request: what rebinding would bring
        ("http://localhost.evil.example", 403),
        ("http://[::1", 403),
        ("null", 403),
    ],
)
def test_pages_of_other_origins_are_shut_out(opened: Agent, origin: str, status: int) -> None:
    answer = opened.send(LIST, Origin=origin)
    assert answer.status_code == status
    if status == 403:
        assert answer.json()["error"]["data"]["code"] == "origin_refused"


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory, runner: asyncio.Runner) -> Iterator[Agent]:
    """An agent of a server with a public address, which a page may call."""
    settings = Settings(
        data_dir=tmp_path_factory.mktemp("opened"),
        engines="scripted",
        public_url=OURS,
        cors_origins=PAGE,
    )
    app = App.open(settings)
    served = app.http()
    transport = InProcess(served)
    yield Agent(Api(app, transport), served, runner)
    transport.end()
    app.close()


def test_the_document_of_the_native_api_leaves_it_out(api: Api) -> None:
    assert PATH not in api.http.get("/openapi.json").json()["paths"]


def key_of(api: Api, *scopes: Scope) -> str:
    """Another key of the account, with these scopes."""
    header: str = api.holder(*scopes).headers["Authorization"]
    return header.removeprefix("Bearer ")


def test_messages_at_once_are_each_served_by_their_own_key(agent: Agent, api: Api) -> None:
    """With the application's lifespan, all of them have one manager."""
    other = api.another()
    mine, theirs = (each.make(T2V, prompt="a lake").id for each in (api, other))
    http = api.app.http()

    async def list_tasks(client: httpx.AsyncClient, key: str) -> str:
        params = {"name": "list_tasks", "arguments": {}}
        body = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params}
        headers = {**HEADERS, "Authorization": f"Bearer {key}"}
        answer = await client.post(PATH, json=body, headers=headers)
        return str(result_of(answer)["content"][0]["text"])

    async def ask() -> list[str]:
        transport = httpx.ASGITransport(http, raise_app_exceptions=False)
        url = "http://testserver"
        async with (
            http.router.lifespan_context(http),
            httpx.AsyncClient(transport=transport, base_url=url) as client,
        ):
            keys = [api.key, other.key] * 8
            return await asyncio.gather(*(list_tasks(client, key) for key in keys))

    said = asyncio.run(ask())
    assert all(mine in text and theirs not in text for text in said[::2])
    assert all(theirs in text and mine not in text for text in said[1::2])
    # Afterwards, and without a lifespan, messages are served all the same.
    assert mine in agent.call("list_tasks")[1]


def test_a_bug_of_the_api_is_an_error_of_the_tool(
    agent: Agent, api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    id = api.make(T2V, prompt="a lake").id
    monkeypatch.setattr("kirin.http.tasks.read.task_response", None)
    failed, text = agent.call("get_task", task_id=id)
    assert (failed, "internal_error" in text) == (True, True)
