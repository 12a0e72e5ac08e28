"""Answers to plain messages, as the protocol's package would give them, without its transport."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial
from http import HTTPStatus
from typing import Any, Final

import structlog
from fastapi import Request, Response
from mcp.server.lowlevel import Server
from mcp.types import (
    INTERNAL_ERROR,
    INVALID_PARAMS,
    SERVER_INFO_META_KEY,
    CallToolResult,
    ListToolsResult,
    TextContent,
)
from mcp.types.methods import serialize_server_result
from mcp.types.version import MODERN_PROTOCOL_VERSIONS
from pydantic import ValidationError
from pydantic_core import to_json

from kirin.accounts.caller import Caller
from kirin.http.disconnects import unless_disconnected
from kirin.mcp.native_api import NativeApi
from kirin.mcp.plain_messages import CALL, LIST, PlainMessage, plain_message
from kirin.mcp.toolbox import Toolbox

log = structlog.get_logger(__name__)

INVALID: Final = {"code": INVALID_PARAMS, "message": "Invalid request parameters", "data": ""}
BUG: Final = {"code": INTERNAL_ERROR, "message": "Internal server error"}


class DirectAnswers:
    """Answers plain messages."""

    def __init__(
        self,
        server: Server[Any],
        toolbox: Toolbox,
        api_of: Callable[[Request, Caller], NativeApi],
    ) -> None:
        """Prepare.

        Args:
            server: serves all other messages.
            api_of: the API as the sender of a message may use it.
        """
        self._toolbox = toolbox
        self._api_of = api_of
        self._stamp = {"_meta": {SERVER_INFO_META_KEY: server.server_info_stamp}}
        self._modern_end = b',"resultType":"complete",%b' % to_json(self._stamp)[1:-1]
        self._listed = cache(self._list)

    def readable(self, request: Request, body: bytes) -> PlainMessage | None:
        """A message that is answered here; ``None`` leaves it to the package."""
        message = plain_message(request, body)
        if message is None or (message.method == CALL and not self._toolbox.prompt(message.tool)):
            return None
        return message

    async def answer(self, request: Request, caller: Caller, message: PlainMessage) -> Response:
        """The answer to a message."""
        status = HTTPStatus.OK
        try:
            said = b'"result":' + await self._result(request, caller, message)
        except ValidationError:  # an answer would quote characters that no text can have
            said = b'"error":' + to_json(INVALID)
            status = HTTPStatus.BAD_REQUEST if message.modern else HTTPStatus.OK
        except Exception:
            log.exception("a tool failed by a bug", tool=message.tool)
            said = b'"error":' + to_json(BUG)
        written = b'{"jsonrpc":"2.0","id":%b,%b}' % (to_json(message.id), said)
        return Response(written, status, media_type="application/json")

    async def _result(self, request: Request, caller: Caller, message: PlainMessage) -> bytes:
        """The result as JSON."""
        if message.method == LIST:
            return self._listed(message.version)
        if message.method != CALL:
            return b"{}"  # a ping, which modern messages do without
        result = await self._toolbox.call(
            self._api_of(request, caller),
            message.tool,
            message.arguments,
            while_heard=partial(unless_disconnected, request),
        )
        return self._shown(result, message)

    def _shown(self, result: CallToolResult, message: PlainMessage) -> bytes:
        """A result as the revision of a message has it."""
        text, *more = result.content
        if result.is_error or not isinstance(text, TextContent):
            wire = result.model_dump(mode="json", by_alias=True, exclude_none=True)
            if message.modern:
                wire |= self._stamp
            else:
                del wire["resultType"]
            return to_json(wire)
        # The text is the structured content as JSON, so what is large is written once.
        blocks = [b'{"type":"text","text":%b}' % to_json(text.text)]
        blocks += [to_json(each, by_alias=True, exclude_none=True) for each in more]
        return b'{"content":[%b],"structuredContent":%b,"isError":false%b}' % (
            b",".join(blocks),
            text.text.encode(),
            self._modern_end if message.modern else b"",
        )

    def _list(self, version: str) -> bytes:
        """The tools in a revision of the protocol."""
        result = ListToolsResult(tools=self._toolbox.shown)
        wire = result.model_dump(mode="json", by_alias=True, exclude_none=True)
        shown = serialize_server_result(LIST, version, wire)
        return to_json(shown | self._stamp if version in MODERN_PROTOCOL_VERSIONS else shown)
