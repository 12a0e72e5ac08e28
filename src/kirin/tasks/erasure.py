"""All SQL of the erasure of an account: what its tasks were asked for goes, their cost stays."""

from __future__ import annotations

from sqlalchemy import Connection, and_, delete, func, or_, select, update

from kirin.database.tables import previews, subjects, tasks, uploads
from kirin.domain.task import Status
from kirin.tasks.store import removal

BATCH = 200
"""Tasks per transaction: others must get to write between two of them."""

_HELD = or_(
    tasks.c.worker.is_not(None),
    and_(
        tasks.c.queued_at.is_not(None),
        tasks.c.status == Status.FAILED,
        tasks.c.metadata["job"].as_string().is_not(None),
    ),
)
"""A worker has it, or is yet to cancel what it has started on another machine."""


def unfinished(connection: Connection, account: str) -> list[str]:
    """Ids of an account's tasks that go on; a batch of them."""
    query = select(tasks.c.id).where(
        tasks.c.account == account, tasks.c.status.in_((Status.PENDING, Status.PROCESSING))
    )
    return list(connection.execute(query.limit(BATCH)).scalars())


def held(connection: Connection, account: str) -> int:
    """How many tasks of an account a worker has, or is yet to clean up behind."""
    query = select(func.count()).where(tasks.c.account == account, _HELD)
    return int(connection.execute(query).scalar_one())


def batch(connection: Connection, account: str, after: str) -> list[str]:
    """Ids of an account's tasks that come after one, in their order."""
    query = select(tasks.c.id).where(tasks.c.account == account, tasks.c.id > after)
    return list(connection.execute(query.order_by(tasks.c.id).limit(BATCH)).scalars())


def clear(connection: Connection, ids: list[str], now: int) -> None:
    """Empty the rows of ended tasks of everything that somebody said, or that tells of it.

    The rows stay, like those of removed tasks: the books are compared with them, and times of
    rendering are what forecasts come from. Of a task that a worker is yet to clean up behind, the
    name of its job on another machine stays, so that it is cancelled there.
    """
    values = {**removal(now), "external_id": None, "trace": None}
    mine = tasks.c.id.in_(ids)
    query = select(tasks.c.id, tasks.c.metadata).where(and_(mine, _HELD))
    jobs = {row.id: row.metadata.get("job") for row in connection.execute(query)}
    connection.execute(update(tasks).where(mine).values(values))
    for id, job in jobs.items():
        if job:
            left = update(tasks).where(tasks.c.id == id).values(metadata={"job": job})
            connection.execute(left)
    connection.execute(delete(previews).where(previews.c.task.in_(ids)))


def delete_library(connection: Connection, account: str) -> tuple[int, int]:
    """Delete an account's subjects and uploads; how many there were of each."""
    return (
        connection.execute(delete(subjects).where(subjects.c.account == account)).rowcount,
        connection.execute(delete(uploads).where(uploads.c.account == account)).rowcount,
    )
