"""Videos as the SDKs of OpenAI read them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal

from pydantic import Field
from typing_extensions import TypedDict

from kirin.catalogue.card import Card
from kirin.domain.task import Status, Task

STATUSES: Final[Mapping[Status, Literal["queued", "in_progress", "completed", "failed"]]] = {
    Status.PENDING: "queued",
    Status.PROCESSING: "in_progress",
    Status.COMPLETED: "completed",
    Status.FAILED: "failed",
}

REMIXED_FROM: Final = "remixed_from_video_id"
"""In what a task keeps of its origin: the task that it repeats with other words."""

Seconds = Annotated[int, Field(description="Unix time in seconds")]


class VideoErrorJson(TypedDict):
    """Why a video was not made."""

    code: str
    message: str


class VideoJson(TypedDict):
    """A video, finished or to come."""

    id: Annotated[str, Field(description="That of the task in every dialect.")]
    object: Literal["video"]
    model: Annotated[str, Field(description="The model that makes it, not an alias.")]
    status: Literal["queued", "in_progress", "completed", "failed"]
    progress: Annotated[int, Field(ge=0, le=100)]
    created_at: Seconds
    completed_at: Annotated[Seconds | None, Field(description="Of a completed one.")]
    expires_at: Annotated[Seconds | None, Field(description="When its file is removed.")]
    seconds: Annotated[str | None, Field(description="Null until it is known.")]
    size: Annotated[str | None, Field(description="Width x height; null until it is known.")]
    prompt: str | None
    error: VideoErrorJson | None
    remixed_from_video_id: str | None


class VideoPageJson(TypedDict):
    """A page of videos."""

    object: Literal["list"]
    data: list[VideoJson]
    first_id: str | None
    last_id: str | None
    has_more: bool


class VideoDeletedJson(TypedDict):
    """A video that was deleted."""

    id: str
    object: Literal["video.deleted"]
    deleted: bool


def video_json(task: Task, card: Card, result_ms: int | None) -> VideoJson:
    """A task, as a video.

    Args:
        card: of its model.
        result_ms: how long results are kept after the end; ``None`` for good.
    """
    completed = task.status is Status.COMPLETED
    finished = task.finished_at
    expires = None
    if completed and finished is not None and result_ms is not None:
        expires = finished + result_ms
    if task.expired_at is not None:
        expires = task.expired_at
    failure = task.failure
    return {
        "id": task.id,
        "object": "video",
        "model": task.model,
        "status": STATUSES[task.status],
        "progress": 100 if completed else min(int(task.progress * 100), 99),
        "created_at": task.created_at // 1000,
        "completed_at": finished // 1000 if completed and finished is not None else None,
        "expires_at": None if expires is None else expires // 1000,
        "seconds": _seconds(task),
        "size": _size(task, card),
        "prompt": task.params.get("prompt"),
        "error": None if failure is None else {"code": failure.code, "message": failure.message},
        "remixed_from_video_id": task.options.origin.get(REMIXED_FROM),
    }


def _seconds(task: Task) -> str | None:
    asked: Any = task.params.get("duration")
    known = task.metadata.get("duration") if asked is None else asked
    return None if known is None else f"{float(known):g}"


def _size(task: Task, card: Card) -> str | None:
    """Width x height; what follows from a picture is known when that has been fetched."""
    if "width" in task.metadata:
        return f"{task.metadata['width']}x{task.metadata['height']}"
    if task.size is None:
        return None
    if any(place.path not in task.assets for place in card.media(dict(task.params))):
        return None
    return "x".join(task.size.split("x")[:2])
