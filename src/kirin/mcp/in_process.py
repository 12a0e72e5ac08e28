"""Calls of an application within its own process, without what a client does for a network."""

from __future__ import annotations

from collections.abc import AsyncIterable, Mapping
from contextlib import AbstractAsyncContextManager
from typing import Any, Final
from urllib.parse import unquote, urlencode, urlsplit

import httpx
from anyio import Event
from pydantic_core import to_json
from starlette.types import ASGIApp, Message

PORTS: Final = {"http": 80, "https": 443}


class InProcessClient:
    """Sends requests to an application as one sender.

    JSON goes straight to the application: a client of the network costs more than what it asks
    for. Files, which are rare, go through one.
    """

    def __init__(
        self, app: ASGIApp, base_url: str, headers: Mapping[str, str], client: tuple[str, int]
    ) -> None:
        """Prepare.

        Args:
            base_url: that requests are sent to.
            headers: of each request.
            client: address of the sender, as the application sees it.
        """
        self._app = app
        self._base_url = base_url
        self._headers = headers
        self._client = client

    async def request(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, Any] | None = None,
        json: Any = None,
        content: bytes | AsyncIterable[bytes] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Response:
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
    ) -> httpx.Response:
        base = urlsplit(self._base_url)
        whole = base.path.rstrip("/") + path
        named = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": method,
            "scheme": base.scheme,
            "path": unquote(whole),
            "raw_path": whole.encode(),
            "query_string": query.encode(),
            "root_path": "",
            "headers": [(b"host", base.netloc.encode()), *named],
            "server": (base.hostname, base.port or PORTS.get(base.scheme)),
            "client": self._client,
        }
        answered, start, parts = Event(), dict[str, Any](), list[bytes]()
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
        return httpx.Response(start["status"], headers=start["headers"], content=b"".join(parts))

    def _network(self) -> httpx.AsyncClient:
        transport = httpx.ASGITransport(self._app, raise_app_exceptions=False, client=self._client)
        # Nothing is open that would have to be closed: there is no connection.
        return httpx.AsyncClient(
            transport=transport,
            base_url=self._base_url,
            headers=self._headers,
            trust_env=False,
        )
