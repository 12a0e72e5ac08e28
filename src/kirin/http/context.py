"""Around every request: its id, one log line, and an answer whatever happens inside."""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Mapping, Sequence

import structlog
from fastapi import Request, Response
from pydantic_core import to_json
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from structlog.contextvars import bind_contextvars

from kirin.errors import ApiError, DatabaseAway, InvalidParameters, MethodNotAllowed, NotFound

log = structlog.get_logger(__name__)

DATABASE_AWAY = (OperationalError, InterfaceError, PoolTimeout)
"""What SQLAlchemy raises while the database cannot be used; a request may come again later."""

GOOD_ID = re.compile(r"[A-Za-z0-9._:\-]{1,128}")
"""Request ids of clients that are echoed; others could forge headers or log lines."""


def add_headers(request: Request, headers: Mapping[str, str]) -> None:
    """Let the answer to a request carry headers, unless it has them by itself."""
    request.scope["answer_headers"].update(headers)


def json_answer(body: object, status: int = 200) -> Response:
    """A JSON answer."""
    return Response(to_json(body), status, media_type="application/json")


def error_answer(error: ApiError, request_id: str) -> Response:
    """An error as rule W-9 has it."""
    body: dict[str, object] = {
        "code": error.code,
        "message": error.message,
        "request_id": request_id,
        **error.details,
    }
    if isinstance(error, InvalidParameters):
        body["errors"] = [
            {"param": p.param, "code": p.code, "message": p.message, "rules": p.rules}
            for p in error.problems
        ]
    answer = json_answer(body, error.status)
    answer.headers.update(error.sent_headers)
    return answer


async def answer_api_error(request: Request, error: Exception) -> Response:
    """Exception handler for our own errors."""
    if not isinstance(error, ApiError):
        raise error
    return error_answer(error, request.scope["request_id"])


async def answer_http_error(request: Request, error: Exception) -> Response:
    """Exception handler for the framework's errors: unknown addresses and methods."""
    if not isinstance(error, HTTPException):
        raise error
    known: dict[int, type[ApiError]] = {404: NotFound, 405: MethodNotAllowed}
    kind = known.get(error.status_code, ApiError)
    ours = kind() if error.status_code in known else kind(error.detail)
    answer = error_answer(ours, request.scope["request_id"])
    answer.status_code = error.status_code
    answer.headers.update(error.headers or {})
    return answer


async def answer_database_away(request: Request, error: Exception) -> Response:
    """Exception handler for a database that does not answer, or is busy for too long."""
    request_id = request.scope["request_id"]
    kind = type(getattr(error, "orig", None) or error).__name__
    log.warning("the database does not answer", reason=kind)
    return error_answer(DatabaseAway(), request_id)


class RequestContext:
    """ASGI middleware: gives each request an id (rule W-10) and catches what nobody caught."""

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
        request_id = given if GOOD_ID.fullmatch(given) else secrets.token_hex(12)
        scope["request_id"] = request_id
        scope["answer_headers"] = {}
        bind_contextvars(request_id=request_id)
        started = time.perf_counter()
        status = 0

        async def send_marked(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers["X-Request-Id"] = request_id
                for name, value in scope["answer_headers"].items():
                    headers.setdefault(name, value)
            await send(message)

        try:
            await self._app(scope, receive, send_marked)
        except Exception:
            log.exception("request failed by a bug", path=scope["path"])
            if status:  # the answer had begun: all that is left is to break it off
                raise
            await error_answer(ApiError(), request_id)(scope, receive, send_marked)
        if scope["path"] not in self._quiet:
            log.debug(
                "request",
                method=scope["method"],
                path=scope["path"],
                status=status,
                milliseconds=round((time.perf_counter() - started) * 1000, 1),
            )
