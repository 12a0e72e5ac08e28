"""Connections of clients, so many and no more, and none that only keeps others waiting.

uvicorn leaves three things open that its protocol for httptools has no limit for: how long a
client takes for the head of a request, how large heads and trailers are, and how many connect.
"""

from __future__ import annotations

import asyncio
import secrets
from http import HTTPStatus
from typing import Any

from pydantic_core import to_json
from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from kirin.errors import ApiError, HeadTooLarge, RequestTimeout, TooManyConnections

HEAD_BYTES = 65_536
"""Largest head or trailer; browsers and libraries stay far below 16 KiB."""

HEAD_SECONDS = 20.0
"""Longest time from a connection, or from the first byte of a further request, to its head."""


class Connection(HttpToolsProtocol):
    """One connection."""

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
        *,
        most: int,
        head_seconds: float = HEAD_SECONDS,
    ) -> None:
        """Begin.

        Args:
            config, server_state, app_state, _loop: as uvicorn gives them.
            most: connections that may be open at a time; one more is told so and closed.
            head_seconds: longest time that a head may take.
        """
        super().__init__(config, server_state, app_state, _loop)
        self._most = most
        self._head_seconds = head_seconds
        self._deadline: asyncio.TimerHandle | None = None
        self._without_body = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take a connection, or refuse it."""
        super().connection_made(transport)
        if len(self.connections) > self._most:
            self._refuse(TooManyConnections())
        else:
            self._expect_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget it."""
        self._stop_waiting()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take bytes in, unless too many have come since the last ones of any body."""
        if self.transport.is_closing():
            return
        self._without_body += len(data)
        super().data_received(data)
        if self._without_body > HEAD_BYTES:
            self._refuse(HeadTooLarge())

    def on_message_begin(self) -> None:
        """A head begins."""
        super().on_message_begin()
        self._expect_head()

    def on_headers_complete(self) -> None:
        """A head is there."""
        self._stop_waiting()
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """A piece of a body; how much of that is too much, the route knows."""
        self._without_body = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        """A request is there."""
        self._without_body = 0
        super().on_message_complete()

    def _expect_head(self) -> None:
        if self._deadline is None:
            late = RequestTimeout(f"the head did not arrive within {self._head_seconds:g} seconds")
            self._deadline = self.loop.call_later(self._head_seconds, self._refuse, late)

    def _stop_waiting(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _refuse(self, error: ApiError) -> None:
        """Tell why, unless an answer is on its way, and close."""
        self._stop_waiting()
        if self.transport.is_closing():
            return
        if self.cycle is None or self.cycle.response_complete:
            self.transport.write(answer_of(error))
        self.transport.close()


def answer_of(error: ApiError) -> bytes:
    """A whole answer that closes the connection, as rule W-9 has errors."""
    request_id = secrets.token_hex(12)
    body = to_json({"code": error.code, "message": error.message, "request_id": request_id})
    head = (
        f"HTTP/1.1 {error.status} {HTTPStatus(error.status).phrase}",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
        f"X-Request-Id: {request_id}",
        *(f"{name}: {value}" for name, value in error.sent_headers.items()),
        "Connection: close",
    )
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body
