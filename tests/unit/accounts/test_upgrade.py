"""Accounts and keys from before there was a ledger."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import text

from kirin.accounts import administration, caller, ledger, store
from kirin.accounts.audit import Actor
from kirin.accounts.keys import USUAL, digest, new_secret
from kirin.accounts.ledger import Balance
from kirin.accounts.verification import verify
from kirin.database import schema
from kirin.database.engine import Database
from kirin.database.schema import migrate
from support.databases import KINDS, Databases


@pytest.fixture(params=KINDS)
def old(request: pytest.FixtureRequest, databases: Databases, tmp_path: Path) -> Iterator[Database]:
    """A database of the version before."""
    with databases.empty(request.param, tmp_path) as url:
        opened = Database(url)
        with opened.write() as connection:
            config = schema._config()
            config.attributes["connection"] = connection
            command.upgrade(config, "0005")
        yield opened
        opened.close()


def test_old_keys_go_on_and_old_accounts_have_books(old: Database) -> None:
    secret = new_secret()
    with old.write() as connection:
        connection.execute(
            text(
                "INSERT INTO accounts (id, name, webhook_secret, created_at) "
                "VALUES ('acc_1', 'default', 'whsec_', 1)"
            )
        )
        connection.execute(
            text(
                "INSERT INTO keys (id, account, name, hash, hint, created_at) "
                "VALUES ('key_1', 'acc_1', 'laptop', :hash, 'kirin_sk_...', 1)"
            ),
            {"hash": digest(secret)},
        )
        connection.execute(
            text(
                "INSERT INTO tasks (id, account, model, status, created_at, updated_at, params, "
                "assets, seed, quote, progress, attempt, handed_back, results, discount, metadata, "
                "cost) VALUES ('done', 'acc_1', 'kirin_v1_6_t2v', 'completed', 1, 1, '{}', '{}', "
                "7, '0.28', 1, 1, 0, '[]', '0', '{}', '0.28')"
            )
        )
    migrate(old)
    with old.write() as connection:
        found = caller.find(connection, secret, 5)
        assert found
        assert (found.key, found.account, found.scopes) == ("key_1", "acc_1", USUAL)
        assert ledger.balance(connection, "acc_1") == Balance(0, 0)
        owner = store.find_account(connection, "default")
        assert owner
        administration.top_up(connection, Actor("test"), owner, Decimal(1), 6)
        report = verify(connection)
    assert (report.problems, report.transactions, report.settled) == ((), 1, 0)
