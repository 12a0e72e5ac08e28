"""Restoring: an archive into an empty database and storage."""

from __future__ import annotations

import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, MetaData, func, select, update

from kirin.accounts import audit, verification
from kirin.accounts.audit import Actor
from kirin.backup import rows
from kirin.backup.archive import Archive
from kirin.backup.manifest import FILES, TABLES, Manifest
from kirin.backup.saving import SAVED
from kirin.database import schema
from kirin.database.account_tables import accounts
from kirin.database.engine import Database
from kirin.database.tables import tasks
from kirin.domain.task import Status
from kirin.errors import KirinError
from kirin.storage.base import Storage
from kirin.storage.keys import check_key, results_prefix
from kirin.tasks import queue

ACTION: Final = "backup.restored"


@dataclass(frozen=True, slots=True)
class Restored:
    """What was restored.

    Attributes:
        tasks: how many there are.
        unfinished: how many of them go on as soon as a worker starts.
        expired: how many have lost their video: it was not in the archive.
        files: how many were stored.
    """

    tasks: int
    unfinished: int
    expired: int
    files: int


@dataclass(frozen=True, slots=True)
class Restoration:
    """Restores archives.

    Attributes:
        database: without accounts; its tables need not be there yet.
        storage: where the files go.
    """

    database: Database
    storage: Storage

    def restore(self, archive: Archive[Manifest], actor: Actor, now: int) -> Restored:
        """Restore everything, or nothing of the tables.

        Tasks that were being rendered are queued again.

        Args:
            archive: an archive of this version of the program or an earlier one.
            actor: who does it, for the audit.
            now: Unix milliseconds.

        Raises:
            KirinError: the archive is damaged or of a newer version, the database is not empty, or
                the books do not add up.
            OSError: a file cannot be stored.
        """
        archive.verify()
        self._check(archive)
        self._files(archive)
        revision = archive.manifest.revision
        schema.migrate(self.database, revision)
        with self.database.write_alone("restore") as connection:
            self._refuse_used(connection)
            self._rows(connection, archive)
            if revision == schema.newest_revision():
                return self._settle(connection, archive, actor, now)
        schema.migrate(self.database)
        with self.database.write() as connection:
            return self._settle(connection, archive, actor, now)

    def _check(self, archive: Archive[Manifest]) -> None:
        """Refuse what cannot be restored before anything is written."""
        manifest = archive.manifest
        if manifest.revision not in schema.revisions():
            raise KirinError(
                f"the archive was made by kirin {manifest.kirin}, which is newer than this version"
            )
        for key in manifest.files:
            try:
                check_key(key)
            except ValueError as error:
                raise KirinError(f"the archive is damaged: {error}") from None
        if schema.revision(self.database) is not None:
            with self.database.read() as connection:
                self._refuse_used(connection)

    def _refuse_used(self, connection: Connection) -> None:
        if connection.execute(select(accounts.c.id).limit(1)).first() is not None:
            raise KirinError(
                "the database is in use: it has accounts. Restore to an empty data folder or "
                "database, before the server is started there"
            )

    def _files(self, archive: Archive[Manifest]) -> None:
        # Without rows they are garbage, so a restoration that is interrupted leaves nothing behind.
        with tempfile.TemporaryDirectory(prefix="kirin-") as folder:
            for key in archive.manifest.files:
                copy = Path(folder) / "file"
                archive.copy(f"{FILES}{key}", copy)
                self.storage.put(key, copy, move=True)

    def _rows(self, connection: Connection, archive: Archive[Manifest]) -> None:
        # The tables are those of the archive's revision, which ours may not be.
        there = MetaData()
        there.reflect(connection)
        for name in (table.name for table in SAVED):
            part = archive.manifest.tables.get(name)
            if part is None:
                continue
            with archive.member(f"{TABLES}{name}.jsonl.gz") as file:
                count = rows.load(connection, there.tables[name], file)
            if count != part.rows:
                raise KirinError(
                    f"the archive is damaged: {name} has {count} rows, not {part.rows}"
                )

    def _settle(
        self, connection: Connection, archive: Archive[Manifest], actor: Actor, now: int
    ) -> Restored:
        """Let go of what the processes of then held, and look whether the books add up."""
        report = verification.verify(connection)
        if report.problems:
            raise KirinError("the books do not add up: " + "; ".join(report.problems))
        for worker in queue.lessees(connection):
            queue.requeue(connection, worker)
        lost = [
            row.id
            for row in connection.execute(
                select(tasks.c.id, tasks.c.results).where(
                    tasks.c.status == Status.COMPLETED, tasks.c.expired_at.is_(None)
                )
            )
            if any(
                result["key"].startswith(results_prefix(row.id))
                and result["key"] not in archive.manifest.files
                for result in row.results
                if result["key"]
            )
        ]
        for at in range(0, len(lost), 500):
            chosen = tasks.c.id.in_(lost[at : at + 500])
            connection.execute(update(tasks).where(chosen).values(expired_at=now))
        count = select(func.count()).select_from(tasks)
        done = Restored(
            tasks=connection.execute(count).scalar_one(),
            unfinished=connection.execute(count.where(tasks.c.finished_at.is_(None))).scalar_one(),
            expired=len(lost),
            files=len(archive.manifest.files),
        )
        audit.note(
            connection,
            actor,
            ACTION,
            account=None,
            target=archive.manifest.revision,
            details={**asdict(done), "saved_at": archive.manifest.created_at},
            now=now,
        )
        return done
