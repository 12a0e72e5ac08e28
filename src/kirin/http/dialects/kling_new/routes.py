"""The addresses, as the OpenAPI document describes them."""

from __future__ import annotations

from typing import Final

from kirin.accounts.keys import Scope
from kirin.errors import (
    InvalidParameters,
    UnknownTask,
)
from kirin.http.bodies import BODY_ERRORS
from kirin.http.dialects.kling_new.task_json import (
    NewCreatedAnswerJson,
    NewPageAnswerJson,
    NewTasksAnswerJson,
)
from kirin.http.query_parameters import Parameter, PathParameter
from kirin.http.route import JSON, Route, Schema
from kirin.http.tasks.idempotency import IDEMPOTENCY_KEY
from kirin.http.tasks.intake import SUBMITTING_ERRORS
from kirin.wire import kling, kling_new

MODEL = PathParameter("model", "name of the model")
TASK_IDS = Parameter("task_ids", "ids of tasks, between commas")
EXTERNAL_IDS = Parameter("external_task_ids", "external_task_id of tasks, between commas")

CREATED: Final = {
    kling_new.TEXT: "TextToVideo",
    kling_new.IMAGE: "ImageToVideo",
    kling_new.OMNI: "OmniVideo",
    kling_new.MOTION: "MotionControl",
}
"""Paths of new tasks, and what operations on them are called."""


def _body(properties: Schema) -> Schema:
    schema = {"type": "object", "properties": properties}
    return {"required": True, "content": {JSON: {"schema": schema}}}


def _create(path: str, name: str) -> Route:
    said: Schema = {"prompt": {"type": "string"}}
    if path != kling_new.TEXT:
        said = {"contents": {"type": "array", "items": {"type": "object"}}}
    return Route(
        method="POST",
        path=f"{path}/{{model}}",
        id=f"create{name}",
        summary="Create a task",
        scope=Scope.GENERATE,
        parameters=(MODEL, IDEMPOTENCY_KEY),
        request_body=_body({**said, "settings": {"type": "object"}, "options": {"type": "object"}}),
        answer=NewCreatedAnswerJson,
        errors=SUBMITTING_ERRORS,
    )


CREATE: Final = {path: _create(path, name) for path, name in CREATED.items()}
READ: Final = Route(
    method="GET",
    path=kling_new.TASKS,
    id="readTasks",
    summary="Tasks by their ids",
    scope=Scope.READ,
    parameters=(TASK_IDS, EXTERNAL_IDS),
    answer=NewTasksAnswerJson,
    errors=(InvalidParameters, UnknownTask),
)
LIST: Final = Route(
    method="POST",
    path=kling_new.TASKS,
    id="listTasks",
    summary="The account's tasks, the newest first",
    scope=Scope.READ,
    request_body=_body(
        {
            "start_time": {"type": ["integer", "string"]},
            "end_time": {"type": ["integer", "string"]},
            "cursor": {"type": "string"},
            "limit": {"type": "integer"},
            "filters": {"type": "array", "items": {"type": "object"}},
        }
    ),
    answer=NewPageAnswerJson,
    errors=BODY_ERRORS,
)
ROUTES: Final = (*CREATE.values(), READ, LIST)
PATHS: Final = tuple(
    prefix + path for prefix in kling.PREFIXES for path in (*CREATED, kling_new.TASKS)
)
"""Of errors in the shape of this dialect."""
