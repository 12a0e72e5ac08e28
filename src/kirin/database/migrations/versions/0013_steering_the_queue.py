"""steering the queue: pauses, priorities of tasks, draining workers"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "pauses",
        sa.Column("queue", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.String(length=512), nullable=False),
        sa.Column("actor", sa.String(length=128), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("queue", name=op.f("pk_pauses")),
    )
    op.add_column("workers", sa.Column("drain_at", sa.BigInteger(), nullable=True))
    op.add_column("tasks", sa.Column("rank", sa.Integer(), server_default="0", nullable=False))
    queued = sa.text("queued_at IS NOT NULL")
    op.drop_index("ix_tasks_queued", "tasks")
    op.create_index(
        "ix_tasks_queued",
        "tasks",
        ["rank", "queued_at", "id", "engine"],
        sqlite_where=queued,
        postgresql_where=queued,
    )
