"""Reads that are shared: once for all who ask before they begin, and never an old answer."""

from __future__ import annotations

import asyncio

import pytest

from kirin.http.tasks.shared_reads import SharedReads


def test_who_asks_at_once_shares_a_read() -> None:
    begun: list[str] = []

    async def work() -> None:
        reads, held = SharedReads(), asyncio.Event()

        async def read(name: str) -> int:
            begun.append(name)
            number = len(begun)
            await held.wait()
            return number

        def asked(name: str, times: int) -> list[asyncio.Task[int]]:
            return [asyncio.create_task(reads.get(name, lambda: read(name))) for _ in range(times)]

        first = [*asked("a", 3), *asked("b", 1)]
        while len(begun) < 2:
            await asyncio.sleep(0)
        late = asked("a", 2)  # something may have changed since the first read began
        while len(begun) < 3:
            await asyncio.sleep(0)
        held.set()
        assert await asyncio.gather(*first) == [1, 1, 1, 2]
        assert await asyncio.gather(*late) == [3, 3]

    asyncio.run(work())
    assert begun == ["a", "b", "a"]


def test_an_error_reaches_all_and_a_hang_up_none_but_the_one() -> None:
    async def work() -> None:
        reads, held = SharedReads(), asyncio.Event()

        async def fail() -> None:
            await held.wait()
            raise KeyError("gone")

        waiting = [asyncio.create_task(reads.get("a", fail)) for _ in range(3)]
        await asyncio.sleep(0)
        waiting[0].cancel()
        await asyncio.wait(waiting[:1])
        held.set()
        for each in waiting[1:]:
            with pytest.raises(KeyError):
                await each
        assert waiting[0].cancelled()

    asyncio.run(work())
