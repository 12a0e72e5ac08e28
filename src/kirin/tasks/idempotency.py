"""All SQL about idempotency keys: which task a key of an account has made, and from what body."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select

from kirin.database.tables import idempotency


@dataclass(frozen=True, slots=True)
class Token:
    """What a client sends so that a repeated request makes no second task.

    Attributes:
        key: the client's own, at most 255 visible ASCII characters.
        digest: SHA-256 of the body that came with it, in hex.
    """

    key: str
    digest: str


@dataclass(frozen=True, slots=True)
class Earlier:
    """A request that has used a key before.

    Attributes:
        task: id of what it made.
        digest: of its body.
    """

    task: str
    digest: str


def earlier(connection: Connection, account: str, key: str, since: int) -> Earlier | None:
    """The request of an account that has used a key at or after a time."""
    row = connection.execute(
        select(idempotency.c.task, idempotency.c.digest).where(
            idempotency.c.account == account,
            idempotency.c.key == key,
            idempotency.c.created_at >= since,
        )
    ).first()
    return Earlier(row.task, row.digest) if row is not None else None


def remember(
    connection: Connection, account: str, token: Token, task: str, now: int, since: int
) -> None:
    """Note what a key has made, in the transaction that makes it.

    Args:
        since: keys that were used before are free again.

    Raises:
        sqlalchemy.exc.IntegrityError: another request has used the key meanwhile.
    """
    connection.execute(
        delete(idempotency).where(
            idempotency.c.account == account,
            idempotency.c.key == token.key,
            idempotency.c.created_at < since,
        )
    )
    connection.execute(
        insert(idempotency).values(
            account=account, key=token.key, digest=token.digest, task=task, created_at=now
        )
    )


def forget(connection: Connection, before: int) -> int:
    """Remove what was noted before a time, and tell how much that was."""
    return connection.execute(delete(idempotency).where(idempotency.c.created_at < before)).rowcount
