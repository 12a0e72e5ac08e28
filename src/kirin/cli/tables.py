"""Our own tables, for commands that work on them without a server."""

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
    """The database that the settings name; on SQLite it is made if it is not there.

    Raises:
        KirinError: a setting is wrong, or the tables are of another version.
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
    """Whoever types the command, for the audit."""
    try:
        name = getpass.getuser()
    except (KeyError, OSError):  # a container may know its user by number only
        name = "unknown"
    return Actor(f"cli:{name}")
