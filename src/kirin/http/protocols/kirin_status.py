"""The words of the wire for the state of a task (rule W-4), derived here and nowhere else.

The queue inside knows four states. Clients know three words, and take any other for an error;
whether a task in progress still waits is told by its stage.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from kirin.domain.task import Status


class TaskStatus(StrEnum):
    """The three words of the wire; clients wait for the last two."""

    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    FAILED = "failed"


class TaskStage(StrEnum):
    """What becomes of a task in progress."""

    QUEUED = "queued"
    RENDERING = "rendering"


_STAGES: Final[Mapping[Status, TaskStage]] = {
    Status.PENDING: TaskStage.QUEUED,
    Status.PROCESSING: TaskStage.RENDERING,
}


def stage_of(status: Status) -> TaskStage | None:
    """The stage of a task in a state of the queue; ``None`` once it has ended."""
    return _STAGES.get(status)


def wire_status(status: Status) -> TaskStatus:
    """The word of the wire for a state of the queue."""
    return TaskStatus(status) if status.final else TaskStatus.IN_PROGRESS


def states(status: TaskStatus | None, stage: TaskStage | None) -> frozenset[Status]:
    """The states of the queue that have this word and stage; ``None`` is any."""
    return frozenset(
        state
        for state in Status
        if status in (None, wire_status(state)) and stage in (None, stage_of(state))
    )
