"""The library: subjects of an account, found, listed and removed."""

from __future__ import annotations

from collections.abc import Collection

from kirin.database.engine import Database
from kirin.domain.element import Element
from kirin.elements import store
from kirin.errors import UnknownElement


class Library:
    """Every account sees its own only."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self, account: str) -> list[Element]:
        """An account's subjects, the newest first."""
        with self._database.read() as connection:
            return store.of_account(connection, account)

    def some(self, account: str, ids: Collection[int]) -> dict[int, Element]:
        """Those of the ids that are the account's own, by id."""
        if not ids:
            return {}
        with self._database.read() as connection:
            return store.find(connection, account, ids)

    def get(self, account: str, id: int) -> Element:
        """One subject.

        Raises:
            UnknownElement: the account has none of that id.
        """
        found = self.some(account, [id])
        if id not in found:
            raise UnknownElement
        return found[id]

    def remove(self, account: str, id: int) -> None:
        """Delete a subject; tasks that use it go on.

        Raises:
            UnknownElement: the account has none of that id.
        """
        with self._database.write() as connection:
            if not store.remove(connection, account, id):
                raise UnknownElement
