"""Calls of an application within its own process, without what a client does for a network."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import unquote, urlencode, urlsplit

import httpx
from fastapi import Request
from pydantic_core import from_json, to_json
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message

from kirin.accounts.caller import Caller
from kirin.http.authentication import CALLER


@dataclass(frozen=True, slots=True)
class InProcessAnswer:
    """An answer of the application, as much of it as the tools read."""

    status_code: int
    headers: Headers
    content: bytes

    @property
    def is_error(self) -> bool:
        """Whether the request was refused."""
        return self.status_code >= HTTPStatus.BAD_REQUEST

    @property
    def text(self) -> str:
        """The answer as text."""
        return self.content.decode(errors="replace")

    def json(self) -> Any:
        """What the answer says, which is JSON."""
        return from_json(self.content)


class InProcessClient:
    """Sends requests to an application as the sender of another request.

    JSON goes straight to the application: a client of the network costs more than what it asks
    for. Files, which are rare, go through one.
    """

    def __init__(
        self,
        app: ASGIApp,
        sender: Request,
        headers: Mapping[str, str],
        caller: Caller | None = None,
    ) -> None:
        """Prepare.

        Args:
            sender: the other request: where it was sent to, and from where.
            headers: of each request.
            caller: whom the key in the headers belongs to, where that was looked up just now.
        """
        self._app = app
        self._sender = sender
        self._headers = headers
        self._caller = caller

    async def request(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, Any] | None = None,
        json: Any = None,
        content: bytes | AsyncIterable[bytes] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Response | InProcessAnswer:
        """Send a request, and wait for all of its answer."""
        if content is not None:
            return await self._network().request(
                method, path, params=params, content=content, headers=headers
            )
        body = b"" if json is None else to_json(json)
        given = {"Accept": "*/*", **self._headers, **(headers or {})}
        if json is not None:
            given |= {"Content-Type": "application/json", "Content-Length": str(len(body))}
        return await self._send(method, path, urlencode(params or {}), given, body)

    def stream(
        self, method: str, path: str, *, headers: Mapping[str, str]
    ) -> AbstractAsyncContextManager[httpx.Response]:
        """Send a request, and read its answer bit by bit."""
        return self._network().stream(method, path, headers=headers)

    async def _send(
        self, method: str, path: str, query: str, headers: Mapping[str, str], body: bytes
    ) -> InProcessAnswer:
        outer = self._sender.scope
        whole = outer.get("root_path", "").rstrip("/") + path
        named = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": method,
            "scheme": outer["scheme"],
            "path": unquote(whole),
            "raw_path": whole.encode(),
            "query_string": query.encode(),
            "root_path": "",
            "headers": [(b"host", self._host().encode()), *named],
            "server": outer.get("server"),
            "client": self._address(),
            CALLER: self._caller,
        }
        answered, start, parts = asyncio.Event(), dict[str, Any](), list[bytes]()
        unread = True

        async def receive() -> Message:
            nonlocal unread
            if unread:
                unread = False
                return {"type": "http.request", "body": body, "more_body": False}
            await answered.wait()
            return {"type": "http.disconnect"}

        async def send(message: Message) -> None:
            if message["type"] == "http.response.start":
                start.update(message)
            elif message["type"] == "http.response.body":
                parts.append(message.get("body", b""))
                if not message.get("more_body", False):
                    answered.set()

        try:
            await self._app(scope, receive, send)
        except Exception:
            if not start:  # else the application has answered that something broke
                raise
        return InProcessAnswer(start["status"], Headers(raw=start["headers"]), b"".join(parts))

    def _host(self) -> str:
        """Where the sender believes this server to be."""
        return self._sender.headers.get("Host") or urlsplit(str(self._sender.base_url)).netloc

    def _address(self) -> tuple[str, int]:
        """The sender's address, as the application sees it."""
        client = self._sender.client
        return (client.host, client.port) if client else ("127.0.0.1", 0)

    def _network(self) -> httpx.AsyncClient:
        transport = httpx.ASGITransport(
            self._app, raise_app_exceptions=False, client=self._address()
        )
        # Nothing is open that would have to be closed: there is no connection.
        return httpx.AsyncClient(
            transport=transport,
            base_url=str(self._sender.base_url),
            headers=self._headers,
            trust_env=False,
        )
