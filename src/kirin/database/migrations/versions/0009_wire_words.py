"""what requests say beside their parameters; the words of the wire in stored messages"""

from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

STAGES = {"pending": "queued", "processing": "rendering"}
"""By the status that messages had until now; all are ``in_progress`` from now on."""

BATCH = 500
"""Messages in memory at a time."""

events = sa.table(
    "events",
    sa.column("account", sa.String),
    sa.column("number", sa.BigInteger),
    sa.column("status", sa.String),
    sa.column("body", sa.JSON(none_as_null=True)),
)
webhooks = sa.table(
    "webhooks",
    sa.column("id", sa.String),
    sa.column("body", sa.JSON),
)


def upgrade() -> None:
    op.add_column("tasks", sa.Column("options", sa.JSON(), server_default="{}", nullable=False))
    # Messages that wait, are sent again, or are read by who comes back. Those of the end of a task
    # need no change.
    unfinished = events.c.status.in_(STAGES)
    reword(events, [events.c.account, events.c.number], unfinished)
    reword(webhooks, [webhooks.c.id], sa.true())


def reword(table: sa.TableClause, key: list[sa.ColumnClause], where: sa.ColumnElement) -> None:
    """Change the words in the bodies of a table."""
    connection = op.get_bind()
    for row in rows(connection, table, key, where):
        body = row.body
        if not isinstance(body, dict) or body.get("status") not in STAGES:
            continue
        metadata = {**body.get("metadata", {}), "stage": STAGES[body["status"]]}
        changed = {**body, "status": "in_progress", "metadata": metadata}
        mine = sa.and_(*(column == getattr(row, column.name) for column in key))
        connection.execute(sa.update(table).where(mine).values(body=changed))


def rows(
    connection: sa.Connection,
    table: sa.TableClause,
    key: list[sa.ColumnClause],
    where: sa.ColumnElement,
) -> Iterator[sa.Row]:
    """The rows of a table in the order of their key, read in batches."""
    query = sa.select(*key, table.c.body).where(where).order_by(*key).limit(BATCH)
    found = connection.execute(query).all()
    while found:
        yield from found
        last = [getattr(found[-1], column.name) for column in key]
        after = sa.tuple_(*key) > sa.tuple_(*last) if len(key) > 1 else key[0] > last[0]
        found = connection.execute(query.where(after)).all()
