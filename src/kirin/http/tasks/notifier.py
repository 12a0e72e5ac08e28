"""The change notifier: one query of the database for all who wait in this process."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

import structlog
from sqlalchemy import Connection

from kirin.http.error_handlers import DATABASE_UNAVAILABLE
from kirin.http.tasks.shared_reads import SharedReads
from kirin.http.thread_pool import ThreadPool
from kirin.tasks import events

log = structlog.get_logger(__name__)

POLL_SECONDS = 0.2
"""How often to query while anybody waits: one row for each account that somebody waits for."""

RETRY_SECONDS = 2.0
"""The same while the query fails."""

MAX_CHANGES = 500
"""Changes of one account between two queries from which all its subscribers are woken."""

Changes = set[str] | None
"""Ids of changed tasks; ``None`` if they are not known."""


class Subscription:
    """Waits for changes: of any task of an account, or of one task."""

    def __init__(self, task: str | None) -> None:
        self.task = task
        self._event = asyncio.Event()

    def notify(self) -> None:
        """Wake whoever waits, to read again."""
        self._event.set()

    async def changed(self, seconds: float) -> bool:
        """Wait for a change.

        Args:
            seconds: how long to wait at most.

        Returns:
            Whether there may have been one.
        """
        try:
            async with asyncio.timeout(seconds):
                await self._event.wait()
        except TimeoutError:
            return False
        self._event.clear()
        return True


class Notifier:
    """Wakes subscribers on one event loop; none of them holds a thread or a connection.

    Attributes:
        reads: what those read who were woken together.
    """

    def __init__(self, threads: ThreadPool) -> None:
        self._threads = threads
        self.reads = SharedReads()
        self._subscriptions: dict[str, set[Subscription]] = {}
        self._seen: dict[str, int] = {}
        self._polling: asyncio.Task[None] | None = None

    @contextmanager
    def subscribe(self, account: str, task: str | None = None) -> Iterator[Subscription]:
        """Subscribe to changes from now on; what is read afterwards misses none.

        Args:
            account: id of the account.
            task: id of the only task of interest; ``None`` for all.
        """
        subscription = Subscription(task)
        self._subscriptions.setdefault(account, set()).add(subscription)
        if self._polling is None or self._polling.done():
            self._polling = asyncio.get_running_loop().create_task(self._poll())
        try:
            yield subscription
        finally:
            self._subscriptions[account].discard(subscription)
            if not self._subscriptions[account]:
                del self._subscriptions[account]
                self._seen.pop(account, None)

    async def _poll(self) -> None:
        """Query again and again until nobody is subscribed."""
        pause = POLL_SECONDS
        while self._subscriptions:
            try:
                await self._notify()
                pause = POLL_SECONDS
            except DATABASE_UNAVAILABLE as error:
                pause = RETRY_SECONDS
                log.warning("cannot look for changes", reason=type(error).__name__)
            except Exception:
                pause = RETRY_SECONDS
                log.exception("looking for changes failed")
            await asyncio.sleep(pause)

    async def _notify(self) -> None:
        accounts, seen = list(self._subscriptions), dict(self._seen)

        def find(connection: Connection) -> dict[str, tuple[int, Changes]]:
            """Number of the last event of each account with changes, and what has changed."""
            found: dict[str, tuple[int, Changes]] = {}
            for account, number in events.last(connection, accounts).items():
                if account not in seen:
                    # What has happened since the first subscription is not known.
                    found[account] = number, None
                elif number > seen[account]:
                    news = events.after(connection, account, seen[account], MAX_CHANGES)
                    few = len(news) < MAX_CHANGES
                    found[account] = number, {e.task for e in news} if few else None
            return found

        for account, (number, tasks) in (await self._threads.read_short(find)).items():
            if account in self._subscriptions:
                self._seen[account] = number
                for subscription in self._subscriptions[account]:
                    if tasks is None or subscription.task is None or subscription.task in tasks:
                        subscription.notify()
