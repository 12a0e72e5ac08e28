"""batches: tasks under one id"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "batches",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("account", sa.String(length=32), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("quote", sa.String(length=32), nullable=False),
        sa.Column("callback_url", sa.String(length=2048), nullable=True),
        sa.Column("metadata", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("cancelled_at", sa.BigInteger(), nullable=True),
        sa.Column("finished_at", sa.BigInteger(), nullable=True),
        sa.Column("status", sa.String(length=16), nullable=True),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name=op.f("fk_batches_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batches")),
    )
    op.create_index(
        op.f("ix_batches_account_created_at_id"), "batches", ["account", "created_at", "id"]
    )
    op.create_index(op.f("ix_batches_finished_at"), "batches", ["finished_at"])
    op.add_column("tasks", sa.Column("batch", sa.String(length=32), nullable=True))
    op.add_column("tasks", sa.Column("place", sa.Integer(), nullable=True))
    members = sa.text("batch IS NOT NULL")
    op.create_index(
        "ix_tasks_batch",
        "tasks",
        ["batch", "place"],
        sqlite_where=members,
        postgresql_where=members,
    )
    op.add_column("webhooks", sa.Column("batch", sa.String(length=32), nullable=True))
