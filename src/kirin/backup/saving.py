"""Saving: a consistent copy of the tables and the files, while the server works."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, select

from kirin import __version__
from kirin.accounts import audit
from kirin.accounts.audit import Actor
from kirin.backup import rows
from kirin.backup.archive import ArchiveWriter, new_archive, open_archive
from kirin.backup.manifest import FILES, TABLES, ArchivePart, Manifest
from kirin.database import schema
from kirin.database.engine import Database
from kirin.database.metadata import metadata
from kirin.database.tables import previews, scheduled_jobs, tasks, tombstones, workers
from kirin.errors import KirinError
from kirin.storage.base import Storage
from kirin.storage.keys import input_key
from kirin.tasks.retention import needed_inputs

NOT_SAVED: Final = (workers, previews, tombstones, scheduled_jobs)
"""What only the processes of the moment know."""

SAVED: Final = tuple(table for table in metadata.sorted_tables if table not in NOT_SAVED)

ACTION: Final = "backup.made"


@dataclass(frozen=True, slots=True)
class Backup:
    """Makes archives.

    Attributes:
        database: with tables of this version.
        storage: where the files are.
        results: whether the videos go in; without them their tasks are restored as expired.
    """

    database: Database
    storage: Storage
    results: bool = True

    def save(self, path: Path, actor: Actor, now: int) -> Manifest:
        """Write an archive, and read all of it again.

        The tables are those of one moment. Files are copied after it: what expired or was removed
        meanwhile is told in :attr:`Manifest.gone`.

        Args:
            path: the file to make.
            actor: who does it, for the audit.
            now: Unix milliseconds.

        Raises:
            KirinError: the file is there already, or what was written is not what is read.
            OSError: the archive cannot be written, or the storage is away.
        """
        with new_archive(path) as archive, tempfile.TemporaryDirectory(prefix="kirin-") as folder:
            manifest = self._write(archive, Path(folder), now)
            archive.end(manifest)
        with open_archive(path) as made:
            made.verify()
        with self.database.write() as connection:
            size = path.stat().st_size
            audit.note(
                connection,
                actor,
                ACTION,
                account=None,
                target=path.name[:128],
                details={"bytes": size, "files": len(manifest.files)},
                now=now,
            )
        return manifest

    def _write(self, archive: ArchiveWriter, folder: Path, now: int) -> Manifest:
        with self.database.snapshot() as connection:
            revision = schema.current_revision(connection)
            if revision is None:
                raise KirinError("there is nothing to save: the database has no tables")
            counts = {
                table.name: rows.dump(connection, table, folder / f"{table.name}.jsonl.gz")
                for table in SAVED
            }
            keys = sorted(self._keys(connection))
        tables = {
            name: archive.add(f"{TABLES}{name}.jsonl.gz", folder / f"{name}.jsonl.gz", count)
            for name, count in counts.items()
        }
        files: dict[str, ArchivePart] = {}
        gone: list[str] = []
        for key in keys:
            try:
                files[key] = archive.add(f"{FILES}{key}", self.storage.path(key))
            except FileNotFoundError:
                gone.append(key)
        return Manifest(
            kirin=__version__,
            revision=revision,
            created_at=now,
            tables=tables,
            files=files,
            gone=gone,
        )

    def _keys(self, connection: Connection) -> Iterator[str]:
        """What the tables refer to."""
        for digest in needed_inputs(connection, None):
            yield input_key(digest)
        if not self.results:
            return
        query = select(tasks.c.results).where(
            tasks.c.expired_at.is_(None), tasks.c.removed_at.is_(None)
        )
        for results in connection.execute(query, execution_options={"yield_per": 500}).scalars():
            yield from (result["key"] for result in results if result["key"])
