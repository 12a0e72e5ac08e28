"""Accounts that leave, at the command line."""

from __future__ import annotations

import tarfile
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kirin.cli import app


def kirin(*words: str, status: int = 0) -> str:
    result = CliRunner().invoke(app, words)
    assert result.exit_code == status, result.output
    assert "Traceback" not in result.output
    return result.output


def test_an_account_takes_its_things_and_goes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", "dumb")
    monkeypatch.setenv("KIRIN_DATA_DIR", str(tmp_path / "data"))
    id = kirin("accounts", "create", "Ada [Ltd]").strip()
    kirin("keys", "create", "--account", id, "--name", "laptop")
    assert "read again" in kirin("export", "Ada [Ltd]", str(tmp_path / "ada.tar"))
    with tarfile.open(tmp_path / "ada.tar") as tar:
        assert {"account.json", "keys.json", "ledger.json", "manifest.json"} <= {*tar.getnames()}
    assert "say --yes" in kirin("erase", "Ada [Ltd]", status=2)
    assert "Ada [Ltd]" in kirin("accounts", "list")
    told = kirin("erase", "Ada [Ltd]", "--yes")
    assert f"{id} is closed and called erased-{id}: 0 tasks" in told
    assert "1 keys" in told
    assert "Ada" not in kirin("accounts", "list")
    assert "no account" in kirin("erase", "Ada [Ltd]", "--yes", status=8)
    assert "0 keys" in kirin("erase", id, "--yes")
    assert "sum 0" in kirin("ledger", "verify")
