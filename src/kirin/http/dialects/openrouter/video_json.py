"""Videos as the SDKs of OpenRouter read them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Final, NotRequired

from pydantic import Field
from typing_extensions import TypedDict

from kirin.catalogue.codes import CANCELLED
from kirin.domain.money import rounded
from kirin.domain.task import Status, Task
from kirin.http.protocols.kirin import Presenter
from kirin.http.protocols.kirin_models import Url
from kirin.wire import openrouter as wire
from kirin.wire.openrouter import VideoStatus, video_path

STATUSES: Final[Mapping[Status, VideoStatus]] = {
    Status.PENDING: wire.PENDING,
    Status.PROCESSING: wire.IN_PROGRESS,
    Status.COMPLETED: wire.COMPLETED,
    Status.FAILED: wire.FAILED,
}


class VideoUsageJson(TypedDict):
    """What a video came to."""

    cost: Annotated[float, Field(description="USD")]
    is_byok: Annotated[bool, Field(description="Always false.")]


class VideoJobJson(TypedDict):
    """A video, finished or to come."""

    id: Annotated[str, Field(description="That of the task in every dialect.")]
    polling_url: Url
    status: VideoStatus
    generation_id: NotRequired[Annotated[str, Field(description="The same id, at the end.")]]
    unsigned_urls: NotRequired[
        Annotated[list[Url], Field(description="Of a completed one; these links need no header.")]
    ]
    usage: NotRequired[Annotated[VideoUsageJson, Field(description="Of a completed one.")]]
    error: NotRequired[Annotated[str, Field(description="Of a failed one.")]]


def status_of(task: Task) -> VideoStatus:
    """The status of a task, in the words of this API."""
    if task.failure is not None and task.failure.code == CANCELLED:
        return "cancelled"
    if task.expired_at is not None and task.status is Status.COMPLETED:
        return "expired"
    return STATUSES[task.status]


def video_json(task: Task, presenter: Presenter, base_url: str) -> VideoJobJson:
    """A task, as a video.

    Args:
        base_url: of this server as the reader reaches it, without a slash at the end.
    """
    shown: VideoJobJson = {
        "id": task.id,
        "polling_url": base_url + video_path(task.id),
        "status": status_of(task),
    }
    if task.status.final:
        shown["generation_id"] = task.id
    if task.status is Status.COMPLETED:
        if task.expired_at is None:
            shown["unsigned_urls"] = result_links(task, presenter, base_url)
        shown["usage"] = {
            "cost": float(rounded(task.quote if task.cost is None else task.cost)),
            "is_byok": False,
        }
    if task.failure is not None:
        shown["error"] = task.failure.message
    return shown


def result_links(task: Task, presenter: Presenter, base_url: str) -> list[str]:
    """Signed links to the videos of a completed task, the unmarked one first."""
    (output,) = presenter.task(task, base_url)["output"]
    return [each["url"] for each in output["content"] if each["type"] == "video"]
