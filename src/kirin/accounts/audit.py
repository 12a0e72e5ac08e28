"""All SQL of the audit log: who did what, to what, when and from where. Append-only."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, insert, select

from kirin.database.account_tables import audit


@dataclass(frozen=True, slots=True)
class Actor:
    """Who performs an action.

    Attributes:
        name: ``key:ID`` of an API key, ``cli:USER`` at the command line, or ``server``.
        address: network address of the client; empty at the machine itself.
        request_id: that of the response; empty if there was no request.
    """

    name: str
    address: str = ""
    request_id: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One recorded action.

    Attributes:
        at: Unix milliseconds.
        action: such as ``key.revoked``.
        account: id of the account concerned, if there is one.
        target: id of what was changed.
        details: what changed; never a secret.
    """

    id: str
    at: int
    actor: str
    action: str
    account: str | None
    target: str
    details: Mapping[str, Any]
    address: str
    request_id: str


def note(
    connection: Connection,
    actor: Actor,
    action: str,
    *,
    account: str | None,
    target: str,
    details: Mapping[str, Any],
    now: int,
) -> None:
    """Record an action, in the transaction that performs it."""
    connection.execute(
        insert(audit).values(
            id=f"aud_{secrets.token_hex(12)}",
            at=now,
            actor=actor.name[:128],
            action=action,
            account=account,
            target=target,
            details=dict(details),
            address=actor.address[:64],
            request_id=actor.request_id[:128],
        )
    )


def page(
    connection: Connection,
    limit: int,
    *,
    before: tuple[int, str] | None = None,
    account: str | None = None,
    action: str | None = None,
) -> list[Entry]:
    """Recorded actions, the newest first.

    Args:
        limit: how many at most.
        before: time and id of an entry; the page starts after it.
        account, action: only these.
    """
    if action is not None and "\0" in action:  # PostgreSQL refuses to be asked about it
        return []
    query = select(audit)
    if before is not None:
        at, id = before
        query = query.where((audit.c.at < at) | ((audit.c.at == at) & (audit.c.id < id)))
    if account is not None:
        query = query.where(audit.c.account == account)
    if action is not None:
        query = query.where(audit.c.action == action)
    rows = connection.execute(query.order_by(audit.c.at.desc(), audit.c.id.desc()).limit(limit))
    return [Entry(**row._mapping) for row in rows]
