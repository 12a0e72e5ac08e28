"""The schema of our tables: migrated, or compared with what this version of the program needs.

Alembic is imported when there is something to migrate: a process that finds its tables up to date
starts sooner without it.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text

from kirin import __version__
from kirin.database.engine import Database
from kirin.errors import KirinError

if TYPE_CHECKING:
    from alembic.config import Config

PURPOSE = "migration"

MIGRATIONS = Path(__file__).parent / "migrations"


class NewerDatabase(KirinError):
    """The database was migrated by a newer version of the program."""


def migrate(database: Database, to: str | None = None) -> None:
    """Migrate the tables to a revision; does nothing if they have it already.

    Processes that start at the same time do it one after the other.

    Args:
        database: what to migrate.
        to: the revision, by default the newest.

    Raises:
        NewerDatabase: they are newer than this program.
    """
    with database.read() as connection:
        if current_revision(connection) == (to or newest_revision()):
            return
    from alembic import command

    config = _config()
    with database.write_alone(PURPOSE) as connection:
        _refuse_newer(current_revision(connection))
        config.attributes["connection"] = connection
        command.upgrade(config, to or "head")


def check(database: Database) -> None:
    """Check that the tables have the revision that this program needs.

    Raises:
        NewerDatabase: they are newer than this program.
        KirinError: they are older; the message says what to do.
    """
    found, needed = revision(database), newest_revision()
    _refuse_newer(found)
    if found != needed:
        raise KirinError(
            f"the database has schema revision {found or 'none'}, and kirin {__version__} needs "
            f"{needed}: run 'kirin migrate' with the newest version, then start it everywhere"
        )


def revision(database: Database) -> str | None:
    """The revision of a database's tables; ``None`` if it has none of ours."""
    with database.read() as connection:
        return current_revision(connection)


def _refuse_newer(found: str | None) -> None:
    """Raise :class:`NewerDatabase` for a revision that this program does not have."""
    if found is not None and found not in revisions():
        raise NewerDatabase(
            f"the database has schema revision {found}, made by a newer kirin than this one "
            f"({__version__}, up to revision {newest_revision()}): install that newer "
            "version again, or restore a backup from before the upgrade"
        )


def newest_revision() -> str:
    """The revision of the last migration."""
    return max(revisions())


def revisions() -> set[str]:
    """The revisions of all migrations, which is what their files' names begin with."""
    files = (MIGRATIONS / "versions").glob("[0-9]*_*.py")
    return {file.name.partition("_")[0] for file in files}


def current_revision(connection: Connection) -> str | None:
    """The revision that a database has, by Alembic's own table; ``None`` without tables."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    revision: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return revision


def _config() -> Config:
    from alembic.config import Config

    config = Config()
    # Alembic interpolates, as configparser does.
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return config
