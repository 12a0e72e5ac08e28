"""``kirin backup`` and ``kirin restore``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kirin.cli.environment import Data, load_settings
from kirin.cli.output import date, err, out, plain_errors
from kirin.cli.tables import me, opened

Archive = Annotated[Path, typer.Argument(help="The archive, a tar file.", dir_okay=False)]


def backup(
    archive: Archive,
    results: Annotated[
        bool, typer.Option(help="Save the videos, too; without them they count as expired.")
    ] = True,
    data: Data = None,
) -> None:
    """Copy database and files to one archive, while the server works.

    Everything that tables refer to is in it, of one moment: accounts, keys (as hashes), the ledger,
    tasks with prompts and inputs, webhooks, subjects, audit. So keep it as you keep the server's
    own disk. It is read again and compared before the command ends.
    """
    from kirin.backup.saving import Backup
    from kirin.clock import now_ms
    from kirin.composition.resources import open_storage

    with plain_errors(), opened(data) as database:
        storage = open_storage(load_settings(data_dir=data))
        made = Backup(database, storage, results).save(archive, me(), now_ms())
        rows = {name: part.rows for name, part in made.tables.items()}
        out.print(
            f"{archive}: {rows['accounts']} accounts, {rows['tasks']} tasks, "
            f"{len(made.files)} files, {archive.stat().st_size / 1e6:.1f} MB, read again",
            soft_wrap=True,
        )
        if made.gone:
            err.print(f"{len(made.gone)} files expired or were removed meanwhile")


def restore(
    archive: Archive,
    check: Annotated[
        bool, typer.Option("--check", help="Read and verify the archive, and restore nothing.")
    ] = False,
    data: Data = None,
) -> None:
    """Restore an archive of 'kirin backup' to an empty server, or only check it.

    Database and storage are those of the settings, not necessarily of the kind that was saved: an
    archive of SQLite files and a folder can be restored to PostgreSQL and a bucket. Tasks that
    were under way go on as soon as a worker starts; the books must add up.
    """
    from kirin.backup.archive import open_archive
    from kirin.backup.restoring import Restoration
    from kirin.clock import now_ms
    from kirin.composition.resources import open_storage
    from kirin.database.engine import Database

    with plain_errors(), open_archive(archive) as found:
        told = found.manifest
        if check:
            found.verify()
            out.print(
                f"{archive} is whole: saved {date(told.created_at)} by kirin {told.kirin}, "
                f"{told.tables['tasks'].rows} tasks, {len(told.files)} files",
                soft_wrap=True,
            )
            return
        settings = load_settings(data_dir=data)
        settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        database = Database(settings.tables_url)
        try:
            done = Restoration(database, open_storage(settings)).restore(found, me(), now_ms())
        finally:
            database.close()
        out.print(
            f"restored {done.tasks} tasks and {done.files} files; {done.unfinished} tasks go on",
            soft_wrap=True,
        )
        if done.expired:
            err.print(f"{done.expired} tasks have no video any more: it was not in the archive")
