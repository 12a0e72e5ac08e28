"""Accounts and keys in the database."""

from __future__ import annotations

from base64 import b64decode

import pytest
from sqlalchemy import Connection, select
from sqlalchemy.exc import IntegrityError

from kirin.accounts import store
from kirin.accounts.keys import new_secret
from kirin.database.account_tables import keys
from kirin.database.engine import Database


def test_a_key_opens_its_account_until_it_is_revoked(connection: Connection) -> None:  # W-10
    secret = new_secret()
    account = store.ensure_account(connection, "mine", 1)
    key = store.add_key(connection, account, "laptop", secret, 2)
    assert store.account_of(connection, secret) == account
    assert store.account_of(connection, new_secret()) is None
    assert store.revoke_key(connection, key.id, 3)
    assert store.account_of(connection, secret) is None
    assert not store.revoke_key(connection, key.id, 4)
    (kept,) = store.list_keys(connection)
    assert (kept.name, kept.created_at, kept.revoked_at) == ("laptop", 2, 3)


def test_an_account_is_made_once(connection: Connection) -> None:
    first = store.ensure_account(connection, "mine", 1)
    assert store.ensure_account(connection, "mine", 2) == first
    assert store.ensure_account(connection, "yours", 2) != first


def test_one_secret_is_one_key(connection: Connection) -> None:
    secret = new_secret()
    account = store.ensure_account(connection, "mine", 1)
    store.add_key(connection, account, "a", secret, 1)
    with pytest.raises(IntegrityError), connection.begin_nested():
        store.add_key(connection, account, "b", secret, 1)


def test_no_secret_stands_in_the_database(database: Database) -> None:
    with database.write() as connection:
        secret = new_secret()
        store.add_key(connection, store.ensure_account(connection, "mine", 1), "key", secret, 1)
    with database.read() as connection:
        row = connection.execute(select(keys)).one()
        assert secret not in str(row)
        assert store.account_of(connection, secret) == row.account
        assert store.has_keys(connection)


def test_keys_are_listed_the_oldest_first(connection: Connection) -> None:
    assert not store.has_keys(connection)
    account = store.ensure_account(connection, "mine", 1)
    for name, time in (("second", 20), ("first", 10), ("third", 30)):
        store.add_key(connection, account, name, new_secret(), time)
    assert [key.name for key in store.list_keys(connection)] == ["first", "second", "third"]


def test_each_account_signs_with_a_secret_of_its_own(connection: Connection) -> None:  # C-7
    accounts = [store.ensure_account(connection, name, 1) for name in ("mine", "yours")]
    secrets = [store.webhook_secret(connection, account) for account in accounts]
    assert secrets[0] != secrets[1]
    for secret in secrets:
        assert secret.startswith("whsec_")
        assert len(b64decode(secret.removeprefix("whsec_"))) == 24


def test_an_unknown_revocation_changes_nothing(connection: Connection) -> None:
    assert not store.revoke_key(connection, "key_nothing", 1)
