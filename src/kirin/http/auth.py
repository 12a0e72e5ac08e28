"""Who calls: API keys in the Authorization header (rule W-10)."""

from __future__ import annotations

from kirin.accounts import keys, store
from kirin.database.engine import Database
from kirin.errors import InvalidKey


class Authenticator:
    """Tells the account that a key opens."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def account(self, authorization: str | None) -> str:
        """Id of the account behind an Authorization header.

        Raises:
            InvalidKey: there is none; the message says what is wrong, but not whether a key
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
                account = store.account_of(connection, secret)
            if account is not None:
                return account
        raise InvalidKey("this API key is not valid: check it for typos, or whether it was revoked")
