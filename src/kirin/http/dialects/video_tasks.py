"""The tasks that dialects about videos show: of which models, as they began, with which file."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from kirin.catalogue.card import Card
from kirin.catalogue.registry import Catalogue
from kirin.domain.task import Status, Task
from kirin.errors import NoVideo, ResultExpired, UnknownTask, VideoNotReady
from kirin.orchestration.task_service import TaskService


def video_cards(catalogue: Catalogue) -> Sequence[Card]:
    """The models that make videos."""
    return [card for card in catalogue if "video" in card.output_modalities]


def as_created(task: Task) -> Task:
    """A task as it was when it was created: what a repeated request is answered with."""
    return replace(
        task,
        status=Status.PENDING,
        progress=0.0,
        started_at=None,
        finished_at=None,
        failure=None,
        expired_at=None,
        metadata={},
    )


def find_video(tasks: TaskService, models: Collection[str], account: str, name: str) -> Task:
    """An account's task by its id or external id, if its model makes videos.

    Args:
        models: ids of the models that do.

    Raises:
        UnknownTask: there is none.
    """
    task = tasks.find(account, name)
    if task.model not in models:
        raise UnknownTask
    return task


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
    """Where the video of a task is stored.

    Raises:
        VideoNotReady, NoVideo, ResultExpired: it is not there.
    """
    check_made(task)
    return next(each.key for each in task.results if each.type == "video" and not each.watermark)


def _reason(task: Task) -> str:
    return task.failure.message if task.failure else "nobody knows why"
