"""Both databases as parameters of tests: SQLite always, PostgreSQL where its programs are."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

import pytest

from kirin.database.engine import Database
from kirin.database.schema import migrate
from support.postgres import MISSING, Postgres, programs

KINDS = ("sqlite", "postgresql")


class Databases:
    """Makes databases of both kinds; the PostgreSQL server starts when it is first needed."""

    @cached_property
    def postgres(self) -> Postgres:
        """The server; the test is skipped where there is none."""
        bin = programs()
        if bin is None:
            pytest.skip(MISSING)
        server = Postgres(bin)
        server.start()
        return server

    @cached_property
    def _template(self) -> str:
        """A database with our tables, to be copied: that is faster than making them."""
        name = self.postgres.create()
        database = Database(self.postgres.url(name))
        migrate(database)
        database.close()
        return name

    @contextmanager
    def empty(self, kind: str, folder: Path) -> Iterator[str]:
        """URL of a database without tables."""
        if kind == "sqlite":
            yield f"sqlite:///{folder / 'kirin.db'}"
            return
        name = self.postgres.create()
        yield self.postgres.url(name)
        self.postgres.drop(name)

    @contextmanager
    def migrated(self, kind: str, folder: Path) -> Iterator[Database]:
        """A database with our tables."""
        if kind == "sqlite":
            database = Database(f"sqlite:///{folder / 'kirin.db'}")
            migrate(database)
            yield database
            database.close()
            return
        name = self.postgres.create(self._template)
        database = Database(self.postgres.url(name))
        yield database
        database.close()
        self.postgres.drop(name)

    def close(self) -> None:
        """Stop the server, if it was started."""
        if "postgres" in self.__dict__:
            self.postgres.remove()
