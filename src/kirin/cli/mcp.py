"""``kirin mcp``: the tools of the Model Context Protocol over standard input and output."""

from __future__ import annotations

from kirin.cli.connection import Key, ServerOrPrivate, server_or_private
from kirin.cli.output import plain_errors


def mcp(
    server: ServerOrPrivate = None,
    key: Key = "",
) -> None:
    """Serve agents on this machine: tools over standard input and output (MCP).

    An agent starts this command itself; see docs/dialects/mcp.md.
    """
    with plain_errors(), server_or_private(server, key) as (base_url, api_key):
        import anyio

        from kirin.mcp.stdio import serve_stdio

        anyio.run(serve_stdio, base_url, api_key)
