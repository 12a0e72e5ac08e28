"""The ``kirin`` command: one file a command, imported when it is called."""

from __future__ import annotations

import os
from typing import ClassVar

import typer

from kirin import __version__
from kirin.cli.lazy import LazyGroup

COMPLETE = "_KIRIN_COMPLETE"
"""The variable by which the script of 'kirin completion' asks what could come next."""


class Commands(LazyGroup):
    """Every command; the help of each is the first sentence of its own."""

    COMMANDS: ClassVar = {
        "serve": (
            "kirin.cli.serve:serve",
            "Serve the API, with a worker process beside it. Ctrl-C ends both.",
        ),
        "api": (
            "kirin.cli.api:api",
            "Serve the API without rendering: 'kirin worker' does that, on any machine.",
        ),
        "worker": (
            "kirin.cli.worker:worker",
            "Render tasks until SIGTERM or Ctrl-C; 'drain' lets another one end.",
        ),
        "migrate": (
            "kirin.cli.migrate:migrate",
            "Migrate the database to this version; tasks may be in flight.",
        ),
        "generate": (
            "kirin.cli.generate:generate",
            "Make a video and save it, with live progress.",
        ),
        "models": (
            "kirin.cli.models:models",
            "List the models, or show one with its parameters and rules.",
        ),
        "doctor": (
            "kirin.cli.doctor:doctor",
            "Check this machine; exit status 1 where something is missing.",
        ),
        "tasks": ("kirin.cli.tasks:tasks", "Tasks: list, show, watch, cancel, remove."),
        "batches": (
            "kirin.cli.batches:batches",
            "Batches: create, quote, list, show, watch, cancel, save.",
        ),
        "queue": ("kirin.cli.queue:queue", "The queue: list, pause, resume, move a task."),
        "webhooks": (
            "kirin.cli.webhooks:webhooks",
            "Webhooks: list, show every attempt, redeliver, signing secret.",
        ),
        "keys": ("kirin.cli.keys:keys", "API keys: create, list, rotate, revoke."),
        "accounts": ("kirin.cli.accounts:accounts", "Accounts: create, list, change, top up."),
        "weights": (
            "kirin.cli.weights:weights",
            "Optional networks for better depth, outlines and fills: list, add, remove.",
        ),
        "completion": (
            "kirin.cli.completion:completion",
            "Print a script that lets a shell complete commands, options, models and parameters.",
        ),
        "mcp": (
            "kirin.cli.mcp:mcp",
            "Serve agents on this machine: tools over standard input and output (MCP).",
        ),
        "backup": (
            "kirin.cli.backup:backup",
            "Copy database and files to one archive, while the server works.",
        ),
        "restore": (
            "kirin.cli.backup:restore",
            "Restore an archive of 'kirin backup' to an empty server, or only check it.",
        ),
        "export": (
            "kirin.cli.leaving:export",
            "Write all that belongs to an account to one archive, for people to read.",
        ),
        "erase": (
            "kirin.cli.leaving:erase",
            "Erase all that belongs to an account except its books, and close it for good.",
        ),
        "ledger": ("kirin.cli.ledger:ledger", "The ledger: verify that it adds up."),
    }


app = typer.Typer(
    name="kirin",
    cls=Commands,
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


def main() -> None:
    """Run the command line, or tell a shell what could come next."""
    if COMPLETE in os.environ:
        from typer.completion import completion_init  # type: ignore[attr-defined]

        completion_init()
    app(prog_name="kirin", complete_var=COMPLETE)
