"""All SQL about webhooks: written in the transaction that changes the status, sent later."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, and_, exists, func, insert, select, update

from kirin.database.tables import webhooks


@dataclass(frozen=True, slots=True)
class Webhook:
    """One message to one receiver.

    Attributes:
        id: constant over all attempts, so that the receiver can tell a repetition.
        account: whose secret signs it.
        url, body: where to and what.
        attempts: how often it was tried, this one included.
    """

    id: str
    account: str
    url: str
    body: Mapping[str, Any]
    attempts: int


def add(
    connection: Connection, *, task: str, account: str, url: str, body: Mapping[str, Any], now: int
) -> None:
    """Write a message; it is due at once, after the task's earlier ones."""
    number = select(func.count()).where(webhooks.c.task == task).scalar_subquery()
    sequence = connection.execute(select(number)).scalar_one()
    connection.execute(
        insert(webhooks).values(
            id=f"{task}:{sequence}",
            task=task,
            account=account,
            sequence=sequence,
            url=url,
            body=dict(body),
            created_at=now,
            attempts=0,
            next_at=now,
        )
    )


def any_due(connection: Connection, now: int) -> bool:
    """Whether there is anything to send; a look that takes no lock."""
    query = select(webhooks.c.id).where(webhooks.c.next_at <= now).limit(1)
    return connection.execute(query).first() is not None


def take_due(connection: Connection, now: int, lease_ms: int, limit: int) -> list[Webhook]:
    """Take messages that are due, the first of each task only, so that order is kept.

    Args:
        now: Unix milliseconds.
        lease_ms: for how long they are ours; if this process dies, another takes them then.
        limit: how many at most.
    """
    earlier = webhooks.alias()
    waits = exists().where(
        earlier.c.task == webhooks.c.task,
        earlier.c.sequence < webhooks.c.sequence,
        earlier.c.next_at.is_not(None),
    )
    due = connection.execute(
        select(webhooks)
        .where(webhooks.c.next_at <= now, ~waits)
        .order_by(webhooks.c.next_at)
        .limit(limit)
    ).all()
    taken = []
    for row in due:
        claimed = connection.execute(
            update(webhooks)
            .where(and_(webhooks.c.id == row.id, webhooks.c.next_at == row.next_at))
            .values(next_at=now + lease_ms, attempts=row.attempts + 1)
        )
        if claimed.rowcount:
            taken.append(Webhook(row.id, row.account, row.url, row.body, row.attempts + 1))
    return taken


def settle(
    connection: Connection, id: str, *, next_at: int | None, status: int | None, outcome: str
) -> None:
    """Note how an attempt went.

    Args:
        next_at: when to try again, or ``None`` where that was the last attempt.
        status: HTTP status of the answer, if there was one.
        outcome: what the receiver said, or what went wrong; cut to 2 KB.
    """
    # A receiver may say anything, and PostgreSQL keeps no text with a NUL.
    kept = outcome.replace("\0", "\ufffd")[:2048]
    connection.execute(
        update(webhooks)
        .where(webhooks.c.id == id)
        .values(next_at=next_at, status=status, outcome=kept)
    )
