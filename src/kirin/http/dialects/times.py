"""Times in RFC 3339, which other APIs tell; ours are milliseconds."""

from __future__ import annotations

from datetime import UTC, datetime


def iso(milliseconds: int) -> str:
    """A time as the clients read it.

    >>> iso(1_767_225_600_250)
    '2026-01-01T00:00:00.250Z'
    """
    moment = datetime.fromtimestamp(milliseconds / 1000, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
