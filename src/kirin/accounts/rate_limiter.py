"""Rate limits: requests per minute, counted in the database for all API processes together.

A process reserves an eighth of what is left of the minute's quota at a time, and hands it out from
memory: most requests write nothing, no more than the limit pass in any minute however many
processes there are, and little of it lies unused in a process.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from kirin.accounts.limits import MINUTE_MS, reached, window_headers
from kirin.database.account_tables import counters
from kirin.database.engine import Database

NAME = "requests"
FRACTION = 8
"""A process reserves one part in so many of what is left."""

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
class RateLimitStatus:
    """The state of a quota after a request.

    Attributes:
        limit: of the quota with the fewest requests left.
        remaining: requests that are left of it, as far as this process knows.
        seconds: until the next minute.
    """

    limit: int
    remaining: int
    seconds: int


class AllowanceUsedUp(Exception):
    """This process has no requests left to hand out; the database may have some."""


@dataclass(slots=True)
class _Allowance:
    """What a process has reserved of a quota.

    Attributes:
        window: the minute, counted from 1970.
        left: requests that are reserved and unused.
        beyond: requests of the quota that were left for other processes.
    """

    window: int
    left: int
    beyond: int


class RateLimiter:
    """Counts requests and refuses those beyond their quotas."""

    def __init__(self, database: Database, now: Callable[[], int]) -> None:
        """Start with nothing reserved.

        Args:
            database: where the counts are.
            now: the time in Unix milliseconds.
        """
        self._database = database
        self._now = now
        self._allowances: dict[str, _Allowance] = {}
        self._lock = threading.Lock()

    def acquire(self, quotas: Sequence[Quota]) -> RateLimitStatus | None:
        """Count one request, from memory alone.

        Returns:
            The state of the tightest quota; ``None`` if there are no quotas.

        Raises:
            AllowanceUsedUp: only :meth:`acquire_blocking` can decide.
            LimitReached: the minute's requests are used up.
        """
        if not quotas:
            return None
        now = self._now()
        window = now // MINUTE_MS
        seconds = -(-(MINUTE_MS - now % MINUTE_MS) // 1000)
        with self._lock:
            allowances = [self._allowances.get(quota.subject) for quota in quotas]
            for quota, allowance in zip(quotas, allowances, strict=True):
                if (
                    allowance is None
                    or allowance.window != window
                    or (not allowance.left and allowance.beyond)
                ):
                    raise AllowanceUsedUp
                if not allowance.left:
                    raise rate_limit_reached(quota, seconds)
            statuses = []
            for quota, allowance in zip(quotas, allowances, strict=True):
                if allowance is not None:
                    allowance.left -= 1
                    statuses.append(
                        RateLimitStatus(quota.limit, allowance.left + allowance.beyond, seconds)
                    )
        return min(statuses, key=lambda status: status.remaining)

    def acquire_blocking(self, quotas: Sequence[Quota]) -> RateLimitStatus | None:
        """The same as :meth:`acquire`, asking the database where needed.

        Raises:
            LimitReached: the minute's requests are used up.
        """
        while True:
            try:
                return self.acquire(quotas)
            except AllowanceUsedUp:
                self._refill(quotas)

    def _refill(self, quotas: Sequence[Quota]) -> None:
        window = self._now() // MINUTE_MS
        for quota in quotas:
            with self._lock:
                allowance = self._allowances.get(quota.subject)
                if allowance is not None and allowance.window == window and allowance.left:
                    continue
            with self._database.write() as connection:
                taken, beyond = reserve(connection, quota, window)
            with self._lock:
                if len(self._allowances) >= MOST_SUBJECTS:
                    self._allowances.clear()  # what was reserved is merely not used
                allowance = self._allowances.get(quota.subject)
                left = allowance.left if allowance is not None and allowance.window == window else 0
                self._allowances[quota.subject] = _Allowance(window, left + taken, beyond)


def reserve(connection: Connection, quota: Quota, window: int) -> tuple[int, int]:
    """Reserve a part of a minute's requests.

    Returns:
        How many were reserved, and how many are left for others.
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
    taken = -(-free // FRACTION)
    if taken:
        connection.execute(update(counters).where(*this).values(used=used + taken))
    return taken, free - taken


def rate_limit_reached(quota: Quota, seconds: int) -> Exception:
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
