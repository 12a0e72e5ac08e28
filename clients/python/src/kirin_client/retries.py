"""When a request is sent again, and after how long."""

from __future__ import annotations

import random
import time
from collections.abc import Callable

import httpx

from kirin_client.errors import ApiError, ConnectionFailed, KirinError, TimedOut

FIRST_PAUSE = 0.5
LONGEST_PAUSE = 8.0
"""Seconds: pauses are drawn from 0 to a limit that doubles from the first to the longest, so that
clients that failed together do not come back together (full jitter)."""

LONGEST_RETRY_AFTER = 60.0
"""Seconds; if a server asks for more, the caller decides."""

NOT_DONE = frozenset({425, 429, 503})
"""Statuses of requests that the server has not begun with: anything may be sent again."""

PERHAPS_DONE = frozenset({408, 500, 502, 504})
"""Statuses of requests of which nobody knows: what is repeatable may be sent again."""

NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)
"""Failures before a byte of the request has left."""

NOT_AGAIN = frozenset({"SYNC_TIMEOUT"})
"""Codes of answers to which another request would get the same."""


class Attempts:
    """The attempts at one call.

    Attributes:
        made: attempts that have failed.
    """

    def __init__(
        self,
        retries: int,
        seconds: float | None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Begin.

        Args:
            retries: attempts after the first one.
            seconds: time limit of all together.
        """
        self.made = 0
        self._retries = retries
        self._clock = clock
        self._end = None if seconds is None else clock() + seconds

    def left(self) -> float | None:
        """Seconds that the next attempt has; ``None`` if there is no limit."""
        return None if self._end is None else max(self._end - self._clock(), 0.001)

    def again(self, error: KirinError, *, repeatable: bool) -> float | None:
        """Seconds until the next attempt; ``None`` if there is none."""
        self.made += 1
        if self.made > self._retries or not worth_repeating(error, repeatable=repeatable):
            return None
        asked = error.retry_after if isinstance(error, ApiError) else None
        if asked is not None and asked > LONGEST_RETRY_AFTER:
            return None
        pause = (asked or 0.0) + jitter(self.made)
        left = self.left()
        return pause if left is None or pause < left else None

    def reset(self) -> None:
        """Count from the beginning: something has been achieved."""
        self.made = 0


def jitter(attempt: int) -> float:
    """Seconds, drawn anew each time, after an attempt, counted from 1."""
    most = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (attempt - 1))
    return random.uniform(0, most)  # noqa: S311  no secret


def worth_repeating(error: KirinError, *, repeatable: bool) -> bool:
    """Whether another attempt is safe, and may go better."""
    if isinstance(error, ApiError):
        if error.code in NOT_AGAIN:
            return False
        return error.status in NOT_DONE or (repeatable and error.status in PERHAPS_DONE)
    if isinstance(error, ConnectionFailed):
        return repeatable or isinstance(error.__cause__, NOT_SENT)
    return False


def failure(error: httpx.TransportError | httpx.StreamError) -> ConnectionFailed:
    """What a failure of the transport means to callers; it is the cause."""
    request = getattr(error, "_request", None)
    url = str(request.url.copy_with(query=None)) if request is not None else ""
    words = str(error) or type(error).__name__
    if isinstance(error, httpx.TimeoutException):
        failed: ConnectionFailed = TimedOut(f"no answer in time from {url}: {words}", url)
    else:
        failed = ConnectionFailed(f"no answer from {url}: {words}", url)
    failed.__cause__ = error
    return failed
