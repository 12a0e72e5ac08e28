"""The protocol over HTTP: streamable, without sessions, so that any API process serves any call."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, ClassVar, Final
from urllib.parse import urlsplit

from anyio import Lock, to_thread
from fastapi import FastAPI, Request, Response
from starlette.routing import Match, Route
from starlette.types import Message, Receive, Scope, Send

from kirin.accounts.caller import Caller
from kirin.clock import now_ms
from kirin.database.engine import Database
from kirin.errors import ApiError, DatabaseAway, MethodNotAllowed
from kirin.http.authentication import Authenticator
from kirin.http.bodies import BodyLimits, read_body
from kirin.http.error_handlers import DATABASE_UNAVAILABLE
from kirin.http.responses import error_json, json_response
from kirin.http.server import HttpOptions
from kirin.http.thread_pool import ThreadPool
from kirin.mcp.in_process import InProcessClient
from kirin.mcp.native_api import NativeApi
from kirin.mcp.sessions import Sessions
from kirin.mcp.short_way import ShortWay

if TYPE_CHECKING:
    from mcp.server.lowlevel import Server

    from kirin.mcp.direct import DirectAnswers
    from kirin.mcp.task_extension import Context

PATH: Final = "/mcp"

MOST_BYTES: Final = 12 * 1024 * 1024
"""Of a message: it is parsed in one go, while others wait. Larger files go by URL."""

LOOPBACK: Final = ("127.0.0.1", "localhost", "::1")

FORWARDED: Final = frozenset({b"authorization", b"traceparent", b"tracestate"})
"""Headers of a message that its native requests have too; they get the request id as well."""

KEY_THREADS: Final = 4
"""Keys that are looked up at a time, where that may block."""

INVALID_REQUEST: Final = -32600
"""Of JSON-RPC."""


class PageRefused(ApiError):
    """Pages of this origin may not call /mcp: see KIRIN_CORS_ORIGINS."""

    status = 403
    code = "origin_refused"


class OnlyPosts(MethodNotAllowed):
    """This server has no sessions and opens no streams of its own: POST each message."""

    headers: ClassVar[Mapping[str, str]] = {"Allow": "POST"}


@dataclass(frozen=True, kw_only=True)
class EndpointOptions:
    """What the address ``/mcp`` works with.

    Attributes:
        caller: who sends an Authorization header; raises an error for one that opens nothing.
        public_url: base URL of links, if it is set.
        origins: of web pages that may call the API.
    """

    caller: Callable[[str | None], Awaitable[Caller]]
    limits: BodyLimits
    public_url: str | None
    origins: tuple[str, ...]


class McpEndpoint:
    """ASGI application for ``/mcp``.

    Every message is served by itself: plain ones directly, all others by the protocol's package.
    Tools call the native API within this process, with the key of the message.
    """

    def __init__(self, http: FastAPI, options: EndpointOptions) -> None:
        """Create it; the protocol's package is imported with the first message.

        Args:
            http: the whole application.
        """
        self._http = http
        self._options = options
        self.sessions = Sessions(self._server, MOST_BYTES)
        self._made: tuple[Server[Any], DirectAnswers] | None = None
        self._starting = Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        try:
            caller, body = await self._admit(request)
        except ApiError as error:
            await refusal(error, scope["request_id"])(scope, receive, send)
            return
        _, direct = self._made or await self._started()
        if message := direct.readable(request, body):
            response = await direct.answer(request, caller, message)
            await response(scope, receive, send)
            return
        await self.sessions.handle(scope, replayed(body, receive), send)

    async def _admit(self, request: Request) -> tuple[Caller, bytes]:
        """The sender and the body of a message that may come in.

        Raises:
            ApiError: it may not.
        """
        self._check_origin(request.headers.get("Origin"))
        try:
            caller = await self._options.caller(request.headers.get("Authorization"))
        except DATABASE_UNAVAILABLE:
            raise DatabaseAway from None
        if request.method != "POST":
            raise OnlyPosts
        limits = self._options.limits
        most = min(MOST_BYTES, limits.max_bytes)
        return caller, await read_body(request, most, limits.seconds)

    def _check_origin(self, origin: str | None) -> None:
        """Refuse pages of other origins, those included whose name was made to lead here.

        Raises:
            PageRefused: this is one.
        """
        if origin is None or origin in self._options.origins or "*" in self._options.origins:
            return
        try:
            given = urlsplit(origin)
            own = urlsplit(self._options.public_url or "")
            if given.hostname in LOOPBACK:
                return
            if own.hostname and (given.scheme, given.netloc) == (own.scheme, own.netloc):
                return
        except ValueError:
            pass
        raise PageRefused

    async def _started(self) -> tuple[Server[Any], DirectAnswers]:
        async with self._starting:
            if self._made is None:
                self._made = await to_thread.run_sync(_create, self._api_of)
        return self._made

    async def _server(self) -> Server[Any]:
        server, _ = self._made or await self._started()
        return server

    @cached_property
    def _api(self) -> ShortWay:
        return ShortWay(self._http)  # with the first message: routes may yet be added

    def _api_of(self, request: Request, caller: Caller | None = None) -> NativeApi:
        sent = reversed(request.scope["headers"])  # of a header that came twice, the first counts
        headers = {k.decode(): v.decode("latin-1") for k, v in sent if k in FORWARDED}
        headers["X-Request-Id"] = request.scope["request_id"]
        return NativeApi(InProcessClient(self._api, request, headers, caller))


class McpRoute(Route):
    """Route of an ASGI application that traces and metrics know by its path."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Whether a request is for it.

        The router asks this route first, so paths that it cannot match end here.
        """
        if not scope["path"].endswith(self.path):
            return Match.NONE, {}
        match, found = super().matches(scope)
        return match, {**found, "route": self}


def add_endpoint(http: FastAPI, database: Database, options: HttpOptions) -> None:
    """Serve ``/mcp`` beside the native API."""
    threads = ThreadPool(database, KEY_THREADS)
    authenticator = Authenticator(database, threads, now_ms)

    async def caller(authorization: str | None) -> Caller:
        return await threads.run_short(partial(authenticator.caller, authorization))

    endpoint = McpEndpoint(
        http,
        EndpointOptions(
            caller=caller,
            limits=BodyLimits(options.max_body_bytes, options.body_seconds),
            public_url=options.public_url,
            origins=options.cors_origins,
        ),
    )
    # First, since the router looks at one route after the other, and there are hundreds.
    http.router.routes.insert(0, McpRoute(PATH, endpoint))
    outer = http.router.lifespan_context

    @asynccontextmanager
    async def lifespan(app: Any) -> AsyncIterator[Any]:
        async with outer(app) as state, endpoint.sessions.kept():
            yield state

    http.router.lifespan_context = lifespan


def _create(
    api_of: Callable[[Request, Caller | None], NativeApi],
) -> tuple[Server[Any], DirectAnswers]:
    from kirin.mcp.direct import DirectAnswers
    from kirin.mcp.server import create_server
    from kirin.mcp.toolbox import Toolbox

    def api_of_context(context: Context) -> NativeApi:
        assert isinstance(context.request, Request)  # noqa: S101  this transport always has one
        return api_of(context.request, None)

    toolbox = Toolbox(local_files=False)
    server = create_server(api_of_context, toolbox)
    return server, DirectAnswers(server, toolbox, api_of)


def refusal(error: ApiError, request_id: str) -> Response:
    """A refusal of a message as a whole, in the shape of JSON-RPC."""
    data = error_json(error, request_id)
    said = {"code": INVALID_REQUEST, "message": error.message, "data": data}
    response = json_response({"jsonrpc": "2.0", "id": None, "error": said}, error.status)
    response.headers.update(error.sent_headers)
    return response


def replayed(body: bytes, receive: Receive) -> Receive:
    """What an application receives after its body was read: the body, then what follows."""
    sent = False

    async def next_message() -> Message:
        nonlocal sent
        if not sent:
            sent = True
            return {"type": "http.request", "body": body, "more_body": False}
        return await receive()

    return next_message
