"""Client connections: limits and error answers, on top of uvicorn's protocol for httptools.

That protocol does not limit how long a client takes to send the head of a request, how large
heads and trailers are, or how many clients connect. It answers malformed requests in plain text,
and drops the body of a request that offers to upgrade the connection.
"""

from __future__ import annotations

import asyncio
import re
import secrets
from http import HTTPStatus
from typing import Any

import httptools
from pydantic_core import to_json
from uvicorn.config import Config
from uvicorn.protocols.http.flow_control import HIGH_WATER_LIMIT
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from kirin.errors import (
    ApiError,
    HeadTooLarge,
    MalformedRequest,
    MethodNotAllowed,
    RequestTimeout,
    TooManyConnections,
    UnsupportedTransferCoding,
)
from kirin.http.responses import error_json

HEAD_BYTES = 65_536
"""Largest head or trailer; browsers and libraries stay far below 16 KiB."""

HEAD_SECONDS = 20.0
"""Longest time from a connection, or from the first byte of a further request, to the end of
its head."""

HOST = re.compile(rb"([A-Za-z0-9._~%!$&'()*+,;=-]+|\[[0-9A-Fa-f:.]+\])(:\d{0,5})?")
"""A Host header (RFC 9110, section 7.2) that a URL can be made of."""


class Connection(HttpToolsProtocol):
    """A connection with limits, whose errors are JSON (rule W-9)."""

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
        self._error: ApiError | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Accept the connection, or refuse it."""
        super().connection_made(transport)
        if len(self.connections) > self._most and not self._close_an_idle_one():
            self._refuse(TooManyConnections())
        else:
            self._start_deadline()

    def connection_lost(self, exc: Exception | None) -> None:
        """Clean up after the connection has closed."""
        self._cancel_deadline()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Parse received bytes, unless too many have come since the last ones of a body."""
        if self.transport.is_closing() or self._error is not None:
            return
        self._unset_keepalive_if_required()
        self._without_body += len(data)
        try:
            self._parse(data)
        except httptools.HttpParserCallbackError:
            self._refuse(self._error or MalformedRequest())
        except httptools.HttpParserError as error:
            self._refuse(MalformedRequest(f"this is not a valid HTTP/1.1 request: {error}"))
        if self._without_body > HEAD_BYTES:
            self._refuse(HeadTooLarge())
        self._wait_for_the_rest()

    def _wait_for_the_rest(self) -> None:
        """Time the rest of a body whose request was answered early like an idle connection."""
        answered = self.cycle is not None and self.cycle.response_complete
        if answered and self._deadline is None and not self.transport.is_closing():
            self._unset_keepalive_if_required()
            self.timeout_keep_alive_task = self.loop.call_later(
                self.timeout_keep_alive, self.timeout_keep_alive_handler
            )

    def _parse(self, data: bytes) -> None:
        """Parse received bytes; offers to upgrade the connection are declined.

        The parser takes all that follows such an offer for the other protocol. A server that
        declines goes on in HTTP/1.1 (RFC 9110, section 7.8), so the same head without the offer is
        given to a new parser, and after it what followed.

        Raises:
            httptools.HttpParserError: the request is malformed, or was refused.
        """
        while True:
            try:
                self.parser.feed_data(data)
            except httptools.HttpParserUpgrade as offer:
                data = data[offer.args[0] :]
                head = self._head_without_upgrade()
                self.parser = httptools.HttpRequestParser(self)
                # As uvicorn's own: answer the first of several requests before the others.
                self.parser.set_dangerous_leniencies(lenient_data_after_close=True)
                self.parser.feed_data(head)
            else:
                return

    def _head_without_upgrade(self) -> bytes:
        """The head that was parsed last, less its ``Upgrade``."""
        version = self.parser.get_http_version().encode()
        lines = [self.parser.get_method() + b" " + self.url + b" HTTP/" + version]
        lines += [name + b": " + value for name, value in self.headers if name != b"upgrade"]
        return b"\r\n".join(lines) + b"\r\n\r\n"

    def on_message_begin(self) -> None:
        """Start the deadline of a head."""
        super().on_message_begin()
        self._start_deadline()

    def on_headers_complete(self) -> None:
        """Stop the deadline: the head is complete."""
        self._error = self._error_in_head()
        if self._error is not None:
            raise self._error
        if self.parser.should_upgrade():
            return  # it is parsed again, without the offer
        self._cancel_deadline()
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Count from here again; the size of bodies is limited by the routes.

        A large piece that nothing waits before is passed on as it is: uvicorn copies each into a
        buffer, and out of it again.
        """
        self._without_body = 0
        cycle = self.cycle
        if len(body) > HIGH_WATER_LIMIT and not (cycle.body or cycle.response_complete):
            cycle.body = body  # type: ignore[assignment]  # it is made bytes of
            self.flow.pause_reading()
            cycle.message_event.set()
            return
        waiting: object = cycle.body
        if isinstance(waiting, bytes):  # of the same read: to add to bytes copies them each time
            cycle.body = bytearray(waiting)
        super().on_body(body)

    def on_message_complete(self) -> None:
        """Count from here again for the next request."""
        if self.parser.should_upgrade():
            return
        self._without_body = 0
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """Begin with the next request, or answer the error that was found in it."""
        super().on_response_complete()
        if self._error is not None and self.cycle.response_complete:
            self._refuse(self._error)

    def _error_in_head(self) -> ApiError | None:
        """What is wrong with a head that the parser accepts."""
        if self.parser.get_method() == b"CONNECT":
            return MethodNotAllowed("this server is not a proxy")
        hosts = [value for name, value in self.headers if name == b"host"]
        if len(hosts) > 1 or (not hosts and self.parser.get_http_version() == "1.1"):
            return MalformedRequest("the request must have one Host header")
        if hosts and not HOST.fullmatch(hosts[0]):
            return MalformedRequest("the Host header is not a host name, with or without a port")
        codings = [value for name, value in self.headers if name == b"transfer-encoding"]
        if codings and [value.strip().lower() for value in codings] != [b"chunked"]:
            return UnsupportedTransferCoding()
        return None

    def _close_an_idle_one(self) -> bool:
        """Make room for this connection: close the one that has waited longest for a request."""
        idle = [
            (other.timeout_keep_alive_task.when(), other.transport)
            for other in self.connections
            if isinstance(other, Connection)
            and other.timeout_keep_alive_task is not None
            and not other.transport.is_closing()
        ]
        if idle:
            min(idle, key=lambda each: each[0])[1].close()
        return bool(idle)

    def _start_deadline(self) -> None:
        if self._deadline is None:
            late = RequestTimeout(f"the head did not arrive within {self._head_seconds:g} seconds")
            self._deadline = self.loop.call_later(self._head_seconds, self._refuse, late)

    def _cancel_deadline(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _refuse(self, error: ApiError) -> None:
        """Answer with an error and close, after the answers to earlier requests."""
        self._cancel_deadline()
        self._error = error
        if self.transport.is_closing():
            return
        cycle = self.cycle
        if cycle is not None and not cycle.response_complete:
            if not cycle.more_body:
                return  # the error is in a later request
            if not cycle.response_started and not self.pipeline:
                self._answer_for_the_application(error)
        else:
            self.transport.write(raw_error_response(error))
        self.transport.close()

    def _answer_for_the_application(self, error: ApiError) -> None:
        """Answer a request that the application is still reading."""
        self.transport.write(raw_error_response(error))
        self.cycle.disconnected = True
        self.cycle.message_event.set()


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
