"""Around every request: its id, one log line, and an answer even if the handler fails."""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Sequence

import structlog
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from structlog.contextvars import bind_contextvars

from kirin.errors import ApiError
from kirin.http.responses import error_response

log = structlog.get_logger(__name__)

SAFE_REQUEST_ID = re.compile(r"[A-Za-z0-9._:\-]{1,128}")
"""Request ids of clients that are echoed; any others could forge headers or log lines."""


class RequestContext:
    """ASGI middleware: gives each request an id (rule W-10) and answers uncaught errors."""

    def __init__(self, app: ASGIApp, quiet: Sequence[str] = ()) -> None:
        """Wrap an application.

        Args:
            quiet: paths whose requests are not logged.
        """
        self._app = app
        self._quiet = frozenset(quiet)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = dict(scope["headers"]).get(b"x-request-id", b"").decode("latin-1")
        request_id = given if SAFE_REQUEST_ID.fullmatch(given) else secrets.token_hex(12)
        scope["request_id"] = request_id
        scope["answer_headers"] = {}
        bind_contextvars(request_id=request_id)
        started = time.perf_counter()
        status = 0

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers["X-Request-Id"] = request_id
                for name, value in scope["answer_headers"].items():
                    headers.setdefault(name, value)
            await send(message)

        try:
            await self._app(scope, receive, send_with_headers)
        except Exception:
            log.exception("request failed by a bug", path=scope["path"])
            if status:  # the answer has begun: it can only be cut off
                raise
            await error_response(ApiError(), request_id)(scope, receive, send_with_headers)
        if scope["path"] not in self._quiet:
            log.debug(
                "request",
                method=scope["method"],
                path=scope["path"],
                status=status,
                milliseconds=round((time.perf_counter() - started) * 1000, 1),
            )
