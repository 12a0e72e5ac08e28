"""An empty database."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection

from kirin.database.engine import Database


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """A migrated database."""
    opened = Database(f"sqlite:///{tmp_path / 'kirin.db'}")
    opened.migrate()
    yield opened
    opened.close()


@pytest.fixture
def connection(database: Database) -> Iterator[Connection]:
    """One transaction of it, for the whole test."""
    with database.write() as opened:
        yield opened
