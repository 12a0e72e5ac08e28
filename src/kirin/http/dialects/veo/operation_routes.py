"""The addresses of operations and their videos, as the OpenAPI document describes them."""

from __future__ import annotations

from typing import Final

from kirin.accounts.keys import Scope
from kirin.errors import InvalidParameters, TaskFinished, UnknownModel, UnknownTask
from kirin.http.dialects.veo.keys import KEY
from kirin.http.dialects.veo.operation_json import VeoOperationJson, VeoOperationPageJson
from kirin.http.files.downloads import RANGES
from kirin.http.pagination import PAGE_LIMIT
from kirin.http.query_parameters import IntegerParameter, Parameter, PathParameter
from kirin.http.route import JSON, Route, Schema
from kirin.http.tasks.idempotency import IDEMPOTENCY_KEY
from kirin.http.tasks.intake import SUBMITTING_ERRORS
from kirin.http.tasks.results import FILE_ERRORS
from kirin.wire import veo as wire

MODEL: Final = f"{wire.MODELS}/{{model}}"
OPERATIONS: Final = f"{MODEL}/operations"
OPERATION: Final = f"{OPERATIONS}/{{operation_id}}"

MODEL_NAME = PathParameter("model", f"as `GET {wire.MODELS}` lists them")
OPERATION_ID = PathParameter("operation_id", "id of the task")
FILE = PathParameter("file", "id of the task; before it may stand the address of a file")
PAGE_SIZE = IntegerParameter("pageSize", "how many to show", default=20, maximum=PAGE_LIMIT)
PAGE_TOKEN = Parameter("pageToken", "nextPageToken of the page before")

_PICTURE: Final[Schema] = {
    "type": "object",
    "properties": {"bytesBase64Encoded": {"type": "string"}, "mimeType": {"type": "string"}},
}

_FIELDS: Final[Schema] = {
    "type": "object",
    "required": ["instances"],
    "properties": {
        "instances": {
            "type": "array",
            "minItems": 1,
            "maxItems": 1,
            "items": {
                "type": "object",
                "properties": {
                    "prompt": {"type": "string"},
                    "image": _PICTURE,
                    "lastFrame": _PICTURE,
                    "referenceImages": {"type": "array", "items": {"type": "object"}},
                    "video": {"type": "object", "properties": {"uri": {"type": "string"}}},
                },
            },
        },
        "parameters": {
            "type": "object",
            "description": "Beside these, every parameter of the model.",
            "properties": {
                "aspectRatio": {"type": "string"},
                "durationSeconds": {"type": "integer"},
                "generateAudio": {"type": "boolean"},
                "negativePrompt": {"type": "string"},
                "resolution": {"type": "string"},
                "seed": {"type": "integer"},
            },
        },
    },
}

CREATE: Final = Route(
    method="POST",
    path=f"{MODEL}:{wire.PREDICT}",
    id="predictLongRunning",
    summary="Create a video",
    scope=Scope.GENERATE,
    parameters=(MODEL_NAME, IDEMPOTENCY_KEY, *KEY),
    request_body={"required": True, "content": {JSON: {"schema": _FIELDS}}},
    answer=VeoOperationJson,
    errors=SUBMITTING_ERRORS,
)
LIST: Final = Route(
    method="GET",
    path=OPERATIONS,
    id="listOperations",
    summary="The account's videos of a model",
    scope=Scope.READ,
    parameters=(MODEL_NAME, PAGE_SIZE, PAGE_TOKEN, *KEY),
    answer=VeoOperationPageJson,
    errors=(InvalidParameters, UnknownModel),
)
READ: Final = Route(
    method="GET",
    path=OPERATION,
    id="getOperation",
    summary="A video, finished or to come",
    scope=Scope.READ,
    parameters=(MODEL_NAME, OPERATION_ID, *KEY),
    answer=VeoOperationJson,
    errors=(UnknownModel, UnknownTask),
)
CANCEL: Final = Route(
    method="POST",
    path=f"{OPERATION}:cancel",
    id="cancelOperation",
    summary="Cancel a video that is to come",
    scope=Scope.GENERATE,
    parameters=(MODEL_NAME, OPERATION_ID, *KEY),
    errors=(UnknownModel, UnknownTask, TaskFinished),
)
DELETE: Final = Route(
    method="DELETE",
    path=OPERATION,
    id="deleteOperation",
    summary="Delete a video; one to come is cancelled",
    scope=Scope.GENERATE,
    parameters=(MODEL_NAME, OPERATION_ID, *KEY),
    errors=(UnknownModel, UnknownTask),
)
DOWNLOAD: Final = Route(
    method="GET",
    path=f"{wire.FILES}/{{file:path}}:download",
    id="downloadFile",
    summary="The file of a video",
    scope=Scope.READ,
    parameters=(FILE, *KEY),
    media_types=("video/mp4",),
    answer_description="the file",
    other_responses=RANGES,
    errors=FILE_ERRORS,
    head=True,
)
ROUTES: Final = (CREATE, LIST, CANCEL, READ, DELETE, DOWNLOAD)
