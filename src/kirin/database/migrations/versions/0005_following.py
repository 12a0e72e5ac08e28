"""following a task: events, idempotency, attempts of webhooks, retention"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("accounts", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("earlier_webhook_secret", sa.String(length=64), nullable=True)
        )
        batch_op.add_column(
            sa.Column("earlier_webhook_secret_until", sa.BigInteger(), nullable=True)
        )
        batch_op.add_column(
            sa.Column("last_event", sa.BigInteger(), server_default="0", nullable=False)
        )
    with op.batch_alter_table("workers", schema=None) as batch_op:
        batch_op.add_column(sa.Column("engines", sa.JSON(), server_default="[]", nullable=False))
        batch_op.add_column(sa.Column("slots", sa.Integer(), server_default="1", nullable=False))
    with op.batch_alter_table("tasks", schema=None) as batch_op:
        batch_op.add_column(sa.Column("size", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("expired_at", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("trace", sa.String(length=64), nullable=True))
        batch_op.create_index(
            batch_op.f("ix_tasks_model_size_finished_at"),
            ["model", "size", "finished_at"],
            unique=False,
        )
        batch_op.create_index(batch_op.f("ix_tasks_finished_at"), ["finished_at"], unique=False)
        batch_op.create_index(
            "ix_tasks_kept",
            ["finished_at"],
            unique=False,
            sqlite_where=sa.text("status = 'completed' AND expired_at IS NULL"),
            postgresql_where=sa.text("status = 'completed' AND expired_at IS NULL"),
        )
    with op.batch_alter_table("webhooks", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_webhooks_account_created_at_id"),
            ["account", "created_at", "id"],
            unique=False,
        )
    op.create_table(
        "webhook_attempts",
        sa.Column("webhook", sa.String(length=96), nullable=False),
        sa.Column("attempt", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sent_at", sa.BigInteger(), nullable=False),
        sa.Column("milliseconds", sa.Integer(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("outcome", sa.String(length=2048), nullable=False),
        sa.ForeignKeyConstraint(
            ["webhook"], ["webhooks.id"], name=op.f("fk_webhook_attempts_webhook")
        ),
        sa.PrimaryKeyConstraint("webhook", "attempt", name=op.f("pk_webhook_attempts")),
    )
    op.create_table(
        "idempotency",
        sa.Column("account", sa.String(length=32), nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("task", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name=op.f("fk_idempotency_account")),
        sa.ForeignKeyConstraint(["task"], ["tasks.id"], name=op.f("fk_idempotency_task")),
        sa.PrimaryKeyConstraint("account", "key", name=op.f("pk_idempotency")),
    )
    op.create_index(op.f("ix_idempotency_created_at"), "idempotency", ["created_at"], unique=False)
    op.create_table(
        "events",
        sa.Column("account", sa.String(length=32), nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("task", sa.String(length=64), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("body", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name=op.f("fk_events_account")),
        sa.ForeignKeyConstraint(["task"], ["tasks.id"], name=op.f("fk_events_task")),
        sa.PrimaryKeyConstraint("account", "number", name=op.f("pk_events")),
    )
    op.create_index(op.f("ix_events_created_at"), "events", ["created_at"], unique=False)
    op.create_table(
        "condemned",
        sa.Column("key", sa.String(length=512), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_condemned")),
    )
    op.create_table(
        "chores",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("next_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_chores")),
    )
