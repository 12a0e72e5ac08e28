"""The library: subjects of an account, found, listed and removed."""

from __future__ import annotations

from collections.abc import Collection

from kirin.database.engine import Database
from kirin.domain.subject import Subject
from kirin.errors import UnknownSubject
from kirin.subjects import store


class Library:
    """Every account sees its own only."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self, account: str) -> list[Subject]:
        """An account's subjects, the newest first."""
        with self._database.read() as connection:
            return store.of_account(connection, account)

    def some(self, account: str, ids: Collection[int]) -> dict[int, Subject]:
        """Those of the ids that are the account's own, by id."""
        if not ids:
            return {}
        with self._database.read() as connection:
            return store.find(connection, account, ids)

    def get(self, account: str, id: int) -> Subject:
        """One subject.

        Raises:
            UnknownSubject: the account has none of that id.
        """
        found = self.some(account, [id])
        if id not in found:
            raise UnknownSubject
        return found[id]

    def remove(self, account: str, id: int) -> None:
        """Delete a subject; tasks that use it go on.

        Raises:
            UnknownSubject: the account has none of that id.
        """
        with self._database.write() as connection:
            if not store.remove(connection, account, id):
                raise UnknownSubject
