"""The database, for commands that work on it without a server."""

from __future__ import annotations

import getpass
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kirin.accounts.audit import Actor
from kirin.cli.environment import load_settings
from kirin.database.engine import Database
from kirin.database.schema import check, migrate


@contextmanager
def opened(data: Path | None) -> Iterator[Database]:
    """The database of the settings; a SQLite file is created if needed.

    Raises:
        KirinError: a setting is not valid, or the tables are of another version.
    """
    settings = load_settings(data_dir=data)
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    database = Database(settings.tables_url)
    try:
        if settings.embedded:
            migrate(database)
        else:
            check(database)
        yield database
    finally:
        database.close()


def me() -> Actor:
    """The user of the command, for the audit."""
    try:
        name = getpass.getuser()
    except (KeyError, OSError):  # in a container, the user may have a number only
        name = "unknown"
    return Actor(f"cli:{name}")
