"""Operations as Google's SDK reads them: done or not, and what came of it."""

from __future__ import annotations

from typing import Annotated, Any, Final, NotRequired

from pydantic import Field
from typing_extensions import TypedDict

from kirin.catalogue.codes import CANCELLED
from kirin.domain.task import Status, Task
from kirin.http.dialects.times import iso
from kirin.http.dialects.veo.errors import DOMAIN, TYPE
from kirin.http.protocols.kirin_models import Url
from kirin.http.protocols.kirin_status import TaskStage, stage_of
from kirin.wire import veo as wire

NAME: Final = "veo"
"""Of the dialect, as tasks keep it."""

MODEL: Final = "model"
"""In what a task keeps of its origin: the name that its request had for the model."""

RESPONSE_TYPE: Final = (
    "type.googleapis.com/google.ai.generativelanguage.v1beta.PredictLongRunningResponse"
)


class VeoVideoJson(TypedDict):
    """Where a video is."""

    uri: Annotated[Url, Field(description="It takes the key.")]


class VeoSampleJson(TypedDict):
    """One video of an operation."""

    video: VeoVideoJson


class VeoVideosJson(TypedDict):
    """What an operation has made."""

    generatedSamples: list[VeoSampleJson]


VeoResponseJson = TypedDict(
    "VeoResponseJson", {"@type": str, "generateVideoResponse": VeoVideosJson}
)


class VeoMetadataJson(TypedDict):
    """How far an operation is."""

    createTime: str
    updateTime: str
    model: Annotated[str, Field(description="The model that makes it, not an alias.")]
    progressPercent: Annotated[int, Field(ge=0, le=100)]
    stage: NotRequired[Annotated[TaskStage, Field(description="Until done.")]]


class VeoStatusJson(TypedDict):
    """Why an operation failed."""

    code: Annotated[int, Field(description="Of google.rpc: 1 cancelled, 13 failed.")]
    message: str
    details: Annotated[
        list[dict[str, Any]], Field(description="ErrorInfo with our code as its reason.")
    ]


class VeoOperationJson(TypedDict):
    """A video, finished or to come."""

    name: Annotated[str, Field(description="models/MODEL/operations/ID, the id of the task.")]
    metadata: VeoMetadataJson
    done: bool
    response: NotRequired[Annotated[VeoResponseJson, Field(description="Of one that succeeded.")]]
    error: NotRequired[Annotated[VeoStatusJson, Field(description="Of one that failed.")]]


class VeoOperationPageJson(TypedDict):
    """A page of operations, the newest first."""

    operations: list[VeoOperationJson]
    nextPageToken: NotRequired[str]


def operation_json(task: Task, base_url: str) -> VeoOperationJson:
    """A task, as an operation.

    Args:
        base_url: of this server as the reader reaches it, without a slash at the end.
    """
    completed = task.status is Status.COMPLETED
    metadata: VeoMetadataJson = {
        "createTime": iso(task.created_at),
        "updateTime": iso(task.updated_at),
        "model": task.model,
        "progressPercent": 100 if completed else min(int(task.progress * 100), 99),
    }
    if (stage := stage_of(task.status)) is not None:
        metadata["stage"] = stage
    shown: VeoOperationJson = {
        "name": wire.operation_name(task.options.origin.get(MODEL, task.model), task.id),
        "metadata": metadata,
        "done": task.status.final,
    }
    if completed:
        samples: list[VeoSampleJson] = [{"video": {"uri": download_uri(task, base_url)}}]
        shown["response"] = {
            "@type": RESPONSE_TYPE,
            "generateVideoResponse": {"generatedSamples": samples},
        }
    if task.failure is not None:
        info = {"@type": f"{TYPE}ErrorInfo", "reason": task.failure.code, "domain": DOMAIN}
        shown["error"] = {
            "code": wire.CANCELLED if task.failure.code == CANCELLED else wire.INTERNAL,
            "message": task.failure.message,
            "details": [info],
        }
    return shown


def download_uri(task: Task, base_url: str) -> str:
    """Where the video of a task is downloaded, with the key."""
    return f"{base_url}{wire.FILES}/{task.id}:download?alt=media"
