"""A progress bar that follows a task."""

from __future__ import annotations

from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from kirin.cli.output import err
from kirin.client import Kirin
from kirin_client import Task


def state_of(task: Task) -> str:
    """What a task does: its stage while it is in progress, then its status."""
    return task.metadata.stage or task.status


def watch_task(kirin: Kirin, name: str, label: str = "") -> Task:
    """Show a task's progress until it has completed.

    Args:
        label: what to write before the bar; the model if empty.

    Returns:
        The completed task.

    Raises:
        TaskFailed: it failed.
    """
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f}%  {task.fields[state]}"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=err) as bars:
        bar = bars.add_task(label or "task", total=1.0, state="queued")

        def show(task: Task) -> None:
            bars.update(
                bar,
                completed=task.progress,
                state=state_of(task),
                description=label or task.model,
            )

        return kirin.wait(name, on_change=show)
