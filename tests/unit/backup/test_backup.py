"""Saving and restoring, from either database to either, and what no archive may do."""

from __future__ import annotations

import gzip
import json
import tarfile
from collections.abc import Callable, Iterator
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import pytest
from sqlalchemy import select, text, update

from kirin.accounts import store as accounts
from kirin.accounts import verification
from kirin.accounts.audit import Actor
from kirin.app import App
from kirin.backup import restoring
from kirin.backup.archive import open_archive
from kirin.backup.manifest import NAME, Manifest
from kirin.backup.restoring import Restoration, Restored
from kirin.backup.saving import SAVED, Backup
from kirin.clock import now_ms
from kirin.database import schema
from kirin.database.engine import Database
from kirin.database.metadata import metadata
from kirin.database.tables import tasks
from kirin.domain.task import Task
from kirin.errors import KirinError
from kirin.storage.base import Storage
from kirin.storage.files import FileStorage
from kirin.tasks import queue
from support.cards import I2V, T2V
from support.databases import KINDS, Databases
from support.pictures import inline

ME = Actor("cli:test")
HOOK = "https://example.com/hook"

on_sqlite = pytest.mark.parametrize("app", ["sqlite"], indirect=True)
"""Where the database that is saved makes no difference."""


@pytest.fixture
def account(app: App) -> str:
    with app.database.write() as connection:
        return accounts.ensure_account(connection, "test", now_ms())


@pytest.fixture
def lived(app: App, account: str) -> dict[str, Task]:
    """Tasks of a server: one is done, one failed, one waits, one is worked on."""
    params = {"prompt": "a tiny lake 湖 \u2028", "callback_url": HOOK}
    made = {
        "done": app.tasks.submit(account, T2V, params),
        "failed": app.tasks.submit(account, T2V, {"prompt": "fail"}),
        "waiting": app.tasks.submit(account, I2V, {"image": inline(), "prompt": "tiny"}),
        "leased": app.tasks.submit(account, T2V, {"prompt": "tiny"}),
    }
    for name in ("done", "failed"):
        app.executor.execute(made[name].id, lambda: False)
    with app.database.write() as connection:
        connection.execute(
            update(tasks)
            .where(tasks.c.id == made["leased"].id)
            .values(worker="gone-1-a", queued_at=None)
        )
    return {name: app.tasks.find(account, task.id) for name, task in made.items()}


def saved(app: App, path: Path, *, results: bool = True) -> Manifest:
    return Backup(app.database, app.storage, results).save(path, ME, now_ms())


@pytest.fixture(params=KINDS)
def target(
    request: pytest.FixtureRequest, databases: Databases, tmp_path: Path
) -> Iterator[Database]:
    """An empty database to restore to."""
    (tmp_path / "target").mkdir()
    with databases.empty(request.param, tmp_path / "target") as url:
        opened = Database(url)
        yield opened
        opened.close()


def restored(path: Path, target: Database, storage: Storage) -> Restored:
    with open_archive(path) as archive:
        return Restoration(target, storage).restore(archive, ME, now_ms())


def rows_of(database: Database) -> dict[str, list[tuple[object, ...]]]:
    """Every row, as both databases tell it."""
    with database.read() as connection:
        return {
            table.name: [
                tuple(row)
                for row in connection.execute(select(table).order_by(*table.primary_key.columns))
            ]
            for table in SAVED
            if table.name != "audit"
        }


def test_all_tables_are_saved_or_left_out_on_purpose() -> None:
    left_out = {table.name for table in metadata.sorted_tables} - {table.name for table in SAVED}
    assert left_out == {"workers", "previews", "tombstones", "scheduled_jobs"}


def test_every_row_and_file_comes_back(
    app: App, lived: dict[str, Task], target: Database, tmp_path: Path
) -> None:
    """From each database to each."""
    before = rows_of(app.database)
    manifest = saved(app, tmp_path / "a.tar")
    storage = FileStorage(tmp_path / "files")
    done = restored(tmp_path / "a.tar", target, storage)
    assert (done.tasks, done.unfinished, done.expired) == (4, 2, 0)
    (result,) = lived["done"].results
    (picture,) = lived["waiting"].assets.values()
    assert manifest.gone == []
    assert set(manifest.files) == {result.key, f"inputs/{picture.sha256[:2]}/{picture.sha256}"}
    for key in manifest.files:
        assert storage.path(key).read_bytes() == app.storage.path(key).read_bytes()
    after = rows_of(target)
    # Who was worked on waits again; all else is as it was, to the last digit and the last null.
    place = [column.name for column in tasks.columns].index("queued_at")
    holder = [column.name for column in tasks.columns].index("worker")
    (lease,) = (row for row in before["tasks"] if row[holder])
    (again,) = (row for row in after["tasks"] if row[0] == lease[0])
    assert again[place] == lived["leased"].created_at
    assert again[holder] is None
    for tables in (before, after):
        tables["tasks"] = [row for row in tables["tasks"] if row[0] != lease[0]]
    assert after == before
    with target.snapshot() as connection:
        report = verification.verify(connection)
    assert (report.problems, report.open, report.total) == ((), 2, 0)
    assert schema.revision(target) == schema.newest_revision()
    with target.read() as connection:
        assert queue.has_waiting(connection, ("scripted",))


@on_sqlite
def test_json_null_and_no_value_stay_two_things(app: App, account: str, tmp_path: Path) -> None:
    app.tasks.submit(account, T2V, {"prompt": "tiny"})
    with app.database.write() as connection:
        connection.execute(text("UPDATE tasks SET tariff = NULL, metadata = 'null'"))
    saved(app, tmp_path / "a.tar")
    with tarfile.open(tmp_path / "a.tar") as tar:
        file = tar.extractfile("tables/tasks.jsonl.gz")
        assert file is not None
        (row,) = gzip.decompress(file.read()).splitlines()
    told = json.loads(row)
    assert (told["tariff"], told["metadata"]) == (None, "null")


@on_sqlite
def test_videos_may_stay_behind(app: App, lived: dict[str, Task], tmp_path: Path) -> None:
    saved(app, tmp_path / "a.tar", results=False)
    target = Database(f"sqlite:///{tmp_path / 'target.db'}")
    done = restored(tmp_path / "a.tar", target, FileStorage(tmp_path / "files"))
    assert (done.expired, done.files) == (1, 1)
    with target.read() as connection:
        query = select(tasks.c.id).where(tasks.c.expired_at.is_not(None))
        assert connection.execute(query).scalars().all() == [lived["done"].id]
    target.close()


@on_sqlite
def test_what_expires_meanwhile_is_told(app: App, lived: dict[str, Task], tmp_path: Path) -> None:
    (result,) = lived["done"].results
    app.storage.delete(result.key)
    assert saved(app, tmp_path / "a.tar").gone == [result.key]


def test_an_archive_of_an_earlier_version_is_migrated(tmp_path: Path) -> None:
    path = tmp_path / "a.tar"
    balance = {"account": "acc_1", "available": 0, "held": 0}
    write_archive(path, {"accounts": [account_row("acc_1")], "balances": [balance]}, "0009")
    target = Database(f"sqlite:///{tmp_path / 'new.db'}")
    restored(path, target, FileStorage(tmp_path / "files"))
    assert rows_of(target)["accounts"][0][0] == "acc_1"
    assert schema.revision(target) == schema.newest_revision()


def account_row(id: str) -> dict[str, object]:
    names = (
        "requests_per_minute",
        "unfinished_tasks",
        "queued_tasks",
        "daily_spend",
        "earlier_webhook_secret",
        "earlier_webhook_secret_until",
    )
    return {
        "id": id,
        "name": "one",
        "webhook_secret": "s",
        "last_event": 0,
        "discount_percent": "0",
        "created_at": 1,
        **dict.fromkeys(names),
    }


def write_archive(
    path: Path, tables: dict[str, list[dict[str, object]]], revision: str, **more: bytes
) -> None:
    """An archive made by hand."""
    parts = {
        f"tables/{name}.jsonl.gz": gzip.compress(
            "".join(json.dumps(row) + "\n" for row in rows).encode()
        )
        for name, rows in tables.items()
    }
    told = {
        "format": 1,
        "kirin": "0.1",
        "revision": revision,
        "created_at": 1,
        "tables": {
            name: {
                "size": len(parts[f"tables/{name}.jsonl.gz"]),
                "sha256": sha256(parts[f"tables/{name}.jsonl.gz"]).hexdigest(),
                "rows": len(rows),
            }
            for name, rows in tables.items()
        },
        "files": {
            key: {"size": len(data), "sha256": sha256(data).hexdigest()}
            for key, data in more.items()
        },
    }
    parts |= {f"files/{key}": data for key, data in more.items()}
    with tarfile.open(path, "w") as tar:
        for name, data in {**parts, NAME: json.dumps(told).encode()}.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            tar.addfile(member, BytesIO(data))


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-20_000])


def flip(path: Path) -> None:
    with tarfile.open(path) as tar:
        member = next(each for each in tar if each.name.startswith("files/results/"))
    data = bytearray(path.read_bytes())
    data[member.offset_data + member.size // 2] ^= 1
    path.write_bytes(data)


def empty(path: Path) -> None:
    path.write_bytes(b"")


@on_sqlite
@pytest.mark.parametrize("damage", [cut, flip, empty])
def test_a_damaged_archive_is_refused_before_anything_is_written(
    app: App, lived: dict[str, Task], tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    assert lived
    saved(app, tmp_path / "a.tar")
    damage(tmp_path / "a.tar")
    target = Database(f"sqlite:///{tmp_path / 'target.db'}")
    with pytest.raises(KirinError, match=r"archive|damaged|no backup"):
        restored(tmp_path / "a.tar", target, FileStorage(tmp_path / "files"))
    assert schema.revision(target) is None
    assert list(FileStorage(tmp_path / "files").keys()) == []


@pytest.mark.parametrize(
    ("tables", "revision", "files", "why"),
    [
        ({}, "9999", {}, "newer"),
        ({}, "0011", {"../../out": b"x"}, "not a storage key"),
        ({"accounts": [{"id": "acc_1"}]}, "0011", {}, "columns"),
        ({"accounts": []}, "abc; DROP", {}, "newer"),
    ],
)
def test_an_archive_with_bad_will_is_refused(
    tmp_path: Path,
    tables: dict[str, list[dict[str, object]]],
    revision: str,
    files: dict[str, bytes],
    why: str,
) -> None:
    write_archive(tmp_path / "a.tar", tables, revision, **files)
    target = Database(f"sqlite:///{tmp_path / 'target.db'}")
    with pytest.raises(KirinError, match=why):
        restored(tmp_path / "a.tar", target, FileStorage(tmp_path / "in" / "files"))
    assert not (tmp_path / "out").exists()


@on_sqlite
def test_books_that_do_not_add_up_are_refused_and_leave_nothing(
    app: App, account: str, tmp_path: Path
) -> None:
    with app.database.write() as connection:
        connection.execute(text("UPDATE balances SET available = available + 1"))
    assert account
    saved(app, tmp_path / "a.tar")
    target = Database(f"sqlite:///{tmp_path / 'target.db'}")
    with pytest.raises(KirinError, match="books"):
        restored(tmp_path / "a.tar", target, FileStorage(tmp_path / "files"))
    assert not any(rows_of(target).values())


@on_sqlite
def test_a_database_in_use_is_not_overwritten(
    app: App, lived: dict[str, Task], tmp_path: Path
) -> None:
    assert lived
    saved(app, tmp_path / "a.tar")
    before = rows_of(app.database)
    with pytest.raises(KirinError, match="in use"):
        restored(tmp_path / "a.tar", app.database, app.storage)
    assert rows_of(app.database) == before


@on_sqlite
def test_an_archive_is_not_overwritten_and_never_half_there(
    app: App, lived: dict[str, Task], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert lived
    saved(app, tmp_path / "a.tar")
    with pytest.raises(KirinError, match="there already"):
        saved(app, tmp_path / "a.tar")
    monkeypatch.setattr(type(app.storage), "path", _away)
    with pytest.raises(OSError, match="away"):
        saved(app, tmp_path / "b.tar")
    assert sorted(path.name for path in tmp_path.glob("*.tar*")) == ["a.tar"]


def _away(self: object, key: str) -> Path:
    raise OSError(f"{key}: the bucket is away")


@on_sqlite
def test_it_is_written_in_the_audit(app: App, lived: dict[str, Task], tmp_path: Path) -> None:
    assert lived
    saved(app, tmp_path / "a.tar")
    target = Database(f"sqlite:///{tmp_path / 'target.db'}")
    restored(tmp_path / "a.tar", target, FileStorage(tmp_path / "files"))
    with target.read() as connection:
        query = text("SELECT action FROM audit ORDER BY at DESC, id DESC LIMIT 1")
        assert connection.execute(query).scalar() == restoring.ACTION
    with app.database.read() as connection:
        actions = connection.execute(text("SELECT action FROM audit")).scalars().all()
        assert "backup.made" in actions
