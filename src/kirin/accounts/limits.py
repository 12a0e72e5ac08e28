"""Limits of accounts and keys, and the errors for reaching them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import Row

from kirin.domain.money import dollars, from_micro, to_micro
from kirin.domain.workload import Workload
from kirin.errors import LimitReached

DAY_MS = 86_400_000
MINUTE_MS = 60_000

TASK_RETRY_SECONDS = 5
"""When to try again if a limit frees as soon as some task ends, which nobody can predict."""

FIELDS = ("requests_per_minute", "unfinished_tasks", "queued_tasks", "daily_spend")


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of an account or a key; ``None`` is unlimited.

    Attributes:
        requests_per_minute: of any kind, in each minute of the clock.
        unfinished_tasks: tasks queued or running at a time.
        queued_tasks: tasks at a time that no worker has begun.
        daily_spend: USD in each day of UTC, including what is held for unfinished tasks.
    """

    requests_per_minute: int | None = None
    unfinished_tasks: int | None = None
    queued_tasks: int | None = None
    daily_spend: Decimal | None = None

    @classmethod
    def from_row(cls, row: Row[Any]) -> Limits:
        """The limits in a row of an account or a key."""
        return cls.of([getattr(row, name) for name in FIELDS])

    @classmethod
    def of(cls, values: Sequence[Any]) -> Limits:
        """From the values of a row, in the order of :data:`FIELDS`."""
        requests, unfinished, queued, spend = values
        return cls(requests, unfinished, queued, None if spend is None else from_micro(spend))

    def to_row(self) -> dict[str, int | None]:
        """The columns of a row."""
        spend = to_micro(self.daily_spend) if self.daily_spend is not None else None
        return {
            "requests_per_minute": self.requests_per_minute,
            "unfinished_tasks": self.unfinished_tasks,
            "queued_tasks": self.queued_tasks,
            "daily_spend": spend,
        }

    @property
    def on_tasks(self) -> bool:
        """Whether anything has to be counted before a task is created."""
        return (self.unfinished_tasks, self.queued_tasks, self.daily_spend) != (None, None, None)

    def check(self, whose: str, load: Workload, cost: Decimal, now: int) -> None:
        """Check that one more task fits.

        Args:
            whose: ``account`` or ``key``.
            load: the tasks without it.
            cost: most that it may cost, in USD.
            now: Unix milliseconds.

        Raises:
            LimitReached: it does not fit; the message says when it will.
        """
        running = load.queued + load.running
        if self.unfinished_tasks is not None and running >= self.unfinished_tasks:
            raise reached(
                whose,
                "unfinished_tasks",
                self.unfinished_tasks,
                f"the {whose} may have {self.unfinished_tasks} unfinished tasks at a time, and "
                f"has {running}: wait until one ends",
            )
        if self.queued_tasks is not None and load.queued >= self.queued_tasks:
            raise reached(
                whose,
                "queued_tasks",
                self.queued_tasks,
                f"the {whose} may have {self.queued_tasks} queued tasks, and has {load.queued}: "
                "wait until one starts",
            )
        if self.daily_spend is not None and load.spent + cost > self.daily_spend:
            seconds = -(-(DAY_MS - now % DAY_MS) // 1000)
            raise reached(
                whose,
                "daily_spend",
                dollars(self.daily_spend),
                f"the {whose} may spend {dollars(self.daily_spend)} USD a day (UTC), and has spent "
                f"or set aside {dollars(load.spent)}; this takes {dollars(cost)} more: the next "
                f"day begins in {seconds} s",
                seconds,
            )


NO_LIMITS = Limits()


def reached(
    whose: str,
    name: str,
    limit: int | str,
    message: str,
    seconds: int = TASK_RETRY_SECONDS,
    headers: Mapping[str, str] | None = None,
) -> LimitReached:
    """The error for a limit.

    Args:
        whose: ``account`` or ``key``.
        name: the limit's.
        limit: how much it is.
        seconds: when it frees, or when to try again.
        headers: further headers of the answer.
    """
    return LimitReached(
        message,
        limit={"name": name, "of": whose, "value": limit, "frees_in_seconds": seconds},
        retry_after=seconds,
        headers=headers,
    )


def window_headers(limit: int, remaining: int, seconds: int) -> dict[str, str]:
    """``RateLimit-*`` as draft-ietf-httpapi-ratelimit-headers-06 names them.

    Args:
        limit: how much may be used in a window.
        remaining: how much of it is left.
        seconds: until the next window.
    """
    return {
        "RateLimit-Limit": str(limit),
        "RateLimit-Remaining": str(remaining),
        "RateLimit-Reset": str(seconds),
    }
