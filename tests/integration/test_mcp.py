"""The official client of the Model Context Protocol, unpatched, over HTTP and over stdio."""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
import sys
from base64 import b64decode
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from io import BytesIO
from pathlib import Path
from typing import Any, Literal

import httpx2
import numpy as np
import pytest
from mcp import Client
from mcp.client.extension import ClaimContext, ClientExtension, ResultClaim
from mcp.client.stdio import StdioServerParameters, stdio_client
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.dispatcher import ProgressFnT
from mcp.shared.exceptions import MCPError
from mcp.types import (
    CallToolResult,
    GetTaskRequest,
    GetTaskRequestParams,
    ImageContent,
    ResourceLink,
    Result,
    TextContent,
)
from PIL import Image
from pydantic import TypeAdapter

from kirin.mcp.task_extension import EXTENSION
from support.cards import CARDS, I2V, T2V
from support.holds import Hold, holding
from support.loopback import PictureHost
from support.pictures import inline, ramp, saved
from support.servers import Running

LEGACY, MODERN = "legacy", "2026-07-28"
"""The handshake of all clients before 2026-07, and messages that stand for themselves."""

WAYS = [("http", LEGACY), ("http", MODERN), ("stdio", LEGACY)]
"""Modern clients over stdio are those of the tasks extension below."""

Work = Callable[[Client], Awaitable[Any]]
Session = Callable[[Work], Any]


@asynccontextmanager
async def over_http(
    running: Running, mode: str, key: str | None = None, **options: Any
) -> AsyncIterator[Client]:
    headers = {"Authorization": f"Bearer {key or running.server.api_key}"}
    async with httpx2.AsyncClient(headers=headers, timeout=60) as http:
        transport = streamable_http_client(f"{running.server.base_url}/mcp", http_client=http)
        async with Client(transport, mode=mode, **options) as client:
            yield client


@asynccontextmanager
async def over_stdio(
    running: Running, mode: str, key: str | None = None, **options: Any
) -> AsyncIterator[Client]:
    server = StdioServerParameters(
        command=sys.executable,
        args=["-m", "kirin", "mcp"],
        env={
            "KIRIN_SERVER": running.server.base_url,
            "KIRIN_API_KEY": key or running.server.api_key,
            "PYTHONPATH": ":".join(sys.path),
        },
    )
    async with Client(stdio_client(server), mode=mode, **options) as client:
        yield client


TRANSPORTS = {"http": over_http, "stdio": over_stdio}


@pytest.fixture(params=WAYS, ids="-".join)
def session(request: pytest.FixtureRequest, running: Running) -> Session:
    """Does something with a client that is connected in one of the ways."""
    transport, mode = request.param

    def run(work: Work) -> Any:
        async def connected() -> Any:
            async with TRANSPORTS[transport](running, mode) as client:
                return await work(client)

        return asyncio.run(connected())

    return run


def http(running: Running, work: Work, mode: str = MODERN, **options: Any) -> Any:
    """Do something with a client over HTTP."""

    async def connected() -> Any:
        async with over_http(running, mode, **options) as client:
            return await work(client)

    return asyncio.run(connected())


async def called(
    client: Client, tool: str, hear: ProgressFnT | None = None, **arguments: Any
) -> dict[str, Any]:
    """What a tool answers that succeeds.

    Args:
        hear: is told how far it is.
    """
    answer = await client.call_tool(tool, arguments, progress_callback=hear)
    assert not answer.is_error, answer.content
    assert isinstance(answer.structured_content, dict)
    return answer.structured_content


async def refused(client: Client, tool: str, **arguments: Any) -> str:
    """What a tool says that fails."""
    answer = await client.call_tool(tool, arguments)
    assert answer.is_error
    (text,) = answer.content
    assert isinstance(text, TextContent)
    return text.text


def pixels(image: ImageContent) -> np.ndarray[Any, Any]:
    """A picture as a model would see it."""
    assert image.mime_type == "image/jpeg"
    decoded = Image.open(BytesIO(b64decode(image.data)))
    assert decoded.format == "JPEG"
    return np.asarray(decoded.convert("RGB"))


def test_from_the_list_of_models_to_a_frame_of_the_video(session: Session) -> None:
    async def work(client: Client) -> None:
        tools = {tool.name: tool for tool in (await client.list_tools()).tools}
        assert {"list_models", "create_video", "wait_for_task", "cancel_task"} <= tools.keys()
        assert all(tool.description for tool in tools.values())
        models = (await called(client, "list_models"))["models"]
        assert {model["id"] for model in models} == {card.id for card in CARDS}
        shown = await called(client, "show_model", model=T2V)
        assert shown["parameters"]["cfg_scale"].startswith("number, ")
        assert "min 0, max 1" in shown["parameters"]["cfg_scale"]
        params = {"prompt": "a tiny lake", "duration": "5"}
        assert (await called(client, "quote_video", model=T2V, params=params))["exact"]
        made = await called(client, "create_video", model=T2V, params=params)
        heard: list[tuple[float, float | None, str | None]] = []

        async def hear(progress: float, total: float | None, message: str | None) -> None:
            heard.append((progress, total, message))

        answer = await client.call_tool(
            "wait_for_task", {"task_id": made["id"]}, progress_callback=hear
        )
        assert heard[-1] == (1.0, 1.0, "completed")
        assert [progress for progress, _, _ in heard] == sorted(p for p, _, _ in heard)
        text, link, poster = answer.content
        assert isinstance(text, TextContent)
        assert '"status":"completed"' in text.text
        assert isinstance(link, ResourceLink)
        assert link.mime_type == "video/mp4"
        async with httpx2.AsyncClient() as stranger:  # the link is signed: it takes no key
            assert (await stranger.get(str(link.uri))).content[4:8] == b"ftyp"
        assert isinstance(poster, ImageContent)
        assert pixels(poster).shape == (44, 80, 3)  # `tiny`
        listed = await called(client, "list_tasks", limit=1)
        assert [task["id"] for task in listed["tasks"]] == [made["id"]]
        assert "next_cursor" in listed

    session(work)


def test_a_picture_is_sent_and_brought_to_life(session: Session, host: PictureHost) -> None:
    async def work(client: Client) -> None:
        sent = await called(client, "upload_file", base64=inline(420, 310))
        assert (sent["type"], sent["width"], sent["height"]) == ("image", 420, 310)
        fetched = await called(client, "upload_file", url=host.url("410x310.png"))
        for image in (sent["url"], fetched["url"], inline(400, 300)):
            params = {"image": image, "prompt": "tiny"}
            made = await called(client, "create_video", model=I2V, params=params)
            done = await called(client, "wait_for_task", task_id=made["id"], poster=False)
            assert done["status"] == "completed"

    session(work)


def test_what_is_wrong_is_said_by_parameter(session: Session) -> None:
    async def work(client: Client) -> None:
        params = {"prompt": "", "cfg_scale": 7, "colour": "blue"}
        for tool in ("quote_video", "create_video"):
            said = (await refused(client, tool, model=T2V, params=params)).splitlines()
            assert "invalid_parameters" in said[0]
            names = {line.partition(":")[0] for line in said[1:]}
            assert names == {"prompt", "cfg_scale", "colour"}
        assert "did you mean" in await refused(client, "show_model", model="kirin_v1_6_t2w")
        assert "seconds" in await refused(client, "wait_for_task", task_id="x", seconds=51)
        assert "unknown_task" in await refused(client, "get_task", task_id="x")
        assert "list_models" in await refused(client, "make_coffee")

    session(work)


def test_a_task_is_cancelled_while_somebody_waits(session: Session) -> None:
    async def work(client: Client) -> None:
        made = await called(client, "create_video", model=T2V, params={"prompt": "crawl tiny"})
        waits = asyncio.Event()

        async def hear(*_: object) -> None:
            waits.set()

        waiting = asyncio.create_task(called(client, "wait_for_task", hear, task_id=made["id"]))
        async with asyncio.timeout(60):
            await waits.wait()
        cancelled = await called(client, "cancel_task", task_id=made["id"])
        assert cancelled["error"]["code"] == "task_cancelled"
        assert (await waiting)["status"] == "failed"
        assert "task_finished" in await refused(client, "cancel_task", task_id=made["id"])

    session(work)


def test_a_repeated_call_makes_one_task(session: Session) -> None:
    async def work(client: Client) -> None:
        call = {"model": T2V, "params": {"prompt": "tiny"}}
        once = {**call, "idempotency_key": f"mcp-{id(client)}"}
        first = await called(client, "create_video", **once)
        assert (await called(client, "create_video", **once))["id"] == first["id"]
        assert (await called(client, "create_video", **call))["id"] != first["id"]
        assert "idempotency_key" in await refused(
            client, "create_video", **call, idempotency_key="a b"
        )

    session(work)


def test_a_wait_that_is_too_short_says_so(running: Running) -> None:
    async def work(client: Client) -> None:
        made = await called(client, "create_video", model=T2V, params={"prompt": "crawl tiny"})
        task = await called(client, "wait_for_task", task_id=made["id"], seconds=1)
        assert task["status"] == "in_progress"
        assert "again" in task["next"]
        await called(client, "cancel_task", task_id=made["id"])

    http(running, work)


def test_a_failed_task_tells_why(running: Running) -> None:
    async def work(client: Client) -> None:
        made = await called(client, "create_video", model=T2V, params={"prompt": "fail"})
        task = await called(client, "wait_for_task", task_id=made["id"])
        assert (task["status"], "output" in task) == ("failed", False)
        assert "told to fail" in task["next"]

    http(running, work)


@pytest.mark.parametrize("mode", [LEGACY, MODERN])
def test_a_client_that_hangs_up_leaves_its_task_alone(
    running: Running, mode: str, tmp_path: Path
) -> None:
    with holding(tmp_path) as hold:

        async def work(client: Client) -> str:
            params = {"prompt": f"tiny {hold.word}"}
            made = await called(client, "create_video", model=T2V, params=params)
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.3):
                    await client.call_tool("wait_for_task", {"task_id": made["id"]})
            return str(made["id"])

        id = http(running, work, mode)
    task = running.kirin.wait(id, timeout=60)
    assert "/1/video.mp4" in task["output"][0]["content"][0]["url"]  # the first attempt's
    assert [each["id"] for each in running.kirin.tasks(limit=100)["tasks"]].count(id) == 1


def test_a_program_that_is_killed_leaves_its_task_alone(running: Running, tmp_path: Path) -> None:
    made: list[str] = []

    async def work(word: str) -> None:
        params = {"prompt": f"tiny {word}"}
        async with over_stdio(running, MODERN) as client:
            task = await called(client, "create_video", model=T2V, params=params)
            made.append(task["id"])
            waiting = asyncio.current_task()
            assert waiting

            async def hear(*_: object) -> None:
                waiting.cancel()

            await called(client, "wait_for_task", hear, task_id=task["id"])

    with holding(tmp_path) as hold, pytest.raises(asyncio.CancelledError):
        asyncio.run(work(hold.word))
    assert running.kirin.wait(made[0], timeout=60)["status"] == "completed"


@pytest.mark.parametrize("mode", [LEGACY, MODERN])
def test_a_wrong_key_opens_nothing_over_http(running: Running, mode: str) -> None:
    with pytest.raises(BaseException) as caught:  # noqa: PT011  the client's own, in groups
        http(running, lambda client: client.list_tools(), mode, key="wrong")
    assert "401" in str(_innermost(caught.value)) or "key" in str(_innermost(caught.value))


def _innermost(error: BaseException) -> BaseException:
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error


def test_a_wrong_key_is_told_to_the_agent_over_stdio(running: Running) -> None:
    async def work() -> str:
        async with over_stdio(running, MODERN, key="wrong") as client:
            await called(client, "list_models")  # the catalogue takes no key
            return await refused(client, "list_tasks")

    said = asyncio.run(work())
    assert "invalid_api_key" in said
    assert "wrong" not in said


def test_files_of_this_machine_are_sent_over_stdio_alone(running: Running, tmp_path: Path) -> None:
    picture = tmp_path / "photo.png"
    picture.write_bytes(saved(ramp()))
    letter = tmp_path / "letter.png"
    letter.write_text("dear diary")

    async def local() -> None:
        async with over_stdio(running, MODERN) as client:
            sent = await called(client, "upload_file", path=str(picture))
            assert (sent["width"], sent["height"]) == (400, 300)
            for path in (letter, tmp_path, tmp_path / "none", "/dev/zero"):
                assert "path: " in await refused(client, "upload_file", path=str(path))
            assert "exactly one" in await refused(
                client, "upload_file", path=str(picture), base64=inline()
            )

    async def remote(client: Client) -> None:
        assert "unknown parameter" in await refused(client, "upload_file", path=str(picture))

    asyncio.run(local())
    http(running, remote)


def test_the_program_of_the_page_prints_a_link(running: Running) -> None:
    page = Path(__file__).parents[2] / "docs" / "dialects" / "mcp.md"
    (program,) = re.findall(r"```python\n(.*?)```", page.read_text("utf-8"), re.DOTALL)
    where = {"KIRIN_SERVER": running.server.base_url, "KIRIN_API_KEY": running.server.api_key}
    done = subprocess.run(  # noqa: S603  our own page
        [sys.executable, "-c", program],
        env={**os.environ, **where},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(f"{running.server.base_url}/files/results/")


def test_without_a_server_a_private_one_runs(tmp_path: Path) -> None:
    server = StdioServerParameters(
        command=sys.executable,
        args=["-m", "kirin", "mcp"],
        env={"KIRIN_WARM_UP": "false", "PYTHONPATH": ":".join(sys.path), "HOME": str(tmp_path)},
    )

    async def work() -> None:
        async with Client(stdio_client(server), mode=MODERN) as client:
            assert (await called(client, "list_tasks"))["tasks"] == []

    asyncio.run(work())


def test_a_server_that_is_away_is_an_error_of_the_tool() -> None:
    server = StdioServerParameters(
        command=sys.executable,
        args=["-m", "kirin", "mcp", "--server", "http://127.0.0.1:9", "--key", "any"],
        env={"PYTHONPATH": ":".join(sys.path)},
    )

    async def work() -> str:
        async with Client(stdio_client(server), mode=MODERN) as client:
            return await refused(client, "list_models")

    assert "does not answer" in asyncio.run(work())


class TaskHandle(Result):
    """What a client of the tasks extension reads in place of a tool's answer."""

    result_type: Literal["task"] = "task"
    task_id: str
    poll_interval_ms: int


class GetTask(GetTaskRequest):
    """A poll, with the header by which proxies route."""

    name_param = "taskId"


ANY = TypeAdapter(dict[str, Any])


class TaskClient(ClientExtension):
    """The client's half of the tasks extension, as far as these tests need it."""

    identifier = EXTENSION

    def __init__(self) -> None:
        self.seen: list[dict[str, Any]] = []

    def claims(self) -> list[ResultClaim[Any]]:
        return [ResultClaim(result_type="task", model=TaskHandle, resolve=self._follow)]

    async def _follow(self, handle: TaskHandle, context: ClaimContext) -> CallToolResult:
        assert handle.poll_interval_ms > 0
        while True:
            task = await self.send(context.session, "tasks/get", handle.task_id)
            self.seen.append(task)
            if task["status"] == "completed":
                return CallToolResult.model_validate(task["result"])
            if task["status"] == "cancelled":
                return CallToolResult(content=[TextContent(text="cancelled")], is_error=True)
            await asyncio.sleep(0.1)

    async def looked(self, making: asyncio.Task[Any]) -> None:
        """Wait until it has seen the task that is being made."""
        while not self.seen:
            if making.done():
                raise AssertionError(making.result())
            await asyncio.sleep(0.05)

    async def send(self, session: Any, method: str, id: str) -> dict[str, Any]:
        request = GetTask(params=GetTaskRequestParams(task_id=id))
        request = request.model_copy(update={"method": method})
        return dict(await session.send_request(request, ANY))


@pytest.fixture(params=["http", "stdio"])
def transport(request: pytest.FixtureRequest) -> Any:
    """A way to connect."""
    return TRANSPORTS[request.param]


def test_a_client_of_the_tasks_extension_follows_by_itself(
    running: Running, transport: Any, tmp_path: Path
) -> None:
    extension = TaskClient()

    async def work(hold: Hold) -> None:
        async with transport(running, "auto", extensions=[extension]) as client:
            assert EXTENSION in (client.server_capabilities.extensions or {})
            params = {"prompt": f"tiny {hold.word}"}
            call = {"model": T2V, "params": params}
            making = asyncio.create_task(client.call_tool("create_video", call))
            await extension.looked(making)
            hold.release()
            answer = await making
            assert isinstance(answer, CallToolResult)
            assert [content.type for content in answer.content] == [
                "text",
                "resource_link",
                "image",
            ]
            statuses = [task["status"] for task in extension.seen]
            assert statuses[-1] == "completed"
            assert set(statuses[:-1]) == {"working"}
            failed = await client.call_tool(
                "create_video", {"model": T2V, "params": {"prompt": "fail"}}
            )
            assert failed.is_error
            refused = await client.call_tool("create_video", {"model": T2V, "params": {}})
            assert refused.is_error

    with holding(tmp_path) as hold:
        asyncio.run(work(hold))


def test_a_task_of_the_extension_is_cancelled(running: Running, transport: Any) -> None:
    extension = TaskClient()

    async def work() -> None:
        async with transport(running, "auto", extensions=[extension]) as client:
            params = {"prompt": "crawl tiny"}
            call = {"model": T2V, "params": params}
            making = asyncio.create_task(client.call_tool("create_video", call))
            await extension.looked(making)
            id = extension.seen[0]["taskId"]
            assert running.kirin.task(id)["status"] == "in_progress"  # the id is the native one
            await extension.send(client.session, "tasks/cancel", id)
            assert (await making).is_error
            assert extension.seen[-1]["status"] == "cancelled"
            await extension.send(client.session, "tasks/cancel", id)  # once more is no error
            await extension.send(client.session, "tasks/update", id)
            with pytest.raises(MCPError) as caught:
                await extension.send(client.session, "tasks/get", "unknown")
            assert caught.value.code == -32602

    asyncio.run(work())


def test_other_clients_have_no_tasks_of_the_extension(running: Running) -> None:
    async def work(client: Client) -> None:
        with pytest.raises(MCPError) as caught:
            await TaskClient().send(client.session, "tasks/get", "any")
        assert caught.value.code == -32021

    http(running, work)
