"""Limits of client connections, on top of uvicorn's protocol for httptools.

That protocol does not limit how long a client takes to send the head of a request, how large
heads and trailers are, or how many clients connect.
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
from kirin.http.responses import error_json

HEAD_BYTES = 65_536
"""Largest head or trailer; browsers and libraries stay far below 16 KiB."""

HEAD_SECONDS = 20.0
"""Longest time from a connection, or from the first byte of a further request, to the end of
its head."""


class Connection(HttpToolsProtocol):
    """A connection with limits."""

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
        """Create the protocol of one connection.

        Args:
            config, server_state, app_state, _loop: as uvicorn passes them.
            most: connections that may be open at a time; further ones get an error and are
                closed.
            head_seconds: longest time that a head may take to arrive.
        """
        super().__init__(config, server_state, app_state, _loop)
        self._most = most
        self._head_seconds = head_seconds
        self._deadline: asyncio.TimerHandle | None = None
        self._without_body = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Accept the connection, or refuse it."""
        super().connection_made(transport)
        if len(self.connections) > self._most:
            self._refuse(TooManyConnections())
        else:
            self._start_deadline()

    def connection_lost(self, exc: Exception | None) -> None:
        """Clean up after the connection has closed."""
        self._cancel_deadline()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Parse received bytes, unless too many have come since the last ones of a body."""
        if self.transport.is_closing():
            return
        self._without_body += len(data)
        super().data_received(data)
        if self._without_body > HEAD_BYTES:
            self._refuse(HeadTooLarge())

    def on_message_begin(self) -> None:
        """Start the deadline of a head."""
        super().on_message_begin()
        self._start_deadline()

    def on_headers_complete(self) -> None:
        """Stop the deadline: the head is complete."""
        self._cancel_deadline()
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Count from here again; the size of bodies is limited by the routes."""
        self._without_body = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        """Count from here again for the next request."""
        self._without_body = 0
        super().on_message_complete()

    def _start_deadline(self) -> None:
        if self._deadline is None:
            late = RequestTimeout(f"the head did not arrive within {self._head_seconds:g} seconds")
            self._deadline = self.loop.call_later(self._head_seconds, self._refuse, late)

    def _cancel_deadline(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _refuse(self, error: ApiError) -> None:
        """Answer with an error, unless another answer is under way, and close."""
        self._cancel_deadline()
        if self.transport.is_closing():
            return
        if self.cycle is None or self.cycle.response_complete:
            self.transport.write(raw_error_response(error))
        self.transport.close()


def raw_error_response(error: ApiError) -> bytes:
    """The bytes of an error answer (rule W-9) that closes the connection."""
    request_id = secrets.token_hex(12)
    body = to_json(error_json(error, request_id))
    head = (
        f"HTTP/1.1 {error.status} {HTTPStatus(error.status).phrase}",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
        f"X-Request-Id: {request_id}",
        *(f"{name}: {value}" for name, value in error.sent_headers.items()),
        "Connection: close",
    )
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body
