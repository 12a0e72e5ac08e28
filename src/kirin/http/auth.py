"""Who calls: API keys in the Authorization header (rule W-10), and how often."""

from __future__ import annotations

from collections.abc import Callable

import structlog
from sqlalchemy.exc import DBAPIError

from kirin.accounts import caller, keys
from kirin.accounts.caller import Caller
from kirin.accounts.meter import RequestMeter
from kirin.database.engine import Database
from kirin.errors import InvalidKey

log = structlog.get_logger(__name__)


class Authenticator:
    """Tells who shows a key.

    Attributes:
        meter: counts requests.
    """

    def __init__(self, database: Database, now: Callable[[], int]) -> None:
        """Begin with nobody known.

        Args:
            database: where keys are.
            now: the time in Unix milliseconds.
        """
        self._database = database
        self._now = now
        self.meter = RequestMeter(database, now)

    def caller(self, authorization: str | None) -> Caller:
        """Whoever sends an Authorization header.

        Raises:
            InvalidKey: it opens nothing; the message says what is wrong, but not whether a key
                was ever known.
        """
        scheme, _, secret = (authorization or "").strip().partition(" ")
        secret = secret.strip()
        if not authorization:
            raise InvalidKey("no API key was sent: send the header 'Authorization: Bearer KEY'")
        if scheme.lower() != "bearer" or not secret:
            raise InvalidKey("the Authorization header must be 'Bearer KEY'")
        if keys.acceptable(secret):
            # Looked up by its hash: what the comparison's time tells is of no use to anyone.
            with self._database.read() as connection:
                found = caller.find(connection, secret, self._now())
            if found is not None:
                return found
        raise InvalidKey(
            "this API key is not valid: check it for typos, or whether it was revoked or has "
            "expired"
        )

    def stale(self, who: Caller) -> bool:
        """Whether :meth:`note_use` has something to write."""
        return who.stale(self._now())

    def note_use(self, who: Caller) -> None:
        """Write when a key was last used; where that fails, the request goes on."""
        try:
            with self._database.write() as connection:
                caller.note_use(connection, who.key, self._now())
        except DBAPIError:
            log.warning("last use of a key was not written", key=who.key, exc_info=True)
