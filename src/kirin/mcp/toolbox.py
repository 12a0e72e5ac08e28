"""The tools: their table, and what each does. Both transports have the same ones."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass
from typing import Any, cast

import httpx
from mcp.types import CallToolResult, Tool, ToolAnnotations

from kirin.client import KirinApiError
from kirin.errors import InvalidParameters
from kirin.http.request_models import RequestModel, parse_model
from kirin.mcp import arguments as args
from kirin.mcp.argument_schema import schema_of
from kirin.mcp.model_summary import listed, summary
from kirin.mcp.native_api import NativeApi
from kirin.mcp.posters import PosterMaker
from kirin.mcp.results import answer, contents, failure, misused, refused, task_answer
from kirin.mcp.uploading import upload
from kirin.mcp.waiting import ReportProgress, wait_for_end

CALL_SECONDS = 110
"""Longest time of a call; only sending and fetching large files takes as long as that."""

CREATE = "create_video"

LISTED = ("id", "model", "status", "progress", "created_at", "error")
"""What a list shows of each task."""

Work = Callable[["Call", Any], Awaitable[CallToolResult]]

WhileHeard = Callable[[Coroutine[Any, Any, Any]], Awaitable[Any]]
"""Does what may take a while for as long as the client listens; after that, any answer will do."""


@dataclass(frozen=True)
class Call:
    """What a tool works with.

    Attributes:
        api: sends the caller's key.
        report: tells the client about progress, if it asked for that.
        while_heard: for what may take a while, where nobody else ends calls of clients that hang
            up.
    """

    api: NativeApi
    report: ReportProgress
    posters: PosterMaker
    while_heard: WhileHeard


@dataclass(frozen=True)
class ToolDefinition:
    """A tool.

    Attributes:
        takes: its arguments.
        changes: whether it changes anything.
        destroys: whether it ends something that cannot be had back.
        prompt: whether it answers at once, without progress.
    """

    name: str
    title: str
    description: str
    takes: type[RequestModel]
    work: Work
    changes: bool = False
    destroys: bool = False
    prompt: bool = False

    def shown(self) -> Tool:
        """The tool as clients see it."""
        return Tool(
            name=self.name,
            title=self.title,
            description=self.description,
            input_schema=schema_of(self.takes),
            annotations=ToolAnnotations(
                read_only_hint=not self.changes,
                destructive_hint=self.destroys,
                idempotent_hint=not self.changes or self.destroys,
                open_world_hint=False,
            ),
        )


async def _unheard(_: float, __: float | None, ___: str | None) -> None:
    """Progress that nobody asked for."""


async def _awaited(work: Coroutine[Any, Any, Any]) -> Any:
    """Work that ends with the call that it belongs to."""
    return await work


class Toolbox:
    """All tools of a server."""

    def __init__(self, *, local_files: bool) -> None:
        """Put them together.

        Args:
            local_files: whether ``upload_file`` takes paths: only where this process runs on the
                machine of the agent, with its user's rights.
        """
        self._tools = {tool.name: tool for tool in definitions(local_files=local_files)}
        self._posters = PosterMaker()
        self.shown = [tool.shown() for tool in self._tools.values()]

    def schema(self, name: str) -> Mapping[str, Any] | None:
        """The JSON Schema of a tool's arguments; ``None`` if there is no such tool."""
        return next((tool.input_schema for tool in self.shown if tool.name == name), None)

    def creates(self, name: str) -> bool:
        """Whether a tool begins a task."""
        return name == CREATE

    def prompt(self, name: str) -> bool:
        """Whether there is a tool of that name that answers at once."""
        return name in self._tools and self._tools[name].prompt

    async def shown_task(self, api: NativeApi, task: Mapping[str, Any]) -> CallToolResult:
        """What is answered about a task that has ended: an error if it has failed."""
        shown = await _shown(Call(api, _unheard, self._posters, _awaited), task, poster=True)
        return shown.model_copy(update={"is_error": "error" in task})

    async def call(
        self,
        api: NativeApi,
        name: str,
        given: args.Arguments,
        report: ReportProgress = _unheard,
        while_heard: WhileHeard = _awaited,
    ) -> CallToolResult:
        """Call a tool. Whatever is wrong is told as an error of the tool."""
        tool = self._tools.get(name)
        if tool is None:
            return failure(
                f"there is no tool {name[:60]!r}: the tools are {', '.join(self._tools)}"
            )
        try:
            async with asyncio.timeout(CALL_SECONDS):
                found = parse_model(tool.takes, given)
                return await tool.work(Call(api, report, self._posters, while_heard), found)
        except FAILURES as error:
            return explained(error)


FAILURES = (InvalidParameters, KirinApiError, TimeoutError, ValueError, httpx.HTTPError)
"""What goes wrong without a fault of the program."""


def explained(error: Exception) -> CallToolResult:
    """One of :data:`FAILURES` in words that an agent can act on."""
    match error:
        case InvalidParameters():
            return misused(error)
        case KirinApiError():
            return refused(error)
        case UnicodeEncodeError():
            return failure("invalid_text: a text among the arguments has half of a surrogate pair")
        case ValueError():  # the package reads NaN, and proxies answer anything
            return failure(f"an argument or the server's answer is not JSON: {error}")
        case httpx.HTTPError():
            return failure(f"the Kirin server does not answer ({error}): try again later")
        case _:
            return failure(
                f"this took longer than {CALL_SECONDS} seconds; list_tasks tells whether it "
                "made a task"
            )


async def _list_models(call: Call, given: args.ListModelsArguments) -> CallToolResult:
    query = {k: v for k, v in (("type", given.type), ("keywords", given.keywords)) if v}
    return answer({"models": [listed(model) for model in await call.api.models(query)]})


async def _show_model(call: Call, given: args.ShowModelArguments) -> CallToolResult:
    return answer(summary(await call.api.spec(given.model)))


async def _quote(call: Call, given: args.QuoteArguments) -> CallToolResult:
    quoted = await call.while_heard(call.api.quote(_body(given.model, given.params)))
    return answer(quoted or {})


async def _create(call: Call, given: args.CreateArguments) -> CallToolResult:
    body = _body(given.model, given.params)
    if given.moderation:
        body["moderation"] = True
    if given.metadata is not None:
        body["metadata"] = given.metadata
    made = await call.api.create(body, given.idempotency_key)
    return answer({**made, "next": f"call wait_for_task with task_id {made['id']}"})


async def _wait(call: Call, given: args.WaitArguments) -> CallToolResult:
    task = await wait_for_end(call.api, given.task_id, given.seconds, call.report)
    if task["status"] == "in_progress":
        return task_answer(task, note="it is still in progress: call wait_for_task again")
    return await _shown(call, task, given.poster)


async def _get(call: Call, given: args.GetArguments) -> CallToolResult:
    return await _shown(call, await call.api.task(given.task_id), given.poster)


async def _list_tasks(call: Call, given: args.ListTasksArguments) -> CallToolResult:
    page = await call.api.tasks(given.model_dump(exclude_none=True))
    tasks = [{k: task[k] for k in LISTED if k in task} for task in page["tasks"]]
    return answer({"tasks": tasks, "next_cursor": page["next_cursor"]})


async def _cancel(call: Call, given: args.CancelArguments) -> CallToolResult:
    return task_answer(await call.api.cancel(given.task_id))


async def _upload(call: Call, given: args.UploadArguments) -> CallToolResult:
    sent = await upload(call.api, given)
    return answer({**sent, "next": "give this url as the value of a parameter"})


async def _shown(call: Call, task: Mapping[str, Any], poster: bool) -> CallToolResult:
    """A task, with a poster if there is a result to look at."""
    seen = [c for c in contents(task) if c["type"] in {"video", "image"} and "url" in c]
    picture = None
    if poster and seen:
        work = call.posters.of(call.api, seen[0]["url"], seen[0]["type"])
        picture = await call.while_heard(work)
    failed = f"it has failed: {task['error']['message']}" if "error" in task else None
    return task_answer(task, picture, failed)


def _body(model: str, params: Mapping[str, Any]) -> dict[str, Any]:
    return {"model": model, "input": [{"params": dict(params)}]}


def definitions(*, local_files: bool) -> tuple[ToolDefinition, ...]:
    """The table of the tools; see :class:`Toolbox`."""
    ways = "base64, a public URL or a path on this machine" if local_files else "base64 or a URL"
    return (
        ToolDefinition(
            "list_models",
            "List models",
            "List the video models: id, type, what each does and takes. Then call show_model.",
            args.ListModelsArguments,
            cast(Work, _list_models),
            prompt=True,
        ),
        ToolDefinition(
            "show_model",
            "Show a model",
            "Show every parameter of a model with its limits, the rules between them, and "
            "examples. Read it before quote_video and create_video.",
            args.ShowModelArguments,
            cast(Work, _show_model),
            prompt=True,
        ),
        ToolDefinition(
            "quote_video",
            "Quote",
            "Check a request and tell what it would cost and show. It makes and costs nothing.",
            args.QuoteArguments,
            cast(Work, _quote),
            prompt=True,
        ),
        ToolDefinition(
            CREATE,
            "Create a video",
            "Start a task that makes a video, and return its id at once. It may cost money. It "
            "goes on whether or not anybody waits for it.",
            args.CreateArguments,
            cast(Work, _create),
            changes=True,
        ),
        ToolDefinition(
            "wait_for_task",
            "Wait for a task",
            f"Wait until a task has ended, at most {args.LONGEST_WAIT} seconds a call. Returns the "
            "task, links to its files and a frame to look at; call it again while in_progress.",
            args.WaitArguments,
            cast(Work, _wait),
        ),
        ToolDefinition(
            "get_task",
            "Show a task",
            "Show a task as it is now; once completed, with links to its files, which work "
            "without a key for a limited time, and a frame to look at.",
            args.GetArguments,
            cast(Work, _get),
            prompt=True,
        ),
        ToolDefinition(
            "list_tasks",
            "List tasks",
            "List the account's tasks, the newest first.",
            args.ListTasksArguments,
            cast(Work, _list_tasks),
            prompt=True,
        ),
        ToolDefinition(
            "cancel_task",
            "Cancel a task",
            "End a task that has not ended; what it had made is lost, and it costs nothing.",
            args.CancelArguments,
            cast(Work, _cancel),
            changes=True,
            destroys=True,
            prompt=True,
        ),
        ToolDefinition(
            "upload_file",
            "Upload a file",
            f"Send a picture (JPEG, PNG) or video (mp4, mov) by {ways}. The url in the answer "
            "stands for it in parameters for a while.",
            args.LocalUploadArguments if local_files else args.UploadArguments,
            cast(Work, _upload),
            changes=True,
        ),
    )
