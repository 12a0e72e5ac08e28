"""The tables of accounts: who they are, what they may, what they have paid, what was done to them.

Times are Unix milliseconds; money is whole millionths of a US dollar.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
)

from kirin.database.metadata import metadata


def limits() -> tuple[Column[Any], ...]:
    """The limits of an account or a key; NULL is unlimited."""
    return (
        Column("requests_per_minute", Integer),
        Column("unfinished_tasks", Integer),
        Column("queued_tasks", Integer),
        Column("daily_spend", BigInteger),
    )


accounts = Table(
    "accounts",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("name", String(128), nullable=False, unique=True),
    Column("webhook_secret", String(64), nullable=False),
    Column("earlier_webhook_secret", String(64)),
    Column("earlier_webhook_secret_until", BigInteger),
    Column("last_event", BigInteger, nullable=False, server_default="0"),
    Column("discount_percent", String(8), nullable=False, server_default="0"),
    *limits(),
    Column("created_at", BigInteger, nullable=False),
    # When what belongs to it was erased; it takes nothing in any more.
    Column("closed_at", BigInteger),
)

keys = Table(
    "keys",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("account", ForeignKey("accounts.id"), nullable=False),
    Column("name", String(128), nullable=False),
    Column("hash", String(64), nullable=False, unique=True),
    Column("sealed", LargeBinary),
    Column("hint", String(32), nullable=False),
    Column("scopes", String(64), nullable=False, server_default="generate read elements"),
    *limits(),
    Column("created_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger),
    Column("last_used_at", BigInteger),
    Column("revoked_at", BigInteger),
)

# Append-only, by triggers. It outlives tasks and so has no foreign keys to them.
ledger_transactions = Table(
    "ledger_transactions",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("account", ForeignKey("accounts.id"), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("task", String(64)),
    Column("phase", String(8)),
    Column("reference", String(128)),
    Column("note", String(512), nullable=False),
    Column("created_at", BigInteger, nullable=False),
    UniqueConstraint("task", "phase"),
    UniqueConstraint("account", "reference"),
    Index(None, "account", "created_at", "id"),
)

ledger_entries = Table(
    "ledger_entries",
    metadata,
    Column("transaction", ForeignKey("ledger_transactions.id"), primary_key=True),
    Column("book", String(16), primary_key=True),
    Column("account", ForeignKey("accounts.id"), nullable=False),
    Column("amount", BigInteger, nullable=False),
    Index(None, "account", "book"),
)

# Sums of the ledger, to be locked and compared with; the ledger is authoritative.
balances = Table(
    "balances",
    metadata,
    Column("account", ForeignKey("accounts.id"), primary_key=True),
    Column("available", BigInteger, nullable=False, server_default="0"),
    Column("held", BigInteger, nullable=False, server_default="0"),
    CheckConstraint("available >= 0", name="ck_balances_available"),
    CheckConstraint("held >= 0", name="ck_balances_held"),
)

usage = Table(
    "usage",
    metadata,
    Column("task", String(64), primary_key=True),
    Column("account", ForeignKey("accounts.id"), nullable=False),
    Column("key", String(32)),
    Column("model", String(64), nullable=False),
    Column("status", String(16), nullable=False),
    Column("day", String(10), nullable=False),
    Column("seconds", Float, nullable=False),
    Column("cost", BigInteger, nullable=False),
    Column("discount", BigInteger, nullable=False),
    Index(None, "account", "day"),
)

# What limits count per window of time, of an account or a key.
counters = Table(
    "counters",
    metadata,
    Column("subject", String(32), primary_key=True),
    Column("name", String(16), primary_key=True),
    Column("window_start", BigInteger, primary_key=True, autoincrement=False),
    Column("used", BigInteger, nullable=False),
)

# Append-only, by triggers.
audit = Table(
    "audit",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("actor", String(128), nullable=False),
    Column("action", String(64), nullable=False),
    Column("account", String(32)),
    Column("target", String(128), nullable=False),
    Column("details", JSON, nullable=False),
    Column("address", String(64), nullable=False),
    Column("request_id", String(128), nullable=False),
    Index(None, "at", "id"),
)
