"""What stands here for the hosts that are built into fal's clients.

Most clients name these hosts whatever they are told. Their own way out is a proxy: one address,
to which they send each request with a header that says where it was to go. It is served here, and
requests that came by it are answered with links to those same hosts.
"""

from __future__ import annotations

from typing import Final
from urllib.parse import unquote, urlsplit

from fastapi import APIRouter, Request, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from kirin.errors import (
    DatabaseAway,
    InvalidKey,
    InvalidParameters,
    LimitReached,
    MethodNotAllowed,
    NotFound,
    Problem,
    ScopeMissing,
)
from kirin.http.dialects.fal.request_routes import QUEUE, RUN
from kirin.http.dialects.fal.request_routes import ROUTES as REQUEST_ROUTES
from kirin.http.dialects.fal.storage_routes import CDN, REST
from kirin.http.dialects.fal.storage_routes import ROUTES as STORAGE_ROUTES
from kirin.http.query_parameters import Header
from kirin.http.route import JSON, Route
from kirin.wire import fal

PROXY: Final = f"{QUEUE}/proxy"

PREFIXES: Final = {
    fal.QUEUE_HOST: QUEUE,
    fal.RUN_HOST: RUN,
    fal.REST_HOST: REST,
    fal.CDN_HOST: CDN,
}
"""Where the paths of those hosts are, below the base URL."""

PROXIED: Final = "kirin.fal.proxied"
"""In the scope of a request that came by the proxy."""

TARGET = Header(fal.TARGET_URL, f"where the request was to go: a URL of {', '.join(PREFIXES)}")

METHODS: Final = ("GET", "POST", "PUT")

OTHER_ERRORS: Final = (
    NotFound,
    MethodNotAllowed,
    InvalidKey,
    ScopeMissing,
    LimitReached,
    DatabaseAway,
)

ROUTES: Final = tuple(
    Route(
        method=method,
        path=PROXY,
        id=f"proxy{method.capitalize()}",
        summary="What a client would have sent to another host",
        parameters=(TARGET,),
        request_body=None
        if method == "GET"
        else {"content": {JSON: {"schema": {"description": "as at the other address"}}}},
        answer_description="as at the other address",
        other_responses={"202": {"description": "as at the other address"}},
        errors=tuple(
            {
                error: None
                for route in (*REQUEST_ROUTES, *STORAGE_ROUTES)
                for error in (*route.errors, *OTHER_ERRORS)
            }
        ),
    )
    for method in METHODS
)


def add_proxy_routes(router: APIRouter) -> None:
    """Add the address that takes requests for other hosts."""

    async def forward(request: Request) -> Response:
        return Forwarded(router, inner_scope(request))

    for route in ROUTES:
        route.add_to(router, forward)


def inner_scope(request: Request) -> Scope:
    """The scope of the request that a client would have sent to another host.

    Raises:
        InvalidParameters: it names no host that is known here.
    """
    try:
        target = urlsplit(request.headers.get(TARGET.name, ""))
        prefix = PREFIXES.get(target.hostname or "")
    except ValueError:
        prefix = None
    if prefix is None:
        message = f"it takes a URL of {', '.join(PREFIXES)}"
        raise InvalidParameters([Problem(TARGET.name, "invalid_header", message)])
    path = f"{prefix}{target.path}".rstrip("/")
    name = TARGET.name.lower().encode()
    return {
        **{k: v for k, v in request.scope.items() if k not in ("path_params", "endpoint", "route")},
        "path": unquote(path),
        "raw_path": path.encode(errors="replace"),
        "query_string": target.query.encode(errors="replace"),
        # Without it, a request that leads to the proxy again is refused.
        "headers": [(n, v) for n, v in request.scope["headers"] if n != name],
        PROXIED: True,
    }


def queue_url(request: Request, base_url: str) -> str:
    """What the addresses of the queue begin with for a client."""
    if request.scope.get(PROXIED):
        return f"https://{fal.QUEUE_HOST}"
    return f"{base_url}{QUEUE}"


class Forwarded(Response):
    """The answer of another address."""

    def __init__(self, app: ASGIApp, scope: Scope) -> None:
        super().__init__()
        self._app = app
        self._inner = scope

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002
        await self._app(self._inner, receive, send)
