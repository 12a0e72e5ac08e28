"""results that answer the same request again"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("tasks", sa.Column("recipe", sa.String(length=64), nullable=True))
    op.add_column("tasks", sa.Column("made_by", sa.String(length=128), nullable=True))
    finished = sa.text("recipe IS NOT NULL")
    op.create_index(
        "ix_tasks_recipe", "tasks", ["recipe"], sqlite_where=finished, postgresql_where=finished
    )
