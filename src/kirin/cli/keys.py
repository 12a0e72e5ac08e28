"""``kirin keys``: API keys of the server with this data folder."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from kirin.accounts import administration, store
from kirin.accounts.keys import USUAL, Key, Scope
from kirin.cli.environment import Data, load_settings
from kirin.cli.output import Json, date, plain_errors, print_json, print_table, tell
from kirin.cli.tables import me, opened
from kirin.clock import now_ms
from kirin.composition.keys import sealer_of

DAY_MS = 86_400_000
HOUR_MS = 3_600_000

Id = Annotated[str, typer.Argument(help="As 'kirin keys list' shows it.")]

keys = typer.Typer(help="API keys: create, list, rotate, revoke.", no_args_is_help=True)


@keys.command("create")
def create(
    name: Annotated[str, typer.Option(help="What to call it.")] = "key",
    account: Annotated[
        str, typer.Option(help="Id or name of its account.")
    ] = store.DEFAULT_ACCOUNT,
    scope: Annotated[
        list[Scope] | None,
        typer.Option(
            help="What it may be used for, repeatable; by default everything but admin.",
            show_default=False,
        ),
    ] = None,
    days: Annotated[
        int | None,
        typer.Option(min=1, max=3650, help="Days after which it expires; by default never."),
    ] = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Create a key and print it: it cannot be shown again."""
    now = now_ms()
    with plain_errors(as_json), opened(data) as database:
        sealer = sealer_of(database, load_settings(data_dir=data))
        with database.write() as connection:
            if account == store.DEFAULT_ACCOUNT:
                store.ensure_account(connection, account, now)
            made, secret = administration.create_key(
                connection,
                me(),
                administration.account(connection, account),
                name,
                now,
                scopes=tuple(scope or USUAL),
                expires_at=None if days is None else now + days * DAY_MS,
                sealer=sealer,
            )
        tell(as_json, lambda: {**asdict(made), "key": secret}, secret)


@keys.command("list")
def list_(data: Data = None, as_json: Json = False) -> None:
    """List all keys, without their secrets."""
    with plain_errors(as_json), opened(data) as database:
        with database.read() as connection:
            found = store.list_keys(connection)
            accounts = store.names_of(connection)
        if as_json:
            print_json({"keys": found})
            return
        table = Table(
            "id", "account", "name", "key", "scopes", "created", "last used", "ends", box=None
        )
        for key in found:
            table.add_row(
                key.id,
                escape(accounts[key.account]),
                escape(key.name),
                key.hint,
                " ".join(key.scopes),
                date(key.created_at),
                date(key.last_used_at) if key.last_used_at else "",
                _end(key),
            )
        print_table(table)


@keys.command("rotate")
def rotate(
    id: Id,
    hours: Annotated[
        int, typer.Option(min=0, max=720, help="How long the previous key works beside it.")
    ] = 24,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Create a key with the rights of another, and print it; that one expires after a while."""
    with plain_errors(as_json), opened(data) as database:
        sealer = sealer_of(database, load_settings(data_dir=data))
        with database.write() as connection:
            made, secret = administration.rotate_key(
                connection, me(), id, now_ms(), hours * HOUR_MS, sealer
            )
        tell(as_json, lambda: {**asdict(made), "key": secret}, secret)


@keys.command("revoke")
def revoke(id: Id, data: Data = None, as_json: Json = False) -> None:
    """Revoke a key."""
    with plain_errors(as_json), opened(data) as database:
        with database.write() as connection:
            administration.revoke_key(connection, me(), id, now_ms())
        tell(as_json, lambda: {"id": id, "revoked": True}, f"revoked {id}")


def _end(key: Key) -> str:
    if key.revoked_at:
        return f"revoked {date(key.revoked_at)}"
    return date(key.expires_at) if key.expires_at else ""
