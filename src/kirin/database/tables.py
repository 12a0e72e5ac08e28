"""The tables of the work: tasks, what they use, what follows from them, and who does them.

Times are Unix milliseconds; money is text of exact decimals.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from kirin.database.account_tables import accounts
from kirin.database.metadata import metadata

FAILURE_LENGTH = 2048
"""Characters of a failure's message; what is longer is cut."""

installation = Table(
    "installation",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("secret", LargeBinary, nullable=False),
)

workers = Table(
    "workers",
    metadata,
    Column("id", String(128), primary_key=True),
    Column("started_at", BigInteger, nullable=False),
    Column("heartbeat", BigInteger, nullable=False),
    Column("engines", JSON, nullable=False, server_default="[]"),
    Column("slots", Integer, nullable=False, server_default="1"),
    # When an operator told it to take nothing new.
    Column("drain_at", BigInteger),
)

# Queues that hand out nothing: of an engine, or all of them.
pauses = Table(
    "pauses",
    metadata,
    Column("queue", String(64), primary_key=True),
    Column("reason", String(512), nullable=False),
    Column("actor", String(128), nullable=False),
    Column("since", BigInteger, nullable=False),
)

tasks = Table(
    "tasks",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("account", ForeignKey(accounts.c.id), nullable=False),
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
    Column("subjects", JSON, nullable=False, server_default="[]"),
    Column("options", JSON, nullable=False, server_default="{}"),
    Column("engine", String(64)),
    Column("size", String(64)),
    Column("seed", BigInteger, nullable=False),
    Column("key", String(32)),
    Column("tariff", JSON(none_as_null=True)),
    Column("quote", String(32), nullable=False),
    Column("progress", Float, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("releases", Integer, nullable=False),
    # The queue: the negative priority, so that one plain index has the order; set while the task
    # waits; the worker that holds the task's lease.
    Column("rank", Integer, nullable=False, server_default="0"),
    Column("queued_at", BigInteger),
    Column("worker", String(128)),
    Column("results", JSON, nullable=False),
    Column("cost", String(32)),
    Column("discount", String(32), nullable=False),
    Column("failure_code", String(64)),
    Column("failure_message", String(FAILURE_LENGTH)),
    Column("expired_at", BigInteger),
    Column("removed_at", BigInteger),
    Column("trace", String(64)),
    Column("metadata", JSON, nullable=False),
    # By what its result is found again, and the engine and version that made it.
    Column("recipe", String(64)),
    Column("made_by", String(128)),
    # The batch that it was made in, and its place there.
    Column("batch", String(32)),
    Column("place", Integer),
    UniqueConstraint("account", "external_id"),
    Index(None, "account", "created_at", "id"),
    Index(None, "model", "size", "finished_at"),
    Index(None, "finished_at"),
    # Workers poll for what waits, often. Covers the query, so no rows are read.
    Index(
        "ix_tasks_queued",
        "rank",
        "queued_at",
        "id",
        "engine",
        sqlite_where=text("queued_at IS NOT NULL"),
        postgresql_where=text("queued_at IS NOT NULL"),
    ),
    Index(
        "ix_tasks_leased",
        "worker",
        sqlite_where=text("worker IS NOT NULL"),
        postgresql_where=text("worker IS NOT NULL"),
    ),
    # Results that have not expired yet; most have.
    Index(
        "ix_tasks_kept",
        "finished_at",
        sqlite_where=text("status = 'completed' AND expired_at IS NULL"),
        postgresql_where=text("status = 'completed' AND expired_at IS NULL"),
    ),
    # For forecasts and metrics; most tasks have ended.
    Index(
        "ix_tasks_unfinished",
        "created_at",
        sqlite_where=text("status IN ('pending', 'processing')"),
        postgresql_where=text("status IN ('pending', 'processing')"),
    ),
    Index(
        "ix_tasks_batch",
        "batch",
        "place",
        sqlite_where=text("batch IS NOT NULL"),
        postgresql_where=text("batch IS NOT NULL"),
    ),
    Index(
        "ix_tasks_recipe",
        "recipe",
        sqlite_where=text("recipe IS NOT NULL"),
        postgresql_where=text("recipe IS NOT NULL"),
    ),
    # For the limits of an account.
    Index(
        "ix_tasks_account_unfinished",
        "account",
        sqlite_where=text("status IN ('pending', 'processing')"),
        postgresql_where=text("status IN ('pending', 'processing')"),
    ),
)

# Tasks under one id. Without a foreign key from tasks: a batch goes after the last of them.
batches = Table(
    "batches",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("account", ForeignKey(accounts.c.id), nullable=False),
    Column("size", Integer, nullable=False),
    Column("quote", String(32), nullable=False),
    Column("callback_url", String(2048)),
    Column("metadata", JSON(none_as_null=True)),
    Column("created_at", BigInteger, nullable=False),
    Column("cancelled_at", BigInteger),
    Column("finished_at", BigInteger),
    Column("status", String(16)),
    Index(None, "account", "created_at", "id"),
    Index(None, "finished_at"),
)

# What tasks are found by: beside their rows, which are wide, in the order of listings. A search
# reads through the words of one account, and of them as few as fill its page.
task_words = Table(
    "task_words",
    metadata,
    Column("account", ForeignKey(accounts.c.id), primary_key=True),
    Column("created_at", BigInteger, primary_key=True, autoincrement=False),
    Column("task", String(64), primary_key=True),
    Column("words", Text, nullable=False),
    sqlite_with_rowid=False,
)

subjects = Table(
    "subjects",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("account", ForeignKey(accounts.c.id), nullable=False),
    Column("name", String(20), nullable=False),
    Column("description", String(100), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("views", JSON, nullable=False),
    Column("video", JSON),
    Column("portrait", JSON),
    Column("tags", JSON, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Index(None, "account", "created_at"),
)

webhooks = Table(
    "webhooks",
    metadata,
    Column("id", String(96), primary_key=True),
    Column("task", ForeignKey("tasks.id"), nullable=False),
    # Of what is told of a batch, which is kept under the task that ended last; its sequence is -1.
    Column("batch", String(32)),
    Column("account", ForeignKey(accounts.c.id), nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("url", String(2048), nullable=False),
    Column("dialect", String(32)),
    Column("reports", String(32), nullable=False, server_default=""),
    Column("body", JSON, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_at", BigInteger),
    Column("status", Integer),
    Column("outcome", String(2048)),
    UniqueConstraint("task", "sequence"),
    Index(None, "account", "created_at", "id"),
    Index(
        "ix_webhooks_due",
        "next_at",
        sqlite_where=text("next_at IS NOT NULL"),
        postgresql_where=text("next_at IS NOT NULL"),
    ),
)

webhook_attempts = Table(
    "webhook_attempts",
    metadata,
    Column("webhook", ForeignKey("webhooks.id"), primary_key=True),
    Column("attempt", Integer, primary_key=True, autoincrement=False),
    Column("sent_at", BigInteger, nullable=False),
    Column("milliseconds", Integer, nullable=False),
    Column("status", Integer),
    Column("outcome", String(2048), nullable=False),
)

idempotency = Table(
    "idempotency",
    metadata,
    Column("account", ForeignKey(accounts.c.id), primary_key=True),
    Column("key", String(255), primary_key=True),
    Column("digest", String(64), nullable=False),
    Column("task", ForeignKey("tasks.id"), nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Index(None, "created_at"),
)

# Numbered per account without gaps, in commit order.
events = Table(
    "events",
    metadata,
    Column("account", ForeignKey(accounts.c.id), primary_key=True),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("task", ForeignKey("tasks.id"), nullable=False),
    Column("status", String(16), nullable=False),
    Column("body", JSON(none_as_null=True)),
    Column("created_at", BigInteger, nullable=False),
    Index(None, "created_at"),
)

# Files sent ahead of the requests that use them.
uploads = Table(
    "uploads",
    metadata,
    Column("account", ForeignKey(accounts.c.id), primary_key=True),
    Column("sha256", String(64), primary_key=True),
    Column("asset", JSON, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Index(None, "sha256"),
    Index(None, "expires_at"),
)

# Tasks that somebody watches while they are rendered; without a foreign key: rows are short-lived.
previews = Table(
    "previews",
    metadata,
    Column("task", String(64), primary_key=True),
    Column("asked_at", BigInteger, nullable=False),
    Column("picture", LargeBinary),
)

# Stored files that nothing refers to; garbage collection removes them later.
tombstones = Table(
    "tombstones",
    metadata,
    Column("key", String(512), primary_key=True),
    Column("since", BigInteger, nullable=False),
)

# Jobs that one worker at a time does for all.
scheduled_jobs = Table(
    "scheduled_jobs",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("next_at", BigInteger, nullable=False),
)
