"""An empty database, of each kind in turn."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection

from kirin.database.engine import Database
from support.databases import KINDS, Databases


@pytest.fixture(params=KINDS)
def database(
    request: pytest.FixtureRequest, databases: Databases, tmp_path: Path
) -> Iterator[Database]:
    """A migrated database."""
    with databases.migrated(request.param, tmp_path) as opened:
        yield opened


@pytest.fixture
def connection(database: Database) -> Iterator[Connection]:
    """One transaction of it, for the whole test."""
    with database.write() as opened:
        yield opened
