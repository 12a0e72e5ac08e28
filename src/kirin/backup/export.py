"""Export: everything that belongs to one account, for people to read, while the server works."""

from __future__ import annotations

import json
import mimetypes
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict
from sqlalchemy import Connection, Table, select

from kirin import __version__
from kirin.accounts import administration, audit, ledger
from kirin.accounts.audit import Actor
from kirin.backup.archive import ArchiveWriter, new_archive, open_parts
from kirin.backup.manifest import ArchivePart
from kirin.database.account_tables import keys, usage
from kirin.database.engine import Database
from kirin.database.tables import (
    batches,
    events,
    idempotency,
    subjects,
    tasks,
    uploads,
    webhook_attempts,
    webhooks,
)
from kirin.domain.money import dollars, from_micro
from kirin.storage.base import Storage
from kirin.storage.keys import input_key

ACTION: Final = "account.exported"

AT_A_TIME: Final = 200
"""Rows in memory."""

KEPT_BACK: Final = {
    "keys": ("hash", "sealed", "account"),
    "tasks": ("account", "worker", "rank", "queued_at", "trace", "releases"),
}
"""Columns that are secrets, or are about the server and not about the account."""

MONEY: Final = ("daily_spend",)
USAGE_MONEY: Final = ("cost", "discount")
"""Columns of millionths of a dollar."""

_SIGNED: Final = re.compile(r"\?expires=\d+&signature=[\w-]+")
"""What makes a link to a file work without a key."""

README: Final = """\
This is what a Kirin server has of one account.

account.json      name, discount, limits, balance
keys.json         its API keys, without what they open
tasks/ID/         each task: what was asked for, what became of it, what was told to its callback
                  URL, and the files that it has made
inputs/           pictures, videos and sounds that came in, under the sha256 that the others name
batches.json      batches, whose tasks name them
subjects.json     subjects that tasks can show again
uploads.json      files that were sent ahead
usage.json        what each task has cost
ledger.json       every movement of money
manifest.json     size and sha256 of each of these files

Times are in UTC. Links in what was told do not work any more: the files are here.
"""


class ExportManifest(BaseModel):
    """All of an export.

    Attributes:
        kirin: version of the program that made it.
        account: its id.
        created_at: when the snapshot of the tables was taken, ISO 8601.
        parts: by the name of the member.
        gone: files that were removed while the export was made, or had expired.
    """

    model_config = ConfigDict(frozen=True)

    format: Literal[1] = 1
    kirin: str
    account: str
    created_at: str
    parts: dict[str, ArchivePart]
    gone: list[str] = []


@dataclass
class _Members:
    """What is written into one archive.

    Attributes:
        folder: scratch space.
        wanted: storage keys of the files to come, by the name of their member.
    """

    archive: ArchiveWriter
    folder: Path
    parts: dict[str, ArchivePart] = field(default_factory=dict)
    wanted: dict[str, str] = field(default_factory=dict)

    def text(self, name: str, text: Iterable[str]) -> None:
        """Add a file of text."""
        path = self.folder / "member"
        with path.open("w", encoding="utf-8") as file:
            file.writelines(text)
        self.parts[name] = self.archive.add(name, path)

    def one(self, name: str, value: Mapping[str, Any]) -> None:
        """Add a JSON object."""
        self.text(name, [_json(value), "\n"])

    def many(self, name: str, values: Iterable[Mapping[str, Any]]) -> None:
        """Add a JSON array; one object after the other is in memory."""
        self.text(name, _array(values))

    def inputs(self, facts: Any) -> None:
        """Ask for every file that JSON values refer to, however deep."""
        if isinstance(facts, Mapping):
            if facts.get("sha256"):
                self.input(facts["sha256"], facts.get("mime") or "")
            for value in facts.values():
                self.inputs(value)
        elif isinstance(facts, list | tuple):
            for value in facts:
                self.inputs(value)

    def input(self, sha256: str, mime: str) -> None:
        """Ask for one file that came in."""
        suffix = mimetypes.guess_extension(mime) or ""
        self.wanted[f"inputs/{sha256}{suffix}"] = input_key(sha256)


@dataclass(frozen=True, slots=True)
class Export:
    """Makes exports of accounts."""

    database: Database
    storage: Storage

    def save(self, name: str, path: Path, actor: Actor, now: int) -> ExportManifest:
        """Write an archive of an account, and read all of it again.

        The rows are those of one moment; files are copied after it.

        Args:
            name: id or name of the account.
            path: the file to make.
            actor: who does it, for the audit.
            now: Unix milliseconds.

        Raises:
            UnknownAccount: there is none.
            KirinError: the file is there already, or what was written is not what is read.
            OSError: the archive cannot be written, or the storage is away.
        """
        with self.database.read() as connection:
            account = administration.account(connection, name).id
        with new_archive(path) as archive, tempfile.TemporaryDirectory(prefix="kirin-") as folder:
            members = _Members(archive, Path(folder))
            members.text("README.txt", [README])
            with self.database.snapshot() as connection:
                _write_rows(connection, account, members)
            gone = self._files(members)
            manifest = ExportManifest(
                kirin=__version__,
                account=account,
                created_at=_time(now),
                parts=members.parts,
                gone=gone,
            )
            archive.end(manifest)
        with open_parts(path, ExportManifest.model_validate_json) as made:
            made.verify()
        with self.database.write() as connection:
            details = {"bytes": path.stat().st_size, "parts": len(manifest.parts)}
            audit.note(
                connection,
                actor,
                ACTION,
                account=account,
                target=account,
                details=details,
                now=now,
            )
        return manifest

    def _files(self, members: _Members) -> list[str]:
        gone = []
        for name, key in sorted(members.wanted.items()):
            try:
                members.parts[name] = members.archive.add(name, self.storage.path(key))
            except FileNotFoundError:
                gone.append(name)
        return gone


def _write_rows(connection: Connection, account: str, members: _Members) -> None:
    owner = administration.account(connection, account)
    balance = ledger.balance(connection, account)
    members.one(
        "account.json",
        {
            "id": owner.id,
            "name": owner.name,
            "created_at": _time(owner.created_at),
            "discount_percent": str(owner.discount_percent),
            "limits": administration.limits_to_json(owner.limits),
            "balance": {
                "available": dollars(from_micro(balance.available)),
                "held": dollars(from_micro(balance.held)),
            },
        },
    )
    members.many("keys.json", _rows(connection, keys, account))
    ids = iter(_ids(connection, account))
    while some := list(islice(ids, AT_A_TIME)):
        for task in connection.execute(select(tasks).where(tasks.c.id.in_(some))).all():
            _write_task(connection, _told(tasks, task._asdict()), members)
    found = list(_rows(connection, subjects, account))
    members.inputs(found)
    members.many("subjects.json", found)
    sent = list(_rows(connection, uploads, account))
    for each in sent:
        members.input(each["sha256"], each["asset"].get("mime") or "")
    members.many("uploads.json", sent)
    members.many("batches.json", _rows(connection, batches, account))
    members.many(
        "usage.json",
        (
            {**row, **{name: dollars(from_micro(row[name])) for name in USAGE_MONEY}}
            for row in _rows(connection, usage, account)
        ),
    )
    members.many("ledger.json", _transactions(connection, account))


def _write_task(connection: Connection, task: dict[str, Any], members: _Members) -> None:
    """A task with all that lies around it."""
    id = task["id"]
    members.inputs([task["assets"], task["subjects"]])
    results = [result for result in task["results"] if result["key"]]
    if task["expired_at"] is None and task["removed_at"] is None:
        for result in results:
            members.wanted[f"tasks/{id}/{result['key'].rpartition('/')[2]}"] = result["key"]
    told = connection.execute(
        select(events).where(events.c.task == id).order_by(events.c.number)
    ).all()
    named = connection.execute(select(idempotency.c.key).where(idempotency.c.task == id)).scalars()
    sent = connection.execute(
        select(webhooks).where(webhooks.c.task == id).order_by(webhooks.c.sequence)
    ).all()
    task |= {
        "events": [{"status": row.status, "created_at": _time(row.created_at)} for row in told],
        "idempotency_keys": list(named),
        "webhooks": [_webhook(connection, row._asdict()) for row in sent],
    }
    members.one(f"tasks/{id}/task.json", task)


def _webhook(connection: Connection, row: Mapping[str, Any]) -> dict[str, Any]:
    query = select(webhook_attempts).where(webhook_attempts.c.webhook == row["id"])
    tried = connection.execute(query.order_by(webhook_attempts.c.attempt)).all()
    shown = _told(webhooks, row)
    return {
        **shown,
        "body": json.loads(_SIGNED.sub("", json.dumps(shown["body"]))),
        "attempts": [_told(webhook_attempts, attempt._asdict()) for attempt in tried],
    }


def _transactions(connection: Connection, account: str) -> Iterator[dict[str, Any]]:
    """The ledger of an account, the newest first."""
    before = None
    while page := ledger.page(connection, account, AT_A_TIME, before):
        for each in page:
            yield {
                "id": each.id,
                "created_at": _time(each.created_at),
                "kind": each.kind,
                "task": each.task,
                "reference": each.reference,
                "note": each.note,
                "amounts": {book: dollars(from_micro(n)) for book, n in each.amounts.items()},
            }
        before = (page[-1].created_at, page[-1].id)


def _ids(connection: Connection, account: str) -> list[str]:
    query = select(tasks.c.id).where(tasks.c.account == account)
    return list(connection.execute(query.order_by(tasks.c.created_at, tasks.c.id)).scalars())


def _rows(connection: Connection, table: Table, account: str) -> Iterator[dict[str, Any]]:
    query = select(table).where(table.c.account == account).order_by(*table.primary_key.columns)
    for row in connection.execute(query, execution_options={"yield_per": AT_A_TIME}):
        yield _told(table, row._asdict())


def _told(table: Table, row: Mapping[str, Any]) -> dict[str, Any]:
    """A row without what is kept back, for people to read."""
    hidden = KEPT_BACK.get(table.name, ("account",))
    return {name: _value(name, value) for name, value in row.items() if name not in hidden}


def _value(name: str, value: Any) -> Any:
    if value is None:
        return None
    if name.endswith("_at"):
        return _time(value)
    return dollars(from_micro(value)) if name in MONEY else value


def _time(milliseconds: int) -> str:
    return datetime.fromtimestamp(milliseconds / 1000, tz=UTC).isoformat()


def _array(values: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    separator = "[\n"
    for value in values:
        yield separator
        yield _json(value)
        separator = ",\n"
    yield "[]\n" if separator == "[\n" else "\n]\n"


def _json(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1, default=str)
