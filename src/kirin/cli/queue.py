"""``kirin queue``: what waits on the server with this data folder, and who may begin."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from kirin.cli.environment import Data
from kirin.cli.exits import Misused
from kirin.cli.output import Json, date, out, plain_errors, print_json, print_table, tell
from kirin.cli.tables import me, opened
from kirin.clock import now_ms
from kirin.orchestration import queue_control
from kirin.tasks import heartbeats, pauses
from kirin.tasks import queue as waiting
from kirin.tasks.pauses import ALL, Pause
from kirin.tasks.queue import MOST_PRIORITY

Name = Annotated[str, typer.Argument(help="Name of an engine; by default all of them.")]

queue = typer.Typer(help="The queue: list, pause, resume, move a task.", no_args_is_help=True)


@queue.command("list")
def list_(
    limit: Annotated[int, typer.Option(min=1, max=1000, help="Tasks at most.")] = 20,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """List what waits, in the order in which it is handed out, and the workers."""
    with plain_errors(as_json), opened(data) as database:
        with database.read() as connection:
            tasks = waiting.front(connection, limit)
            workers = heartbeats.registered(connection)
            paused = pauses.current(connection)
        if as_json:
            print_json(
                {"paused": paused, "tasks": [_task(each) for each in tasks], "workers": workers}
            )
            return
        _tell(paused)
        table = Table("task", "model", "engine", "priority", "created", box=None)
        for task in tasks:
            row = (task.id, task.model, task.engine or "", str(task.priority))
            table.add_row(*row, date(task.created_at))
        print_table(table)
        table = Table("worker", "engines", "slots", "", box=None)
        for worker in workers:
            state = "drains" if worker.draining else ""
            table.add_row(worker.id, " ".join(worker.engines), str(worker.slots), state)
        print_table(table)


@queue.command("pause")
def pause(
    name: Name = ALL,
    reason: Annotated[str, typer.Option(help="For other operators.")] = "",
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Accept tasks but hand out none; what runs goes on, and a restart changes nothing."""
    with plain_errors(as_json), opened(data) as database:
        with database.write() as connection:
            paused = queue_control.pause(connection, me(), name, reason, now_ms())
        _tell(paused, as_json)


@queue.command("resume")
def resume(name: Name = ALL, data: Data = None, as_json: Json = False) -> None:
    """Hand out tasks again."""
    with plain_errors(as_json), opened(data) as database:
        with database.write() as connection:
            paused = queue_control.resume(connection, me(), name, now_ms())
        _tell(paused, as_json)


@queue.command("move")
def move(
    task: Annotated[str, typer.Argument(help="Id of a task that waits.")],
    priority: Annotated[
        int | None,
        typer.Option(min=-MOST_PRIORITY, max=MOST_PRIORITY, help="Higher is sooner; tasks have 0."),
    ] = None,
    front: Annotated[bool, typer.Option("--front", help="Before all others.")] = False,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Move a task that waits to the front, or by its priority."""
    with plain_errors(as_json), opened(data) as database:
        if front == (priority is not None):
            raise Misused("give either --priority or --front")
        with database.write() as connection:
            moved = queue_control.prioritise(connection, me(), task, priority, now_ms())
        tell(
            as_json,
            lambda: {"id": task, "priority": moved.task.priority, "ahead": moved.ahead},
            f"{task} has priority {moved.task.priority}; {moved.ahead} come before it",
        )


def _task(task: Any) -> dict[str, Any]:
    kept = ("id", "account", "model", "engine", "priority", "created_at")
    return {name: getattr(task, name) for name in kept}


def _tell(paused: list[Pause], as_json: bool = False) -> None:
    if as_json:
        print_json({"paused": paused})
        return
    for each in paused:
        reason = f": {each.reason}" if each.reason else ""
        text = f"{each.queue} paused since {date(each.since)} by {each.actor}{reason}"
        out.print(escape(text), soft_wrap=True)
    if not paused:
        out.print("nothing is paused")
