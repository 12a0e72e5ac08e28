"""A database for tests that use it many times over."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from kirin.database.engine import Database
from support.databases import KINDS, Databases


@pytest.fixture(scope="module", params=KINDS)
def shared_database(
    request: pytest.FixtureRequest,
    databases: Databases,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Database]:
    with databases.migrated(request.param, tmp_path_factory.mktemp("shared")) as opened:
        yield opened
