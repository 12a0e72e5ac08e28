"""All SQL of the outbox: messages written with the change of status, and claimed for delivery."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    and_,
    exists,
    func,
    insert,
    or_,
    select,
    update,
)

from kirin.database.tables import webhook_attempts, webhooks

ORDER_MS = 10_000
"""How soon an earlier message of a task must be due for a later one to wait for it.

Covers the first retry (5 s). A message whose next retry is minutes away holds up nothing.
"""

OF_BATCH = -1
"""The sequence of a message that tells of a batch; a task has at most one."""

OUTCOME_LENGTH = 2048
"""Characters of an answer that are stored."""


@dataclass(frozen=True, slots=True)
class Webhook:
    """A message.

    Attributes:
        id: the same for all attempts, so that the receiver can recognise duplicates.
        task: id of the task.
        sequence: number of the message within its task, from 0; see :data:`OF_BATCH`.
        account: id of the account whose secrets sign it.
        url: where it is sent.
        dialect: in whose words the body is; ``None`` for the native ones.
        body: what was to be told when the task's status changed.
        attempts: how often it was tried; of a claimed message, with the attempt under way.
        next_at: when it is due, Unix milliseconds; of a claimed message, when the claim expires.
    """

    id: str
    task: str
    sequence: int
    account: str
    url: str
    dialect: str | None
    body: Mapping[str, Any]
    attempts: int
    next_at: int


@dataclass(frozen=True, slots=True)
class Saturated:
    """What gets no further delivery now, because its share of the concurrency is used up.

    Attributes:
        accounts: ids.
        origins: ``scheme://host`` as the URLs spell it.
    """

    accounts: Collection[str] = field(default=())
    origins: Collection[str] = field(default=())


def add(
    connection: Connection,
    *,
    task: str,
    account: str,
    url: str,
    body: Mapping[str, Any],
    reports: str,
    now: int,
    dialect: str | None = None,
    batch: str | None = None,
) -> None:
    """Write a message; it is due at once, after the task's earlier ones.

    Args:
        batch: id of the batch that it tells of, whose last task ``task`` was: it waits for none of
            that task's own messages.
        body, dialect: as in :class:`Webhook`.
        reports: the status of the task that it tells of, as the native API calls it.
        now: Unix milliseconds.
    """
    sequence = OF_BATCH
    if batch is None:
        mine = webhooks.c.task == task, webhooks.c.batch.is_(None)
        sequence = connection.execute(select(func.count()).where(*mine)).scalar_one()
    connection.execute(
        insert(webhooks).values(
            id=f"{task}:{sequence}" if batch is None else f"batch:{batch}",
            task=task,
            batch=batch,
            account=account,
            sequence=sequence,
            url=url,
            dialect=dialect,
            reports=reports,
            body=dict(body),
            created_at=now,
            attempts=0,
            next_at=now,
        )
    )


def any_due(connection: Connection, now: int) -> bool:
    """Whether anything is due; takes no lock."""
    query = select(webhooks.c.id).where(webhooks.c.next_at <= now).limit(1)
    return connection.execute(query).first() is not None


def due(connection: Connection, now: int, limit: int, saturated: Saturated) -> list[Webhook]:
    """Messages that may be sent now: round robin over the accounts, oldest first in each.

    Nothing is locked or changed; :func:`claim` takes one.

    Args:
        now: Unix milliseconds.
        limit: how many at most.
        saturated: accounts and hosts to leave out.
    """
    rank = func.row_number().over(
        partition_by=webhooks.c.account, order_by=(webhooks.c.next_at, webhooks.c.sequence)
    )
    ready = (
        select(webhooks.c.id, rank.label("rank"))
        .where(
            webhooks.c.next_at <= now,
            webhooks.c.account.not_in(saturated.accounts),
            *(_not_at(origin) for origin in saturated.origins),
            ~_blocked(now),
        )
        .subquery()
    )
    rows = connection.execute(
        select(webhooks)
        .join(ready, ready.c.id == webhooks.c.id)
        .order_by(ready.c.rank, webhooks.c.next_at)
        .limit(limit)
    )
    return [
        Webhook(
            row.id,
            row.task,
            row.sequence,
            row.account,
            row.url,
            row.dialect,
            row.body,
            row.attempts,
            row.next_at,
        )
        for row in rows
    ]


def claim(connection: Connection, message: Webhook, now: int, lease_ms: int) -> Webhook | None:
    """Claim a message that was due; ``None`` if another process was faster.

    If this process dies, another one may claim it when the lease ends.

    Args:
        now: Unix milliseconds, read in this transaction: it may have waited for the write lock,
            and the lease must not be over when it begins.
    """
    claimed = replace(message, attempts=message.attempts + 1, next_at=now + lease_ms)
    changed = connection.execute(
        update(webhooks)
        .where(
            webhooks.c.id == message.id,
            webhooks.c.next_at == message.next_at,
            ~_blocked(now),
        )
        .values(next_at=claimed.next_at, attempts=claimed.attempts)
    )
    return claimed if changed.rowcount else None


def still_claimed(connection: Connection, message: Webhook) -> bool:
    """Whether nobody has settled, claimed or redelivered a message since it was claimed."""
    query = select(webhooks.c.next_at).where(webhooks.c.id == message.id)
    return connection.execute(query).scalar() == message.next_at


def settle(
    connection: Connection,
    message: Webhook,
    *,
    now: int,
    next_at: int | None,
    status: int | None,
    outcome: str,
) -> None:
    """Store how an attempt ended.

    A message that another attempt has settled meanwhile, or whose redelivery was asked for, is
    left alone. One that was claimed again, because this attempt took longer than its claim, is not:
    attempts that are always late would otherwise never end.

    Args:
        now: Unix milliseconds.
        next_at: when to try again, Unix milliseconds; ``None`` after the last attempt.
        status: HTTP status of the answer, if there was one.
        outcome: the beginning of the answer, or what went wrong.
    """
    connection.execute(
        update(webhooks)
        .where(
            webhooks.c.id == message.id,
            or_(webhooks.c.next_at == message.next_at, webhooks.c.next_at > now),
        )
        .values(next_at=next_at, status=status, outcome=storable(outcome))
    )


def supersede_earlier(connection: Connection, message: Webhook) -> None:
    """Send no earlier message of the task any more: a later one was delivered.

    A receiver that sees ``completed`` must not see ``in_progress`` afterwards.
    """
    connection.execute(
        update(webhooks)
        .where(
            webhooks.c.task == message.task,
            webhooks.c.sequence < message.sequence,
            webhooks.c.sequence > OF_BATCH,
            webhooks.c.next_at.is_not(None),
        )
        .values(next_at=None)
    )


def storable(outcome: str) -> str:
    """An outcome as the tables hold it. PostgreSQL stores no text with a NUL."""
    return outcome.replace("\0", "\ufffd")[:OUTCOME_LENGTH]


def _blocked(now: int) -> ColumnElement[bool]:
    """Whether a message has to wait for another one of its task.

    It waits while any of them is being sent, for an earlier one that is due soon, and for a later
    one that may have arrived: the process that sent it has died since.
    """
    other = webhooks.alias()
    another = and_(
        other.c.task == webhooks.c.task,
        other.c.id != webhooks.c.id,
        webhooks.c.sequence > OF_BATCH,
        other.c.sequence > OF_BATCH,
    )
    after = or_(other.c.next_at > now, other.c.sequence > webhooks.c.sequence)
    before = and_(other.c.sequence < webhooks.c.sequence, other.c.next_at <= now + ORDER_MS)
    return or_(
        exists().where(another, _in_doubt(other), after),
        and_(~_in_doubt(webhooks), exists().where(another, before)),
    )


def _in_doubt(message: FromClause) -> ColumnElement[bool]:
    """Whether the last attempt at a message is counted, but not recorded: it is under way, or its
    process has died.

    When its claim expires says nothing more: the clock of the process that claimed it may be
    ahead, and a claim that seems to expire too late is one all the same.
    """
    recorded = exists().where(
        webhook_attempts.c.webhook == message.c.id,
        webhook_attempts.c.attempt == message.c.attempts,
    )
    return and_(message.c.attempts > 0, message.c.next_at.is_not(None), ~recorded)


def _not_at(origin: str) -> ColumnElement[bool]:
    """Whether a message goes elsewhere than to ``scheme://host``, whatever the port."""
    start = func.substr(webhooks.c.url, 1, len(origin) + 1)
    return start.not_in([origin + end for end in ("", "/", ":", "?", "#")])
