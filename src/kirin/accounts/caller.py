"""The caller of a request: whom a key belongs to, what it may do, and how often."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, or_, select, update

from kirin.accounts.keys import Scope, digest, scopes_from_text
from kirin.accounts.rate_limiter import Quota
from kirin.database.account_tables import accounts, keys
from kirin.database.prepared import Prepared

FRESH_MS = 60_000
"""A key's last use is written at most this often, in milliseconds."""

_IN_USE = (
    select(
        keys.c.id,
        keys.c.account,
        keys.c.scopes,
        keys.c.last_used_at,
        keys.c.requests_per_minute,
        accounts.c.requests_per_minute.label("account_requests"),
    )
    .join(accounts, accounts.c.id == keys.c.account)
    .where(
        keys.c.revoked_at.is_(None),
        or_(keys.c.expires_at.is_(None), keys.c.expires_at > bindparam("now")),
    )
)
_BY_KEY = Prepared(_IN_USE.where(keys.c.hash == bindparam("hash")))
_BY_ID = _IN_USE.add_columns(keys.c.sealed).where(keys.c.id == bindparam("id"))


@dataclass(frozen=True, slots=True)
class Caller:
    """The sender of a request.

    Attributes:
        key: id of its API key.
        account: id of the account that the key belongs to.
        scopes: what the key may be used for.
        quotas: limits on requests, of the account and of the key.
        last_used_at: the key's stored last use, Unix milliseconds.
    """

    key: str
    account: str
    scopes: tuple[Scope, ...]
    quotas: tuple[Quota, ...] = ()
    last_used_at: int | None = None

    def stale(self, now: int) -> bool:
        """Whether the key's last use has to be written again."""
        return self.last_used_at is None or self.last_used_at <= now - FRESH_MS


def find(connection: Connection, secret: str, now: int) -> Caller | None:
    """The caller with this key, or ``None`` if the key is unknown, revoked or expired.

    Nothing is cached: a key that is revoked in one process is refused by all of them from the
    next request on.
    """
    row = _BY_KEY.first(connection, {"hash": digest(secret), "now": now})
    return None if row is None else _caller(*row)


def find_by_id(connection: Connection, id: str, now: int) -> tuple[Caller, bytes | None] | None:
    """The caller with the key of this id, and its sealed secret; ``None`` as in :func:`find`."""
    row = connection.execute(_BY_ID, {"id": id, "now": now}).first()
    return None if row is None else (_caller(*row[:-1]), row.sealed)


def _caller(
    key: str,
    account: str,
    scopes: str,
    last_used_at: int | None,
    of_key: int | None,
    of_account: int | None,
) -> Caller:
    """The caller of a row, whose last values are requests a minute."""
    quotas = (("account", account, of_account), ("key", key, of_key))
    return Caller(
        key=key,
        account=account,
        scopes=scopes_from_text(scopes),
        quotas=tuple(Quota(whose, id, most) for whose, id, most in quotas if most is not None),
        last_used_at=last_used_at,
    )


def note_use(connection: Connection, key: str, now: int) -> None:
    """Write that a key was used, unless that was written within the last minute."""
    connection.execute(
        update(keys)
        .where(
            keys.c.id == key,
            or_(keys.c.last_used_at.is_(None), keys.c.last_used_at <= now - FRESH_MS),
        )
        .values(last_used_at=now)
    )
