"""A database for tests that use it many times over."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from kirin.database.engine import Database


@pytest.fixture(scope="module")
def shared_database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    opened = Database(f"sqlite:///{tmp_path_factory.mktemp('shared') / 'kirin.db'}")
    opened.migrate()
    yield opened
    opened.close()
