"""Queued requests and their results as the clients of fal read them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from mimetypes import guess_type
from typing import Annotated, Any, Final, NotRequired

from pydantic import Field
from typing_extensions import TypedDict

from kirin.domain.task import Result, Status, Task
from kirin.http.dialects.fal.endpoints import ENDPOINT, NAME
from kirin.http.protocols.kirin_models import Url
from kirin.tasks.forecast import Forecast
from kirin.wire import fal
from kirin.wire.fal import QueueStatus

STATUSES: Final[Mapping[Status, QueueStatus]] = {
    Status.PENDING: fal.IN_QUEUE,
    Status.PROCESSING: fal.IN_PROGRESS,
    Status.COMPLETED: fal.COMPLETED,
    Status.FAILED: fal.COMPLETED,
}


class FalLinksJson(TypedDict):
    """Where a request is followed."""

    request_id: Annotated[str, Field(description="Id of the task in every dialect.")]
    response_url: Url
    status_url: Url
    cancel_url: Url


class FalLogJson(TypedDict):
    """What happened, and when."""

    message: str
    level: str
    source: str
    timestamp: Annotated[str, Field(description="ISO 8601")]


class FalMetricsJson(TypedDict):
    """What a request took."""

    inference_time: NotRequired[Annotated[float, Field(description="seconds")]]


class FalStatusJson(FalLinksJson):
    """A request, finished or to come."""

    status: QueueStatus
    logs: Annotated[list[FalLogJson] | None, Field(description="Null unless asked for.")]
    metrics: FalMetricsJson
    queue_position: NotRequired[Annotated[int, Field(description="0 is next; of IN_QUEUE.")]]
    error: NotRequired[Annotated[str, Field(description="Why it failed.")]]
    error_type: NotRequired[str]


class FalFileJson(TypedDict):
    """A file, and what is known of it."""

    url: Url
    content_type: str
    file_name: str
    file_size: NotRequired[Annotated[int, Field(description="bytes")]]
    width: NotRequired[int]
    height: NotRequired[int]
    duration: NotRequired[Annotated[float, Field(description="seconds")]]
    fps: NotRequired[float]


class FalResultJson(TypedDict):
    """What a request has made."""

    video: NotRequired[FalFileJson]
    watermarked_video: NotRequired[
        Annotated[FalFileJson, Field(description="The marked copy, if one was asked for.")]
    ]
    output: NotRequired[
        Annotated[list[dict[str, Any]], Field(description="Of models that make no video.")]
    ]
    seed: int


class FalCancelJson(TypedDict):
    """The answer to a cancellation."""

    status: str


def links_of(task: Task, base_url: str, name: str | None = None) -> FalLinksJson:
    """Where a task is followed.

    Args:
        base_url: of the queue, for the reader.
        name: of the endpoint, where the task knows of none.
    """
    origin = task.options.origin
    known = origin.get(ENDPOINT) if origin.get("dialect") == NAME else None
    endpoint = known or name or f"{fal.OWNER}/{task.model}"
    request = f"{base_url}/{fal.app_of(endpoint)}/requests/{task.id}"
    return {
        "request_id": task.id,
        "response_url": request,
        "status_url": f"{request}/status",
        "cancel_url": f"{request}/cancel",
    }


def status_json(
    task: Task, links: FalLinksJson, forecast: Forecast | None, *, logs: bool
) -> FalStatusJson:
    """How far a task has come.

    Args:
        forecast: of one that is not yet completed.
    """
    shown = FalStatusJson(
        request_id=links["request_id"],
        response_url=links["response_url"],
        status_url=links["status_url"],
        cancel_url=links["cancel_url"],
        status=STATUSES[task.status],
        logs=_logs(task) if logs else None,
        metrics={},
    )
    if task.status is Status.PENDING:
        position = forecast.position if forecast else None
        shown["queue_position"] = max((position or 1) - 1, 0)
    if task.started_at is not None and task.finished_at is not None:
        seconds = max(0, task.finished_at - task.started_at) / 1000
        shown["metrics"] = {"inference_time": round(seconds, 3)}
    if task.failure is not None:
        shown["error"], shown["error_type"] = task.failure.message, task.failure.code
    return shown


def _logs(task: Task) -> list[FalLogJson]:
    """The stages that a task went through."""
    told: list[tuple[int | None, str]] = [(task.created_at, "queued")]
    if task.started_at is not None:
        told.append((task.started_at, "started"))
    if task.status is Status.PROCESSING:
        told.append((task.updated_at, f"{task.progress:.0%} done"))
    if task.status is Status.COMPLETED:
        told.append((task.finished_at, "completed"))
    if task.failure is not None:
        told.append((task.finished_at, task.failure.message))
    return [
        {
            "message": message,
            "level": "ERROR" if task.failure and message == task.failure.message else "INFO",
            "source": "SYSTEM",
            "timestamp": datetime.fromtimestamp((at or task.updated_at) / 1000, tz=UTC).isoformat(),
        }
        for at, message in told
    ]


def result_json(
    task: Task, files: Mapping[str, tuple[str, int | None]], output: list[dict[str, Any]]
) -> FalResultJson:
    """What a completed task has made.

    Args:
        files: link and size in bytes of each result, by its key.
        output: what it made natively, for models that make no video.
    """
    videos = [each for each in task.results if each.type == "video"]
    shown = FalResultJson(seed=task.seed)
    for result in videos:
        file = _file(task, result, *files[result.key])
        if result.watermark:
            shown["watermarked_video"] = file
        else:
            shown["video"] = file
    if not videos:
        shown["output"] = output
    return shown


def _file(task: Task, result: Result, url: str, size: int | None) -> FalFileJson:
    name = result.key.rpartition("/")[2]
    kind = guess_type(name)[0] or "application/octet-stream"
    shown = FalFileJson(url=url, content_type=kind, file_name=name)
    if size is not None:
        shown["file_size"] = size
    facts = task.metadata
    if "width" in facts and "height" in facts:
        shown["width"], shown["height"] = facts["width"], facts["height"]
    if "duration" in facts:
        shown["duration"] = float(facts["duration"])
    if "fps" in facts:
        shown["fps"] = float(facts["fps"])
    return shown
