"""Whether the files of a task can be had."""

from __future__ import annotations

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
