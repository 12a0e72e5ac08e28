"""All SQL about the delivery history of webhooks: every attempt, and redelivery on demand."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus
from typing import Any

from sqlalchemy import Connection, Row, and_, insert, or_, select, update

from kirin.database.tables import webhook_attempts, webhooks
from kirin.webhooks.outbox import storable


class State(StrEnum):
    """State of a message."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    GIVEN_UP = "given_up"


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt to deliver a message.

    Attributes:
        number: from 1.
        sent_at: Unix milliseconds.
        milliseconds: until the answer, or until the attempt was given up.
        status: HTTP status of the answer, if there was one.
        outcome: the first 2 KB of the answer's body, or what went wrong.
    """

    number: int
    sent_at: int
    milliseconds: int
    status: int | None
    outcome: str


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message and the state of its delivery.

    Attributes:
        id: the same for all attempts.
        task: id.
        batch: id of the batch that it tells of, whose last task that was; else ``None``.
        status: the status of the task that it reports.
        url: where it is sent.
        attempts: how often it was tried.
        created_at: Unix milliseconds.
        next_at: when it is tried next, or when the claim of the process that is trying it expires.
    """

    id: str
    task: str
    batch: str | None
    status: str
    url: str
    state: State
    attempts: int
    created_at: int
    next_at: int | None


def record(connection: Connection, webhook: str, attempt: Attempt) -> None:
    """Store an attempt, in the transaction that settles it."""
    connection.execute(
        insert(webhook_attempts).values(
            webhook=webhook,
            attempt=attempt.number,
            sent_at=attempt.sent_at,
            milliseconds=attempt.milliseconds,
            status=attempt.status,
            outcome=storable(attempt.outcome),
        )
    )


def attempts(connection: Connection, webhook: str) -> list[Attempt]:
    """All attempts at a message, in order."""
    rows = connection.execute(
        select(webhook_attempts)
        .where(webhook_attempts.c.webhook == webhook)
        .order_by(webhook_attempts.c.attempt)
    )
    return [Attempt(r.attempt, r.sent_at, r.milliseconds, r.status, r.outcome) for r in rows]


def find(connection: Connection, account: str, id: str) -> Delivery | None:
    """A message of an account."""
    if "\0" in id:
        return None
    query = select(webhooks).where(webhooks.c.account == account, webhooks.c.id == id)
    row = connection.execute(query).first()
    return _delivery(row) if row is not None else None


def body(connection: Connection, id: str) -> dict[str, Any]:
    """The body of a message. Links in it are made anew whenever it is sent."""
    return dict(connection.execute(select(webhooks.c.body).where(webhooks.c.id == id)).scalar_one())


def page(
    connection: Connection,
    account: str,
    limit: int,
    *,
    before: tuple[int, str] | None = None,
    task: str | None = None,
) -> list[Delivery]:
    """Messages of an account, the newest first.

    Args:
        limit: how many at most.
        before: creation time and id of a message; the page starts after it.
        task: id; only messages of this task.
    """
    query = select(webhooks).where(webhooks.c.account == account)
    if before is not None:
        created_at, id = before
        query = query.where(
            or_(
                webhooks.c.created_at < created_at,
                and_(webhooks.c.created_at == created_at, webhooks.c.id < id),
            )
        )
    if task is not None:
        query = query.where(webhooks.c.task == task)
    newest_first = query.order_by(webhooks.c.created_at.desc(), webhooks.c.id.desc())
    return [_delivery(row) for row in connection.execute(newest_first.limit(limit))]


def redeliver(connection: Connection, id: str, now: int) -> None:
    """Make a message due at once, delivered before or not. Later ones of its task wait for it."""
    connection.execute(update(webhooks).where(webhooks.c.id == id).values(next_at=now))


def _delivery(row: Row[Any]) -> Delivery:
    if row.next_at is not None:
        state = State.WAITING
    elif row.status is not None and HTTPStatus.OK <= row.status < HTTPStatus.MULTIPLE_CHOICES:
        state = State.DELIVERED
    else:
        state = State.GIVEN_UP
    return Delivery(
        row.id,
        row.task,
        row.batch,
        row.reports,
        row.url,
        state,
        row.attempts,
        row.created_at,
        row.next_at,
    )
