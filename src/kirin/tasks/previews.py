"""All SQL of live previews: who watches a task, and the newest picture of its rendering.

A row is there only while somebody asks; nobody pays for pictures that nobody looks at.
"""

from __future__ import annotations

from sqlalchemy import Connection, bindparam, delete, exists, insert, select, update
from sqlalchemy.exc import IntegrityError

from kirin.database.tables import previews

WATCHED_MS = 5_000
"""How long after a question there is somebody who watches."""

_FORGET = delete(previews).where(previews.c.task == bindparam("whose"))

ASKED_MS = 1_000
"""How long a question counts as the newest: within it, a further one writes nothing."""


def wanted(connection: Connection, task: str, now: int) -> bool:
    """Whether somebody watches a task at the moment."""
    query = exists().where(previews.c.task == task, previews.c.asked_at > now - WATCHED_MS)
    return bool(connection.execute(select(query)).scalar())


def newest(connection: Connection, task: str, now: int) -> tuple[bytes | None, bool]:
    """The newest picture of a task, and whether the question must be noted with :func:`ask`.

    Args:
        now: Unix milliseconds.

    Returns:
        A JPEG, or ``None`` where there is none yet.
    """
    query = select(previews.c.picture, previews.c.asked_at).where(previews.c.task == task)
    row = connection.execute(query).one_or_none()
    return (None, True) if row is None else (row.picture, row.asked_at <= now - ASKED_MS)


def ask(connection: Connection, task: str, now: int) -> None:
    """Note that somebody watches a task."""
    asked = update(previews).where(previews.c.task == task).values(asked_at=now)
    if connection.execute(asked).rowcount:
        return
    try:
        with connection.begin_nested():
            connection.execute(insert(previews).values(task=task, asked_at=now))
    except IntegrityError:  # another process has just done it
        pass


def keep(connection: Connection, task: str, picture: bytes) -> None:
    """Keep the newest picture of a task that is watched.

    A task that has ended has no row, and gets none: a worker that is late leaves nothing behind.
    """
    connection.execute(update(previews).where(previews.c.task == task).values(picture=picture))


def forget(connection: Connection, task: str) -> None:
    """Remove the picture of a task that has ended."""
    connection.execute(_FORGET, {"whose": task})


def delete_before(connection: Connection, asked_before: int) -> None:
    """Remove what nobody has asked for since a time, Unix milliseconds."""
    connection.execute(delete(previews).where(previews.c.asked_at < asked_before))
