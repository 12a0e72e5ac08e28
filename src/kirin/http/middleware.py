"""Around every request: its id and path, one log line, and errors in JSON whatever fails."""

from __future__ import annotations

import asyncio
import logging
import re
import secrets
import time
from collections.abc import Sequence
from http import HTTPStatus

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from structlog.contextvars import bind_contextvars

from kirin.errors import ApiError, OriginRefused, ShuttingDown
from kirin.http.error_answers import ErrorAnswers
from kirin.http.responses import error_response
from kirin.storage.links import FILES

log = structlog.get_logger(__name__)
LOGGER = logging.getLogger(__name__)
"""Where ``log`` writes."""

SAFE_REQUEST_ID = re.compile(r"[A-Za-z0-9._:\-]{1,128}")
"""Request ids of clients that are echoed; any others could forge headers or log lines."""


def request_id_for(headers: Headers) -> str:
    """The id of a request: the client's, if it is safe to echo, or a new one."""
    given = headers.get("X-Request-Id", "")
    return given if SAFE_REQUEST_ID.fullmatch(given) else secrets.token_hex(12)


class RequestContext:
    """ASGI middleware: gives each request an id (rule W-10) and answers uncaught errors."""

    def __init__(self, app: ASGIApp, answers: ErrorAnswers, quiet: Sequence[str] = ()) -> None:
        """Wrap an application.

        Args:
            answers: to requests that fail.
            quiet: paths whose requests are not logged.
        """
        self._app = app
        self._answers = answers
        self._quiet = frozenset(quiet)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = request_id_for(Headers(scope=scope))
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
        except asyncio.CancelledError:  # the server stops, and has waited long enough
            if not status:
                await self._answers.of(scope, ShuttingDown())(scope, receive, send_with_headers)
            raise
        except Exception:
            log.exception("request failed by a bug", path=scope["path"])
            if status:  # the answer has begun: it can only be cut off
                raise
            await self._answers.of(scope, ApiError())(scope, receive, send_with_headers)
        # Asked first: to find out by writing costs as much as the rest of this middleware.
        if LOGGER.isEnabledFor(logging.DEBUG) and scope["path"] not in self._quiet:
            log.debug(
                "request",
                method=scope["method"],
                path=scope["path"],
                status=status,
                milliseconds=round((time.perf_counter() - started) * 1000, 1),
            )


class PathNormalizer:
    """ASGI middleware: takes the prefix of the public URL and a slash at the end off paths.

    So a proxy may pass the prefix on or not. A redirect for the slash would lose the body in some
    clients, and name an address that clients of a proxy cannot reach. A slash that belongs to a
    task's id is sent as ``%2F``.
    """

    def __init__(self, app: ASGIApp, prefix: str) -> None:
        """Wrap an application.

        Args:
            prefix: such as ``/kirin``; empty for none.
        """
        self._app = app
        self._prefix = prefix

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            path: str = scope["path"]
            if self._prefix and f"{path}/".startswith(f"{self._prefix}/"):
                path = path.removeprefix(self._prefix) or "/"
            literal = (scope.get("raw_path") or b"/").endswith(b"/")
            # The path of a signed link is checked as it is.
            if literal and path.endswith("/") and path != "/" and not path.startswith(f"{FILES}/"):
                path = path[:-1]
            # In place: middleware further out reads what the router adds to the scope.
            scope["path"] = path
        await self._app(scope, receive, send)


class CrossOrigin(CORSMiddleware):
    """The framework's middleware for pages of other origins; its errors are JSON (rule W-9)."""

    def preflight_response(self, request_headers: Headers) -> Response:
        """The answer to a preflight request."""
        response = super().preflight_response(request_headers)
        if response.status_code < HTTPStatus.BAD_REQUEST:
            return response
        request_id = request_id_for(request_headers)
        refused = error_response(OriginRefused(bytes(response.body).decode()), request_id)
        for name, value in response.headers.items():
            if name not in ("content-length", "content-type"):
                refused.headers[name] = value
        refused.headers["X-Request-Id"] = request_id
        return refused
