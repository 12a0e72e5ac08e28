"""Secrets of the installation: generated once, shared by all of its processes."""

from __future__ import annotations

import secrets

from sqlalchemy import insert, select

from kirin.database.engine import Database
from kirin.database.tables import installation

BYTES = 32


def installation_secret(database: Database, name: str) -> bytes:
    """32 random bytes under a name, generated on first use."""
    query = select(installation.c.secret).where(installation.c.name == name)
    with database.read() as connection:
        found: bytes | None = connection.execute(query).scalar()
    if found is not None:
        return found
    with database.write_alone(f"secret {name}") as connection:
        # Another process may have been faster.
        found = connection.execute(query).scalar()
        if found is None:
            found = secrets.token_bytes(BYTES)
            connection.execute(insert(installation).values(name=name, secret=found))
    return found
