"""Signs of life across machines: an advisory lock of PostgreSQL, held by a session of its own.

The server frees the lock when the session ends: at once when the process dies, and after 14 s
of silence when its machine or the network does.
"""

from __future__ import annotations

import psycopg
from psycopg.conninfo import make_conninfo
from sqlalchemy import text

from kirin.database.engine import CONNECT_SECONDS, SILENCE, Database, lock_key

_SERVER_SILENCE = " ".join(
    f"-c {name if name.startswith('tcp_') else f'tcp_{name}'}={value}"
    for name, value in SILENCE.items()
)
"""The same limits for the server's side, which is the one that frees the lock."""


class SessionLiveness:
    """Advisory locks, for workers on any machine."""

    def __init__(self, database: Database) -> None:
        """Set up.

        Args:
            database: on PostgreSQL. What stands between must keep sessions apart: a pooler
                that shares them out by transaction would lose the lock.
        """
        self._database = database

    def hold(self, worker: str) -> SessionLock:
        """Take the lock of a worker, in a new session."""
        url = self._database.engine.url.set(drivername="postgresql")
        options: dict[str, str | int] = {
            **SILENCE,
            "options": _SERVER_SILENCE,
            "application_name": f"kirin {worker}",
        }
        # Not by way of SQLAlchemy, which would connect anew where a session is lost.
        session = psycopg.connect(
            make_conninfo(url.render_as_string(hide_password=False), **options),
            autocommit=True,
            connect_timeout=CONNECT_SECONDS,
        )
        taken = session.execute("SELECT pg_try_advisory_lock(%s)", [_key(worker)]).fetchone()
        if taken != (True,):
            session.close()
            raise BlockingIOError(f"another process is worker {worker}")
        return SessionLock(session)

    def is_dead(self, worker: str) -> bool:
        """Whether no session holds that worker's lock."""
        query = text("SELECT pg_try_advisory_xact_lock(:key)")
        with self._database.engine.connect() as connection:
            # Taken for this transaction at most, which ends here.
            return bool(connection.execute(query, {"key": _key(worker)}).scalar())


class SessionLock:
    """A session of this process that holds a lock."""

    def __init__(self, session: psycopg.Connection) -> None:
        self._session = session

    def check(self) -> None:
        """Ask the server over the very session; a lost one does not come back."""
        self._session.execute("SELECT 1")

    def release(self) -> None:
        """End the session."""
        self._session.close()


def _key(worker: str) -> int:
    return lock_key(f"worker {worker}")
