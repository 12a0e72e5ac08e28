"""All SQL about tombstones: stored files that nothing refers to, and since when."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, delete, func, insert, select
from sqlalchemy.exc import IntegrityError

from kirin.database.tables import tombstones


def exists(connection: Connection, key: str) -> bool:
    """Whether a file has a tombstone."""
    return connection.execute(select(tombstones).where(tombstones.c.key == key)).first() is not None


def all_of(connection: Connection) -> dict[str, int]:
    """Every tombstone: the file's key, and since when in Unix milliseconds."""
    return {row.key: row.since for row in connection.execute(select(tombstones))}


def oldest(connection: Connection) -> int | None:
    """When the oldest tombstone was set, Unix milliseconds; ``None`` if there is none."""
    since: int | None = connection.scalar(select(func.min(tombstones.c.since)))
    return since


def add(connection: Connection, keys: Sequence[str], now: int) -> None:
    """Set tombstones for files that have none."""
    if keys:
        rows = [{"key": key, "since": now} for key in keys]
        connection.execute(insert(tombstones), rows)


def mark(connection: Connection, key: str, now: int) -> None:
    """Set the tombstone of a file, unless it has one; nobody else can, until the transaction
    ends."""
    if exists(connection, key):
        return
    try:
        with connection.begin_nested():
            add(connection, [key], now)
    except IntegrityError:  # garbage collection has just done it
        pass


def clear(connection: Connection, key: str, before: int | None = None) -> bool:
    """Clear the tombstone of a file; until the transaction ends, nobody else can.

    Args:
        before: only if it was set before this time, Unix milliseconds.

    Returns:
        Whether there was one.
    """
    query = delete(tombstones).where(tombstones.c.key == key)
    if before is not None:
        query = query.where(tombstones.c.since < before)
    return connection.execute(query).rowcount == 1
