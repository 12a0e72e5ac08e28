"""``kirin webhooks``: delivery history, redelivery, and signing secrets."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from kirin.cli.connection import DEFAULT_SERVER, Key, Server, connect
from kirin.cli.output import Json, date, out, plain_errors, print_json, print_table, tell

webhooks = typer.Typer(
    help="Webhooks: list, show every attempt, redeliver, signing secret.",
    no_args_is_help=True,
)

Id = Annotated[str, typer.Argument(help="Id of the webhook, as in the header webhook-id.")]


@webhooks.command("list")
def list_(
    server: Server = DEFAULT_SERVER,
    key: Key = "",
    task: Annotated[
        str | None, typer.Option(help="Only those of a task: its id or external_task_id.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=100, help="How many at most.")] = 20,
    as_json: Json = False,
) -> None:
    """Show the newest webhooks."""
    with plain_errors(as_json), connect(server, key) as kirin:
        page = kirin.webhooks(task=task, limit=limit)
        if as_json:
            print_json(page.to_dict())
            return
        table = Table("id", "status", "state", "attempts", "created", "to", box=None)
        for webhook in page.webhooks:
            table.add_row(
                webhook.id,
                webhook.status,
                webhook.state,
                str(webhook.attempt_count),
                date(webhook.created_at),
                escape(webhook.url),
            )
        print_table(table)


@webhooks.command("show")
def show(id: Id, server: Server = DEFAULT_SERVER, key: Key = "", as_json: Json = False) -> None:
    """Print a webhook and every attempt at it, as the API shows them: always JSON."""
    with plain_errors(as_json), connect(server, key) as kirin:
        print_json(kirin.webhook(id).to_dict())


@webhooks.command("redeliver")
def redeliver(
    id: Id, server: Server = DEFAULT_SERVER, key: Key = "", as_json: Json = False
) -> None:
    """Send a webhook again now, delivered or not."""
    with plain_errors(as_json), connect(server, key) as kirin:
        webhook = kirin.redeliver(id)
        tell(as_json, webhook.to_dict, f"{webhook.id} is sent again")


@webhooks.command("secret")
def secret(
    server: Server = DEFAULT_SERVER,
    key: Key = "",
    rotate: Annotated[
        bool, typer.Option("--rotate", help="Generate a new one; for a while both are used.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Print the secret that signs the account's webhooks."""
    with plain_errors(as_json), connect(server, key) as kirin:
        found = kirin.rotate_webhook_secret() if rotate else kirin.webhook_secret()
        if as_json:
            print_json(found.to_dict())
            return
        out.print(found.secret, soft_wrap=True)
        if found.earlier_valid_until is not None:
            out.print(f"the previous one is used as well until {date(found.earlier_valid_until)}")
