"""Liveness across machines: PostgreSQL advisory locks, each held by a session of its own.

The server frees the lock when the session ends: immediately when the process dies, and after 14 s
without an answer when its machine or the network does.
"""

from __future__ import annotations

import psycopg
from psycopg.conninfo import make_conninfo
from sqlalchemy import text

from kirin.database.engine import CONNECT_SECONDS, SILENCE, Database, lock_key

_SERVER_KEEPALIVES = " ".join(
    f"-c {name if name.startswith('tcp_') else f'tcp_{name}'}={value}"
    for name, value in SILENCE.items()
)
"""The same time-outs for the server's side, which is the one that frees the lock."""


class PostgresqlLiveness:
    """Advisory locks, for workers on any machine; a :class:`~kirin.tasks.liveness.Liveness`."""

    def __init__(self, database: Database) -> None:
        """Set up.

        Args:
            database: on PostgreSQL. A connection pooler in front of it must use session pooling:
                with transaction pooling the lock would be lost.
        """
        self._database = database

    def hold(self, worker: str) -> AdvisoryLock:
        """Acquire the lock of a worker, in a new session."""
        url = self._database.engine.url.set(drivername="postgresql")
        options: dict[str, str | int] = {
            **SILENCE,
            "options": _SERVER_KEEPALIVES,
            "application_name": f"kirin {worker}",
        }
        # Not through SQLAlchemy, which would silently reconnect after a lost session.
        session = psycopg.connect(
            make_conninfo(url.render_as_string(hide_password=False), **options),
            autocommit=True,
            connect_timeout=CONNECT_SECONDS,
        )
        acquired = session.execute("SELECT pg_try_advisory_lock(%s)", [_key(worker)]).fetchone()
        if acquired != (True,):
            session.close()
            raise BlockingIOError(f"another process is worker {worker}")
        return AdvisoryLock(session)

    def is_dead(self, worker: str) -> bool:
        """Whether no session holds the lock of that worker."""
        query = text("SELECT pg_try_advisory_xact_lock(:key)")
        with self._database.engine.connect() as connection:
            # If acquired, it is freed with this transaction, which ends here.
            return bool(connection.execute(query, {"key": _key(worker)}).scalar())


class AdvisoryLock:
    """A session that holds an advisory lock; a :class:`~kirin.tasks.liveness.Lock`."""

    def __init__(self, session: psycopg.Connection) -> None:
        self._session = session

    def check(self) -> None:
        """Query the server through this session; a lost session raises."""
        self._session.execute("SELECT 1")

    def release(self) -> None:
        """End the session."""
        self._session.close()


def _key(worker: str) -> int:
    return lock_key(f"worker {worker}")
