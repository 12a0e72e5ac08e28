"""the queue in the tasks' rows; tables and columns by the field's names"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

TABLES = {"condemned": "tombstones", "chores": "scheduled_jobs", "elements": "subjects"}

COLUMNS = {
    "workers": {"beat": "heartbeat"},
    "tasks": {"elements": "subjects", "handed_back": "releases"},
}


def upgrade() -> None:
    # Both databases know these statements; SQLite needs no copy of the table for them.
    for table, columns in COLUMNS.items():
        for old, new in columns.items():
            op.execute(f"ALTER TABLE {table} RENAME COLUMN {old} TO {new}")
    op.drop_index("ix_elements_account_created_at", "elements")
    for old, new in TABLES.items():
        op.rename_table(old, new)
    op.create_index("ix_subjects_account_created_at", "subjects", ["account", "created_at"])
    if op.get_bind().dialect.name == "postgresql":  # SQLite does not show names of constraints
        for old, new in TABLES.items():
            op.execute(f"ALTER TABLE {new} RENAME CONSTRAINT pk_{old} TO pk_{new}")
        op.execute(
            "ALTER TABLE subjects RENAME CONSTRAINT fk_elements_account TO fk_subjects_account"
        )
    op.add_column("tasks", sa.Column("queued_at", sa.BigInteger(), nullable=True))
    op.add_column("tasks", sa.Column("worker", sa.String(length=128), nullable=True))
    queued, leased = sa.text("queued_at IS NOT NULL"), sa.text("worker IS NOT NULL")
    op.create_index(
        "ix_tasks_queued",
        "tasks",
        ["queued_at", "id", "engine"],
        sqlite_where=queued,
        postgresql_where=queued,
    )
    op.create_index(
        "ix_tasks_leased", "tasks", ["worker"], sqlite_where=leased, postgresql_where=leased
    )
    # Until now the task engine had a queue of its own. Nothing runs while tables are migrated.
    op.execute("UPDATE tasks SET queued_at = created_at WHERE status IN ('pending', 'processing')")
