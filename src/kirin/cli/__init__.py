"""The ``kirin`` command: one file a command."""

from __future__ import annotations

import typer

from kirin import __version__
from kirin.cli.accounts import accounts
from kirin.cli.api import api
from kirin.cli.doctor import doctor
from kirin.cli.generate import generate
from kirin.cli.keys import keys
from kirin.cli.ledger import ledger
from kirin.cli.migrate import migrate
from kirin.cli.models import models
from kirin.cli.serve import serve
from kirin.cli.tasks import tasks
from kirin.cli.webhooks import webhooks
from kirin.cli.worker import worker

app = typer.Typer(
    name="kirin",
    help="Make videos from words and pictures, by the Kirin API on your own machine.",
    epilog="Start with: kirin serve",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    add_completion=False,
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"kirin {__version__}")
        raise typer.Exit


@app.callback()
def _main(
    version: bool = typer.Option(
        False, "--version", callback=_version, is_eager=True, help="Print the version and leave."
    ),
) -> None:
    del version  # its callback has done all


app.command("serve")(serve)
app.command("api")(api)
app.command("worker")(worker)
app.command("migrate")(migrate)
app.command("generate")(generate)
app.command("models")(models)
app.command("doctor")(doctor)
app.add_typer(tasks, name="tasks")
app.add_typer(webhooks, name="webhooks")
app.add_typer(keys, name="keys")
app.add_typer(accounts, name="accounts")
app.add_typer(ledger, name="ledger")


def main() -> None:
    """Run the command line."""
    app()
