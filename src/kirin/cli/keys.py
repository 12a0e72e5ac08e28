"""``kirin keys``: API keys of the server whose data folder lies here."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from kirin.accounts import store
from kirin.cli.environment import Data, load_settings
from kirin.cli.output import date, out, plain_errors
from kirin.clock import now_ms
from kirin.database.engine import Database
from kirin.database.schema import check, migrate
from kirin.errors import KirinError

keys = typer.Typer(help="API keys: create, list, revoke.", no_args_is_help=True)


@contextmanager
def _database(data: Data) -> Iterator[Database]:
    settings = load_settings(data_dir=data)
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    database = Database(settings.tables_url)
    try:
        if settings.embedded:
            migrate(database)
        else:
            check(database)
        yield database
    finally:
        database.close()


@keys.command("create")
def create(
    name: Annotated[str, typer.Option(help="What to call it.")] = "key", data: Data = None
) -> None:
    """Make a key and print it: it cannot be shown again."""
    with plain_errors(), _database(data) as database:
        with database.write() as connection:
            secret = store.create_key(connection, name, now_ms())
        out.print(secret, soft_wrap=True)


@keys.command("list")
def list_(data: Data = None) -> None:
    """Show all keys, without their secrets."""
    with plain_errors(), _database(data) as database:
        with database.read() as connection:
            found = store.list_keys(connection)
        table = Table("id", "name", "key", "created", "revoked", box=None)
        for key in found:
            revoked = date(key.revoked_at) if key.revoked_at else ""
            table.add_row(key.id, escape(key.name), key.hint, date(key.created_at), revoked)
        out.print(table)


@keys.command("revoke")
def revoke(
    id: Annotated[str, typer.Argument(help="As 'kirin keys list' shows it.")], data: Data = None
) -> None:
    """Make a key useless from now on."""
    with plain_errors(), _database(data) as database:
        with database.write() as connection:
            if not store.revoke_key(connection, id, now_ms()):
                raise KirinError(f"there is no key {id} in use: 'kirin keys list' shows all")
        out.print(f"revoked {id}")
