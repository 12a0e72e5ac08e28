"""Requests per minute, counted in the database for all API processes together.

A process takes requests from the count in small shares, an eighth of what is left at a time, and
hands them out from memory: so most requests write nothing, no more than the limit pass in any
minute however many processes there are, and what lies unused in another process is little.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from kirin.accounts.limits import MINUTE_MS, reached, window_headers
from kirin.database.engine import Database
from kirin.database.tables import counters

NAME = "requests"
SHARE = 8
"""One part in so many of what is left goes to a process at a time."""

MOST_SUBJECTS = 10_000
"""How many accounts and keys are remembered at a time."""


@dataclass(frozen=True, slots=True)
class Quota:
    """A limit on requests.

    Attributes:
        whose: ``account`` or ``key``.
        subject: its id.
        limit: requests a minute, at least 1.
    """

    whose: str
    subject: str
    limit: int


@dataclass(frozen=True, slots=True)
class Standing:
    """How a quota stands after a request.

    Attributes:
        limit: of the quota that is nearest to its end.
        remaining: requests that are left of it, as far as this process knows.
        seconds: until the next minute.
    """

    limit: int
    remaining: int
    seconds: int


class ShareUsedUp(Exception):
    """This process has no requests left to hand out, the database may have."""


@dataclass(slots=True)
class _Share:
    window: int
    left: int
    beyond: int


class RequestMeter:
    """Hands out requests."""

    def __init__(self, database: Database, now: Callable[[], int]) -> None:
        """Begin with nothing taken.

        Args:
            database: where the counts are.
            now: the time in Unix milliseconds.
        """
        self._database = database
        self._now = now
        self._shares: dict[str, _Share] = {}
        self._lock = threading.Lock()

    def take(self, quotas: Sequence[Quota]) -> Standing | None:
        """Count one request, from memory alone.

        Returns:
            How the tightest quota stands; ``None`` where there are no quotas.

        Raises:
            ShareUsedUp: :meth:`take_slowly` can tell.
            LimitReached: the minute's requests are used up.
        """
        if not quotas:
            return None
        now = self._now()
        window = now // MINUTE_MS
        seconds = -(-(MINUTE_MS - now % MINUTE_MS) // 1000)
        with self._lock:
            shares = [self._shares.get(quota.subject) for quota in quotas]
            for quota, share in zip(quotas, shares, strict=True):
                if share is None or share.window != window or (not share.left and share.beyond):
                    raise ShareUsedUp
                if not share.left:
                    raise used_up(quota, seconds)
            standings = []
            for quota, share in zip(quotas, shares, strict=True):
                if share is not None:
                    share.left -= 1
                    standings.append(Standing(quota.limit, share.left + share.beyond, seconds))
        return min(standings, key=lambda standing: standing.remaining)

    def take_slowly(self, quotas: Sequence[Quota]) -> Standing | None:
        """The same as :meth:`take`, but it waits for the database where that is needed.

        Raises:
            LimitReached: the minute's requests are used up.
        """
        while True:
            try:
                return self.take(quotas)
            except ShareUsedUp:
                self._refill(quotas)

    def _refill(self, quotas: Sequence[Quota]) -> None:
        window = self._now() // MINUTE_MS
        for quota in quotas:
            with self._lock:
                share = self._shares.get(quota.subject)
                if share is not None and share.window == window and share.left:
                    continue
            with self._database.write() as connection:
                taken, beyond = draw(connection, quota, window)
            with self._lock:
                if len(self._shares) >= MOST_SUBJECTS:
                    self._shares.clear()  # what was taken and is forgotten is merely not used
                share = self._shares.get(quota.subject)
                left = share.left if share is not None and share.window == window else 0
                self._shares[quota.subject] = _Share(window, left + taken, beyond)


def draw(connection: Connection, quota: Quota, window: int) -> tuple[int, int]:
    """Take a share of a minute's requests.

    Returns:
        How many were taken, and how many are left for others.
    """
    insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    mine = (counters.c.subject == quota.subject, counters.c.name == NAME)
    row = {"subject": quota.subject, "name": NAME, "window_start": window, "used": 0}
    statement = insert(counters).values(row).on_conflict_do_nothing()
    if connection.execute(statement.returning(counters.c.subject)).first() is not None:
        connection.execute(delete(counters).where(*mine, counters.c.window_start < window))
    this = (*mine, counters.c.window_start == window)
    used: int = connection.execute(
        select(counters.c.used).where(*this).with_for_update()
    ).scalar_one()
    free = max(quota.limit - used, 0)
    taken = -(-free // SHARE)
    if taken:
        connection.execute(update(counters).where(*this).values(used=used + taken))
    return taken, free - taken


def used_up(quota: Quota, seconds: int) -> Exception:
    """The error for a minute without requests left."""
    return reached(
        quota.whose,
        "requests_per_minute",
        quota.limit,
        f"the {quota.whose} may make {quota.limit} requests a minute: the next minute begins in "
        f"{seconds} s",
        seconds,
        window_headers(quota.limit, 0, seconds),
    )
