"""The tasks that dialects about videos show: of which models, and as they began."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from kirin.catalogue.card import Card
from kirin.catalogue.registry import Catalogue
from kirin.domain.task import Status, Task
from kirin.errors import UnknownTask
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
