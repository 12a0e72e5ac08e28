"""Reads that several wait for at once: done once for all of them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from typing import Any, TypeVar

T = TypeVar("T")


class SharedReads:
    """Shares reads on one event loop, between those who ask before the read has begun.

    Whoever was woken by a change may thus join, and sees it.
    """

    def __init__(self) -> None:
        self._to_begin: dict[Hashable, asyncio.Task[Any]] = {}

    async def get(self, key: Hashable, read: Callable[[], Awaitable[T]]) -> T:
        """What a read gives.

        Args:
            key: of what is read; for equal ones any of the functions will do.
            read: reads it; what it raises, all get who wait for it.
        """
        task: asyncio.Task[T] | None = self._to_begin.get(key)
        if task is None:
            task = asyncio.create_task(self._begin(key, read))
            # Those who wait may all have hung up.
            task.add_done_callback(lambda done: done.cancelled() or done.exception())
            self._to_begin[key] = task
        return await asyncio.shield(task)

    async def _begin(self, key: Hashable, read: Callable[[], Awaitable[T]]) -> T:
        del self._to_begin[key]
        return await read()
