"""All SQL about what storage keeps: for whom, how long, and what is on its way out."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    String,
    cast,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)

from kirin.database.rows import asset_from_json, asset_to_json
from kirin.database.tables import chores, condemned, elements, tasks, uploads
from kirin.domain.assets import Asset
from kirin.domain.task import Status

ROWS = 1000
"""Rows that are in memory at a time."""


def expire(connection: Connection, finished_before: int, now: int, limit: int) -> list[str]:
    """Note of completed tasks that their files are gone; whoever calls removes them afterwards.

    Args:
        finished_before, now: Unix milliseconds.
        limit: how many tasks at most.

    Returns:
        The keys of the files; none where no task is left to expire.
    """
    rows = connection.execute(
        select(tasks.c.id, tasks.c.results)
        .where(
            tasks.c.finished_at < finished_before,
            tasks.c.status == Status.COMPLETED,
            tasks.c.expired_at.is_(None),
            # Subjects do not expire, and a task that made one has no file.
            cast(tasks.c.results, String).like("%results/%"),
        )
        .limit(limit)
    ).all()
    connection.execute(
        update(tasks).where(tasks.c.id.in_([row.id for row in rows])).values(expired_at=now)
    )
    return [result["key"] for row in rows for result in row.results if result["key"]]


def note_upload(
    connection: Connection, account: str, asset: Asset, now: int, expires_at: int
) -> None:
    """Write down that an account has sent a file, or has sent it again."""
    mine = (uploads.c.account == account, uploads.c.sha256 == asset.sha256)
    connection.execute(delete(uploads).where(*mine))
    connection.execute(
        insert(uploads).values(
            account=account,
            sha256=asset.sha256,
            asset=asset_to_json(asset),
            size=asset.size,
            created_at=now,
            expires_at=expires_at,
        )
    )


def uploaded(connection: Connection, account: str, now: int, but: str) -> tuple[int, int | None]:
    """Bytes of an account's uploads but for one, and when the first of them will be over."""
    query = select(func.sum(uploads.c.size), func.min(uploads.c.expires_at)).where(
        uploads.c.account == account, uploads.c.expires_at > now, uploads.c.sha256 != but
    )
    size, first = connection.execute(query).one()
    return int(size or 0), first


def upload(connection: Connection, sha256: str) -> Asset | None:
    """What was measured of an upload."""
    query = select(uploads.c.asset).where(uploads.c.sha256 == sha256).limit(1)
    facts = connection.execute(query).scalar()
    return asset_from_json(facts) if facts else None


def forget_uploads(connection: Connection, now: int) -> None:
    """Forget the uploads that are over."""
    connection.execute(delete(uploads).where(uploads.c.expires_at <= now))


def needed_inputs(connection: Connection, finished_since: int | None) -> set[str]:
    """SHA-256 of all pictures and videos that a subject needs, or a task that has not ended, or
    one that has ended at or after a time (``None``: any), and of uploads.

    The connection must see one moment (:meth:`kirin.database.engine.Database.snapshot`): a
    subject may be deleted right after a task has taken it over.
    """
    wanted: ColumnElement[bool] = tasks.c.status.in_((Status.PENDING, Status.PROCESSING))
    if finished_since is None:
        wanted = or_(wanted, tasks.c.finished_at.is_not(None))
    else:
        wanted = or_(wanted, tasks.c.finished_at >= finished_since)
    found: set[str] = set(connection.execute(select(uploads.c.sha256)).scalars())
    for query in (
        select(elements.c.views, elements.c.video, elements.c.portrait),
        select(tasks.c.assets, tasks.c.elements).where(wanted),
    ):
        for row in connection.execute(query, execution_options={"yield_per": ROWS}):
            found.update(_digests(tuple(row)))
    return found


def needed_results(connection: Connection, ids: Collection[str]) -> dict[str, set[str] | None]:
    """The keys of the files that tasks need; ``None`` stands for all that a task may make yet.

    Tasks that are not there need nothing, and are left out.
    """
    query = select(tasks.c.id, tasks.c.status, tasks.c.expired_at, tasks.c.results)
    return {
        row.id: None
        if not Status(row.status).final
        else set()
        if row.expired_at is not None
        else {result["key"] for result in row.results}
        for row in connection.execute(query.where(tasks.c.id.in_(ids)))
    }


def is_condemned(connection: Connection, key: str) -> bool:
    """Whether a key is on its way out."""
    return connection.execute(select(condemned).where(condemned.c.key == key)).first() is not None


def all_condemned(connection: Connection) -> dict[str, int]:
    """Every key that is on its way out, and since when."""
    return {row.key: row.since for row in connection.execute(select(condemned))}


def condemn(connection: Connection, keys: Sequence[str], now: int) -> None:
    """Put keys on their way out that are not on it."""
    if keys:
        rows = [{"key": key, "since": now} for key in keys]
        connection.execute(insert(condemned), rows)


def release(connection: Connection, key: str, before: int | None = None) -> bool:
    """Take a key off its way out; until the transaction ends, nobody else can.

    Args:
        before: only if it is on it since an earlier time than this.

    Returns:
        Whether it was taken off.
    """
    query = delete(condemned).where(condemned.c.key == key)
    if before is not None:
        query = query.where(condemned.c.since < before)
    return connection.execute(query).rowcount == 1


def take_chore(connection: Connection, name: str, now: int, next_at: int) -> bool:
    """Take over a chore if it is due, and say when it is again.

    Call it alone (:meth:`kirin.database.engine.Database.write_alone`), since the first call of
    all writes a new row.
    """
    mine = chores.c.name == name
    if connection.execute(select(chores).where(mine)).first() is None:
        connection.execute(insert(chores).values(name=name, next_at=next_at))
        return True
    due = update(chores).where(mine, chores.c.next_at <= now).values(next_at=next_at)
    return connection.execute(due).rowcount == 1


def _digests(facts: Any) -> Iterator[str]:
    """Every ``sha256`` in JSON values, however deep."""
    if isinstance(facts, Mapping):
        for name, value in facts.items():
            if name == "sha256" and value:
                yield value
            else:
                yield from _digests(value)
    elif isinstance(facts, list | tuple):
        for value in facts:
            yield from _digests(value)
