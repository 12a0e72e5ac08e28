"""All SQL about idempotency keys: which task a key has created, and from what body."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select

from kirin.database.tables import idempotency


@dataclass(frozen=True, slots=True)
class IdempotencyKey:
    """Identifies a request, so that sending it again creates no second task.

    Attributes:
        key: chosen by the client, 1 to 255 visible ASCII characters.
        digest: SHA-256 of the request's body, in hex.
    """

    key: str
    digest: str


@dataclass(frozen=True, slots=True)
class EarlierRequest:
    """An earlier request with the same key.

    Attributes:
        task: id of the task that it created.
        digest: SHA-256 of its body, in hex.
    """

    task: str
    digest: str


def earlier(connection: Connection, account: str, key: str, since: int) -> EarlierRequest | None:
    """The request of an account that used a key at or after a time, Unix milliseconds."""
    row = connection.execute(
        select(idempotency.c.task, idempotency.c.digest).where(
            idempotency.c.account == account,
            idempotency.c.key == key,
            idempotency.c.created_at >= since,
        )
    ).first()
    return EarlierRequest(row.task, row.digest) if row is not None else None


def remember(
    connection: Connection, account: str, key: IdempotencyKey, task: str, now: int, since: int
) -> None:
    """Record the task that a key has created, in the transaction that creates it.

    Args:
        since: uses before this time have expired, Unix milliseconds.

    Raises:
        sqlalchemy.exc.IntegrityError: a concurrent request has used the key.
    """
    connection.execute(
        delete(idempotency).where(
            idempotency.c.account == account,
            idempotency.c.key == key.key,
            idempotency.c.created_at < since,
        )
    )
    connection.execute(
        insert(idempotency).values(
            account=account, key=key.key, digest=key.digest, task=task, created_at=now
        )
    )


def delete_expired(connection: Connection, before: int) -> int:
    """Delete uses before a time, Unix milliseconds; returns how many."""
    return connection.execute(delete(idempotency).where(idempotency.c.created_at < before)).rowcount
