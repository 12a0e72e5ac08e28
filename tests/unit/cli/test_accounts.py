"""Accounts, keys and the ledger at the command line."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from sqlalchemy import text
from typer.testing import CliRunner, Result

from kirin.accounts import audit, store
from kirin.accounts.keys import Scope
from kirin.cli import app
from kirin.database.engine import Database


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TERM", "dumb")
    monkeypatch.setenv("KIRIN_DATA_DIR", str(tmp_path))
    return tmp_path


def kirin(*words: str, status: int = 0) -> Result:
    result = CliRunner().invoke(app, words)
    assert result.exit_code == status, result.output
    assert "Traceback" not in result.output
    return result


def database(data: Path) -> Database:
    return Database(f"sqlite:///{data / 'kirin.db'}")


def test_an_account_is_made_filled_and_changed(data: Path) -> None:
    terms = ("--discount", "12.5", "--unfinished-tasks", "3", "--daily-spend", "20")
    id = kirin("accounts", "create", "Ada [Ltd]", *terms).stdout.strip()
    assert kirin("accounts", "top-up", "Ada [Ltd]", "25.50").stdout == "25.5000 USD\n"
    again = ("accounts", "top-up", id, "1", "--reference", "inv-1")
    kirin(*again)
    assert "with the reference 'inv-1' before" in kirin(*again, status=6).stderr
    assert kirin("accounts", "top-up", id, "--", "-1.50").stdout == "25.0000 USD\n"
    assert (
        "the balance is 25.0000 USD"
        in kirin("accounts", "top-up", id, "--", "-26", status=5).stderr
    )
    kirin("accounts", "change", id, "--daily-spend", "none", "--requests-per-minute", "60")
    listed = kirin("accounts", "list").stdout
    assert re.search(
        rf"{id} +Ada \[Ltd\] +25\.0000 +0\.0000 +12\.5 % +"
        r"requests_per_minute 60, unfinished_tasks 3 ",
        listed,
    )
    assert (
        "there is an account 'Ada [Ltd]' already"
        in kirin("accounts", "create", "Ada [Ltd]", status=6).stderr
    )


UNREAD = ('such as "25.50"', "--queued-tasks takes a whole number or 'none'")
"""What the command itself cannot read, so that nothing refuses it."""


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("top-up", "nobody", "1"), "there is no account 'nobody'"),
        (("change", "nobody"), "there is no account 'nobody'"),
        (("top-up", "default", "a lot"), 'such as "25.50"'),
        (
            ("create", "a", "--discount", "101"),
            "discount_percent: it takes a percentage from 0 to 100",
        ),
        (
            ("create", "a", "--requests-per-minute", "0"),
            "limits.requests_per_minute: given 0; it takes 1 to",
        ),
        (("create", "a", "--discount", "12.345"), "at most two decimals"),
        (("create", "a", "--unfinished-tasks", "2147483648"), "limits.unfinished_tasks: given"),
        (("create", "a" * 129), "name: it has 129 characters; it takes 1 to 128"),
        (("create", ""), "name: it has 0 characters"),
        (("top-up", "default", "1", "--note", "x" * 513), "note: it has 513 characters"),
        (("top-up", "default", "1", "--reference", "x" * 129), "reference: it has 129"),
        (("top-up", "default", "1e999"), 'such as "25.50"'),
        (("create", "a", "--discount", "half"), 'such as "25.50"'),
        (("create", "a", "--daily-spend", "1.23456"), 'such as "25.50"'),
        (("create", "a", "--queued-tasks", "few"), "--queued-tasks takes a whole number or 'none'"),
        (("create", "a", "--daily-spend=-1"), "limits.daily_spend: it takes US dollars from 0"),
    ],
)
def test_what_makes_no_sense_is_told(data: Path, words: tuple[str, ...], told: str) -> None:
    kirin("keys", "create")
    status = 8 if told.startswith("there is no") else 6
    if told in UNREAD:
        status = 2
    assert told in kirin("accounts", *words, status=status).stderr


def test_a_key_of_an_account_with_scopes_and_an_end(data: Path) -> None:
    kirin("accounts", "create", "Ada")
    options = ("--account", "Ada", "--scope", "read", "--scope", "admin", "--days", "30")
    secret = kirin("keys", "create", *options).stdout.strip()
    (id,) = re.findall(r"key_\w+", kirin("keys", "list").stdout)
    successor = kirin("keys", "rotate", id, "--hours", "0").stdout.strip()
    with database(data).read() as connection:
        old, new = store.list_keys(connection)
        assert store.account_of(connection, secret) == store.account_of(connection, successor)
        assert {old.scopes, new.scopes} == {(Scope.READ, Scope.ADMIN)}
        assert new.expires_at
        assert old.expires_at
        assert new.expires_at - new.created_at > 29 * 86_400_000 > old.expires_at - old.created_at
        actions = [entry.action for entry in audit.page(connection, 10)]
        actors = {entry.actor.partition(":")[0] for entry in audit.page(connection, 10)}
    assert sorted(actions) == ["account.created", "key.created", "key.rotated"]
    assert actors == {"cli"}
    assert (
        "there is no account 'Eve'" in kirin("keys", "create", "--account", "Eve", status=8).stderr
    )


def test_the_ledger_proves_itself(data: Path) -> None:
    kirin("accounts", "create", "Ada")
    kirin("accounts", "top-up", "Ada", "1")
    told = kirin("ledger", "verify").stdout
    assert told == "1 transactions, 0 tasks settled, 0 held, sum 0\n"
    tampered = database(data)
    with tampered.write() as connection:
        connection.execute(text("UPDATE balances SET available = available + 1"))
    result = kirin("ledger", "verify", status=1)
    assert "available is 1000001, its sum is 1000000" in result.stdout
    assert "the ledger is wrong in 1 places" in result.stderr
