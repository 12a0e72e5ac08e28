"""The JSON of answers: an envelope, and what is in it."""

from __future__ import annotations

from typing import Annotated, Any, Literal, NotRequired

from pydantic import Field
from typing_extensions import TypedDict

Milliseconds = Annotated[int, Field(description="Unix time in milliseconds")]
TaskStatusWord = Literal["submitted", "processing", "succeed", "failed"]


class KlingTaskInfoJson(TypedDict):
    """What a task was created with."""

    external_task_id: NotRequired[str]


class KlingVideoJson(TypedDict):
    """A video that a task has made."""

    id: Annotated[str, Field(description="Of the task: `video_id` of other requests.")]
    url: str
    watermark_url: NotRequired[Annotated[str, Field(description="Of the marked copy.")]]
    duration: Annotated[str, Field(description="Seconds.")]


class KlingElementJson(TypedDict):
    """An element that a task has made."""

    element_id: int
    element_name: str
    element_description: str
    reference_type: Literal["image_refer", "video_refer"]
    element_image_list: NotRequired[dict[str, Any]]
    element_video_list: NotRequired[dict[str, Any]]
    tag_list: list[dict[str, Any]]
    owned_by: Annotated[str, Field(description="Id of the account.")]
    status: Literal["succeed", "deleted"]


class KlingResultJson(TypedDict):
    """What a task has made."""

    videos: NotRequired[list[KlingVideoJson]]
    elements: NotRequired[list[KlingElementJson]]


class KlingBalanceDeductionJson(TypedDict):
    """What a task was charged, in USD."""

    quota: str
    list_price: Annotated[str, Field(description="Without the account's discount.")]


class KlingWatermarkJson(TypedDict):
    """Whether there is a marked copy."""

    enabled: bool


class KlingCreatedJson(TypedDict):
    """A new task."""

    task_id: str
    task_status: TaskStatusWord
    task_info: KlingTaskInfoJson
    created_at: Milliseconds
    updated_at: Milliseconds


class KlingTaskJson(KlingCreatedJson):
    """A task."""

    task_status_msg: Annotated[str, Field(description="Why it failed, else empty.")]
    task_result: NotRequired[KlingResultJson]
    watermark_info: NotRequired[KlingWatermarkJson]
    final_unit_deduction: NotRequired[Annotated[str, Field(description="Units of 0.14 USD.")]]
    final_balance_deduction: NotRequired[KlingBalanceDeductionJson]


class KlingFaceJson(TypedDict):
    """A face of a video."""

    face_id: str
    face_image: str
    start_time: Annotated[int, Field(description="Milliseconds of the video.")]
    end_time: Annotated[int, Field(description="Milliseconds of the video.")]


class KlingFacesJson(TypedDict):
    """The faces of a video."""

    session_id: str
    face_data: list[KlingFaceJson]
    final_unit_deduction: str
    final_balance_deduction: KlingBalanceDeductionJson


class KlingDeletedJson(TypedDict):
    """An element that was deleted."""

    task_id: str
    task_status: Literal["succeed"]


class KlingPackageJson(TypedDict):
    """What an account has to spend, as a package of units."""

    resource_pack_name: str
    resource_pack_id: str
    resource_pack_type: Literal["decreasing_total"]
    total_quantity: float
    remaining_quantity: float
    purchase_time: Milliseconds
    effective_time: Milliseconds
    invalid_time: Milliseconds
    status: Literal["online", "runOut"]


class KlingCostsJson(TypedDict):
    """The packages of an account, in the envelope that this one answer has inside."""

    code: int
    msg: str
    resource_pack_subscribe_infos: list[KlingPackageJson]


class KlingEnvelopeJson(TypedDict):
    """What is around every answer."""

    code: Literal[0]
    message: str
    request_id: str


class KlingCreatedAnswerJson(KlingEnvelopeJson):
    """The answer to a request for a task."""

    data: KlingCreatedJson


class KlingTaskAnswerJson(KlingEnvelopeJson):
    """A task."""

    data: KlingTaskJson


class KlingTaskListAnswerJson(KlingEnvelopeJson):
    """A page of tasks."""

    data: list[KlingTaskJson]


class KlingFacesAnswerJson(KlingEnvelopeJson):
    """The faces of a video."""

    data: KlingFacesJson


class KlingDeletedAnswerJson(KlingEnvelopeJson):
    """An element that was deleted."""

    data: KlingDeletedJson


class KlingCostsAnswerJson(KlingEnvelopeJson):
    """The packages of an account."""

    data: KlingCostsJson
