"""What the tools take, as their JSON Schemas show it and as they are held against it."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from kirin.http.request_models import RequestModel
from kirin.http.tasks.idempotency import VALID_KEY

LONGEST_WAIT = 50
"""Seconds; clients of the protocol give up on calls after a minute."""

Model = Annotated[str, Field(description="id of the model, from list_models")]
Parameters = Annotated[
    dict[str, Any],
    Field(
        description="the model's parameters by name, as show_model lists them. A picture or video "
        "is a URL (https, or one that upload_file gave) or, if small, raw base64"
    ),
]
TaskName = Annotated[str, Field(min_length=1, description="id or external_task_id of the task")]
Picture = Annotated[
    bool, Field(description="whether to add a picture of the result, once there is one")
]


class ListModelsArguments(RequestModel):
    """Which models to list."""

    type: Annotated[str | None, Field(description="such as text-to-video or image-to-video")] = None
    keywords: Annotated[str | None, Field(description="words that must all occur")] = None


class ShowModelArguments(RequestModel):
    """Which model to show."""

    model: Model


class QuoteArguments(RequestModel):
    """What to put a price on."""

    model: Model
    params: Parameters


class CreateArguments(RequestModel):
    """What to make."""

    model: Model
    params: Parameters
    moderation: Annotated[
        bool,
        Field(description="whether to refuse pictures that the server's classifier objects to"),
    ] = False
    metadata: Annotated[
        dict[str, Any] | None,
        Field(description="notes of your own, at most 4 KB; the task shows them again"),
    ] = None
    idempotency_key: Annotated[
        str | None,
        Field(
            pattern=f"^{VALID_KEY.pattern}$",
            description="a text of your choice: the same call with it makes no second task",
        ),
    ] = None


class WaitArguments(RequestModel):
    """What to wait for."""

    task_id: TaskName
    seconds: Annotated[
        int, Field(ge=1, le=LONGEST_WAIT, description="how long to wait at most")
    ] = LONGEST_WAIT
    poster: Picture = True


class GetArguments(RequestModel):
    """Which task to show."""

    task_id: TaskName
    poster: Picture = True


class ListTasksArguments(RequestModel):
    """Which tasks to list."""

    limit: Annotated[int, Field(ge=1, le=100, description="how many")] = 10
    cursor: Annotated[str | None, Field(description="next_cursor of the page before")] = None
    status: Literal["in_progress", "completed", "failed"] | None = None
    model: Annotated[str | None, Field(description="id of a model")] = None


class CancelArguments(RequestModel):
    """Which task to cancel."""

    task_id: TaskName


class UploadArguments(RequestModel):
    """A file, by exactly one of these."""

    base64: Annotated[
        str | None, Field(description="the file's bytes as base64, without a data: prefix")
    ] = None
    url: Annotated[str | None, Field(description="public URL for the server to fetch")] = None


class LocalUploadArguments(UploadArguments):
    """A file, by exactly one of these."""

    path: Annotated[
        str | None, Field(description="path of a picture or video file on this machine")
    ] = None


Arguments = dict[str, Any]
"""Arguments of a call as they came."""
