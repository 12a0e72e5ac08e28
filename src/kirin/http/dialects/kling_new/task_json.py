"""Tasks as the new standard has them, made of what the legacy one says of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Final, Literal, NotRequired, cast

from pydantic import Field
from typing_extensions import TypedDict

from kirin.domain.task import Task
from kirin.http.dialects.kling.answers import KlingElementJson, KlingEnvelopeJson, Milliseconds
from kirin.http.dialects.kling.task_json import KlingPresenter
from kirin.wire import kling, kling_new

ELEMENT_TYPES: Final = {
    "image_refer": "multi_image_elements",
    "video_refer": "video_character_elements",
}
NewStatusWord = Literal["submitted", "processing", "succeeded", "failed"]


class NewOutputJson(TypedDict):
    """What a task has made: a video or an element."""

    type: Literal["video", "element"]
    id: Annotated[str, Field(description="Of a video that of its task, of an element its own.")]
    url: NotRequired[str]
    watermark_url: NotRequired[str]
    duration: NotRequired[Annotated[str, Field(description="Seconds.")]]
    name: NotRequired[str]
    description: NotRequired[str]
    element_type: NotRequired[Literal["multi_image_elements", "video_character_elements"]]
    references: NotRequired[list[dict[str, str]]]
    owned_by: NotRequired[Annotated[str, Field(description="Id of the account.")]]
    status: NotRequired[Literal["succeeded", "deleted"]]
    tags: NotRequired[list[dict[str, str]]]


class NewBillingJson(TypedDict):
    """What a task was charged."""

    charge_type: Literal["cash"]
    cash_type: Literal["balance"]
    amount: str
    currency: Literal["USD"]
    list_price: Annotated[str, Field(description="Without the account's discount.")]


class NewCreatedJson(TypedDict):
    """A new task."""

    id: str
    status: NewStatusWord
    create_time: Milliseconds
    update_time: Milliseconds
    external_id: NotRequired[str]


class NewTaskJson(NewCreatedJson):
    """A task."""

    message: Annotated[str, Field(description="Why it failed, else empty.")]
    outputs: list[NewOutputJson]
    billing: list[NewBillingJson]


class NewPageJson(TypedDict):
    """A page of tasks."""

    result: list[NewTaskJson]
    count: int
    next_cursor: str
    has_more: bool


class NewCreatedAnswerJson(KlingEnvelopeJson):
    """The answer to a request for a task."""

    data: NewCreatedJson


class NewTasksAnswerJson(KlingEnvelopeJson):
    """Tasks that were asked for by their ids."""

    data: list[NewTaskJson]


class NewPageAnswerJson(KlingEnvelopeJson):
    """A page of tasks."""

    data: NewPageJson


def created_json(task: Task, status: str) -> NewCreatedJson:
    """A task, without what has become of it.

    Args:
        status: the word of the legacy standard.
    """
    word: Any = kling_new.SUCCEEDED if status == kling.SUCCEED else status
    shown: NewCreatedJson = {
        "id": task.id,
        "status": word,
        "create_time": task.created_at,
        "update_time": task.updated_at,
    }
    if task.external_id:
        shown["external_id"] = task.external_id
    return shown


class NewPresenter:
    """Presents tasks."""

    def __init__(self, legacy: KlingPresenter) -> None:
        self._legacy = legacy

    def task(self, task: Task, base_url: str, gone: frozenset[int] = frozenset()) -> NewTaskJson:
        """A task; see :meth:`KlingPresenter.task`."""
        legacy = self._legacy.task(task, base_url, gone)
        result = legacy.get("task_result", {})
        outputs: list[Any] = [{"type": "video", **video} for video in result.get("videos", ())]
        outputs += [_element(element) for element in result.get("elements", ())]
        billing: list[NewBillingJson] = []
        if charged := legacy.get("final_balance_deduction"):
            billing.append(
                {
                    "charge_type": "cash",
                    "cash_type": "balance",
                    "amount": charged["quota"],
                    "currency": "USD",
                    "list_price": charged["list_price"],
                }
            )
        told = {"message": legacy["task_status_msg"], "outputs": outputs, "billing": billing}
        return cast(NewTaskJson, {**created_json(task, legacy["task_status"]), **told})

    def renewed(self, shown: Mapping[str, Any]) -> dict[str, Any]:
        """What :meth:`task` returned earlier, with links of results that are signed now."""
        videos = [each for each in shown["outputs"] if each["type"] == "video"]
        renewed = self._legacy.renewed({"task_result": {"videos": videos}})
        links = iter(renewed["task_result"]["videos"])
        outputs = [next(links) if each["type"] == "video" else each for each in shown["outputs"]]
        return {**shown, "outputs": outputs}


def _element(element: KlingElementJson) -> Mapping[str, Any]:
    return {
        "type": "element",
        "id": str(element["element_id"]),
        "name": element["element_name"],
        "description": element["element_description"],
        "element_type": ELEMENT_TYPES[element["reference_type"]],
        "references": list(_references(element)),
        "owned_by": element["owned_by"],
        "status": kling_new.SUCCEEDED if element["status"] == kling.SUCCEED else "deleted",
        "tags": [{"id": tag["tag_id"]} for tag in element["tag_list"]],
    }


def _references(element: KlingElementJson) -> Iterator[dict[str, str]]:
    pictures = element.get("element_image_list", {})
    if "frontal_image" in pictures:
        yield {"type": "image", "role": "frontal", "url": pictures["frontal_image"]}
    for each in pictures.get("refer_images", ()):
        yield {"type": "image", "role": "reference", "url": each["image_url"]}
    for each in element.get("element_video_list", {}).get("refer_videos", ()):
        yield {"type": "video", "role": "refer", "url": each["video_url"]}
