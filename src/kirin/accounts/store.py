"""All SQL about accounts and keys."""

from __future__ import annotations

import secrets
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, insert, or_, select, update

from kirin.accounts import ledger
from kirin.accounts.keys import Key, digest, hint, new_secret, scopes_from_text, scopes_to_text
from kirin.accounts.limits import Limits
from kirin.accounts.sealing import KeySealer
from kirin.database.account_tables import accounts, balances, keys
from kirin.database.prepared import Prepared
from kirin.errors import AccountClosed

DEFAULT_ACCOUNT = "default"

NUL = "\0"
"""PostgreSQL neither stores text with this character nor accepts it in queries."""

_ACCOUNT_BY_KEY = select(keys.c.account).where(
    keys.c.hash == bindparam("hash"), keys.c.revoked_at.is_(None)
)


_CLOSED_AT = select(accounts.c.closed_at).where(accounts.c.id == bindparam("account"))
_IS_CLOSED = Prepared(_CLOSED_AT)
_IS_CLOSED_LOCKED = Prepared(_CLOSED_AT.with_for_update(key_share=True))

ERASED = "erased"
"""What stands in the place of names."""


@dataclass(frozen=True, slots=True)
class Account:
    """The owner of keys, tasks and money.

    Attributes:
        discount_percent: taken off every price, 0 to 100.
        limits: for all its keys together.
        created_at: Unix milliseconds.
    """

    id: str
    name: str
    discount_percent: Decimal
    limits: Limits
    created_at: int


def account_of(connection: Connection, secret: str) -> str | None:
    """Id of the account that a key belongs to, or ``None`` if it is unknown or revoked."""
    return connection.execute(_ACCOUNT_BY_KEY, {"hash": digest(secret)}).scalar()


def ensure_account(connection: Connection, name: str, now: int) -> str:
    """Id of the account with that name, created if needed."""
    query = select(accounts.c.id).where(accounts.c.name == name)
    found: str | None = connection.execute(query).scalar()
    if found is not None:
        return found
    account = f"acc_{secrets.token_hex(8)}"
    connection.execute(
        insert(accounts).values(
            id=account, name=name, webhook_secret=new_webhook_secret(), created_at=now
        )
    )
    ledger.open_balance(connection, account)
    return account


def new_webhook_secret() -> str:
    """24 random bytes in base64, with the prefix of the Standard Webhooks specification."""
    return f"whsec_{b64encode(secrets.token_bytes(24)).decode()}"


def find_account(connection: Connection, name: str) -> Account | None:
    """An account by its id, or else by its name."""
    if NUL in name:
        return None
    for column in (accounts.c.id, accounts.c.name):
        row = connection.execute(select(accounts).where(column == name)).first()
        if row is not None:
            return _account(row)
    return None


def page_of_accounts(
    connection: Connection, limit: int, before: tuple[int, str] | None = None
) -> list[Account]:
    """Accounts, the newest first.

    Args:
        limit: how many at most.
        before: creation time and id of an account; the page starts after it.
    """
    query = select(accounts)
    if before is not None:
        at, id = before
        older = accounts.c.created_at < at
        query = query.where(older | ((accounts.c.created_at == at) & (accounts.c.id < id)))
    newest_first = query.order_by(accounts.c.created_at.desc(), accounts.c.id.desc())
    return [_account(row) for row in connection.execute(newest_first.limit(limit))]


def change_account(connection: Connection, account: Account) -> None:
    """Store an account's name, discount and limits.

    Raises:
        sqlalchemy.exc.IntegrityError: another account has that name.
    """
    connection.execute(
        update(accounts)
        .where(accounts.c.id == account.id)
        .values(
            name=account.name,
            discount_percent=str(account.discount_percent),
            **account.limits.to_row(),
        )
    )


def add_key(connection: Connection, account: str, name: str, secret: str, now: int) -> Key:
    """Store a key with the default scopes; the secret itself is not stored."""
    key = Key(f"key_{secrets.token_hex(8)}", account, name, hint(secret), now)
    write_key(connection, key, secret)
    return key


def write_key(
    connection: Connection, key: Key, secret: str, sealer: KeySealer | None = None
) -> None:
    """Store a new key.

    Args:
        sealer: encrypts the secret, so that tokens which it signs can be checked; without one it
            is not stored.

    Raises:
        sqlalchemy.exc.IntegrityError: the secret is that of another key.
    """
    connection.execute(
        insert(keys).values(
            id=key.id,
            account=key.account,
            name=key.name,
            hash=digest(secret),
            sealed=None if sealer is None else sealer.seal(key.id, secret),
            hint=key.hint,
            scopes=scopes_to_text(key.scopes),
            created_at=key.created_at,
            expires_at=key.expires_at,
            **key.limits.to_row(),
        )
    )


def successor(
    connection: Connection, key: Key, now: int, until: int, sealer: KeySealer | None = None
) -> tuple[Key, str]:
    """Create a key with the rights of another, and let that one expire.

    Args:
        sealer: as for :func:`write_key`.
        until: when the other one expires, if not before; Unix milliseconds.

    Returns:
        The new key and its secret.
    """
    secret = new_secret()
    new = replace(
        key,
        id=f"key_{secrets.token_hex(8)}",
        hint=hint(secret),
        created_at=now,
        last_used_at=None,
    )
    write_key(connection, new, secret, sealer)
    connection.execute(
        update(keys)
        .where(keys.c.id == key.id, or_(keys.c.expires_at.is_(None), keys.c.expires_at > until))
        .values(expires_at=until)
    )
    return new, secret


def find_key(connection: Connection, id: str) -> Key | None:
    """A key by its id, in any account."""
    if NUL in id:
        return None
    row = connection.execute(select(keys).where(keys.c.id == id)).first()
    return _key(row) if row is not None else None


def limit_key(connection: Connection, id: str, limits: Limits) -> None:
    """Store a key's limits."""
    connection.execute(update(keys).where(keys.c.id == id).values(**limits.to_row()))


def list_keys(connection: Connection, account: str | None = None) -> list[Key]:
    """All keys, or those of an account, the oldest first, including revoked ones."""
    query = select(keys).order_by(keys.c.created_at, keys.c.id)
    if account is not None:
        query = query.where(keys.c.account == account)
    return [_key(row) for row in connection.execute(query)]


def page_of_keys(
    connection: Connection,
    limit: int,
    before: tuple[int, str] | None = None,
    account: str | None = None,
) -> list[tuple[Key, str]]:
    """Keys of all accounts with the names of these, the newest first, including revoked ones.

    Args:
        limit: how many at most.
        before: creation time and id of a key; the page starts after it.
        account: only keys of this one.
    """
    query = select(keys, accounts.c.name.label("owner")).join(
        accounts, accounts.c.id == keys.c.account
    )
    if before is not None:
        at, id = before
        older = keys.c.created_at < at
        query = query.where(older | ((keys.c.created_at == at) & (keys.c.id < id)))
    if account is not None:
        query = query.where(keys.c.account == account)
    newest_first = query.order_by(keys.c.created_at.desc(), keys.c.id.desc()).limit(limit)
    return [(_key(row), row.owner) for row in connection.execute(newest_first)]


def names_of(connection: Connection) -> Mapping[str, str]:
    """Names of all accounts, by id."""
    rows = connection.execute(select(accounts.c.id, accounts.c.name))
    return {row.id: row.name for row in rows}


def has_keys(connection: Connection) -> bool:
    """Whether any key was ever created."""
    return connection.execute(select(keys.c.id).limit(1)).first() is not None


def close(connection: Connection, account: str, now: int) -> int:
    """Close an account for good: it gets another name, no key of it works, it takes nothing in.

    The row of the balance is locked first, as whoever creates a task does: a task is either there
    when this transaction ends, or refused.

    Returns:
        How many keys were revoked.
    """
    query = select(balances.c.account).where(balances.c.account == account)
    connection.execute(query.with_for_update())
    connection.execute(
        update(accounts)
        .where(accounts.c.id == account)
        .values(
            name=erased_name(account),
            webhook_secret=new_webhook_secret(),
            earlier_webhook_secret=None,
            earlier_webhook_secret_until=None,
            closed_at=func.coalesce(accounts.c.closed_at, now),
        )
    )
    mine = update(keys).where(keys.c.account == account)
    connection.execute(mine.values(name=ERASED, sealed=None))
    return connection.execute(
        mine.where(keys.c.revoked_at.is_(None)).values(revoked_at=now)
    ).rowcount


def erased_name(account: str) -> str:
    """What an erased account is called."""
    return f"{ERASED}-{account}"


def check_open(connection: Connection, account: str, *, lock: bool = False) -> None:
    """Check that an account was not closed, before something is written that belongs to it.

    Args:
        lock: keep it open until the transaction ends; whoever has locked its balance need not.

    Raises:
        AccountClosed: it was.
    """
    query = _IS_CLOSED_LOCKED if lock else _IS_CLOSED
    found = query.first(connection, {"account": account})
    if found is not None and found[0] is not None:
        raise AccountClosed


def revoke_key(connection: Connection, id: str, now: int) -> bool:
    """Revoke a key; ``False`` if there is no such key in use."""
    changed = connection.execute(
        update(keys).where(keys.c.id == id, keys.c.revoked_at.is_(None)).values(revoked_at=now)
    )
    return changed.rowcount == 1


def webhook_secret(connection: Connection, account: str) -> str:
    """The account's signing secret, ``whsec_...``."""
    row = connection.execute(select(accounts.c.webhook_secret).where(accounts.c.id == account))
    secret: str = row.scalar_one()
    return secret


def _account(row: Row[Any]) -> Account:
    percent = Decimal(row.discount_percent)
    return Account(row.id, row.name, percent, Limits.from_row(row), row.created_at)


def _key(row: Row[Any]) -> Key:
    return Key(
        id=row.id,
        account=row.account,
        name=row.name,
        hint=row.hint,
        created_at=row.created_at,
        scopes=scopes_from_text(row.scopes),
        limits=Limits.from_row(row),
        expires_at=row.expires_at,
        last_used_at=row.last_used_at,
        revoked_at=row.revoked_at,
    )
