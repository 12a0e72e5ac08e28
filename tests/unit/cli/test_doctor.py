"""``kirin doctor`` where there is more than one machine: PostgreSQL and a bucket."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import pytest
from pydantic import SecretStr

from kirin.client import LocalServer
from kirin.database.engine import Database
from kirin.database.schema import migrate
from kirin.settings import Settings
from support.databases import Databases
from support.objects import ObjectServer

# The package gives the name to the command.
doctor = import_module("kirin.cli.doctor")


def settings(**given: object) -> Settings:
    return Settings(**given)


def test_one_machine_needs_neither(tmp_path: Path) -> None:
    alone = settings(data_dir=tmp_path)
    assert doctor.database(alone).good
    assert doctor.storage(alone).good


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
    monkeypatch.setattr(doctor, "PATIENCE", 0.1)
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
