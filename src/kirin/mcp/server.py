"""The protocol's server, apart from how its messages travel."""

from __future__ import annotations

from typing import Any

from mcp.server.lowlevel import Server
from mcp.types import (
    CallToolRequestParams,
    CallToolResult,
    ListToolsResult,
    PaginatedRequestParams,
)

from kirin import __version__
from kirin.mcp.task_extension import ApiOf, Context, add_task_extension, declared, handle
from kirin.mcp.toolbox import Toolbox

INSTRUCTIONS = (
    "Makes videos from words and pictures. list_models, then show_model for what it takes; "
    "quote_video for the price; create_video; then wait_for_task until it is no longer "
    "in_progress. Results are links that work without a key for a limited time; the picture "
    "beside them is a frame of the video."
)


def create_server(api_of: ApiOf, toolbox: Toolbox) -> Server[Any]:
    """Create the server.

    Args:
        api_of: the API as the sender of a message may use it.
    """

    async def list_tools(_: Context, __: PaginatedRequestParams | None) -> ListToolsResult:
        return ListToolsResult(tools=toolbox.shown)

    async def call_tool(context: Context, params: CallToolRequestParams) -> Any:
        api, given = api_of(context), params.arguments or {}
        report = context.session.report_progress
        result: CallToolResult = await toolbox.call(api, params.name, given, report)
        if toolbox.creates(params.name) and not result.is_error and declared(context):
            return handle(result.structured_content)
        return result

    server: Server[Any] = Server(
        "kirin",
        version=__version__,
        title="Kirin",
        instructions=INSTRUCTIONS,
        get_tool_input_schema=toolbox.schema,
        on_list_tools=list_tools,
        on_call_tool=call_tool,
    )
    server.middleware.clear()  # its traces would quote what users wrote; ours follow the requests
    add_task_extension(server, api_of, toolbox.shown_task)
    return server
