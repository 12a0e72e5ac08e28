"""``kirin backup`` and ``kirin restore``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kirin.cli.environment import Data, load_settings
from kirin.cli.output import Json, date, err, plain_errors, tell
from kirin.cli.tables import me, opened

Archive = Annotated[Path, typer.Argument(help="The archive, a tar file.", dir_okay=False)]


def backup(
    archive: Archive,
    results: Annotated[
        bool, typer.Option(help="Save the videos, too; without them they count as expired.")
    ] = True,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Copy database and files to one archive, while the server works.

    Everything that tables refer to is in it, of one moment: accounts, keys (as hashes), the ledger,
    tasks with prompts and inputs, webhooks, subjects, audit. So keep it as you keep the server's
    own disk. It is read again and compared before the command ends.
    """
    from kirin.backup.saving import Backup
    from kirin.clock import now_ms
    from kirin.composition.resources import PATIENT_SECONDS, open_storage

    with plain_errors(as_json), opened(data) as database:
        storage = open_storage(load_settings(data_dir=data), PATIENT_SECONDS)
        made = Backup(database, storage, results).save(archive, me(), now_ms())
        rows = {name: part.rows for name, part in made.tables.items()}
        size = archive.stat().st_size
        tell(
            as_json,
            lambda: {
                "archive": archive,
                "rows": rows,
                "files": len(made.files),
                "gone": len(made.gone),
                "size": size,
            },
            f"{archive}: {rows['accounts']} accounts, {rows['tasks']} tasks, "
            f"{len(made.files)} files, {size / 1e6:.1f} MB, read again",
        )
        if made.gone:
            err.print(f"{len(made.gone)} files expired or were removed meanwhile")


def restore(
    archive: Archive,
    check: Annotated[
        bool, typer.Option("--check", help="Read and verify the archive, and restore nothing.")
    ] = False,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Restore an archive of 'kirin backup' to an empty server, or only check it.

    Database and storage are those of the settings, not necessarily of the kind that was saved: an
    archive of SQLite files and a folder can be restored to PostgreSQL and a bucket. Tasks that
    were under way go on as soon as a worker starts; the books must add up.
    """
    from kirin.backup.archive import open_archive
    from kirin.backup.restoring import Restoration
    from kirin.clock import now_ms
    from kirin.composition.resources import PATIENT_SECONDS, open_storage
    from kirin.database.engine import Database

    with plain_errors(as_json), open_archive(archive) as found:
        told = found.manifest
        if check:
            found.verify()
            rows = {name: part.rows for name, part in told.tables.items()}
            tell(
                as_json,
                lambda: {
                    "archive": archive,
                    "created_at": told.created_at,
                    "kirin": told.kirin,
                    "rows": rows,
                    "files": len(told.files),
                },
                f"{archive} is whole: saved {date(told.created_at)} by kirin {told.kirin}, "
                f"{rows['tasks']} tasks, {len(told.files)} files",
            )
            return
        settings = load_settings(data_dir=data)
        settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        database = Database(settings.tables_url)
        try:
            storage = open_storage(settings, PATIENT_SECONDS)
            done = Restoration(database, storage).restore(found, me(), now_ms())
        finally:
            database.close()
        tell(
            as_json,
            lambda: done,
            f"restored {done.tasks} tasks and {done.files} files; {done.unfinished} tasks go on",
        )
        if done.expired:
            err.print(f"{done.expired} tasks have no video any more: it was not in the archive")
