"""The watch: one look at the database for all who wait for changes in this process."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

import structlog

from kirin.http.context import DATABASE_AWAY
from kirin.http.rooms import Rooms
from kirin.tasks import events

log = structlog.get_logger(__name__)

POLL_SECONDS = 0.2
"""How often to look while anybody waits: one row for each account that somebody waits for."""

AWAY_SECONDS = 2.0
"""The same while that fails."""

MANY = 500
"""Changes of one account between two looks from which all who wait for it are woken."""


class Subscription:
    """Somebody who waits: for any change in an account, or for those of one task."""

    def __init__(self, task: str | None) -> None:
        self.task = task
        self._woken = asyncio.Event()

    def wake(self) -> None:
        """Let the one who waits look again."""
        self._woken.set()

    async def woken(self, seconds: float) -> bool:
        """Wait for a change, and tell whether there may have been one within that time."""
        try:
            async with asyncio.timeout(seconds):
                await self._woken.wait()
        except TimeoutError:
            return False
        self._woken.clear()
        return True


class Watch:
    """Wakes those who wait, on one event loop. Nobody holds a thread or a connection."""

    def __init__(self, rooms: Rooms) -> None:
        self._rooms = rooms
        self._waiting: dict[str, set[Subscription]] = {}
        self._seen: dict[str, int] = {}
        self._looking: asyncio.Task[None] | None = None

    @contextmanager
    def subscribe(self, account: str, task: str | None = None) -> Iterator[Subscription]:
        """Wait for changes from now on; what is read afterwards misses none.

        Args:
            account: whose.
            task: of this task only.
        """
        subscription = Subscription(task)
        self._waiting.setdefault(account, set()).add(subscription)
        if self._looking is None or self._looking.done():
            self._looking = asyncio.get_running_loop().create_task(self._look_until_nobody_waits())
        try:
            yield subscription
        finally:
            self._waiting[account].discard(subscription)
            if not self._waiting[account]:
                del self._waiting[account]
                self._seen.pop(account, None)

    async def _look_until_nobody_waits(self) -> None:
        pause = POLL_SECONDS
        while self._waiting:
            try:
                await self._look()
                pause = POLL_SECONDS
            except DATABASE_AWAY as error:
                pause = AWAY_SECONDS
                log.warning("changes cannot be looked for", reason=type(error).__name__)
            except Exception:
                pause = AWAY_SECONDS
                log.exception("changes could not be looked for")
            await asyncio.sleep(pause)

    async def _look(self) -> None:
        accounts, seen = list(self._waiting), dict(self._seen)

        def find() -> dict[str, tuple[int, set[str] | None]]:
            """The newest event of each account with a change, and what tasks it was about."""
            found: dict[str, tuple[int, set[str] | None]] = {}
            with self._rooms.database.read() as connection:
                for account, number in events.last(connection, accounts).items():
                    if account not in seen:
                        # What happened since somebody began to wait is not known.
                        found[account] = number, None
                    elif number > seen[account]:
                        news = events.after(connection, account, seen[account], MANY)
                        few = len(news) < MANY
                        found[account] = number, {e.task for e in news} if few else None
            return found

        for account, (number, tasks) in (await self._rooms.look(find)).items():
            if account in self._waiting:
                self._seen[account] = number
                for subscription in self._waiting[account]:
                    if tasks is None or subscription.task is None or subscription.task in tasks:
                        subscription.wake()
