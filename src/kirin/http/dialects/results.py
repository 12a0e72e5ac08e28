"""What dialects say of a task: as it was at first, and whether its files can be had."""

from __future__ import annotations

from dataclasses import replace

from kirin.domain.task import Status, Task
from kirin.errors import NoVideo, ResultExpired, VideoNotReady


def check_made(task: Task) -> None:
    """Let pass who asks for what a task has made.

    Raises:
        VideoNotReady, NoVideo, ResultExpired: it is not there.
    """
    if not task.status.final:
        raise VideoNotReady
    if task.status is Status.FAILED:
        reason = task.failure.message if task.failure else "nobody knows why"
        raise NoVideo(f"the task has failed, so there is no video: {reason}")
    if task.expired_at is not None:
        raise ResultExpired


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
