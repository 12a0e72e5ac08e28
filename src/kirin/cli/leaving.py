"""``kirin export`` and ``kirin erase``: what one account takes along, and what goes with it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kirin.cli.environment import Data, load_settings
from kirin.cli.exits import Misused
from kirin.cli.output import Json, err, plain_errors, tell
from kirin.cli.tables import me, opened

Name = Annotated[str, typer.Argument(help="Id or name of the account.")]


def export(
    account: Name,
    archive: Annotated[Path, typer.Argument(help="The tar file to make.", dir_okay=False)],
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Write all that belongs to an account to one archive, for people to read.

    JSON, with the files beside it: terms, keys (without what they open), tasks with requests and
    results, uploads, subjects, webhooks, usage, ledger. Nothing of another account is in it, and no
    secret. The server may work meanwhile.
    """
    from kirin.backup.export import Export
    from kirin.clock import now_ms
    from kirin.composition.resources import PATIENT_SECONDS, open_storage

    with plain_errors(as_json), opened(data) as database:
        storage = open_storage(load_settings(data_dir=data), PATIENT_SECONDS)
        made = Export(database, storage).save(account, archive, me(), now_ms())
        size = archive.stat().st_size
        tell(
            as_json,
            lambda: {
                "archive": archive,
                "files": len(made.parts),
                "gone": len(made.gone),
                "size": size,
            },
            f"{archive}: {len(made.parts)} files, {size / 1e6:.1f} MB, read again",
        )
        if made.gone:
            err.print(f"{len(made.gone)} files had expired or were removed meanwhile")


def erase(
    account: Name,
    yes: Annotated[
        bool, typer.Option("--yes", help="Do it; without this, only tell what it would be.")
    ] = False,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Erase all that belongs to an account except its books, and close it for good.

    Its keys end at once, and what it has under way is cancelled and costs nothing. Files, requests,
    webhooks, subjects, uploads and names go; the ledger, usage and audit stay. There is no way
    back. An erasure that was interrupted goes on when it is asked for again, by the account's id.
    """
    from kirin.accounts import administration
    from kirin.clock import now_ms
    from kirin.composition.resources import PATIENT_SECONDS, open_storage
    from kirin.orchestration.erasure import Erasure

    with plain_errors(as_json), opened(data) as database:
        with database.read() as connection:
            owner = administration.account(connection, account)
        if not yes:
            raise Misused(
                f"this erases {owner.name} ({owner.id}) for good: say --yes, and export it before"
            )
        storage = open_storage(load_settings(data_dir=data), PATIENT_SECONDS)
        done = Erasure(database, storage, now_ms).erase(me(), owner.id)
        tell(
            as_json,
            lambda: done,
            f"{done.account} is closed and called {done.name}: {done.tasks} tasks "
            f"({done.cancelled} cancelled), {done.files} files, {done.webhooks} webhooks, "
            f"{done.subjects} subjects, {done.uploads} uploads, {done.keys} keys",
        )
        if done.held:
            err.print(
                f"workers have {done.held} of its tasks still: ask again when they have let go"
            )
            raise typer.Exit(1)
