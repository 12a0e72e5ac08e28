"""``kirin doctor`` where there is more than one machine: PostgreSQL and a bucket."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import text
from typer.testing import CliRunner

from kirin.cli import app
from kirin.client import LocalServer
from kirin.composition import checks as doctor
from kirin.composition import examination
from kirin.database.engine import Database
from kirin.database.schema import migrate
from kirin.settings import Settings
from support.databases import Databases
from support.objects import ObjectServer


def settings(**given: object) -> Settings:
    return Settings(**given)


def test_one_machine_needs_neither(tmp_path: Path) -> None:
    alone = settings(data_dir=tmp_path)
    assert doctor.database(alone).good
    assert doctor.storage(alone).good


def test_sqlite_of_this_version_of_an_older_and_of_a_newer_one(tmp_path: Path) -> None:
    alone = settings(data_dir=tmp_path)
    assert "made on the first start" in doctor.database(alone).detail
    assert not list(tmp_path.iterdir())
    database = Database(alone.tables_url)
    migrate(database)
    found = doctor.database(alone)
    assert (found.good, found.remedy) == (True, "")
    for revision, good in (("0001", True), ("9999", False)):
        with database.write() as connection:
            connection.execute(
                text("UPDATE alembic_version SET version_num = :to"), {"to": revision}
            )
        found = doctor.database(alone)
        assert found.good is good
        assert revision in found.detail + found.remedy
    assert "made by a newer kirin than this one" in found.remedy
    database.close()


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "kirin.db").write_bytes(b"something else entirely" * 100)
    assert not doctor.database(settings(data_dir=tmp_path)).good


def test_unknown_variables_are_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert doctor.variables(settings(data_dir=tmp_path)).good
    monkeypatch.setenv("KIRIN_PROT", "9000")
    found = doctor.variables(settings(data_dir=tmp_path))
    assert not found.good
    assert found.detail == "KIRIN_PROT is not a setting: did you mean KIRIN_PORT?"


def test_settings_that_are_not_valid_are_findings(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(examination.Examiner, "examine", lambda _: iter(()))
    monkeypatch.setenv("KIRIN_PORT", "http")
    monkeypatch.setenv("KIRIN_SLOTS", "0")
    result = CliRunner().invoke(app, ["doctor", "--data", str(tmp_path)])
    assert result.exit_code == 1
    assert "KIRIN_PORT: " in result.stdout
    assert "KIRIN_SLOTS: " in result.stdout


def test_postgresql_is_asked(databases: Databases, tmp_path: Path) -> None:
    with databases.empty("postgresql", tmp_path) as url:
        shared = settings(data_dir=tmp_path, database_url=SecretStr(url))
        bare = doctor.database(shared)
        assert not bare.good
        assert "kirin migrate" in bare.remedy
        database = Database(url)
        migrate(database)
        database.close()
        found = doctor.database(shared)
        assert found.good
        assert found.detail.startswith("PostgreSQL 1")


def test_a_database_that_is_not_there(tmp_path: Path) -> None:
    url = SecretStr("postgresql://kirin:a-password@127.0.0.1:9/none")
    found = doctor.database(settings(data_dir=tmp_path, database_url=url))
    assert not found.good
    assert "KIRIN_DATABASE_URL" in found.remedy
    assert "a-password" not in found.detail


def test_a_bucket_is_tried_out(objects: ObjectServer, tmp_path: Path) -> None:
    url = objects.bucket()
    found = doctor.storage(settings(data_dir=tmp_path, storage_url=url))
    assert (found.good, found.detail.startswith(url.partition("?")[0])) == (True, True)
    nowhere = url.replace("/a/prefix", "-none/a/prefix")
    found = doctor.storage(settings(data_dir=tmp_path, storage_url=nowhere))
    assert not found.good
    assert "KIRIN_STORAGE_URL" in found.remedy


def test_a_bucket_that_does_not_answer(
    objects: ObjectServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doctor, "BUCKET_SECONDS", 0.1)
    url = "s3://bucket/prefix?endpoint=http://127.0.0.1:9"
    found = doctor.storage(settings(data_dir=tmp_path, storage_url=url))
    assert not found.good


def test_providers_are_asked(tmp_path: Path) -> None:
    """A real server of the same API, with the right key and a wrong one."""
    assert doctor.providers(settings(data_dir=tmp_path)).good
    with LocalServer(settings={"KIRIN_ENGINES": "scripted"}) as far:
        for key, good, words in (
            (far.api_key, True, "reachable, and the keys are accepted"),
            ("kirin_sk_wrong", False, "far: far answered 401"),
        ):
            file = tmp_path / "engines.toml"
            file.write_text(
                f'[engines.far]\nkind = "kirin"\nurl = "{far.base_url}"\nkey = "{key}"\n'
            )
            found = doctor.providers(
                settings(
                    data_dir=tmp_path, engine_file=file, engines="far", allow_hosts="127.0.0.1"
                )
            )
            assert (found.good, words in found.detail) == (good, True), found
            assert key not in found.detail + found.remedy
