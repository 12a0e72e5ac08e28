"""Clients that hang up before they have their answer."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from fastapi import Request

T = TypeVar("T")


async def unless_disconnected(
    request: Request, work: Coroutine[Any, Any, T], cancel: Callable[[], None] | None = None
) -> T | None:
    """Do something for as long as the client waits for it.

    Args:
        request: the client's, with its body read.
        work: what to do; cancelled when the client hangs up.
        cancel: called at the end in any case, to stop work in a thread, which cannot be
            cancelled from outside.

    Returns:
        What the work returned; ``None`` if the client hung up first.
    """
    working = asyncio.create_task(work)
    listening = asyncio.create_task(_disconnected(request))
    try:
        await asyncio.wait((working, listening), return_when=asyncio.FIRST_COMPLETED)
        if working.done():
            return working.result()
        return None
    finally:
        if cancel is not None:
            cancel()
        for task in (working, listening):
            task.cancel()
        await asyncio.gather(working, listening, return_exceptions=True)


async def _disconnected(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
