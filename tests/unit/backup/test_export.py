"""An export has all of one account, nothing of another, and no secret of anybody."""

from __future__ import annotations

import json
import tarfile
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from kirin.accounts import administration, audit
from kirin.accounts.audit import Actor
from kirin.accounts.keys import digest
from kirin.app import App
from kirin.backup.export import Export, ExportManifest
from kirin.clock import now_ms
from kirin.database.account_tables import keys
from kirin.database.tables import installation
from kirin.errors import KirinError, UnknownAccount
from kirin.orchestration.erasure import Erasure
from support.belongings import Customer

ME = Actor("cli:test")


def exported(app: App, name: str, path: Path) -> dict[str, bytes]:
    """The members of an export."""
    Export(app.database, app.storage).save(name, path, ME, now_ms())
    with tarfile.open(path) as tar:
        return {member.name: tar.extractfile(member).read() for member in tar}  # type: ignore[union-attr]


def shown(members: dict[str, bytes], name: str) -> Any:
    return json.loads(members[name])


def test_all_that_belongs_to_it_is_there(app: App, tmp_path: Path) -> None:
    ada = Customer(app)
    told = exported(app, ada.word, tmp_path / "ada.tar")
    account = shown(told, "account.json")
    assert (account["id"], account["name"]) == (ada.id, ada.word)
    assert account["balance"]["available"] == "9.0000"
    (key,) = shown(told, "keys.json")
    assert key["name"] == f"{ada.word}'s laptop"
    for task in ada.tasks.values():
        row = shown(told, f"tasks/{task.id}/task.json")
        assert row["params"] == task.params
        assert row["status"] == task.status
    done = ada.tasks["done"]
    row = shown(told, f"tasks/{done.id}/task.json")
    assert row["external_id"] == f"{ada.word}-done"
    assert row["idempotency_keys"] == [f"{ada.word}-done"]
    assert [each["reports"] for each in row["webhooks"]] == ["in_progress", "completed"]
    assert row["webhooks"][-1]["body"]["id"] == done.id
    assert row["created_at"].endswith("+00:00")
    (result,) = done.results
    assert told[f"tasks/{done.id}/video.mp4"] == app.storage.path(result.key).read_bytes()
    (subject,) = shown(told, "subjects.json")
    assert subject["description"] == ada.word
    pictures = {name: data for name, data in told.items() if name.startswith("inputs/")}
    for view in subject["views"]:
        name = f"inputs/{view['sha256']}.png"
        assert sha256(pictures[name]).hexdigest() == view["sha256"]
    (upload,) = shown(told, "uploads.json")
    assert ada.word.encode() in pictures[f"inputs/{upload['sha256']}.png"]
    assert len(shown(told, "usage.json")) == 4
    kinds = {each["kind"] for each in shown(told, "ledger.json")}
    assert kinds == {"top_up", "hold", "capture", "release"}


def test_the_manifest_has_every_part(app: App, tmp_path: Path) -> None:
    ada = Customer(app)
    told = exported(app, ada.id, tmp_path / "ada.tar")
    manifest = ExportManifest.model_validate_json(told.pop("manifest.json"))
    assert (manifest.account, manifest.gone) == (ada.id, [])
    assert {name: part.sha256 for name, part in manifest.parts.items()} == {
        name: sha256(data).hexdigest() for name, data in told.items()
    }
    assert (tmp_path / "ada.tar").stat().st_mode & 0o077 == 0
    with app.database.read() as connection:
        (entry,) = audit.page(connection, 1, action="account.exported")
    assert (entry.account, entry.details["parts"]) == (ada.id, len(told))


def test_no_secret_and_nothing_of_another_account(app: App, tmp_path: Path) -> None:
    ada, bob = Customer(app), Customer(app)
    told = b"".join(
        name.encode() + data for name, data in exported(app, ada.id, tmp_path / "a.tar").items()
    )
    with app.database.read() as connection:
        secrets = [secret for (secret,) in connection.execute(select(installation.c.secret))]
        hashes = list(connection.execute(select(keys.c.hash)).scalars())
    assert digest(ada.key) in hashes
    for word in (
        *(each.encode() for each in (ada.key, ada.webhook_secret, *hashes)),
        *(form for secret in secrets for form in (secret, secret.hex().encode())),
        *(each.encode() for each in (bob.word, bob.id, *(task.id for task in bob.tasks.values()))),
        b"signature=",
        b"whsec_",
    ):
        assert word not in told
    assert ada.word.encode() in told


def test_what_is_gone_is_told(app: App, tmp_path: Path) -> None:
    ada = Customer(app)
    (result,) = ada.tasks["done"].results
    app.storage.delete(result.key)
    made = Export(app.database, app.storage).save(ada.id, tmp_path / "a.tar", ME, now_ms())
    assert made.gone == [f"tasks/{ada.tasks['done'].id}/video.mp4"]


def test_an_erased_account_can_be_exported_and_has_its_books_alone(
    app: App, tmp_path: Path
) -> None:
    ada = Customer(app)
    Erasure(app.database, app.storage, now_ms).erase(ME, ada.id)
    told = exported(app, ada.id, tmp_path / "a.tar")
    assert not [name for name, data in told.items() if ada.word.encode() in data]
    assert shown(told, "ledger.json")


def test_what_cannot_be_exported(app: App, tmp_path: Path) -> None:
    with pytest.raises(UnknownAccount):
        Export(app.database, app.storage).save("nobody", tmp_path / "a.tar", ME, now_ms())
    with app.database.write() as connection:
        administration.create_account(connection, ME, "new", now_ms())
    (tmp_path / "a.tar").write_text("mine")
    with pytest.raises(KirinError, match="there already"):
        Export(app.database, app.storage).save("new", tmp_path / "a.tar", ME, now_ms())
    assert (tmp_path / "a.tar").read_text() == "mine"
    assert shown(exported(app, "new", tmp_path / "b.tar"), "subjects.json") == []
