"""The native API as the tools call it: over the network, or within the server's own process.

Each tool is one or a few native requests with the caller's key, so that scopes, rates, limits,
prices and errors are those of the API itself.
"""

from __future__ import annotations

from collections.abc import AsyncIterable, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import httpx

from kirin.client.native import GENERATION, TASKS, UPLOADS, answer_body, task_path

if TYPE_CHECKING:  # over the network nothing of the server is loaded
    from kirin.mcp.in_process import InProcessClient

QUOTE = "/model/v1/quote"
MODELS = "/api/v1/skill/models"
FILES = "/files/"

MOST_MODELS = 100
"""On a page of the catalogue; no server has as many."""


class NativeApi:
    """Calls of the native API; each raises :class:`kirin.client.KirinApiError` if it is refused."""

    def __init__(self, http: httpx.AsyncClient | InProcessClient) -> None:
        """Prepare.

        Args:
            http: knows the server's base URL and sends the key.
        """
        self._http = http

    async def models(self, query: Mapping[str, str]) -> list[dict[str, Any]]:
        """The models, without their parameters."""
        found = await self._call("GET", MODELS, params={**query, "page_size": MOST_MODELS})
        return list(found["data"]["models"])

    async def spec(self, model: str) -> dict[str, Any]:
        """Everything that a model accepts."""
        found = await self._call("GET", f"{MODELS}/{quote(model, safe='')}/spec")
        return dict(found["data"])

    async def quote(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """What a request would cost and show."""
        return await self._call("POST", QUOTE, json=body)

    async def create(self, body: Mapping[str, Any], once: str | None) -> dict[str, Any]:
        """A new task.

        Args:
            once: makes a repetition give the same task again.
        """
        headers = {"Idempotency-Key": once} if once else {}
        return await self._call("POST", GENERATION, json=body, headers=headers)

    async def task(self, name: str, wait: int = 0) -> dict[str, Any]:
        """A task by its id or external id.

        Args:
            wait: seconds until the answer at most, while status and stage stay as they are.
        """
        return await self._call("GET", task_path(name), params={"wait": wait} if wait else {})

    async def tasks(self, query: Mapping[str, Any]) -> dict[str, Any]:
        """A page of the account's tasks, the newest first."""
        return await self._call("GET", TASKS, params=query)

    async def cancel(self, name: str) -> dict[str, Any]:
        """End a task that has not ended."""
        return await self._call("POST", f"{task_path(name)}/cancel")

    async def send(self, content: bytes | AsyncIterable[bytes]) -> dict[str, Any]:
        """Upload a picture or a video."""
        return await self._call("POST", UPLOADS, content=content)

    async def fetch(self, url: str) -> dict[str, Any]:
        """Have the server fetch a picture or a video."""
        return await self._call("POST", f"{UPLOADS}/fetch", json={"url": url})

    async def content(self, link: str, most: int) -> bytes | None:
        """What a signed link leads to; ``None`` if nothing, or more than ``most`` bytes.

        It is asked for where the API is, whatever the public address in the link is.
        """
        _, found, rest = link.rpartition(FILES)
        if not found:
            return None
        async with self._http.stream(
            "GET", f"{FILES}{rest}", headers={"Range": f"bytes=0-{most - 1}"}
        ) as answer:
            whole = answer.headers.get("Content-Range", "").rpartition("/")[2]
            if answer.is_error or (whole.isdecimal() and int(whole) > most):
                return None
            data = bytearray()
            async for chunk in answer.aiter_bytes():
                data += chunk
                if len(data) > most:
                    return None
            return bytes(data)

    async def _call(self, method: str, path: str, **options: Any) -> dict[str, Any]:
        return answer_body(await self._http.request(method, path, **options))
