"""the words that tasks are found by"""

import unicodedata
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

BATCH = 500
"""Tasks in memory at a time."""

tasks = sa.table(
    "tasks",
    sa.column("id", sa.String),
    sa.column("account", sa.String),
    sa.column("created_at", sa.BigInteger),
    sa.column("external_id", sa.String),
    sa.column("params", sa.JSON),
    sa.column("removed_at", sa.BigInteger),
)


def upgrade() -> None:
    made = op.create_table(
        "task_words",
        sa.Column("account", sa.String(32), nullable=False),
        sa.Column("created_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("task", sa.String(64), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name=op.f("fk_task_words_account")),
        sa.PrimaryKeyConstraint("account", "created_at", "task", name=op.f("pk_task_words")),
        sqlite_with_rowid=False,
    )
    fill(op.get_bind(), made)


def fill(connection: sa.Connection, made: sa.Table) -> None:
    """Write down the words of the tasks that are there."""
    columns = (column for column in tasks.c if column.name != "removed_at")
    query = sa.select(*columns).where(tasks.c.removed_at.is_(None)).order_by(tasks.c.id)
    found = connection.execute(query.limit(BATCH)).all()
    while found:
        connection.execute(
            sa.insert(made),
            [
                {
                    "account": row.account,
                    "created_at": row.created_at,
                    "task": row.id,
                    "words": words_of(row.id, row.external_id, row.params),
                }
                for row in found
            ],
        )
        found = connection.execute(query.where(tasks.c.id > found[-1].id).limit(BATCH)).all()


def words_of(id: str, external_id: str | None, params: Any) -> str:
    """The words of a task, as they were written down by the version of this migration."""
    text = "\n".join((*prompts(params), external_id or "", id))
    return unicodedata.normalize("NFKC", text).casefold()


def prompts(params: Any) -> Iterator[str]:
    """The prompts in a request, those of its shots too."""
    if isinstance(params, dict):
        for name, value in params.items():
            if name in ("prompt", "element_name") and isinstance(value, str):
                yield value
            else:
                yield from prompts(value)
    elif isinstance(params, list):
        for value in params:
            yield from prompts(value)
