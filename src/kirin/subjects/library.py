"""The library of an account's subjects: finding, listing and removing them."""

from __future__ import annotations

from collections.abc import Collection

from kirin.database.engine import Database
from kirin.domain.subject import Subject
from kirin.errors import UnknownSubject
from kirin.subjects import store


class Library:
    """Access to subjects by account; no account sees those of another."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self, account: str) -> list[Subject]:
        """An account's subjects, the newest first."""
        with self._database.read() as connection:
            return store.of_account(connection, account)

    def some(self, account: str, ids: Collection[int]) -> dict[int, Subject]:
        """The account's subjects among these ids, by id."""
        if not ids:
            return {}
        with self._database.read() as connection:
            return store.find(connection, account, ids)

    def get(self, account: str, id: int) -> Subject:
        """One subject.

        Raises:
            UnknownSubject: the account has no subject with this id.
        """
        found = self.some(account, [id])
        if id not in found:
            raise UnknownSubject
        return found[id]

    def remove(self, account: str, id: int) -> None:
        """Delete a subject; tasks that use it are not affected.

        Raises:
            UnknownSubject: the account has no subject with this id.
        """
        with self._database.write() as connection:
            if not store.remove(connection, account, id):
                raise UnknownSubject
