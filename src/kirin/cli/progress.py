"""Progress bars that follow a task or a batch."""

from __future__ import annotations

import time

from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from kirin.cli.output import err
from kirin.client import Kirin
from kirin_client import Task
from kirin_client.models import Batch

BATCH_SECONDS = 1.0
"""Between two looks at a batch."""


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
    with _bars() as bars:
        bar = bars.add_task(label or "task", total=1.0, state="queued")

        def show(task: Task) -> None:
            bars.update(
                bar,
                completed=task.progress,
                state=state_of(task),
                description=label or task.model,
            )

        return kirin.wait(name, on_change=show)


def watch_batch(kirin: Kirin, id: str) -> Batch:
    """Show the progress of a batch until all of its tasks have ended.

    Returns:
        The batch, which has completed or failed.
    """
    with _bars() as bars:
        bar = bars.add_task("batch", total=1.0, state="")
        while True:
            batch = kirin.batch(id)
            bars.update(bar, completed=batch.progress, state=state_of_batch(batch))
            if batch.status != "in_progress":
                return batch
            time.sleep(BATCH_SECONDS)


def state_of_batch(batch: Batch) -> str:
    """How many tasks of a batch are how far, such as ``1 rendering, 2 completed``."""
    counts = batch.counts
    told = {
        "queued": counts.queued,
        "rendering": counts.rendering,
        "completed": counts.completed,
        "failed": counts.failed,
        "cancelled": counts.cancelled,
    }
    return ", ".join(f"{number} {name}" for name, number in told.items() if number)


def _bars() -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f}%  {task.fields[state]}"),
        TimeElapsedColumn(),
        console=err,
    )
