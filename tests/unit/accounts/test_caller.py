"""Callers: whoever shows a key, as long as it opens something."""

from __future__ import annotations

from sqlalchemy import Connection, update

from kirin.accounts import administration, caller, store
from kirin.accounts.audit import Actor, page
from kirin.accounts.caller import Caller
from kirin.accounts.keys import USUAL, Key, Scope
from kirin.accounts.limits import Limits
from kirin.accounts.rate_limiter import Quota
from kirin.database.account_tables import accounts

ME = Actor("cli:me")


def made(connection: Connection, **facts: object) -> tuple[Key, str]:
    owner = store.find_account(connection, store.ensure_account(connection, "mine", 1))
    assert owner
    return administration.create_key(connection, ME, owner, "key", 10, **facts)  # type: ignore[arg-type]


def test_a_caller_is_what_the_key_says(connection: Connection) -> None:  # W-10
    key, secret = made(connection, scopes=(Scope.READ,), limits=Limits(requests_per_minute=7))
    connection.execute(update(accounts).values(requests_per_minute=70))
    quotas = (Quota("account", key.account, 70), Quota("key", key.id, 7))
    assert caller.find(connection, secret, 11) == Caller(
        key.id, key.account, (Scope.READ,), quotas, None
    )


def test_a_key_ends_when_it_expires(connection: Connection) -> None:
    _, secret = made(connection, expires_at=100)
    assert caller.find(connection, secret, 99)
    assert caller.find(connection, secret, 100) is None


def test_the_last_use_is_written_once_a_minute(connection: Connection) -> None:
    key, secret = made(connection)
    for now, written in ((1_000, 1_000), (60_999, 1_000), (61_000, 61_000)):
        found = caller.find(connection, secret, now)
        assert found
        assert found.stale(now) is (written == now)
        caller.note_use(connection, key.id, now)
        seen = store.find_key(connection, key.id)
        assert seen
        assert seen.last_used_at == written


def test_rotation_never_lengthens_a_life(connection: Connection) -> None:
    key, secret = made(connection, expires_at=100)
    new, other = administration.rotate_key(connection, ME, key.id, 50, 1000)
    assert (new.scopes, new.expires_at) == (USUAL, 100)
    assert caller.find(connection, secret, 99)
    assert caller.find(connection, other, 100) is None


def test_who_asks_for_a_key_is_told_nothing_of_others(connection: Connection) -> None:
    key, secret = made(connection)
    assert secret not in repr(key)
    assert secret not in repr(caller.find(connection, secret, 11))
    assert secret not in repr(page(connection, 10))
