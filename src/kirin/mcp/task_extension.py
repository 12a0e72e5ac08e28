"""The protocol's extension for tasks, as of 2026-07-28, for clients that declare it.

``create_video`` then answers with a handle, and the client, not its model, polls ``tasks/get``. The
handle is the id of the native task: durable, the account's own, and known to every API process.
Source: github.com/modelcontextprotocol/ext-tasks, specification/2026-07-28/tasks.md.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Final, TypeVar

from mcp.server.context import ServerRequestContext
from mcp.server.lowlevel import Server
from mcp.shared.exceptions import MCPError
from mcp.types import INTERNAL_ERROR, INVALID_PARAMS, CallToolResult, GetTaskRequestParams
from mcp.types.jsonrpc import MISSING_REQUIRED_CLIENT_CAPABILITY
from mcp.types.version import MODERN_PROTOCOL_VERSIONS

from kirin.catalogue.codes import CANCELLED
from kirin.client import KirinApiError
from kirin.mcp.native_api import NativeApi

EXTENSION: Final = "io.modelcontextprotocol/tasks"

POLL_MS: Final = 3000

TASK_FINISHED: Final = "task_finished"
UNKNOWN_TASK: Final = "unknown_task"
"""Codes of the API's refusals."""

Context = ServerRequestContext[Any, Any]
ApiOf = Callable[[Context], NativeApi]
ResultOf = Callable[[NativeApi, Mapping[str, Any]], Awaitable[CallToolResult]]
"""What the tool would have answered about a task that has ended."""

T = TypeVar("T")


def declared(context: Context) -> bool:
    """Whether the sender of a message reads the answers of this extension."""
    capabilities = context.session.client_capabilities
    return (
        context.protocol_version in MODERN_PROTOCOL_VERSIONS
        and capabilities is not None
        and EXTENSION in (capabilities.extensions or {})
    )


def handle(created: Mapping[str, Any]) -> dict[str, Any]:
    """The answer in place of a tool's: the task that it has begun."""
    return {"resultType": "task", **_facts(created, created["created_at"]), "status": "working"}


def add_task_extension(server: Server[Any], api_of: ApiOf, result_of: ResultOf) -> None:
    """Serve the methods of the extension."""

    async def get(context: Context, params: GetTaskRequestParams) -> dict[str, Any]:
        require(context)
        api = api_of(context)
        task = await answered(api.task(params.task_id))
        shown = _facts(task, task["updated_at"])
        if task["status"] == "in_progress":
            stage = task["metadata"].get("stage", "in progress")
            return {
                **shown,
                "status": "working",
                "statusMessage": f"{stage}, {task['progress']:.0%}",
            }
        error = task.get("error")
        if error and error["code"] == CANCELLED:
            return {**shown, "status": "cancelled", "statusMessage": error["message"]}
        # A task that failed is a tool that did: the status "failed" is for faults of the protocol.
        result = await answered(result_of(api, task))
        wire = result.model_dump(mode="json", by_alias=True, exclude_none=True)
        return {**shown, "status": "completed", "result": wire}

    async def cancel(context: Context, params: GetTaskRequestParams) -> dict[str, Any]:
        require(context)
        try:
            await api_of(context).cancel(params.task_id)
        except KirinApiError as error:
            if error.code != TASK_FINISHED:
                raise fault(error) from None
        return {}

    async def update(context: Context, params: GetTaskRequestParams) -> dict[str, Any]:
        require(context)
        await answered(api_of(context).task(params.task_id))  # no task asks for anything
        return {}

    server.extensions[EXTENSION] = {}
    server.add_request_handler("tasks/get", GetTaskRequestParams, get)
    server.add_request_handler("tasks/cancel", GetTaskRequestParams, cancel)
    server.add_request_handler("tasks/update", GetTaskRequestParams, update)


def require(context: Context) -> None:
    """Check that the sender has declared the extension.

    Raises:
        MCPError: it has not.
    """
    if not declared(context):
        raise MCPError(
            MISSING_REQUIRED_CLIENT_CAPABILITY,
            f"this takes a client that declares the extension {EXTENSION}",
            {"requiredCapabilities": {"extensions": {EXTENSION: {}}}},
        )


async def answered(call: Awaitable[T]) -> T:
    """What a call of the API gives.

    Raises:
        MCPError: it was refused.
    """
    try:
        return await call
    except KirinApiError as error:
        raise fault(error) from None


def fault(error: KirinApiError) -> MCPError:
    """A refusal of the API as an error of the protocol."""
    code = INVALID_PARAMS if error.code == UNKNOWN_TASK else INTERNAL_ERROR
    return MCPError(code, str(error))


def _facts(task: Mapping[str, Any], updated_at: int) -> dict[str, Any]:
    return {
        "taskId": task["id"],
        "createdAt": _time(task["created_at"]),
        "lastUpdatedAt": _time(updated_at),
        "ttlMs": None,
        "pollIntervalMs": POLL_MS,
    }


def _time(milliseconds: int) -> str:
    return datetime.fromtimestamp(milliseconds / 1000, tz=UTC).isoformat(timespec="milliseconds")
