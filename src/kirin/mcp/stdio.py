"""The protocol over standard input and output, for an agent on this machine."""

from __future__ import annotations

import httpx
from mcp.server.stdio import stdio_server

from kirin.mcp.native_api import NativeApi
from kirin.mcp.server import create_server
from kirin.mcp.toolbox import Toolbox

TIMEOUT = httpx.Timeout(90, connect=10)
"""Seconds without a byte; fetching a file takes the server longest."""


async def serve_stdio(base_url: str, api_key: str) -> None:
    """Serve one client until it closes standard input.

    Args:
        base_url: of the Kirin server.
        api_key: a key of that server.
    """
    headers = {"Authorization": f"Bearer {api_key}"}
    async with httpx.AsyncClient(base_url=base_url, headers=headers, timeout=TIMEOUT) as http:
        api = NativeApi(http)
        server = create_server(lambda _: api, Toolbox(local_files=True))
        async with stdio_server() as (read, write):
            await server.run(read, write, server.create_initialization_options())
