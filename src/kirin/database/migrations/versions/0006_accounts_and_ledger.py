"""accounts: limits, scopes, prices, the ledger, usage and the audit"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

APPEND_ONLY = ("ledger_transactions", "ledger_entries", "audit")

FORBID = """
CREATE FUNCTION kirin_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;
END $$
"""


def upgrade() -> None:
    for table in ("accounts", "keys"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(sa.Column("requests_per_minute", sa.Integer(), nullable=True))
            batch_op.add_column(sa.Column("unfinished_tasks", sa.Integer(), nullable=True))
            batch_op.add_column(sa.Column("queued_tasks", sa.Integer(), nullable=True))
            batch_op.add_column(sa.Column("daily_spend", sa.BigInteger(), nullable=True))
    with op.batch_alter_table("accounts", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("discount_percent", sa.String(length=8), server_default="0", nullable=False)
        )
    with op.batch_alter_table("keys", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "scopes",
                sa.String(length=64),
                server_default="generate read elements",
                nullable=False,
            )
        )
        batch_op.add_column(sa.Column("expires_at", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("last_used_at", sa.BigInteger(), nullable=True))
    with op.batch_alter_table("tasks", schema=None) as batch_op:
        batch_op.add_column(sa.Column("key", sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column("tariff", sa.JSON(none_as_null=True), nullable=True))
        batch_op.create_index(
            "ix_tasks_account_unfinished",
            ["account"],
            unique=False,
            sqlite_where=sa.text("status IN ('pending', 'processing')"),
            postgresql_where=sa.text("status IN ('pending', 'processing')"),
        )

    op.create_table(
        "ledger_transactions",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("account", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("task", sa.String(length=64), nullable=True),
        sa.Column("phase", sa.String(length=8), nullable=True),
        sa.Column("reference", sa.String(length=128), nullable=True),
        sa.Column("note", sa.String(length=512), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account"], ["accounts.id"], name=op.f("fk_ledger_transactions_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_transactions")),
        sa.UniqueConstraint("task", "phase", name=op.f("uq_ledger_transactions_task_phase")),
        sa.UniqueConstraint(
            "account", "reference", name=op.f("uq_ledger_transactions_account_reference")
        ),
    )
    op.create_index(
        op.f("ix_ledger_transactions_account_created_at_id"),
        "ledger_transactions",
        ["account", "created_at", "id"],
        unique=False,
    )
    op.create_table(
        "ledger_entries",
        sa.Column("transaction", sa.String(length=32), nullable=False),
        sa.Column("book", sa.String(length=16), nullable=False),
        sa.Column("account", sa.String(length=32), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["transaction"],
            ["ledger_transactions.id"],
            name=op.f("fk_ledger_entries_transaction"),
        ),
        sa.ForeignKeyConstraint(
            ["account"], ["accounts.id"], name=op.f("fk_ledger_entries_account")
        ),
        sa.PrimaryKeyConstraint("transaction", "book", name=op.f("pk_ledger_entries")),
    )
    op.create_index(
        op.f("ix_ledger_entries_account_book"), "ledger_entries", ["account", "book"], unique=False
    )
    op.create_table(
        "balances",
        sa.Column("account", sa.String(length=32), nullable=False),
        sa.Column("available", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("held", sa.BigInteger(), server_default="0", nullable=False),
        sa.CheckConstraint("available >= 0", name="ck_balances_available"),
        sa.CheckConstraint("held >= 0", name="ck_balances_held"),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name=op.f("fk_balances_account")),
        sa.PrimaryKeyConstraint("account", name=op.f("pk_balances")),
    )
    op.execute("INSERT INTO balances (account) SELECT id FROM accounts")
    op.create_table(
        "usage",
        sa.Column("task", sa.String(length=64), nullable=False),
        sa.Column("account", sa.String(length=32), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=True),
        sa.Column("model", sa.String(length=64), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.Column("cost", sa.BigInteger(), nullable=False),
        sa.Column("discount", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name=op.f("fk_usage_account")),
        sa.PrimaryKeyConstraint("task", name=op.f("pk_usage")),
    )
    op.create_index(op.f("ix_usage_account_day"), "usage", ["account", "day"], unique=False)
    op.create_table(
        "counters",
        sa.Column("subject", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=16), nullable=False),
        sa.Column("window_start", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("used", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("subject", "name", "window_start", name=op.f("pk_counters")),
    )
    op.create_table(
        "audit",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.String(length=128), nullable=False),
        sa.Column("action", sa.String(length=64), nullable=False),
        sa.Column("account", sa.String(length=32), nullable=True),
        sa.Column("target", sa.String(length=128), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.Column("request_id", sa.String(length=128), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    op.create_index(op.f("ix_audit_at_id"), "audit", ["at", "id"], unique=False)
    forbid_changes()


def forbid_changes() -> None:
    """Triggers that let rows be added, and nothing else be done to them."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(FORBID)
        for table in APPEND_ONLY:
            op.execute(
                f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE "
                f"ON {table} FOR EACH STATEMENT EXECUTE FUNCTION kirin_append_only()"
            )
        return
    for table in APPEND_ONLY:
        for change in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{change.lower()} BEFORE {change} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
