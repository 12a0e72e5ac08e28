"""Signs of life: a lock that dies with its process, however it dies; on one machine and many."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import text

from kirin.database.engine import Database
from kirin.tasks.file_liveness import FileLiveness
from kirin.tasks.liveness import Liveness
from kirin.tasks.postgresql_liveness import PostgresqlLiveness
from support.databases import KINDS, Databases
from support.waiting import until

HOLDER = """
import sys
from pathlib import Path
from kirin.database.engine import Database
from kirin.tasks.file_liveness import FileLiveness
from kirin.tasks.postgresql_liveness import PostgresqlLiveness
where = sys.argv[1]
post = where.startswith("postgresql")
lock = (PostgresqlLiveness(Database(where)) if post else FileLiveness(Path(where))).hold("other")
print("locked", flush=True)
sys.stdin.read()
"""


@pytest.fixture(params=KINDS)
def where(request: pytest.FixtureRequest, databases: Databases, tmp_path: Path) -> Iterator[str]:
    """What a process needs to know in order to find the locks."""
    if request.param == "sqlite":
        yield str(tmp_path / "workers")
        return
    with databases.empty("postgresql", tmp_path) as url:
        yield url


@pytest.fixture
def liveness(where: str) -> Iterator[Liveness]:
    if not where.startswith("postgresql"):
        yield FileLiveness(Path(where))
        return
    database = Database(where)
    yield PostgresqlLiveness(database)
    database.close()


def test_a_worker_is_alive_while_it_holds_its_lock(liveness: Liveness) -> None:
    lock = liveness.hold("w-1")
    lock.check()
    for _ in range(3):  # looking does not kill it
        assert not liveness.is_dead("w-1")
    assert liveness.is_dead("w-2")
    lock.release()
    until(lambda: liveness.is_dead("w-1"))  # PostgreSQL takes a moment to end a session


def test_two_workers_cannot_be_one(liveness: Liveness) -> None:
    lock = liveness.hold("w-1")
    with pytest.raises(BlockingIOError):
        liveness.hold("w-1")
    lock.release()
    until(lambda: liveness.is_dead("w-1"))
    liveness.hold("w-1").release()


def test_the_lock_dies_with_its_process(liveness: Liveness, where: str) -> None:
    holder = subprocess.Popen(  # noqa: S603  our own module
        [sys.executable, "-c", HOLDER, where],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "locked\n"
        assert not liveness.is_dead("other")
        os.kill(holder.pid, signal.SIGKILL)
        holder.wait(60)
    until(lambda: liveness.is_dead("other"), seconds=60)


def test_locked_files_leave_nothing_behind(tmp_path: Path) -> None:
    liveness = FileLiveness(tmp_path / "workers")
    liveness.hold("w-1").release()
    (tmp_path / "workers" / "crashed.lock").touch()
    assert liveness.is_dead("crashed")
    assert list((tmp_path / "workers").iterdir()) == []


def test_a_worker_whose_session_is_ended_learns_of_it(databases: Databases, tmp_path: Path) -> None:
    with databases.empty("postgresql", tmp_path) as url:
        database = Database(url)
        liveness = PostgresqlLiveness(database)
        lock = liveness.hold("w-1")
        with database.write() as connection:
            query = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE "
            connection.execute(text(f"{query} application_name = 'kirin w-1'"))
        until(lambda: liveness.is_dead("w-1"), seconds=60)
        for _ in range(2):  # it does not come back by being asked again
            with pytest.raises(psycopg.OperationalError):
                lock.check()
        lock.release()
        database.close()
