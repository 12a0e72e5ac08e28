"""The link that signs the first browser in: good once, and not for long."""

from __future__ import annotations

import secrets
from collections.abc import Callable

MINUTE_MS = 60_000

LINK_MINUTES = 15
"""How long the link may be used after the server has printed it."""


class Welcome:
    """Keeps one API key for whoever shows the code of the printed link first.

    The key itself is in no address: what a browser keeps in its history opens nothing twice.
    """

    def __init__(self, key: str, now: Callable[[], int]) -> None:
        """Make a code for a key.

        Args:
            now: the time in Unix milliseconds.
        """
        self.code = secrets.token_urlsafe(24)
        self._key: str | None = key
        self._now = now
        self._ends_at = now() + LINK_MINUTES * MINUTE_MS

    def take(self, code: str) -> str | None:
        """The key, if the code is right, in time, and here for the first time."""
        if self._key is None or self._now() > self._ends_at:
            self._key = None
            return None
        if not secrets.compare_digest(code.encode(), self.code.encode()):
            return None
        key, self._key = self._key, None
        return key

    def fragment(self) -> str:
        """What to put behind the address of the console; fragments reach no server log."""
        return f"#welcome={self.code}"
