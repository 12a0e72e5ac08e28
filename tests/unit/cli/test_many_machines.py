"""Commands on a database of their own: made by ``kirin migrate``, refused where it is missing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from kirin.accounts import store
from kirin.cli import app
from kirin.database.engine import Database
from support.databases import Databases


@pytest.fixture
def url(databases: Databases, tmp_path: Path) -> Iterator[str]:
    with databases.empty("postgresql", tmp_path) as empty:
        yield empty


def kirin(url: str, data: Path, *words: str, status: int = 0) -> Result:
    environment = {"KIRIN_DATABASE_URL": url, "KIRIN_ENGINES": "scripted"}
    result = CliRunner(env=environment).invoke(app, [*words, "--data", str(data)])
    assert result.exit_code == status, result.output
    assert "Traceback" not in result.output
    return result


@pytest.mark.parametrize("words", [["api", "--port", "0"], ["worker"], ["keys", "list"]])
def test_what_needs_tables_says_how_to_make_them(
    url: str, tmp_path: Path, words: list[str]
) -> None:
    assert "run 'kirin migrate'" in kirin(url, tmp_path, *words, status=1).stderr


def test_the_tables_are_made_and_used_everywhere(url: str, tmp_path: Path) -> None:
    for _ in range(2):
        assert "up to date" in kirin(url, tmp_path / "here", "migrate").stdout
    secret = kirin(url, tmp_path / "there", "keys", "create").stdout.strip()
    database = Database(url)
    with database.read() as connection:
        assert store.account_of(connection, secret) is not None
    database.close()
    assert not list(tmp_path.rglob("*.db"))


def test_a_database_that_is_not_there(tmp_path: Path) -> None:
    nowhere = "postgresql://kirin:opensesame@127.0.0.1:9/kirin"
    text = kirin(nowhere, tmp_path, "migrate", status=1).stderr
    assert "127.0.0.1" in text
    assert "opensesame" not in text


def test_a_bucket_that_is_none(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("KIRIN_STORAGE_URL", "ftp://host/path")
    result = CliRunner().invoke(app, ["api", "--port", "0", "--data", str(tmp_path)])
    assert result.exit_code == 1
    assert "KIRIN_STORAGE_URL: it takes s3://" in result.stderr
