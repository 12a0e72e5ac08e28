"""Both clients, spoken to in one way, without a network or a moment's pause."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from kirin_client import AsyncKirin, Kirin, async_client, client

Handler = Callable[[httpx.Request], httpx.Response]


class Awaited:
    """An asynchronous client whose methods are waited for: results, or lists of items."""

    def __init__(self, kirin: Any) -> None:
        self.kirin = kirin

    def __getattr__(self, name: str) -> Any:
        found = getattr(self.kirin, name)
        if name in ("admin", "with_raw_response"):
            return Awaited(found)
        if not callable(found):
            return found

        def call(*args: Any, **options: Any) -> Any:
            made = found(*args, **options)
            if inspect.isasyncgen(made):
                return asyncio.run(_listed(made))
            if inspect.iscoroutine(made):
                return asyncio.run(_awaited(made))
            return Awaited(made) if isinstance(made, AsyncKirin) else made

        return call


async def _awaited(made: Any) -> Any:
    return await made


async def _listed(made: Any) -> list[Any]:
    return [each async for each in made]


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Seconds of each pause that was made, none of which takes time."""
    made: list[float] = []

    async def pause(seconds: float) -> None:
        made.append(seconds)

    monkeypatch.setattr(client, "_sleep", made.append)
    monkeypatch.setattr(async_client, "_sleep", pause)
    return made


@pytest.fixture(params=["sync", "async"])
def connect(request: pytest.FixtureRequest, pauses: list[float]) -> Callable[..., Any]:
    """Makes a client of a server that is a function."""

    def make(handler: Handler, **options: Any) -> Any:
        given = {"base_url": "http://kirin.test", "api_key": "secret-key", **options}
        transport = httpx.MockTransport(handler)
        if request.param == "sync":
            return Kirin(**given, transport=transport)
        return Awaited(AsyncKirin(**given, transport=transport))

    return make
