"""``kirin tasks``: list, show, watch, cancel and remove tasks of a server."""

from __future__ import annotations

import json
from typing import Annotated

import typer
from rich.table import Table

from kirin.cli.connection import DEFAULT_SERVER, Key, Server, connect
from kirin.cli.output import date, out, plain_errors, print_table
from kirin.cli.progress import state_of, watch_task

tasks = typer.Typer(help="Tasks: list, show, watch, cancel, remove.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="Id or external_task_id of the task.")]


@tasks.command("list")
def list_(
    server: Server = DEFAULT_SERVER,
    key: Key = "",
    limit: Annotated[int, typer.Option(min=1, max=100, help="How many at most.")] = 20,
    q: Annotated[
        str, typer.Option("--q", help="Only those with these words in prompt, id or external id.")
    ] = "",
) -> None:
    """Show the newest tasks."""
    with plain_errors(), connect(server, key) as kirin:
        table = Table("id", "model", "state", "", "created", box=None)
        for task in kirin.tasks(limit=limit, q=q or None)["tasks"]:
            table.add_row(
                task["id"],
                task["model"],
                state_of(task),
                f"{task['progress']:.0%}",
                date(task["created_at"]),
            )
        print_table(table)


@tasks.command("show")
def show(name: Name, server: Server = DEFAULT_SERVER, key: Key = "") -> None:
    """Print a task as the API shows it."""
    with plain_errors(), connect(server, key) as kirin:
        out.print_json(json.dumps(kirin.task(name)))


@tasks.command("watch")
def watch(name: Name, server: Server = DEFAULT_SERVER, key: Key = "") -> None:
    """Follow a task until it has ended, then print its links."""
    with plain_errors(), connect(server, key) as kirin:
        task = watch_task(kirin, name)
        for output in task["output"]:
            for content in output["content"]:
                out.print(content["url"], soft_wrap=True)


@tasks.command("cancel")
def cancel(name: Name, server: Server = DEFAULT_SERVER, key: Key = "") -> None:
    """End a task that has not ended."""
    with plain_errors(), connect(server, key) as kirin:
        out.print(f"cancelled {kirin.cancel(name)['id']}")


@tasks.command("remove")
def remove(name: Name, server: Server = DEFAULT_SERVER, key: Key = "") -> None:
    """Remove a task that has ended, its files and what it was asked for."""
    with plain_errors(), connect(server, key) as kirin:
        out.print(f"removed {kirin.remove(name)['id']}")
