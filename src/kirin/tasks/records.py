"""All SQL about the end of records: tasks of long ago, with all that refers to them."""

from __future__ import annotations

from sqlalchemy import Connection, delete, exists, select

from kirin.database.tables import events, idempotency, tasks, webhook_attempts, webhooks


def forget(connection: Connection, finished_before: int, limit: int) -> int:
    """Delete ended tasks with their webhooks, events and idempotency keys.

    What they cost is in the ledger and in usage, which know no task's row. A task whose webhooks
    are still to be sent stays until they are.

    Args:
        finished_before: Unix milliseconds.
        limit: how many tasks at most.

    Returns:
        How many there were.
    """
    unsent = exists().where(webhooks.c.task == tasks.c.id, webhooks.c.next_at.is_not(None))
    query = select(tasks.c.id).where(tasks.c.finished_at < finished_before, ~unsent).limit(limit)
    ids = connection.execute(query).scalars().all()
    theirs = select(webhooks.c.id).where(webhooks.c.task.in_(ids))
    connection.execute(delete(webhook_attempts).where(webhook_attempts.c.webhook.in_(theirs)))
    for table in (webhooks, events, idempotency):
        connection.execute(delete(table).where(table.c.task.in_(ids)))
    connection.execute(delete(tasks).where(tasks.c.id.in_(ids)))
    return len(ids)
