"""The command line: help that reads well, answers on standard output, errors in plain words."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from typer.main import get_group
from typer.testing import CliRunner, Result

from kirin import __version__
from kirin.accounts import store
from kirin.catalogue.card import Card
from kirin.cli import app
from kirin.cli.lazy import LazyCommand
from kirin.database.engine import Database
from support.cards import CARDS, T2V

COMMANDS = {
    "serve": [],
    "api": [],
    "worker": [],
    "migrate": [],
    "generate": [],
    "export": [],
    "erase": [],
    "models": [],
    "doctor": [],
    "keys": ["create", "list", "rotate", "revoke"],
    "accounts": ["create", "list", "change", "top-up"],
    "ledger": ["verify"],
    "weights": ["list", "add", "remove"],
    "tasks": ["list", "show", "watch", "cancel", "remove"],
    "webhooks": ["list", "show", "redeliver", "secret"],
    "queue": ["list", "pause", "resume", "move"],
    "backup": [],
    "restore": [],
    "mcp": [],
    "completion": [],
}
NOBODY = "http://127.0.0.1:9"


@pytest.fixture(autouse=True)
def _wide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setenv("TERM", "dumb")


def kirin(*words: str, status: int = 0) -> Result:
    result = CliRunner().invoke(app, words)
    assert result.exit_code == status, result.output
    assert "Traceback" not in result.output
    return result


def test_help_names_every_command_in_a_line() -> None:
    text = kirin("--help").stdout
    assert "Make videos from words and pictures" in text
    assert "Start with: kirin serve" in text
    for command in COMMANDS:
        (words,) = re.findall(rf"^\W*\s{command}\s+(.*)$", text, re.MULTILINE)
        assert len(words.split()) > 4


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_of_all_commands_says_what_the_help_of_each_says(name: str) -> None:
    (listed,) = [lazy for lazy in get_group(app).commands.values() if lazy.name == name]
    assert isinstance(listed, LazyCommand)
    assert listed.load().help.partition("\n")[0] == listed.help


@pytest.mark.parametrize(
    ("words", "unneeded"),
    [
        (["--help"], {"kirin.catalogue", "kirin.settings", "numpy", "pydantic", "sqlalchemy"}),
        (["models"], {"kirin.settings", "httpx", "numpy", "pydantic", "sqlalchemy"}),
        (["tasks", "list"], {"fastapi", "dbos", "numpy"}),
    ],
)
def test_a_command_imports_only_what_it_needs(words: list[str], unneeded: set[str]) -> None:
    script = f"""
import sys
from kirin.cli import app
from kirin.cli.lazy import LazyCommand
try:
    app({words})
except SystemExit:
    print(*sys.modules, file=sys.stderr)
"""
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert not unneeded & set(done.stderr.split())


@pytest.mark.parametrize(
    "words", [[c, *s] for c, subs in COMMANDS.items() for s in ([], *([sub] for sub in subs))]
)
def test_every_command_has_help(words: list[str]) -> None:
    text = kirin(*words, "--help").stdout
    assert f"Usage: kirin {' '.join(words)}" in text
    for option in re.findall(r"^\W*(--[\w-]+).*$", text, re.MULTILINE):
        (line,) = re.findall(rf"^.*{option}\s.*$", text, re.MULTILINE)
        assert len(line.split()) > 3, f"{option} is not explained"


def test_no_arguments_show_help() -> None:
    assert "Usage" in CliRunner().invoke(app, []).output


def test_version() -> None:
    assert kirin("--version").stdout == f"kirin {__version__}\n"


def test_models_lists_all() -> None:
    text = kirin("models").stdout
    for card in CARDS:
        assert card.id in text
        assert card.type in text


def test_a_model_is_shown_with_parameters_and_rules(card: Card) -> None:
    text = kirin("models", card.id).stdout
    plain = " ".join(text.split())
    for parameter in card.parameters:
        assert parameter.name in plain
    for condition in card.conditions:
        assert condition.message in plain


def test_an_unknown_model_is_told_its_nearest_neighbour() -> None:
    assert f"did you mean '{T2V}'?" in kirin("models", "kirin_v1_6_t2w", status=6).stderr


def test_a_key_is_made_listed_and_revoked(tmp_path: Path) -> None:
    data = ("--data", str(tmp_path / "data"))
    secret = kirin("keys", "create", "--name", "laptop [home]", *data).stdout.strip()
    assert secret.startswith("kirin_sk_")
    database = Database(f"sqlite:///{tmp_path / 'data' / 'kirin.db'}")
    with database.read() as connection:
        assert store.account_of(connection, secret) is not None
    listed = kirin("keys", "list", *data).stdout
    assert "laptop [home]" in listed
    assert secret not in listed
    (id,) = re.findall(r"key_\w+", listed)
    assert kirin("keys", "revoke", id, *data).stdout == f"revoked {id}\n"
    with database.read() as connection:
        assert store.account_of(connection, secret) is None
    database.close()
    assert "there is no key" in kirin("keys", "revoke", id, *data, status=8).stderr


def test_a_command_without_a_key_says_how_to_get_one() -> None:
    text = kirin("tasks", "list", status=4).stderr
    assert "KIRIN_API_KEY" in text
    assert "kirin keys create" in text


def test_a_server_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kirin_client.client._sleep", lambda _: None)
    text = kirin("tasks", "show", "x", "--server", NOBODY, "--key", "k" * 16, status=3).stderr
    assert NOBODY in text
    assert "kirin serve" in text


@pytest.mark.parametrize(
    ("url", "status"),
    [("nonsense", 2), ("ftp://x", 2), ("http://x:99999", 3), ("http://exa mple", 3)],
)
def test_a_server_that_is_no_url(url: str, status: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kirin_client.client._sleep", lambda _: None)
    words = ("tasks", "list", "--server", url, "--key", "k" * 16)
    assert "error" in kirin(*words, status=status).stderr


def test_a_wrong_setting(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("KIRIN_SLOTS", "many")
    assert "KIRIN_SLOTS" in kirin("serve", "--data", str(tmp_path), status=1).stderr


def test_doctor_looks_at_everything(tmp_path: Path) -> None:
    text = kirin("doctor", "--data", str(tmp_path / "not [yet] there")).stdout
    for title in ("machine", "data", "encoder", "networks", "server", "models"):
        assert re.search(rf"^ok\s+{title}\s+\S", text, re.MULTILINE)
    assert str(tmp_path / "not [yet] there") in text
    assert "h264, yuv420p" in text


def test_doctor_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kirin.composition.checks.LEAST_FREE", 10**18)
    text = kirin("doctor", "--data", str(tmp_path), status=1).stdout
    assert re.search(r"^no\s+data", text, re.MULTILINE)
    assert "free some disk" in text


def test_doctor_names_what_is_wrong_in_the_engine_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KIRIN_ENGINE_FILE", str(tmp_path / "none.toml"))
    text = kirin("doctor", "--data", str(tmp_path), status=1).stdout
    assert "KIRIN_ENGINE_FILE" in text
    assert "fix what the message names" in text
    assert "--force-reinstall" not in text


def test_doctor_survives_what_is_broken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("the encoder is gone")

    monkeypatch.setattr("kirin.media.encode.encode", broken)
    text = kirin("doctor", "--data", str(tmp_path), status=1).stdout
    assert "the encoder is gone" in text
    assert "pip install" in text
    assert re.search(r"^ok\s+networks", text, re.MULTILINE)
