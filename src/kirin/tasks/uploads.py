"""All SQL about uploads: files sent ahead of the requests that use them."""

from __future__ import annotations

from sqlalchemy import Connection, delete, func, insert, select

from kirin.database.rows import asset_from_json, asset_to_json
from kirin.database.tables import uploads
from kirin.domain.assets import Asset


def add(
    connection: Connection,
    account: str,
    asset: Asset,
    now: int,
    expires_at: int,
    name: str | None = None,
) -> None:
    """Record that an account has uploaded a file, again or for the first time.

    Args:
        name: what it is kept under in place of its digest.
    """
    digest = name or asset.sha256
    mine = (uploads.c.account == account, uploads.c.sha256 == digest)
    connection.execute(delete(uploads).where(*mine))
    connection.execute(
        insert(uploads).values(
            account=account,
            sha256=digest,
            asset=asset_to_json(asset),
            size=asset.size,
            created_at=now,
            expires_at=expires_at,
        )
    )


def usage(
    connection: Connection, account: str, now: int, except_for: str
) -> tuple[int, int | None]:
    """Size of an account's uploads in bytes, except for one file, and when the first expires."""
    query = select(func.sum(uploads.c.size), func.min(uploads.c.expires_at)).where(
        uploads.c.account == account, uploads.c.expires_at > now, uploads.c.sha256 != except_for
    )
    size, first = connection.execute(query).one()
    return int(size or 0), first


def find(connection: Connection, sha256: str) -> Asset | None:
    """The facts of an uploaded file by what it is kept under, whoever uploaded it."""
    query = select(uploads.c.asset).where(uploads.c.sha256 == sha256).limit(1)
    facts = connection.execute(query).scalar()
    return asset_from_json(facts) if facts else None


def delete_expired(connection: Connection, now: int) -> None:
    """Delete the expired uploads."""
    connection.execute(delete(uploads).where(uploads.c.expires_at <= now))
