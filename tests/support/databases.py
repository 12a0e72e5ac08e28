"""Both databases as parameters of tests: SQLite always, PostgreSQL where its programs are."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

import pytest

from kirin.database.engine import Database
from kirin.database.schema import migrate
from kirin.tasks.runs import Runs
from support.emptied import FirstState
from support.postgres import MISSING, Postgres, programs

KINDS = ("sqlite", "postgresql")


class Databases:
    """Makes databases of both kinds; the PostgreSQL server starts when it is first needed."""

    def __init__(self) -> None:
        self._used: list[str] = []

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
        """A database with our tables and DBOS's, to be copied: faster than making them."""
        name = self.postgres.create()
        _make_tables(self.postgres.url(name), self.postgres.url(name))
        return name

    @cached_property
    def _first_state(self) -> FirstState:
        """What is in the template."""
        return FirstState.of(self.postgres.url(self._template))

    @cached_property
    def _files(self) -> Path:
        """A folder with the SQLite files of a server that has just been set up."""
        folder = Path(self._scratch.name)
        _make_tables(f"sqlite:///{folder / 'kirin.db'}", f"sqlite:///{folder / 'queue.db'}")
        return folder

    @cached_property
    def _scratch(self) -> tempfile.TemporaryDirectory[str]:
        return tempfile.TemporaryDirectory(prefix="kirin-tables-")

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
    def ready(self, kind: str, folder: Path) -> Iterator[str]:
        """URL of a database with our tables and DBOS's.

        Args:
            kind: one of :data:`KINDS`.
            folder: the data folder of the server that will use it; SQLite files lie there.
        """
        if kind == "sqlite":
            folder.mkdir(parents=True, exist_ok=True)
            for file in self._files.glob("*.db"):
                shutil.copy(file, folder)
            yield f"sqlite:///{folder / 'kirin.db'}"
            return
        name = self.postgres.create(self._template)
        yield self.postgres.url(name)
        self.postgres.drop(name)

    @contextmanager
    def migrated(self, kind: str, folder: Path) -> Iterator[Database]:
        """A database with our tables."""
        ready = self._emptied() if kind == "postgresql" else self.ready(kind, folder)
        with ready as url:
            database = Database(url)
            yield database
            database.close()

    @contextmanager
    def _emptied(self) -> Iterator[str]:
        """URL of a database on PostgreSQL that is as if it were new."""
        first = self._first_state
        name = self._used.pop() if self._used else self.postgres.create(self._template)
        yield self.postgres.url(name)
        if first.restore(self.postgres.url(name)):
            self._used.append(name)
        else:
            self.postgres.drop(name)

    def close(self) -> None:
        """Stop the server, if it was started, and remove the templates."""
        if "_scratch" in self.__dict__:
            self._scratch.cleanup()
        if "postgres" in self.__dict__:
            self.postgres.remove()


def _make_tables(ours: str, runs: str) -> None:
    database = Database(ours)
    migrate(database)
    database.close()
    Runs(runs).migrate()
