"""The shape of the tables: made once, by however many; and held against what is needed."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text

from kirin.database import schema
from kirin.database.engine import Database, lock_key
from kirin.database.schema import check, migrate
from kirin.database.secrets import installation_secret
from kirin.database.tables import metadata
from kirin.errors import KirinError
from kirin.tasks import store
from support.databases import KINDS, Databases


@pytest.fixture(params=KINDS)
def url(request: pytest.FixtureRequest, databases: Databases, tmp_path: Path) -> Iterator[str]:
    with databases.empty(request.param, tmp_path) as empty:
        yield empty


def test_many_starts_at_once_make_the_tables_once(url: str) -> None:
    def start(_: int) -> bytes:
        database = Database(url)
        migrate(database)
        check(database)
        secret = installation_secret(database, "test")
        database.close()
        return secret

    with ThreadPoolExecutor(4) as pool:
        secrets = set(pool.map(start, range(4)))
    assert len(secrets) == 1
    assert len(secrets.pop()) == 32


def test_tables_that_are_not_there_or_old_are_told(url: str) -> None:
    database = Database(url)
    with pytest.raises(KirinError, match=r"version none.*kirin migrate"):
        check(database)
    migrate(database)
    with database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    with pytest.raises(KirinError, match=r"version 0001.*kirin migrate"):
        check(database)
    database.close()


def test_the_migrations_make_what_the_tables_say(url: str) -> None:
    database = Database(url)
    migrate(database)
    with database.read() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
    database.close()


@pytest.mark.parametrize("url", ["nonsense", "mysql://host/name", "postgresql+asyncpg://host/x"])
def test_other_databases_are_refused_by_name(url: str) -> None:
    with pytest.raises(KirinError, match="it takes postgresql://"):
        Database(url)


def test_a_password_is_not_told() -> None:
    with pytest.raises(KirinError) as refused:
        Database("mysql://me:opensesame@host/name")
    assert "opensesame" not in str(refused.value)


def test_lock_keys_fit_and_differ() -> None:
    keys = {lock_key(str(n)) for n in range(1000)}
    assert len(keys) == 1000
    assert all(-(2**63) <= key < 2**63 for key in keys)


def test_tasks_in_flight_live_through_an_upgrade(url: str) -> None:
    database = Database(url)
    with database.write() as connection:
        config = schema._config()
        config.attributes["connection"] = connection
        command.upgrade(config, "0002")
        connection.execute(
            text(
                "INSERT INTO accounts (id, name, webhook_secret, created_at) "
                "VALUES ('mine', 'mine', 'whsec_', 1)"
            )
        )
        connection.execute(
            text(
                "INSERT INTO tasks (id, account, model, status, created_at, updated_at, params, "
                "assets, seed, quote, progress, attempt, handed_back, results, discount, metadata) "
                "VALUES ('old', 'mine', 'kirin_v1_6_t2v', 'processing', 1, 1, '{}', '{}', 7, "
                "'0.28', 0.5, 1, 0, '[]', '0', '{}')"
            )
        )
    migrate(database)
    with database.write() as connection:
        assert store.unfinished(connection, created_before=2) == {"old": None}
        task = store.claim(connection, "old", 3)
        assert task is not None
        assert (task.attempt, task.engine, task.progress) == (2, None, 0.5)
    database.close()
