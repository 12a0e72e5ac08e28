"""Writes that share a transaction: each is done or not for itself, and all wait for one commit."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from pathlib import Path

import pytest
from sqlalchemy import Connection, event, text
from sqlalchemy.exc import IntegrityError, OperationalError

from kirin.database.engine import Database
from support.waiting import until

MANY = 12

Work = Callable[[Connection], int]


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path / 'kirin.sqlite'}")
    with database.write() as connection:
        connection.execute(text("CREATE TABLE numbers (number INTEGER PRIMARY KEY)"))
    yield database
    database.close()


@pytest.fixture
def commits(database: Database) -> list[Connection]:
    found: list[Connection] = []
    event.listen(database.engine, "commit", found.append)
    return found


def numbers(database: Database) -> list[int]:
    with database.read() as connection:
        return list(connection.execute(text("SELECT number FROM numbers ORDER BY 1")).scalars())


def insertion(number: int, error: Exception | None = None) -> Work:
    def work(connection: Connection) -> int:
        connection.execute(text("INSERT INTO numbers VALUES (:number)"), {"number": number})
        if error is not None:
            raise error
        return number

    return work


def together(database: Database, works: list[Work]) -> list[Future[int]]:
    """Do works that have all waited for the turn of one writer."""
    shared = database._shared
    with ThreadPoolExecutor(len(works)) as pool:
        with database.write():
            futures = [pool.submit(database.write_shared, work) for work in works]
            until(lambda: len(shared._waiting) == len(works))
        wait(futures)
    return futures


def test_all_that_wait_share_one_commit(database: Database, commits: list[Connection]) -> None:
    futures = together(database, [insertion(number) for number in range(MANY)])
    assert [future.result() for future in futures] == list(range(MANY))
    assert numbers(database) == list(range(MANY))
    assert len(commits) == 2, "of the writer before them, and of all of them"


def test_one_alone_has_a_transaction_of_its_own(database: Database) -> None:
    assert database.write_shared(insertion(1)) == 1
    with pytest.raises(ValueError, match="of its own"):
        database.write_shared(insertion(2, ValueError("of its own")))
    with pytest.raises(IntegrityError):
        database.write_shared(insertion(1))
    assert database.write_shared(insertion(3)) == 3
    assert numbers(database) == [1, 3]


def test_what_fails_leaves_nothing_and_the_others_their_rows(database: Database) -> None:
    broken = LookupError("only mine")
    works = [insertion(1), insertion(2, broken), insertion(3), insertion(3), insertion(4)]
    first, second, *same, last = together(database, works)
    assert (first.result(), last.result()) == (1, 4)
    assert second.exception() is broken
    (refused,) = [each for each in same if each.exception() is not None]
    assert isinstance(refused.exception(), IntegrityError)
    assert numbers(database) == [1, 3, 4]


def test_where_the_database_fails_nothing_is_committed(database: Database) -> None:
    def gone(connection: Connection) -> int:
        connection.execute(text("INSERT INTO nowhere VALUES (1)"))
        return 0

    futures = together(database, [insertion(1), gone, insertion(2, ValueError("mine"))])
    assert all(isinstance(future.exception(), OperationalError) for future in futures)
    assert numbers(database) == []
    assert database.write_shared(insertion(5)) == 5


def test_where_the_commit_fails_all_are_told(database: Database) -> None:
    def full(connection: Connection) -> None:
        raise OSError("no space left")

    event.listen(database.engine, "commit", full)
    with ThreadPoolExecutor(2) as pool:
        futures = [pool.submit(database.write_shared, insertion(each)) for each in (1, 2)]
    assert [str(future.exception()) for future in futures] == ["no space left"] * 2
    event.remove(database.engine, "commit", full)
    assert numbers(database) == []
