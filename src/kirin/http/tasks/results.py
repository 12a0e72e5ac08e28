"""The video of a task: where it is stored, or why there is none."""

from __future__ import annotations

from typing import Final

from kirin.domain.task import Status, Task
from kirin.errors import (
    NotFound,
    NoVideo,
    PreconditionFailed,
    RangeRefused,
    ResultExpired,
    StorageAway,
    UnknownTask,
    VideoNotReady,
)

FILE_ERRORS: Final = (
    UnknownTask,
    VideoNotReady,
    NoVideo,
    NotFound,
    ResultExpired,
    PreconditionFailed,
    RangeRefused,
    StorageAway,
)
"""Why there may be no file of what a task has made."""


def check_made(task: Task) -> None:
    """Let pass who asks for what a task has made.

    Raises:
        VideoNotReady, NoVideo, ResultExpired: it is not there.
    """
    if not task.status.final:
        raise VideoNotReady
    if task.status is Status.FAILED:
        raise NoVideo(f"the task has failed, so there is no video: {_reason(task)}")
    if task.expired_at is not None:
        raise ResultExpired


def result_key(task: Task) -> str:
    """Where the video of a task is stored, without a watermark.

    Raises:
        VideoNotReady, NoVideo, ResultExpired: it is not there.
    """
    check_made(task)
    for each in task.results:
        if each.type == "video" and not each.watermark:
            return each.key
    raise NoVideo(f"task {task.id} is of {task.model}, which makes no video")


def _reason(task: Task) -> str:
    return task.failure.message if task.failure else "nobody knows why"
