"""The shape of the tables: brought up to date, or held against what this program needs.

Alembic is imported when there is something to migrate: a process that finds its tables up to date
starts sooner without it.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text

from kirin.database.engine import Database
from kirin.errors import KirinError

if TYPE_CHECKING:
    from alembic.config import Config

PURPOSE = "migration"

MIGRATIONS = Path(__file__).parent / "migrations"


def migrate(database: Database) -> None:
    """Bring the tables to the newest shape; does nothing when they are there already.

    Processes that start at the same time do it one after the other.
    """
    with database.read() as connection:
        if current_revision(connection) == newest_revision():
            return
    from alembic import command

    config = _config()
    with database.write_alone(PURPOSE) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def check(database: Database) -> None:
    """Look whether the tables have the shape that this program needs.

    Raises:
        KirinError: they have not; the message says what to do.
    """
    wanted = newest_revision()
    with database.read() as connection:
        found = current_revision(connection)
    if found != wanted:
        raise KirinError(
            f"the database has tables of version {found or 'none'}, this program needs {wanted}: "
            "run 'kirin migrate' with the newest program, then start it everywhere"
        )


def newest_revision() -> str:
    """The revision of the last migration, which is what its file's name begins with."""
    files = (MIGRATIONS / "versions").glob("[0-9]*_*.py")
    return max(file.name.partition("_")[0] for file in files)


def current_revision(connection: Connection) -> str | None:
    """The revision that a database has, by Alembic's own table; ``None`` without tables."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    revision: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return revision


def _config() -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config
