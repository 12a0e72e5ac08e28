"""The shape of the tables: brought up to date, or held against what this program needs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from kirin.database.engine import Database
from kirin.errors import KirinError

if TYPE_CHECKING:
    from alembic.config import Config

PURPOSE = "migration"


def migrate(database: Database) -> None:
    """Bring the tables to the newest shape; does nothing when they are there already.

    Processes that start at the same time do it one after the other.
    """
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
    from alembic.runtime.migration import MigrationContext
    from alembic.script import ScriptDirectory

    wanted = ScriptDirectory.from_config(_config()).get_current_head()
    with database.read() as connection:
        found = MigrationContext.configure(connection).get_current_revision()
    if found != wanted:
        raise KirinError(
            f"the database has tables of version {found or 'none'}, this program needs {wanted}: "
            "run 'kirin migrate' with the newest program, then start it everywhere"
        )


def _config() -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return config
