"""HTTP's ``Retry-After``, as strangers send it."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

_MOST_DIGITS: Final = 10
"""Numbers with more digits are centuries; they are clamped without being parsed."""


def retry_after(header: str | None, most: float, now: datetime | None = None) -> float | None:
    """Seconds that an answer asks its client to wait (RFC 9110, section 10.2.3).

    Args:
        header: the header's value, a number of seconds or an HTTP date; ``None`` if missing.
        most: upper bound of what is returned, in seconds.
        now: the current time; the system's clock by default.

    Returns:
        0 to ``most``, or ``None`` if the header is missing or malformed. A date in the past is 0.

    >>> retry_after("120", most=60)
    60.0
    >>> retry_after("-1", most=60) is None
    True
    """
    given = (header or "").strip()
    if given.isascii() and given.isdigit():
        seconds = float(given) if len(given) <= _MOST_DIGITS else most
        return min(seconds, float(most))
    try:
        until = parsedate_to_datetime(given)
        # HTTP dates are in GMT; one without a zone is taken as that.
        until = until.replace(tzinfo=until.tzinfo or UTC)
        left = (until - (now or datetime.now(tz=UTC))).total_seconds()
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    return min(max(left, 0.0), float(most))
