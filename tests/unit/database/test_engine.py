"""Connections: what a reader sees that stays open, and writers that take turns."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import QueuePool, make_url, text
from sqlalchemy.exc import OperationalError, ResourceClosedError

from kirin.database import engine
from kirin.database.engine import Database, sqlite_engine
from support.databases import Databases

THREADS = 24
"""More than a pool of connections to SQLite has."""


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path / 'kirin.sqlite'}")
    with database.write() as connection:
        connection.execute(text("CREATE TABLE counters (number INTEGER)"))
        connection.execute(text("INSERT INTO counters VALUES (0)"))
    yield database
    database.close()


def count(database: Database) -> int:
    with database.read() as connection:
        return int(connection.execute(text("SELECT number FROM counters")).scalar_one())


def add(database: Database) -> None:
    with database.write() as connection:
        connection.execute(text("UPDATE counters SET number = number + 1"))


def test_a_kept_reader_is_one_connection_and_sees_what_was_written(database: Database) -> None:
    database.keep_reader()
    database.keep_reader()
    with database.read() as first, database.read() as second:
        assert first is second
    for number in range(3):
        assert count(database) == number
        add(database)


def test_a_kept_reader_outlives_a_query_that_failed(database: Database) -> None:
    database.keep_reader()
    with database.read() as connection, pytest.raises(OperationalError):
        connection.execute(text("SELECT nothing FROM nowhere"))
    add(database)
    assert count(database) == 1


def test_it_is_kept_for_its_thread_alone(database: Database) -> None:
    database.keep_reader()
    with database.read() as here, ThreadPoolExecutor(1) as pool:
        assert pool.submit(lambda: next(iter(_reader_of(database)))).result() is not here


def test_a_thread_that_has_ended_keeps_no_connection(database: Database) -> None:
    pool = database.engine.pool
    assert isinstance(pool, QueuePool)
    before = pool.checkedout()
    for _ in range(20):  # more than the pool has
        with ThreadPoolExecutor(1) as threads:
            threads.submit(database.keep_reader).result()
    assert pool.checkedout() == before


def write_badly(database: Database) -> None:
    with database.write() as connection:
        connection.execute(text("UPDATE counters SET number = 7"))
        connection.execute(text("UPDATE nothing SET number = 7"))


def _reader_of(database: Database) -> Iterator[object]:
    with database.read() as connection:
        yield connection


def test_what_is_kept_is_closed_with_the_database(database: Database) -> None:
    database.keep_reader()
    with database.read() as kept:
        pass
    database.close()
    with pytest.raises(ResourceClosedError):
        kept.execute(text("SELECT 1"))


def test_writers_of_one_process_lose_nothing(database: Database) -> None:
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(add, [database] * 200))
    assert count(database) == 200


def test_a_writer_that_fails_leaves_the_turn_to_the_next(database: Database) -> None:
    with pytest.raises(OperationalError):
        write_badly(database)
    add(database)
    assert count(database) == 1


def session(database: Database) -> int:
    with database.read() as connection:
        return int(connection.execute(text("SELECT pg_backend_pid()")).scalar_one())


def end(database: Database, session: int) -> None:
    """End a session of PostgreSQL behind the pool's back, as a restart does."""
    other = Database(database.engine.url.render_as_string(hide_password=False))
    with other.read() as connection:
        query = text("SELECT pg_terminate_backend(:session, 60000)")
        assert connection.execute(query, {"session": session}).scalar_one()
    other.close()


def test_a_session_that_has_rested_is_looked_at_before_it_is_used(
    databases: Databases, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "FRESH_SECONDS", 0)  # it has rested as soon as it is back
    with databases.empty("postgresql", tmp_path) as url:
        database = Database(url)
        first = session(database)
        assert session(database) == first
        end(database, first)
        assert session(database) != first
        database.close()


def test_a_session_that_was_just_used_is_not_asked_first_and_fails_once(
    databases: Databases, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "FRESH_SECONDS", 3600)
    with databases.empty("postgresql", tmp_path) as url:
        database = Database(url)
        first = session(database)
        end(database, first)
        with pytest.raises(OperationalError):
            session(database)
        assert session(database) != first
        database.close()


def test_sqlite_flushes_what_it_commits(tmp_path: Path) -> None:
    # The function that was imported before the tests' own, which flushes nothing, took its place.
    durable = sqlite_engine(make_url(f"sqlite:///{tmp_path / 'kirin.sqlite'}"))
    with durable.connect() as connection:
        found = connection.exec_driver_sql("PRAGMA synchronous").scalar_one()
    durable.dispose()
    assert found == 2  # FULL
