"""The tools, against an API that is made up."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator
from mcp.types import CallToolResult, TextContent, Tool

from kirin.mcp.native_api import NativeApi
from kirin.mcp.toolbox import Toolbox

PAGE = Path(__file__).parents[3] / "docs" / "dialects" / "mcp.md"

Handler = Callable[[httpx.Request], httpx.Response]


async def unheard(_: float, __: float | None, ___: str | None) -> None:
    """Progress that no test asks for."""


def call(handler: Handler, tool: str, **arguments: Any) -> tuple[CallToolResult, str]:
    """Call a tool: its answer, and the text in it."""

    async def work() -> CallToolResult:
        transport = httpx.MockTransport(handler)
        async with httpx.AsyncClient(transport=transport, base_url="http://kirin/base") as http:
            return await Toolbox(local_files=True).call(NativeApi(http), tool, arguments, unheard)

    result = asyncio.run(work())
    assert isinstance(result.content[0], TextContent)
    return result, result.content[0].text


def refuse(status: int, **body: Any) -> Handler:
    """An API that refuses everything."""
    return lambda _: httpx.Response(status, json=body)


def test_the_page_names_every_tool_and_argument() -> None:
    rows = re.findall(r"^\| `(\w+)` \| ([^|]+) \|", PAGE.read_text("utf-8"), re.MULTILINE)
    told = {name: set(re.findall(r"`(\w+)`", takes)) for name, takes in rows}
    tools = Toolbox(local_files=True).shown
    assert told == {tool.name: set(tool.input_schema["properties"]) for tool in tools}


def test_tools_that_change_something_say_so() -> None:
    hints = {tool.name: tool.annotations for tool in Toolbox(local_files=False).shown}
    changing = {name for name, hint in hints.items() if hint and not hint.read_only_hint}
    assert changing == {"create_video", "cancel_task", "upload_file"}
    assert {name for name, hint in hints.items() if hint and hint.destructive_hint} == {
        "cancel_task"
    }


@pytest.mark.parametrize("text", ["\ud800", "a\udfff"])
@pytest.mark.parametrize("tool", ["get_task", "show_model", "create_video"])
def test_half_of_a_surrogate_pair_is_refused(tool: str, text: str) -> None:
    name = "task_id" if tool == "get_task" else "model"
    more = {"params": {"prompt": text}} if tool == "create_video" else {}
    result, said = call(refuse(404), tool, **{name: "a" if more else text}, **more)
    assert result.is_error
    assert "surrogate" in said or "unicode" in said


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_what_json_cannot_say_is_refused(number: float) -> None:
    params = {"prompt": "a", "cfg_scale": number}
    result, said = call(refuse(404), "create_video", model="m", params=params)
    assert (result.is_error, "not JSON" in said) == (True, True)


@pytest.mark.parametrize("local_files", [False, True])
def test_the_schemas_stand_for_themselves(local_files: bool) -> None:
    for tool in Toolbox(local_files=local_files).shown:
        Draft202012Validator.check_schema(tool.input_schema)
        assert references(tool) == []


def references(tool: Tool) -> list[str]:
    """Where the properties of a tool point to."""
    return re.findall(r'"\$ref": "[^"]+"', json.dumps(tool.input_schema))


def test_a_name_of_a_task_cannot_leave_its_place() -> None:
    seen: list[bytes] = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append(request.url.raw_path)
        return httpx.Response(404, json={"code": "unknown_task", "message": "none"})

    for name in ("../../keys", "a/b?c#d", "ä"):
        call(handler, "get_task", task_id=name)
    assert all(path.startswith(b"/base/model/v1/generation/task/") for path in seen)
    assert not any(path.count(b"/") > 6 or b"?" in path for path in seen)


@pytest.mark.parametrize(
    ("status", "said"),
    [(401, "not valid"), (403, "owner"), (404, "list_tasks"), (429, "wait"), (500, "500")],
)
def test_a_refusal_says_what_to_do(status: int, said: str) -> None:
    result, text = call(refuse(status, code="c", message="m"), "list_tasks")
    assert (result.is_error, said in text) == (True, True)
    assert result.structured_content["status"] == status


def test_an_answer_of_something_else_is_an_error_as_well() -> None:
    page = httpx.Response(502, text="<html>Bad Gateway</html>")
    result, text = call(lambda _: page, "list_models")
    assert (result.is_error, "Bad Gateway" in text) == (True, True)


def test_a_server_that_is_away_is_an_error() -> None:
    def handler(_: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused")

    result, text = call(handler, "list_models")
    assert (result.is_error, "does not answer" in text) == (True, True)


def test_a_wait_ends_with_what_is_known_when_the_rate_is_used_up() -> None:
    answers = iter(
        [
            httpx.Response(200, json=task(progress=0.5)),
            httpx.Response(429, json={"code": "limit_reached", "message": "too many"}),
        ]
    )
    result, text = call(lambda _: next(answers), "wait_for_task", task_id="t")
    assert (result.is_error, '"progress":0.5' in text) == (False, True)


def test_one_file_comes_in_one_way() -> None:
    for ways in ({}, {"base64": "aaaa", "url": "http://a/b"}):
        result, text = call(refuse(500), "upload_file", **ways)
        assert (result.is_error, "exactly one of base64, url, path" in text) == (True, True)
    result, text = call(refuse(500), "upload_file", base64="data:image/png;base64,aaaa")
    assert (result.is_error, "\nbase64: " in text) == (True, True)


def test_a_result_of_any_size_is_not_held() -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        if request.url.path.startswith("/base/files/"):
            assert request.headers["Range"].startswith("bytes=0-")
            assert request.url.host == "kirin"  # the key goes nowhere else
            huge = {"Content-Range": f"bytes 0-9/{10**12}"}
            return httpx.Response(206, content=b"0123456789", headers=huge)
        link = "https://public.example/other/files/results/t/1/video.mp4?signature=s"
        made = {"content": [{"type": "video", "url": link, "jobId": "t"}], "jobId": "t"}
        return httpx.Response(200, json=task(status="completed", output=[made]))

    result, _ = call(handler, "get_task", task_id="t")
    assert [content.type for content in result.content] == ["text", "resource_link"]


def task(**facts: Any) -> dict[str, Any]:
    """A task as the API shows it."""
    return {
        "id": "t",
        "model": "m",
        "status": "in_progress",
        "progress": 0.0,
        "created_at": 0,
        "updated_at": 0,
        "metadata": {"stage": "rendering"},
        **facts,
    }
