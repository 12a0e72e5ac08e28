"""``kirin batches``: up to 100 tasks under one id, on a server."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from kirin.cli.connection import DEFAULT_SERVER, Key, Server, connect
from kirin.cli.exits import ExitStatus
from kirin.cli.generate import check_writable
from kirin.cli.output import Json, date, err, out, plain_errors, print_json, print_table, tell
from kirin.cli.progress import state_of_batch, watch_batch
from kirin.cli.values import sent, with_files
from kirin.errors import KirinError
from kirin_client.models import Batch

batches = typer.Typer(
    help="Batches: create, quote, list, show, watch, cancel, save.", no_args_is_help=True
)

MEMBERS = ("requests", "request", "vary", "callback_url", "metadata")

File = Annotated[
    str,
    typer.Argument(
        help='JSON file of a batch, or - for standard input: {"requests": [...]}, or '
        '{"request": {...}, "vary": {...}}. "@FILE" in a text sends a picture or video.'
    ),
]
Id = Annotated[str, typer.Argument(help="Id of the batch.")]


@batches.command("create")
def create(
    file: File,
    once: Annotated[
        str | None,
        typer.Option(
            "--idempotency-key",
            help="Makes a repetition of this command give the same batch.",
            show_default=False,
        ),
    ] = None,
    server: Server = DEFAULT_SERVER,
    key: Key = "",
    as_json: Json = False,
) -> None:
    """Create up to 100 tasks, all or none, and print the id of their batch.

    Example: kirin batches watch $(kirin batches create trailer.json)
    """
    with plain_errors(as_json):
        asked = read(file)
        with connect(server, key) as kirin:
            batch = kirin.create_batch(**sent(kirin, asked), idempotency_key=once)
            tell(as_json, batch.to_dict, batch.id)


@batches.command("quote")
def quote(
    file: File, server: Server = DEFAULT_SERVER, key: Key = "", as_json: Json = False
) -> None:
    """Print what a batch would cost; nothing is made."""
    with plain_errors(as_json):
        asked = read(file)
        with connect(server, key) as kirin:
            found = kirin.quote_batch(**sent(kirin, asked))
            cost = found.most.cost if found.exact else f"{found.least.cost} to {found.most.cost}"
            words = f"{len(found.tasks)} tasks: {cost} {found.currency}"
            tell(as_json, found.to_dict, words)


@batches.command("list")
def list_(
    limit: Annotated[int, typer.Option(min=1, max=100, help="How many at most.")] = 20,
    server: Server = DEFAULT_SERVER,
    key: Key = "",
    as_json: Json = False,
) -> None:
    """Show the newest batches."""
    with plain_errors(as_json), connect(server, key) as kirin:
        page = kirin.batches(limit=limit)
        if as_json:
            print_json(page.to_dict())
            return
        table = Table("id", "status", "", "tasks", "created", box=None)
        for batch in page.batches:
            done = f"{batch.progress:.0%}"
            made = date(batch.created_at)
            table.add_row(batch.id, batch.status, done, state_of_batch(batch), made)
        print_table(table)


@batches.command("show")
def show(id: Id, server: Server = DEFAULT_SERVER, key: Key = "", as_json: Json = False) -> None:
    """Print a batch as the API shows it: always JSON."""
    with plain_errors(as_json), connect(server, key) as kirin:
        print_json(kirin.batch(id).to_dict())


@batches.command("watch")
def watch(id: Id, server: Server = DEFAULT_SERVER, key: Key = "", as_json: Json = False) -> None:
    """Follow a batch until all of its tasks have ended. Ctrl-C leaves it alone.

    The exit status is that of a failed task if one of them has no video.
    """
    with plain_errors(as_json), connect(server, key) as kirin:
        batch = watch_batch(kirin, id)
        tell(as_json, batch.to_dict, f"{batch.status}: {state_of_batch(batch)}")
        _leave(batch)


@batches.command("cancel")
def cancel(id: Id, server: Server = DEFAULT_SERVER, key: Key = "", as_json: Json = False) -> None:
    """Cancel what has not ended of a batch."""
    with plain_errors(as_json), connect(server, key) as kirin:
        batch = kirin.cancel_batch(id)
        tell(as_json, batch.to_dict, f"cancelled: {state_of_batch(batch)}")


@batches.command("save")
def save(
    id: Id,
    output: Annotated[
        Path, typer.Option("-o", "--output", help="The zip to write, with all videos.")
    ] = Path("batch.zip"),
    server: Server = DEFAULT_SERVER,
    key: Key = "",
    as_json: Json = False,
) -> None:
    """Wait for a batch, and save the videos that it has made."""
    with plain_errors(as_json):
        check_writable(output)
        with connect(server, key) as kirin:
            batch = watch_batch(kirin, id)
            files = []
            if batch.counts.completed:
                files = [str(kirin.download(kirin.zip_link(batch_id=batch.id), output))]
            if as_json:
                print_json({"batch": batch.to_dict(), "files": files})
            else:
                for file in files:
                    out.print(file, soft_wrap=True, markup=False)
            _leave(batch)


def read(file: str) -> dict[str, Any]:
    """A batch as :meth:`kirin_client.Kirin.create_batch` takes it.

    Args:
        file: its name, or ``-``.

    Raises:
        KirinError: it has another form.
        OSError: it can't be read, or a file that it names can't.
    """
    text = sys.stdin.read() if file == "-" else Path(file).read_text("utf-8")
    try:
        asked = json.loads(text)
    except json.JSONDecodeError as error:
        raise KirinError(f"{file} is not JSON: {error}") from None
    if not isinstance(asked, dict):
        raise KirinError(f"{file} is not a JSON object with 'requests', or 'request' and 'vary'")
    if unknown := sorted(asked.keys() - set(MEMBERS)):
        raise KirinError(f"{file} has {unknown[0]!r}; a batch has {', '.join(MEMBERS)}")
    found: dict[str, Any] = with_files(asked)
    return found


def _leave(batch: Batch) -> None:
    """End with another status than 0 where a task has no video."""
    if batch.counts.failed or batch.counts.cancelled:
        err.print(state_of_batch(batch), markup=False)
        raise typer.Exit(ExitStatus.TASK_FAILED)
