"""Connections to the database: SQLite on one machine, PostgreSQL for many."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from math import inf
from threading import Lock, local
from typing import Any, TypeVar
from weakref import WeakSet

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, DisconnectionError
from sqlalchemy.pool import ConnectionPoolEntry

from kirin.database.prepared import Prepared
from kirin.database.shared_writes import SharedWrites
from kirin.errors import KirinError

BUSY_TIMEOUT_MS = 30_000
"""How long a SQLite connection waits for another's write to end."""

READ_ONLY = "kirin_read_only"
"""Execution option of SQLite connections that only read."""

CONNECT_SECONDS = 5
"""How long connecting to PostgreSQL may take."""

POOL = 8
"""Connections that a process keeps open to PostgreSQL; as many again under load."""

MOST_READERS = 2
"""Connections to SQLite that stay open between reads: to give one back to the pool and to take it
again costs more than a short query."""

FRESH_SECONDS = 1.0
"""A connection that was used so lately is not pinged: a ping costs as much as a short query."""

T = TypeVar("T")

_USED_AT = "used_at"

_BEGIN = Prepared(text("BEGIN IMMEDIATE"))

SHAPES = "postgresql://USER:PASSWORD@HOST:PORT/NAME or sqlite:////PATH/FILE"

SILENCE = {
    "keepalives_idle": 5,
    "keepalives_interval": 3,
    "keepalives_count": 3,
    "tcp_user_timeout": 14_000,
}
"""Settings of libpq: a connection whose other end is silent for 14 s is broken."""


_IDLE_TIMEOUT = "-c idle_in_transaction_session_timeout=10000"
"""A process that is frozen in a transaction holds its locks no longer than 10 s."""


class Database:
    """Hands out connections: :meth:`read` for queries, :meth:`write` for one transaction."""

    def __init__(self, url: str) -> None:
        """Open (but do not yet migrate) the database.

        Args:
            url: of a SQLite file (``sqlite:///PATH``) or a PostgreSQL database
                (``postgresql://USER:PASSWORD@HOST/NAME``).

        Raises:
            KirinError: it is neither.
        """
        self.engine = open_engine(url)
        self.remote = self.engine.dialect.name == "postgresql"
        """Whether a statement may have to cross a network."""
        self._reader = reader(self.engine)
        self._turn = Lock()
        self._shared = SharedWrites(self._turn, self._transaction, BUSY_TIMEOUT_MS / 1000)
        self._kept = local()
        # Of threads that have ended they go back to the pool by themselves.
        self._readers: WeakSet[Connection] = WeakSet()
        self._resting_readers: list[Connection] = []
        self._resting_writers: list[Connection] = []

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection outside any transaction: each statement sees the newest rows."""
        if (kept := self._kept_reader()) is not None:
            yield kept
            return
        most = 0 if self.remote else MOST_READERS
        with _borrowed(self._resting_readers, self._reader, most) as connection:
            yield connection

    def keep_reader(self) -> None:
        """From now on this thread reads by one connection, which is its own until it ends, or until
        :meth:`close`.

        For a thread that reads all the time: to take a connection from the pool and give it
        back costs as much as a short query of SQLite does.
        """
        if self._kept_reader() is None:
            self._kept.connection = connection = self._reader.connect()
            self._readers.add(connection)

    def _kept_reader(self) -> Connection | None:
        kept: Connection | None = getattr(self._kept, "connection", None)
        return None if kept is None or kept.closed or kept.invalidated else kept

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """A read-only connection that sees a consistent snapshot, whatever is written meanwhile."""
        if self.remote:
            options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
            with self.engine.connect().execution_options(**options) as connection:
                yield connection
            return
        with self._reader.connect() as connection:
            connection.exec_driver_sql("BEGIN DEFERRED")
            try:
                yield connection
            finally:
                connection.exec_driver_sql("ROLLBACK")

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction, committed at the end of the block and rolled back on an error.

        SQLite's own wait for the write lock is to sleep and try again, which is unfair and costs
        CPU. So the threads of this process take turns first, and meet only other processes there.
        """
        taken = not self.remote and self._turn.acquire(timeout=BUSY_TIMEOUT_MS / 1000)
        try:
            with self._transaction() as connection:
                yield connection
        finally:
            if taken:
                self._turn.release()

    def write_shared(self, work: Callable[[Connection], T]) -> T:
        """Do work in a transaction, which other threads' work may share; it is committed when
        this returns, and undone if the work raises something.

        Args:
            work: called in any thread.

        Raises:
            BaseException: whatever the work raises, or why nothing was committed.
        """
        if self.remote:
            with self.write() as connection:
                return work(connection)
        return self._shared.do(work)

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        """One transaction; on SQLite by the connection that wrote last, which still knows what it
        has written, where one from the pool would have to read it."""
        most = 0 if self.remote else 1
        with _borrowed(self._resting_writers, self.engine, most) as connection, connection.begin():
            yield connection

    @contextmanager
    def write_alone(self, purpose: str) -> Iterator[Connection]:
        """One transaction, exclusive among those for the same purpose on all machines."""
        with self.write() as connection:
            # SQLite has one writer at a time in any case.
            if self.remote:
                connection.execute(
                    text("SELECT pg_advisory_xact_lock(:key)"), {"key": lock_key(purpose)}
                )
            yield connection

    def close(self) -> None:
        """Close all connections."""
        for reader in tuple(self._readers):
            reader.close()
        for resting in (self._resting_readers, self._resting_writers):
            while resting:
                resting.pop().close()
        self.engine.dispose()


@contextmanager
def _borrowed(resting: list[Connection], engine: Engine, most: int) -> Iterator[Connection]:
    """A connection of those that rest between uses, or a new one, for the length of a block.

    Args:
        resting: those that nobody uses; taking one and putting it back are atomic.
        engine: opens a new one.
        most: how many may rest; one that has seen an error does not.
    """
    try:
        connection = resting.pop()
    except IndexError:
        connection = engine.connect()
    try:
        yield connection
    except BaseException:
        connection.close()
        raise
    if len(resting) < most:
        resting.append(connection)
    else:
        connection.close()


def lock_key(name: str) -> int:
    """The number of a PostgreSQL advisory lock: 64 bits, signed, from a digest of its name."""
    return int.from_bytes(sha256(f"kirin {name}".encode()).digest()[:8], "big", signed=True)


def parse_url(url: str) -> URL:
    """A database URL, with the driver that is meant.

    Raises:
        KirinError: it is malformed, or of an unsupported database; the message has no password.
    """
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        raise KirinError(f"the database URL is malformed: it takes {SHAPES}") from None
    name, _, driver = parsed.drivername.partition("+")
    if name in ("postgresql", "postgres") and driver in ("", "psycopg"):
        return parsed.set(drivername="postgresql+psycopg")
    if name == "sqlite" and driver == "":
        return parsed
    raise KirinError(f"{parsed.drivername!r} is not a supported database: it takes {SHAPES}")


def open_engine(url: str) -> Engine:
    """An engine for that database; nothing is connected yet.

    Raises:
        KirinError: as :func:`parse_url`.
    """
    parsed = parse_url(url)
    return sqlite_engine(parsed) if parsed.drivername == "sqlite" else postgresql_engine(parsed)


def postgresql_engine(url: URL) -> Engine:
    """An engine for PostgreSQL that survives restarts of the server.

    A pooled connection that has rested is pinged before use, so that the first request after a
    restart does not fail. Errors contain no parameters: prompts are among them, and errors are
    logged.
    """
    from psycopg import Error  # noqa: PLC0415  slow, and SQLite needs none

    engine = create_engine(
        url,
        hide_parameters=True,
        pool_size=POOL,
        max_overflow=POOL,
        connect_args={"connect_timeout": CONNECT_SECONDS, "options": _IDLE_TIMEOUT, **SILENCE},
    )

    @event.listens_for(engine, "checkout")
    def ping(connection: Any, record: ConnectionPoolEntry, _: object) -> None:
        if time.monotonic() - record.info.get(_USED_AT, -inf) < FRESH_SECONDS:
            return
        try:
            engine.dialect.do_ping(connection)
        except Error as error:
            raise DisconnectionError from error  # the pool opens another

    @event.listens_for(engine, "checkin")
    def note(_: object, record: ConnectionPoolEntry) -> None:
        record.info[_USED_AT] = time.monotonic()

    return engine


def reader(engine: Engine) -> Engine:
    """The same engine for queries: outside any transaction, and without a writer's lock."""
    if engine.dialect.name == "postgresql":
        return engine.execution_options(isolation_level="AUTOCOMMIT")
    return engine.execution_options(**{READ_ONLY: True})


def _write_ahead(cursor: Any) -> None:
    """Set the journal mode, which is stored in the file.

    It is the one statement that ignores the busy timeout, and processes that start at the same
    time on a new file contend for it.
    """
    deadline = time.monotonic() + BUSY_TIMEOUT_MS / 1000
    while True:
        try:
            cursor.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.02)


def sqlite_engine(url: URL) -> Engine:
    """An engine for a SQLite file that several processes write.

    Every transaction starts with BEGIN IMMEDIATE, unless the connection is marked as a reader:
    one that reads first and then asks for the write lock fails at once when another process
    has written in between, whatever the busy timeout says.
    """
    engine = create_engine(url, hide_parameters=True)

    @event.listens_for(engine, "connect")
    def configure(connection: Any, _: object) -> None:
        connection.isolation_level = None  # we say BEGIN, not the driver
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
        _write_ahead(cursor)
        cursor.execute("PRAGMA synchronous = FULL")
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        if not connection.get_execution_options().get(READ_ONLY):
            _BEGIN.execute(connection, {})

    return engine
