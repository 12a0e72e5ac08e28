"""Bringing databases up to date."""

from __future__ import annotations

from kirin.database import schema
from kirin.database.engine import Database
from kirin.settings import Settings


def migrate(settings: Settings) -> None:
    """Bring our own tables and DBOS's up to date."""
    from kirin.tasks.runs import Runs

    migrate_tables(settings)
    Runs(settings.runs_url).migrate()


def migrate_tables(settings: Settings) -> None:
    """Bring our own tables up to date."""
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    database = Database(settings.tables_url)
    try:
        schema.migrate(database)
    finally:
        database.close()
