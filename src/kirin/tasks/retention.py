"""All SQL about retention: what expires, what storage must keep, and the deletion of old tasks."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Connection, String, cast, delete, exists, or_, select, update

from kirin.database.tables import (
    events,
    idempotency,
    subjects,
    tasks,
    uploads,
    webhook_attempts,
    webhooks,
)
from kirin.domain.task import Status
from kirin.tasks.words import delete_words

ROWS = 1000
"""Rows that are in memory at a time."""


def expire_results(connection: Connection, finished_before: int, now: int, limit: int) -> list[str]:
    """Mark the results of completed tasks as expired; the caller then removes the files.

    Args:
        finished_before, now: Unix milliseconds.
        limit: how many tasks at most.

    Returns:
        The keys of the files; empty if no task is left to expire.
    """
    rows = connection.execute(
        select(tasks.c.id, tasks.c.results)
        .where(
            tasks.c.finished_at < finished_before,
            tasks.c.status == Status.COMPLETED,
            tasks.c.expired_at.is_(None),
            # Subjects do not expire, and a task that created one has no file.
            cast(tasks.c.results, String).like("%results/%"),
        )
        .limit(limit)
    ).all()
    connection.execute(
        update(tasks).where(tasks.c.id.in_([row.id for row in rows])).values(expired_at=now)
    )
    return [result["key"] for row in rows for result in row.results if result["key"]]


def delete_tasks(connection: Connection, finished_before: int, limit: int) -> int:
    """Delete ended tasks, with their webhooks, events and idempotency keys.

    What they cost stays in the ledger and in usage, which do not refer to the rows of tasks. A
    task whose webhooks are still to be sent stays until they are.

    Args:
        finished_before: Unix milliseconds.
        limit: how many tasks at most.

    Returns:
        How many were deleted.
    """
    unsent = exists().where(webhooks.c.task == tasks.c.id, webhooks.c.next_at.is_not(None))
    query = select(tasks.c.id).where(tasks.c.finished_at < finished_before, ~unsent).limit(limit)
    ids = connection.execute(query).scalars().all()
    delete_surroundings(connection, ids)
    connection.execute(delete(tasks).where(tasks.c.id.in_(ids)))
    return len(ids)


def delete_surroundings(connection: Connection, ids: Collection[str]) -> int:
    """Delete what lies around tasks: their webhooks, events, idempotency keys and words.

    Returns:
        How many webhooks there were.
    """
    # Locked first: a delivery that ends now adds an attempt to its webhook.
    query = select(webhooks.c.id).where(webhooks.c.task.in_(ids)).with_for_update()
    found = len(connection.execute(query).all())
    theirs = select(webhooks.c.id).where(webhooks.c.task.in_(ids))
    connection.execute(delete(webhook_attempts).where(webhook_attempts.c.webhook.in_(theirs)))
    for table in (webhooks, events, idempotency):
        connection.execute(delete(table).where(table.c.task.in_(ids)))
    delete_words(connection, ids)
    return found


def inputs_of(connection: Connection, account: str) -> set[str]:
    """SHA-256 of every picture, video and sound that an account refers to."""
    found: set[str] = set()
    for query in (
        select(uploads.c.sha256, uploads.c.asset).where(uploads.c.account == account),
        select(subjects.c.views, subjects.c.video, subjects.c.portrait).where(
            subjects.c.account == account
        ),
        select(tasks.c.assets, tasks.c.subjects).where(tasks.c.account == account),
    ):
        for row in connection.execute(query, execution_options={"yield_per": ROWS}):
            found.update(_digests(tuple(row)))
            if isinstance(row[0], str):  # what an upload is kept under may be no digest
                found.add(row[0])
    return found


def needed_inputs(
    connection: Connection, finished_since: int | None, but: str | None = None
) -> set[str]:
    """SHA-256 of every picture and video that is referred to: by uploads, by subjects, by
    unfinished tasks, and by tasks that ended at or after a time (``None``: at any time).

    The connection must be a snapshot (:meth:`kirin.database.engine.Database.snapshot`): a
    subject may be deleted right after a task has copied it.

    Args:
        finished_since: Unix milliseconds.
        but: an account whose needs do not count.
    """
    of_uploads, of_subjects, of_tasks = (
        () if but is None else (table.c.account != but,) for table in (uploads, subjects, tasks)
    )
    wanted: ColumnElement[bool] = tasks.c.status.in_((Status.PENDING, Status.PROCESSING))
    if finished_since is None:
        wanted = or_(wanted, tasks.c.finished_at.is_not(None))
    else:
        wanted = or_(wanted, tasks.c.finished_at >= finished_since)
    found: set[str] = set(connection.execute(select(uploads.c.sha256).where(*of_uploads)).scalars())
    for query in (
        select(subjects.c.views, subjects.c.video, subjects.c.portrait).where(*of_subjects),
        select(tasks.c.assets, tasks.c.subjects).where(wanted, *of_tasks),
    ):
        for row in connection.execute(query, execution_options={"yield_per": ROWS}):
            found.update(_digests(tuple(row)))
    return found


def needed_results(connection: Connection, ids: Collection[str]) -> dict[str, set[str] | None]:
    """The keys of the result files of tasks; ``None`` for an unfinished task, which may yet store
    any.

    Unknown tasks are left out.
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
