"""``kirin tasks``: list, show, watch, cancel and remove tasks of a server."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer
from rich.table import Table

from kirin.cli.connection import DEFAULT_SERVER, Key, Server, connect
from kirin.cli.output import Json, date, out, plain_errors, print_json, print_table, tell
from kirin.cli.progress import state_of, watch_task

tasks = typer.Typer(help="Tasks: list, show, watch, cancel, remove.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="Id or external_task_id of the task.")]


class StatusFilter(StrEnum):
    """Words of the wire."""

    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    FAILED = "failed"


class StageFilter(StrEnum):
    """Words of the wire for tasks in progress."""

    QUEUED = "queued"
    RENDERING = "rendering"


@tasks.command("list")
def list_(
    server: Server = DEFAULT_SERVER,
    key: Key = "",
    limit: Annotated[int, typer.Option(min=1, max=100, help="How many at most.")] = 20,
    status: Annotated[StatusFilter | None, typer.Option(help="Only those of this status.")] = None,
    stage: Annotated[
        StageFilter | None, typer.Option(help="Only those in progress of this stage.")
    ] = None,
    q: Annotated[
        str, typer.Option("--q", help="Only those with these words in prompt, id or external id.")
    ] = "",
    as_json: Json = False,
) -> None:
    """Show the newest tasks."""
    with plain_errors(as_json), connect(server, key) as kirin:
        page = kirin.tasks(
            limit=limit,
            status=status.value if status else None,
            stage=stage.value if stage else None,
            q=q or None,
        )
        if as_json:
            print_json(page.to_dict())
            return
        table = Table("id", "model", "state", "", "created", box=None)
        for task in page.tasks:
            table.add_row(
                task.id,
                task.model,
                state_of(task),
                f"{task.progress:.0%}",
                date(task.created_at),
            )
        print_table(table)


@tasks.command("show")
def show(name: Name, server: Server = DEFAULT_SERVER, key: Key = "", as_json: Json = False) -> None:
    """Print a task as the API shows it: always JSON."""
    with plain_errors(as_json), connect(server, key) as kirin:
        print_json(kirin.task(name).to_dict())


@tasks.command("watch")
def watch(
    name: Name, server: Server = DEFAULT_SERVER, key: Key = "", as_json: Json = False
) -> None:
    """Follow a task until it has ended, then print its links. Ctrl-C leaves it alone."""
    with plain_errors(as_json), connect(server, key) as kirin:
        task = watch_task(kirin, name)
        if as_json:
            print_json(task.to_dict())
            return
        for output in task.output or ():
            for content in output.content:
                out.print(content.url or content.text or "", soft_wrap=True, markup=False)


@tasks.command("cancel")
def cancel(
    name: Name, server: Server = DEFAULT_SERVER, key: Key = "", as_json: Json = False
) -> None:
    """End a task that has not ended."""
    with plain_errors(as_json), connect(server, key) as kirin:
        task = kirin.cancel(name)
        tell(as_json, task.to_dict, f"cancelled {task.id}")


@tasks.command("remove")
def remove(
    name: Name, server: Server = DEFAULT_SERVER, key: Key = "", as_json: Json = False
) -> None:
    """Remove a task that has ended, its files and what it was asked for."""
    with plain_errors(as_json), connect(server, key) as kirin:
        removed = kirin.remove(name)
        tell(as_json, removed.to_dict, f"removed {removed.id}")
