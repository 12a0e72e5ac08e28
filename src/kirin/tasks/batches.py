"""All SQL about batches. A batch ends with the last of its tasks, in the same transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Row, delete, exists, func, insert, select, tuple_, update

from kirin.database.tables import batches, tasks
from kirin.domain.batch import Batch, BatchState, Member
from kirin.domain.task import Status
from kirin.tasks.store import NUL

_ENDED = (Status.COMPLETED, Status.FAILED)


def add(connection: Connection, batch: Batch) -> None:
    """Insert a batch, after its tasks: none of these can end it before all are there."""
    connection.execute(
        insert(batches).values(
            id=batch.id,
            account=batch.account,
            size=batch.size,
            quote=str(batch.quote),
            callback_url=batch.callback_url,
            metadata=None if batch.metadata is None else dict(batch.metadata),
            created_at=batch.created_at,
        )
    )


def find(connection: Connection, account: str, id: str) -> BatchState | None:
    """An account's batch, with its tasks."""
    if NUL in id:
        return None
    query = select(batches).where(batches.c.id == id, batches.c.account == account)
    row = connection.execute(query).first()
    return _states(connection, [_from_row(row)])[0] if row is not None else None


def page(
    connection: Connection, account: str, limit: int, before: tuple[int, str] | None
) -> list[BatchState]:
    """An account's batches, the newest first, at most ``limit``.

    Args:
        before: creation time and id of a batch; the page starts after it.
    """
    place = tuple_(batches.c.created_at, batches.c.id)
    query = select(batches).where(batches.c.account == account)
    if before is not None:
        query = query.where(place < tuple_(*before))
    query = query.order_by(batches.c.created_at.desc(), batches.c.id.desc()).limit(limit)
    return _states(connection, [_from_row(row) for row in connection.execute(query)])


def mark_cancelled(connection: Connection, id: str, now: int) -> None:
    """Write down that somebody has cancelled a batch, the first time."""
    mine = (batches.c.id == id, batches.c.cancelled_at.is_(None))
    connection.execute(update(batches).where(*mine).values(cancelled_at=now))


def finish(connection: Connection, id: str, now: int) -> BatchState | None:
    """End a batch if the last of its tasks has ended; ``None`` if not, or if it has ended before.

    Whoever ends a task comes here after that, so that of two who end the last two tasks at the
    same time, one waits for the other's lock, and then sees both ended.
    """
    query = select(batches).where(batches.c.id == id, batches.c.finished_at.is_(None))
    row = connection.execute(query.with_for_update()).first()
    if row is None:
        return None
    mine = tasks.c.batch == id
    goes_on = select(exists().where(mine, tasks.c.status.not_in(_ENDED)))
    if connection.execute(goes_on).scalar():
        return None
    any_completed = select(exists().where(mine, tasks.c.status == Status.COMPLETED))
    status = Status.COMPLETED if connection.execute(any_completed).scalar() else Status.FAILED
    ended = update(batches).where(batches.c.id == id)
    connection.execute(ended.values(finished_at=now, status=status))
    return find(connection, row.account, id)


def unfinished(connection: Connection) -> int:
    """How many batches have not ended."""
    query = select(func.count()).where(batches.c.finished_at.is_(None))
    return int(connection.execute(query).scalar_one())


def delete_empty(connection: Connection, finished_before: int, limit: int) -> int:
    """Delete ended batches all of whose tasks were deleted; how many, at most ``limit``."""
    members = exists().where(tasks.c.batch == batches.c.id)
    query = select(batches.c.id).where(batches.c.finished_at < finished_before, ~members)
    ids = connection.execute(query.limit(limit)).scalars().all()
    connection.execute(delete(batches).where(batches.c.id.in_(ids)))
    return len(ids)


def delete_of(connection: Connection, account: str) -> int:
    """Delete all batches of an account, whose tasks are then in none; how many there were."""
    mine = tasks.c.account == account, tasks.c.batch.is_not(None)
    connection.execute(update(tasks).where(*mine).values(batch=None, place=None))
    return connection.execute(delete(batches).where(batches.c.account == account)).rowcount


def _states(connection: Connection, found: Sequence[Batch]) -> list[BatchState]:
    members: defaultdict[str, list[Member]] = defaultdict(list)
    query = (
        select(
            tasks.c.id,
            tasks.c.batch,
            tasks.c.place,
            tasks.c.external_id,
            tasks.c.status,
            tasks.c.failure_code,
            tasks.c.progress,
            tasks.c.cost,
            tasks.c.discount,
        )
        .where(tasks.c.batch.in_([batch.id for batch in found]))
        .order_by(tasks.c.batch, tasks.c.place)
    )
    for row in connection.execute(query):
        members[row.batch].append(_member(row))
    return [BatchState(batch, members[batch.id]) for batch in found]


def _member(row: Any) -> Member:
    paid = row.status == Status.COMPLETED and row.cost is not None
    return Member(
        id=row.id,
        place=row.place,
        external_id=row.external_id,
        status=Status(row.status),
        code=row.failure_code,
        progress=row.progress,
        cost=Decimal(row.cost) if paid else Decimal(0),
        discount=Decimal(row.discount) if paid else Decimal(0),
    )


def _from_row(row: Row[Any]) -> Batch:
    return Batch(
        id=row.id,
        account=row.account,
        size=row.size,
        quote=Decimal(row.quote),
        created_at=row.created_at,
        callback_url=row.callback_url,
        metadata=row.metadata,
        cancelled_at=row.cancelled_at,
        finished_at=row.finished_at,
        status=Status(row.status) if row.status else None,
    )
