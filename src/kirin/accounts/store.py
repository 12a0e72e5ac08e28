"""All SQL about accounts and keys."""

from __future__ import annotations

import secrets
from base64 import b64encode

from sqlalchemy import Connection, bindparam, insert, select, update

from kirin.accounts import ledger
from kirin.accounts.keys import Key, digest, hint, new_secret
from kirin.database.tables import accounts, keys

DEFAULT_ACCOUNT = "default"

_ACCOUNT_BY_KEY = select(keys.c.account).where(
    keys.c.hash == bindparam("hash"), keys.c.revoked_at.is_(None)
)
_COLUMNS = (
    keys.c.id,
    keys.c.account,
    keys.c.name,
    keys.c.hint,
    keys.c.created_at,
    keys.c.revoked_at,
)


def account_of(connection: Connection, secret: str) -> str | None:
    """Id of the account that a key opens, or ``None`` where it opens none (any more)."""
    return connection.execute(_ACCOUNT_BY_KEY, {"hash": digest(secret)}).scalar()


def ensure_account(connection: Connection, name: str, now: int) -> str:
    """Id of the account of that name, made if it is not there."""
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
    ledger.open_books(connection, account)
    return account


def new_webhook_secret() -> str:
    """24 random bytes in base64, marked as the Standard Webhooks specification asks."""
    return f"whsec_{b64encode(secrets.token_bytes(24)).decode()}"


def add_key(connection: Connection, account: str, name: str, secret: str, now: int) -> Key:
    """Keep a key; the secret itself is not stored."""
    key = Key(f"key_{secrets.token_hex(8)}", account, name, hint(secret), now, None)
    connection.execute(
        insert(keys).values(
            id=key.id,
            account=account,
            name=name,
            hash=digest(secret),
            hint=key.hint,
            created_at=now,
        )
    )
    return key


def list_keys(connection: Connection) -> list[Key]:
    """All keys, the oldest first, revoked ones too."""
    rows = connection.execute(select(*_COLUMNS).order_by(keys.c.created_at, keys.c.id))
    return [Key(**row._mapping) for row in rows]


def has_keys(connection: Connection) -> bool:
    """Whether any key was ever made here."""
    return connection.execute(select(keys.c.id).limit(1)).first() is not None


def revoke_key(connection: Connection, id: str, now: int) -> bool:
    """Make a key useless from now on; ``False`` where there is no such key in use."""
    changed = connection.execute(
        update(keys).where(keys.c.id == id, keys.c.revoked_at.is_(None)).values(revoked_at=now)
    )
    return changed.rowcount == 1


def webhook_secret(connection: Connection, account: str) -> str:
    """The account's signing secret, ``whsec_...``."""
    row = connection.execute(select(accounts.c.webhook_secret).where(accounts.c.id == account))
    secret: str = row.scalar_one()
    return secret


def create_key(connection: Connection, name: str, now: int) -> str:
    """Make a key of the default account; what is returned can't be read again."""
    secret = new_secret()
    add_key(connection, ensure_account(connection, DEFAULT_ACCOUNT, now), name, secret, now)
    return secret
