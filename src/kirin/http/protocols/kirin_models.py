"""What requests and answers of the Kirin dialect hold (rules W-1 to W-8).

The OpenAPI document calls each of these by its name without ``Json``.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, NotRequired

from pydantic import Field, with_config
from typing_extensions import TypedDict

from kirin.http.protocols.kirin_status import TaskStage, TaskStatus

GENERATION_REQUEST = "GenerationRequest"
"""Name of the schema of requests, which is made from the cards of the models."""

Milliseconds = Annotated[int, Field(description="Unix milliseconds")]
Url = Annotated[str, Field(json_schema_extra={"format": "uri"})]
Dollars = Annotated[str, Field(description="USD", pattern=r"^-?\d+\.\d{4}$", examples=["0.2800"])]


class CreatedJson(TypedDict):
    """The answer to a request that created a task."""

    id: str
    status: TaskStatus
    model: str
    created_at: Milliseconds


class ContentJson(TypedDict):
    """One thing that a task made."""

    type: Literal["video", "image", "element", "text"]
    url: NotRequired[Url]
    text: NotRequired[
        Annotated[str, Field(description="kirin_identify_face only: JSON, see its reference")]
    ]
    element_id: NotRequired[Annotated[int, Field(description="kirin_custom_elements only")]]
    jobId: str
    size: NotRequired[Annotated[str, Field(description="kirin_v1_i2v only")]]
    duration: NotRequired[Annotated[float, Field(description="kirin_v3_i2v only")]]
    watermark: NotRequired[Annotated[bool, Field(description="true for the marked copy")]]


class OutputJson(TypedDict):
    """All that a task made."""

    content: list[ContentJson]
    jobId: str


class CostJson(TypedDict):
    """What something costs (rule W-6)."""

    cost: Dollars
    discount: Annotated[float, Field(description="USD that the account's discount took off")]


class TaskErrorJson(TypedDict):
    """Why a task failed."""

    code: str
    message: str
    error_message: Annotated[str, Field(description="the same as message")]


class ModerationJson(TypedDict):
    """What became of the wish that a classifier looks at the pictures."""

    requested: Literal[True]
    available: Annotated[bool, Field(description="whether the server has a classifier")]
    classifier: NotRequired[str]
    pictures: NotRequired[Annotated[int, Field(description="how many it has looked at")]]
    score: NotRequired[Annotated[float, Field(description="its highest score of them, 0 to 1")]]
    threshold: NotRequired[Annotated[float, Field(description="what is refused from")]]


@with_config(extra="allow")
class MetadataJson(TypedDict, total=False):
    """What else is known of a task (rule W-8); engines add notes of their own."""

    width: int
    height: int
    fps: float
    frames: int
    duration: Annotated[float, Field(description="seconds")]
    stage: Annotated[TaskStage, Field(description="Only while in progress.")]
    engine: str
    seed: int
    ignored: Annotated[list[str], Field(description="parameters that had no effect")]
    queue_seconds: float
    render_seconds: float
    queue_position: Annotated[int, Field(description="1 is next")]
    queue_note: str
    estimated_start_at: Milliseconds
    estimated_finish_at: Milliseconds
    expired_at: Milliseconds
    prompt: Annotated[str, Field(description="Only in listings: how it begins.")]
    request: Annotated[dict[str, Any], Field(description="The metadata of the request.")]
    moderation: Annotated[ModerationJson, Field(description="Only where the request asked for it.")]
    batch: Annotated[str, Field(description="The batch that it was made in.")]
    reused: Annotated[bool, Field(description="Only where an earlier task's result is the answer.")]
    reused_from: Annotated[str, Field(description="That task, if it is of the same account.")]


class TaskJson(CreatedJson):
    """A task (rule W-3)."""

    updated_at: Milliseconds
    progress: Annotated[float, Field(ge=0, le=1)]
    output: NotRequired[Annotated[list[OutputJson], Field(description="Only when completed.")]]
    usage: NotRequired[Annotated[CostJson, Field(description="Only when completed.")]]
    error: NotRequired[Annotated[TaskErrorJson, Field(description="Only when failed.")]]
    metadata: MetadataJson


class TaskPageJson(TypedDict):
    """A page of tasks."""

    tasks: list[TaskJson]
    next_cursor: str | None


class RemovedJson(TypedDict):
    """A task that was removed."""

    id: str
    removed: Literal[True]


class InputJson(TypedDict):
    """The one block of a request."""

    params: dict[str, Any]


class RequestJson(TypedDict):
    """A request for a task; what ``params`` holds, the cards of the models say."""

    model: str
    input: list[InputJson]
    moderation: NotRequired[bool]
    metadata: NotRequired[dict[str, Any]]
    parameters: NotRequired[dict[str, Any]]
    dash_scope: NotRequired[bool]
    seed: NotRequired[int]
    cache: NotRequired[bool]


class ForeseenJson(TypedDict):
    """What would be shown, as far as the engine can say before it renders."""

    scene: NotRequired[
        Annotated[
            dict[str, Any],
            Field(
                description="What the prompt is understood to show, as metadata.scene will have "
                "it: place, light, cast, and what is missing; absent where given pictures are "
                "shown."
            ),
        ]
    ]
    motion: NotRequired[
        Annotated[
            dict[str, Any],
            Field(
                description="What is understood to move in a given picture, where it acts (a "
                "box in the first frame), and which words are missing, as the task's "
                "metadata.motion will have it. Pictures that are here are looked at: inline ones, "
                "uploads and results. Behind other URLs, of very large ones, and while too many "
                'are being looked at, words alone are told, with "found": "when rendered". '
                "Motion control has its warnings here, as metadata.warnings will have them."
            ),
        ]
    ]
    direction: NotRequired[
        Annotated[
            dict[str, Any],
            Field(
                description="How the camera moves, where words or numbers ask for it; what of "
                "that a given picture can show is found when it is rendered."
            ),
        ]
    ]
    not_followed: NotRequired[
        Annotated[
            list[str],
            Field(description="Words of the prompt that a camera in numbers overrules."),
        ]
    ]
    footage: NotRequired[
        Annotated[
            dict[str, Any],
            Field(description="What a given video is used for; the rest is found when rendered."),
        ]
    ]


class QuotedShotJson(ForeseenJson):
    """What one of several shots would show."""


class QuoteJson(ForeseenJson):
    """What a request would cost and show."""

    model: str
    currency: Literal["USD"]
    exact: bool
    usage: NotRequired[
        Annotated[CostJson, Field(description="What the task's usage will be, where exact.")]
    ]
    least: CostJson
    most: Annotated[CostJson, Field(description="What is held until the task has ended.")]
    reused: NotRequired[
        Annotated[
            Literal[True],
            Field(description="Where the result of an earlier task would be the answer."),
        ]
    ]
    after_fetch: Annotated[
        list[str],
        Field(description="Parameters that must be fetched before the cost is known."),
    ]
    shots: NotRequired[
        Annotated[
            list[QuotedShotJson],
            Field(description="The same for each shot, where there are several."),
        ]
    ]
