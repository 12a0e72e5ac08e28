"""Connections to the database: SQLite in WAL mode, shared by the processes of one machine."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, create_engine, event

BUSY_TIMEOUT_MS = 30_000
"""How long a SQLite connection waits for another's write to end."""

READ_ONLY = "kirin_read_only"
"""Execution option of connections that only look."""


class Database:
    """Hands out connections: :meth:`read` for looking, :meth:`write` for one transaction."""

    def __init__(self, url: str) -> None:
        """Open (but do not yet migrate) the database.

        Args:
            url: SQLAlchemy URL of a SQLite file.
        """
        self.engine = sqlite_engine(url)
        self._reader = self.engine.execution_options(**{READ_ONLY: True})

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection outside any transaction: each statement sees the newest rows."""
        with self._reader.connect() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction, committed at the end of the block and rolled back on an error."""
        with self.engine.begin() as connection:
            yield connection

    def migrate(self) -> None:
        """Bring the tables to the newest shape; does nothing when they are there already."""
        config = Config()
        config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
        with self.write() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()


def sqlite_engine(url: str) -> Engine:
    """An engine for a SQLite file that several processes write.

    Every transaction starts with BEGIN IMMEDIATE, unless the connection is marked as a reader:
    one that reads first and then asks for the write lock fails at once when another process
    has written in between, whatever the busy timeout says.
    """
    engine = create_engine(url)

    @event.listens_for(engine, "connect")
    def configure(connection: Any, _: object) -> None:
        connection.isolation_level = None  # BEGIN is ours to say, not the driver's
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
        # The mode stays with the file; only its first connection may meet a writer in between.
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("PRAGMA synchronous = FULL")
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        if not connection.get_execution_options().get(READ_ONLY):
            connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine
