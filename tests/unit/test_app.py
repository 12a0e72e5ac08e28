"""The composition root: first keys, engines by name, folders."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from kirin.accounts import store as accounts
from kirin.accounts.keys import new_secret, well_formed
from kirin.app import App
from kirin.clock import now_ms
from kirin.errors import KirinError
from kirin.settings import Settings


def with_key(app: App, secret: str) -> App:
    """The same rooms, told to make a key."""
    app.settings = Settings(data_dir=app.settings.data_dir, bootstrap_key=secret)
    return app


def keys(app: App) -> list[str]:
    with app.database.read() as connection:
        return [key.name for key in accounts.list_keys(connection)]


def test_the_first_key_is_given_once(app: App) -> None:
    first = app.first_key()
    assert first is not None
    assert well_formed(first)
    assert app.first_key() is None
    assert keys(app) == ["first key"]


def test_there_is_no_first_key_where_there_are_others(app: App) -> None:
    with app.database.write() as connection:
        account = accounts.ensure_account(connection, "mine", now_ms())
        accounts.add_key(connection, account, "mine", new_secret(), now_ms())
    assert app.first_key() is None
    assert keys(app) == ["mine"]


@pytest.mark.parametrize(
    "secret", [new_secret(), "local-0123456789abcdef"], ids=["like ours", "of one's own"]
)
def test_automation_brings_its_own_key(app: App, secret: str) -> None:
    for _ in range(2):
        assert with_key(app, secret).first_key() is None
    assert keys(app) == ["bootstrap"]
    with app.database.read() as connection:
        assert accounts.account_of(connection, secret) is not None


def test_another_bootstrap_key_opens_the_same_account(app: App) -> None:
    secrets = [new_secret(), new_secret()]
    for secret in secrets:
        with_key(app, secret).first_key()
    with app.database.read() as connection:
        assert len({accounts.account_of(connection, secret) for secret in secrets}) == 1


@pytest.mark.parametrize(
    "secret",
    ["short", "with blank 0123456789", f"{new_secret()}x"],
    ids=["short", "blank", "typo"],
)
def test_a_bootstrap_key_that_is_none(app: App, secret: str) -> None:
    with pytest.raises(KirinError, match="KIRIN_BOOTSTRAP_KEY") as refused:
        with_key(app, secret).first_key()
    assert secret not in str(refused.value)
    assert keys(app) == []


def test_a_revoked_bootstrap_key_stays_revoked(app: App) -> None:
    secret = new_secret()
    with_key(app, secret).first_key()
    with app.database.write() as connection:
        (key,) = accounts.list_keys(connection)
        accounts.revoke_key(connection, key.id, now_ms())
    with pytest.raises(KirinError, match="revoked"):
        with_key(app, secret).first_key()
    with app.database.read() as connection:
        assert accounts.account_of(connection, secret) is None


def test_the_data_folder_is_private(tmp_path: Path) -> None:
    App.open(Settings(data_dir=tmp_path / "data", engines="scripted")).close()
    assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700


def test_an_engine_that_there_is_not(tmp_path: Path) -> None:
    with pytest.raises(KirinError, match=r"KIRIN_ENGINES.*'sora'.*animatic"):
        App.open(Settings(data_dir=tmp_path, engines="scripted,sora"))


def test_a_data_folder_is_opened_again(tmp_path: Path) -> None:
    for _ in range(2):
        app = App.open(Settings(data_dir=tmp_path / "deep" / "data", engines="scripted"))
        app.close()
    assert (tmp_path / "deep" / "data" / "kirin.db").exists()
