"""The addresses, as the OpenAPI document describes them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from kirin.accounts.keys import Scope
from kirin.errors import (
    InvalidParameters,
    SyncTimeout,
    TooManyWaiting,
    UnknownSubject,
    UnknownTask,
)
from kirin.http.bodies import BODY_ERRORS
from kirin.http.dialects.kling.answers import (
    KlingCostsAnswerJson,
    KlingCreatedAnswerJson,
    KlingDeletedAnswerJson,
    KlingFacesAnswerJson,
    KlingTaskAnswerJson,
    KlingTaskListAnswerJson,
)
from kirin.http.query_parameters import (
    IntegerParameter,
    Parameter,
    PathParameter,
    TimeParameter,
)
from kirin.http.route import JSON, Route, Schema
from kirin.http.tasks.idempotency import IDEMPOTENCY_KEY
from kirin.http.tasks.intake import SUBMITTING_ERRORS
from kirin.wire import kling

TASKS: Final[Mapping[str, str]] = {
    kling.TEXT: "TextToVideo",
    kling.IMAGE: "ImageToVideo",
    kling.IMAGES: "MultiImageToVideo",
    kling.OMNI: "OmniVideo",
    kling.MOTION: "MotionControl",
    kling.EXTEND: "VideoExtend",
    kling.LIPS: "LipSync",
    kling.ELEMENTS: "Element",
}
"""Paths of tasks, and what operations on them are called."""

TASK_ID = PathParameter("task_id", "task_id or external_task_id of the task")
PAGE_NUMBER = IntegerParameter("pageNum", "number of the page", default=1, maximum=1000)
PAGE_SIZE = IntegerParameter("pageSize", "tasks on a page", default=30, maximum=500)
START = TimeParameter("start_time", "start of the period")
END = TimeParameter("end_time", "end of the period")
PACKAGE_NAME = Parameter("resource_pack_name", "the only package to show")


def _json_body(description: str, properties: Schema | None = None) -> Schema:
    schema = {"type": "object", "description": description, "properties": properties or {}}
    return {"required": True, "content": {JSON: {"schema": schema}}}


def _create(path: str, name: str) -> Route:
    named = path in kling.DEFAULT_NAMES
    return Route(
        method="POST",
        path=path,
        id=f"create{name}",
        summary="Create a task",
        scope=Scope.GENERATE,
        parameters=(IDEMPOTENCY_KEY,),
        request_body=_json_body(
            "The parameters of the model.", {"model_name": {"type": "string"}} if named else None
        ),
        answer=KlingCreatedAnswerJson,
        errors=SUBMITTING_ERRORS,
    )


def _list(path: str, name: str) -> Route:
    return Route(
        method="GET",
        path=path,
        id=f"list{name}",
        summary="The account's tasks, the newest first",
        scope=Scope.READ,
        parameters=(PAGE_NUMBER, PAGE_SIZE),
        answer=KlingTaskListAnswerJson,
        errors=(InvalidParameters,),
    )


def _read(path: str, name: str) -> Route:
    return Route(
        method="GET",
        path=f"{path}/{{task_id}}",
        id=f"read{name}",
        summary="A task",
        scope=Scope.READ,
        parameters=(TASK_ID,),
        answer=KlingTaskAnswerJson,
        errors=(UnknownTask,),
    )


def _delete(path: str, id: str) -> Route:
    return Route(
        method="POST",
        path=path,
        id=id,
        summary="Delete an element; tasks that use it are not affected",
        scope=Scope.ELEMENTS,
        request_body=_json_body("Which one.", {"element_id": {"type": ["string", "integer"]}}),
        answer=KlingDeletedAnswerJson,
        errors=(*BODY_ERRORS, UnknownSubject),
    )


CREATE: Final = {path: _create(path, name) for path, name in TASKS.items()}
LIST: Final = {path: _list(path, name) for path, name in TASKS.items()}
READ: Final = {path: _read(path, name) for path, name in TASKS.items()}

FIND_FACES: Final = Route(
    method="POST",
    path=kling.FACES,
    id="identifyFace",
    summary="Find the faces of a video, and wait for them",
    scope=Scope.GENERATE,
    parameters=(IDEMPOTENCY_KEY,),
    request_body=_json_body("video_id or video_url."),
    answer=KlingFacesAnswerJson,
    errors=(*SUBMITTING_ERRORS, TooManyWaiting, SyncTimeout),
)
PRESETS: Final = Route(
    method="GET",
    path=kling.PRESETS,
    id="listPresetElements",
    summary="Elements for everybody, of which there are none here",
    scope=Scope.READ,
    parameters=(PAGE_NUMBER, PAGE_SIZE),
    answer=KlingTaskListAnswerJson,
    errors=(InvalidParameters,),
)
DELETE: Final = _delete(kling.DELETE_ELEMENT, "deleteElement")
DELETE_BEFORE: Final = _delete(kling.DELETE_ELEMENT_BEFORE, "deleteElementBefore")
COSTS: Final = Route(
    method="GET",
    path=kling.COSTS,
    id="readCosts",
    summary="What the account has to spend",
    scope=Scope.READ,
    parameters=(START, END, PACKAGE_NAME),
    answer=KlingCostsAnswerJson,
    errors=(InvalidParameters,),
)

ROUTES: Final = (
    *(route for path in TASKS for route in (CREATE[path], LIST[path], READ[path])),
    FIND_FACES,
    PRESETS,
    DELETE,
    DELETE_BEFORE,
    COSTS,
)
PATHS: Final = tuple(
    prefix + path
    for prefix in kling.PREFIXES
    for path in (*TASKS, kling.FACES, *kling.OTHERS, *([""] if prefix else []))
)
"""Of errors in the shape of this dialect."""
