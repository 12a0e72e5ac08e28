"""The tables. Money is text of exact decimals, times are Unix milliseconds."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    text,
)

FAILURE_LENGTH = 2048
"""Characters of a failure's message; what is longer is cut."""

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

accounts = Table(
    "accounts",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("name", String(128), nullable=False, unique=True),
    Column("webhook_secret", String(64), nullable=False),
    Column("created_at", BigInteger, nullable=False),
)

keys = Table(
    "keys",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("account", ForeignKey("accounts.id"), nullable=False),
    Column("name", String(128), nullable=False),
    Column("hash", String(64), nullable=False, unique=True),
    Column("hint", String(32), nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("revoked_at", BigInteger),
)

tasks = Table(
    "tasks",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("account", ForeignKey("accounts.id"), nullable=False),
    Column("model", String(64), nullable=False),
    Column("status", String(16), nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("updated_at", BigInteger, nullable=False),
    Column("started_at", BigInteger),
    Column("finished_at", BigInteger),
    Column("external_id", String(128)),
    Column("callback_url", String(2048)),
    Column("params", JSON, nullable=False),
    Column("assets", JSON, nullable=False),
    Column("elements", JSON, nullable=False, server_default="[]"),
    Column("seed", BigInteger, nullable=False),
    Column("quote", String(32), nullable=False),
    Column("progress", Float, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("handed_back", Integer, nullable=False),
    Column("results", JSON, nullable=False),
    Column("cost", String(32)),
    Column("discount", String(32), nullable=False),
    Column("failure_code", String(64)),
    Column("failure_message", String(FAILURE_LENGTH)),
    Column("metadata", JSON, nullable=False),
    UniqueConstraint("account", "external_id"),
    Index(None, "account", "created_at", "id"),
    # The sweeper looks for tasks that have not ended; those that have are the many.
    Index(
        "ix_tasks_unfinished",
        "created_at",
        sqlite_where=text("status IN ('pending', 'processing')"),
        postgresql_where=text("status IN ('pending', 'processing')"),
    ),
)

elements = Table(
    "elements",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("account", ForeignKey("accounts.id"), nullable=False),
    Column("name", String(20), nullable=False),
    Column("description", String(100), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("views", JSON, nullable=False),
    Column("video", JSON),
    Column("tags", JSON, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Index(None, "account", "created_at"),
)

webhooks = Table(
    "webhooks",
    metadata,
    Column("id", String(96), primary_key=True),
    Column("task", ForeignKey("tasks.id"), nullable=False),
    Column("account", ForeignKey("accounts.id"), nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("url", String(2048), nullable=False),
    Column("body", JSON, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_at", BigInteger),
    Column("status", Integer),
    Column("outcome", String(2048)),
    UniqueConstraint("task", "sequence"),
    Index(
        "ix_webhooks_due",
        "next_at",
        sqlite_where=text("next_at IS NOT NULL"),
        postgresql_where=text("next_at IS NOT NULL"),
    ),
)
