"""All SQL about uploads: files sent ahead of the requests that use them."""

from __future__ import annotations

import re
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, delete, func, insert, select, tuple_

from kirin.database.rows import asset_from_json, asset_to_json
from kirin.database.tables import uploads
from kirin.domain.assets import Asset

KeptUpload = tuple[Asset, int, int]
"""A file, and since and until when it is kept, Unix milliseconds."""

SHA256: Final = re.compile(r"[0-9a-f]{64}")


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


def page(
    connection: Connection,
    account: str,
    now: int,
    limit: int,
    before: tuple[int, str] | None = None,
) -> list[KeptUpload]:
    """An account's uploads that are kept, the newest first.

    Args:
        before: creation time and sha256 of one; the page starts after it.
    """
    query = _kept(account, now)
    if before is not None:
        query = query.where(tuple_(uploads.c.created_at, uploads.c.sha256) < tuple_(*before))
    query = query.order_by(uploads.c.created_at.desc(), uploads.c.sha256.desc()).limit(limit)
    return [_from_row(row) for row in connection.execute(query)]


def find_kept(connection: Connection, account: str, sha256: str, now: int) -> KeptUpload | None:
    """An account's upload, while it is kept."""
    if not SHA256.fullmatch(sha256):
        return None
    row = connection.execute(_kept(account, now).where(uploads.c.sha256 == sha256)).first()
    return None if row is None else _from_row(row)


def forget(connection: Connection, account: str, sha256: str, now: int) -> bool:
    """Delete an account's upload; whether it was still kept."""
    if find_kept(connection, account, sha256, now) is None:
        return False
    mine = (uploads.c.account == account, uploads.c.sha256 == sha256)
    connection.execute(delete(uploads).where(*mine))
    return True


def _kept(account: str, now: int) -> Select[tuple[Any, int, int]]:
    return select(uploads.c.asset, uploads.c.created_at, uploads.c.expires_at).where(
        uploads.c.account == account, uploads.c.expires_at > now
    )


def _from_row(row: Row[tuple[Any, int, int]]) -> KeptUpload:
    return asset_from_json(row.asset), row.created_at, row.expires_at


def first_end(connection: Connection) -> int | None:
    """When the first of all uploads expires or has expired; ``None`` if there is none."""
    end: int | None = connection.scalar(select(func.min(uploads.c.expires_at)))
    return end


def delete_expired(connection: Connection, now: int) -> None:
    """Delete the expired uploads."""
    connection.execute(delete(uploads).where(uploads.c.expires_at <= now))
