"""The way to the native route that tools call most, without the router's search for it."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Any, Final

from fastapi import FastAPI, Request, Response
from fastapi.routing import APIRoute
from starlette.routing import Match
from starlette.types import ASGIApp, Receive, Scope, Send

from kirin.http.protocols.kirin import TASK
from kirin.http.tasks.read import READ

PLAIN_NAME: Final = re.compile(r"[A-Za-z0-9_-]{1,128}")
"""Names of tasks that no address can hold in two ways; ids are such names."""

PREFIX: Final = f"{TASK}/"

PROBE: Final = f"{PREFIX}x"


class ShortWay:
    """An application, for requests from within its process.

    Polls of a task go straight to the handler of their route, inside the same middleware: span,
    metrics, request id and log line are what they are without it. All other requests take the
    usual way.
    """

    def __init__(self, http: FastAPI) -> None:
        """Look for the route; the application has all its routes and middleware by now."""
        self._http = http
        self._route = _first(http, PROBE)
        self._others = {
            route.path
            for route in http.router.routes
            if isinstance(route, APIRoute) and route.path.startswith(PREFIX)
        }
        self._inside: ASGIApp = self._handled
        for each in reversed(http.user_middleware):
            self._inside = each.cls(self._inside, *each.args, **each.kwargs)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not self._known(scope):
            await self._http(scope, receive, send)
            return
        scope["app"] = self._http
        await self._inside(scope, receive, send)

    def _known(self, scope: Scope) -> bool:
        path = scope["path"]
        return (
            self._route is not None
            and scope["method"] == READ.method
            and path.startswith(PREFIX)
            and PLAIN_NAME.fullmatch(path, len(PREFIX)) is not None
            and path not in self._others
        )

    async def _handled(self, scope: Scope, receive: Receive, send: Send) -> None:
        assert self._route is not None  # noqa: S101  _known has looked
        name = scope["path"][len(PREFIX) :]
        scope["route"], scope["path_params"] = self._route, {"task_id": name}
        request = Request(scope, receive, send)
        try:
            response = await self._route.endpoint(request, task_id=name)
        except Exception as error:
            response = await self._error_answer(request, error)
        await response(scope, receive, send)

    async def _error_answer(self, request: Request, error: Exception) -> Response:
        """What the application answers where an error has a handler; others go on."""
        handlers: Any = self._http.exception_handlers
        for kind in type(error).__mro__:
            if kind in handlers:
                handler: Callable[[Request, Exception], Awaitable[Response]] = handlers[kind]
                return await handler(request, error)
        raise error


def _first(http: FastAPI, path: str) -> APIRoute | None:
    """The route of a poll, if it is the first for such a path."""
    scope = {"type": "http", "method": READ.method, "path": path, "root_path": "", "headers": []}
    for route in http.router.routes:
        match, _ = route.matches(dict(scope))
        if match is Match.FULL:
            right = isinstance(route, APIRoute) and route.path == READ.path
            return route if isinstance(route, APIRoute) and right else None
    return None
