"""the dialect and the reported status of webhooks, whose bodies need no longer be native"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

webhooks = sa.table("webhooks", sa.column("body", sa.JSON), sa.column("reports", sa.String))


def upgrade() -> None:
    op.add_column("webhooks", sa.Column("dialect", sa.String(length=32), nullable=True))
    op.add_column(
        "webhooks", sa.Column("reports", sa.String(length=32), server_default="", nullable=False)
    )
    # Until now every body was native, and said which status it reports.
    status = sa.func.coalesce(webhooks.c.body["status"].as_string(), "")
    op.execute(sa.update(webhooks).values(reports=status))
