"""Requests per minute, counted for several processes at once."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest
from sqlalchemy import event, func, select

from kirin.accounts.limits import MINUTE_MS
from kirin.accounts.rate_limiter import AllowanceUsedUp, Quota, RateLimiter
from kirin.database.account_tables import counters
from kirin.database.engine import Database
from kirin.errors import LimitReached


@dataclass
class Clock:
    """A clock that is set."""

    now: int = 10 * MINUTE_MS + 15_000

    def __call__(self) -> int:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def passed(limiter: RateLimiter, quota: Quota, times: int) -> int:
    """How many of so many requests get through."""
    through = 0
    for _ in range(times):
        try:
            limiter.acquire_blocking([quota])
        except LimitReached:
            continue
        through += 1
    return through


def test_no_more_than_the_limit_pass_through_all_processes(
    database: Database, clock: Clock
) -> None:
    limiters = [RateLimiter(database, clock) for _ in range(4)]
    quota = Quota("account", "a", 50)
    with ThreadPoolExecutor(8) as pool:
        work = [pool.submit(passed, limiters[n % 4], quota, 12) for n in range(8)]
        through = sum(each.result() for each in work)
    # Those whose processes have no more requests may hold a few that others could use.
    assert 44 <= through <= 50


def test_one_process_may_use_up_everything(database: Database, clock: Clock) -> None:
    for limit in (1, 2, 7, 100):
        quota = Quota("key", f"k{limit}", limit)
        assert passed(RateLimiter(database, clock), quota, limit + 5) == limit


def test_a_new_minute_begins_anew_and_old_counts_go(database: Database, clock: Clock) -> None:
    limiter, quota = RateLimiter(database, clock), Quota("account", "a", 3)
    assert passed(limiter, quota, 5) == 3
    with pytest.raises(LimitReached, match=r"3 requests a minute: .* begins in 45 s") as reached:
        limiter.acquire([quota])
    assert reached.value.sent_headers == {
        "Retry-After": "45",
        "RateLimit-Limit": "3",
        "RateLimit-Remaining": "0",
        "RateLimit-Reset": "45",
    }
    clock.now += 45_000
    assert passed(limiter, quota, 5) == 3
    with database.read() as connection:
        assert connection.execute(select(func.count()).select_from(counters)).scalar() == 1


def test_the_tightest_of_two_quotas_counts(database: Database, clock: Clock) -> None:
    limiter = RateLimiter(database, clock)
    both = [Quota("account", "a", 100), Quota("key", "k", 2)]
    statuses = [limiter.acquire_blocking(both) for _ in range(2)]
    assert [(s.limit, s.remaining) for s in statuses if s] == [(2, 1), (2, 0)]
    with pytest.raises(LimitReached) as reached:
        limiter.acquire_blocking(both)
    assert reached.value.details["limit"]["of"] == "key"  # type: ignore[index]
    # What one quota refuses is not taken from the other.
    assert passed(limiter, both[0], 100) == 98


def test_most_requests_write_nothing(database: Database, clock: Clock) -> None:
    limiter, quota = RateLimiter(database, clock), Quota("account", "a", 10_000)
    written: Counter[str] = Counter()
    event.listen(
        database.engine, "before_cursor_execute", lambda *given: written.update([given[2][:6]])
    )
    for _ in range(1000):
        limiter.acquire_blocking([quota])
    assert written["UPDATE"] == 1


def test_taking_from_memory_never_asks_the_database(database: Database, clock: Clock) -> None:
    limiter, quota = RateLimiter(database, clock), Quota("account", "a", 8)
    with pytest.raises(AllowanceUsedUp):
        limiter.acquire([quota])
    limiter.acquire_blocking([quota])
    database.close()
    with pytest.raises(AllowanceUsedUp):
        limiter.acquire([quota])
    assert limiter.acquire([]) is None
