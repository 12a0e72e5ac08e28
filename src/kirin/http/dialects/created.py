"""Tasks as they began."""

from __future__ import annotations

from dataclasses import replace

from kirin.domain.task import Status, Task


def as_created(task: Task) -> Task:
    """A task as it was when it was created: what a repeated request is answered with."""
    return replace(
        task,
        status=Status.PENDING,
        progress=0.0,
        finished_at=None,
        failure=None,
        expired_at=None,
        metadata={},
    )
