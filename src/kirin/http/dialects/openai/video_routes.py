"""The addresses of videos, as the OpenAPI document describes them."""

from __future__ import annotations

from typing import Final

from kirin.accounts.keys import Scope
from kirin.errors import (
    InvalidParameters,
    UnknownTask,
)
from kirin.http.dialects.openai.video_json import VideoDeletedJson, VideoJson, VideoPageJson
from kirin.http.files.downloads import RANGES
from kirin.http.files.forms import FORM_DATA
from kirin.http.pagination import LIMIT
from kirin.http.query_parameters import ChoiceParameter, Parameter, PathParameter
from kirin.http.route import JSON, Route, Schema
from kirin.http.tasks.idempotency import IDEMPOTENCY_KEY
from kirin.http.tasks.intake import SUBMITTING_ERRORS
from kirin.http.tasks.results import FILE_ERRORS
from kirin.wire import openai as wire

VIDEOS: Final = f"/v1{wire.VIDEOS}"
VIDEO: Final = f"{VIDEOS}/{{video_id}}"

VIDEO_ID = PathParameter("video_id", "id of the video")
AFTER = Parameter("after", "id of the last video of the page before")
ORDER = ChoiceParameter("order", "of their creation; desc by default", options=("asc", "desc"))
VARIANT = ChoiceParameter(
    "variant", "what of it; the video by default", options=("video", "thumbnail", "spritesheet")
)

_FIELDS: Final[Schema] = {
    "type": "object",
    "description": "Beside these, every parameter of the model.",
    "properties": {
        "model": {"type": "string", "description": "as `GET /v1/models` lists them"},
        "prompt": {"type": "string"},
        "seconds": {"type": "string"},
        "size": {"type": "string", "description": "width x height"},
        "input_reference": {
            "description": "a picture: a file of a form, or an object with a URL or data: URL"
        },
    },
}

CREATE: Final = Route(
    method="POST",
    path=VIDEOS,
    id="createVideo",
    summary="Create a video",
    scope=Scope.GENERATE,
    parameters=(IDEMPOTENCY_KEY,),
    request_body={
        "required": True,
        "content": {JSON: {"schema": _FIELDS}, FORM_DATA: {"schema": _FIELDS}},
    },
    answer=VideoJson,
    errors=SUBMITTING_ERRORS,
)
LIST: Final = Route(
    method="GET",
    path=VIDEOS,
    id="listVideos",
    summary="The account's videos",
    scope=Scope.READ,
    parameters=(LIMIT, AFTER, ORDER),
    answer=VideoPageJson,
    errors=(InvalidParameters,),
)
READ: Final = Route(
    method="GET",
    path=VIDEO,
    id="retrieveVideo",
    summary="A video, finished or to come",
    scope=Scope.READ,
    parameters=(VIDEO_ID,),
    answer=VideoJson,
    errors=(UnknownTask,),
)
DELETE: Final = Route(
    method="DELETE",
    path=VIDEO,
    id="deleteVideo",
    summary="Delete a video; one to come is cancelled",
    scope=Scope.GENERATE,
    parameters=(VIDEO_ID,),
    answer=VideoDeletedJson,
    errors=(UnknownTask,),
)
CONTENT: Final = Route(
    method="GET",
    path=f"{VIDEO}{wire.CONTENT}",
    id="downloadVideo",
    summary="The file of a video, or a picture of it",
    scope=Scope.READ,
    parameters=(VIDEO_ID, VARIANT),
    media_types=("video/mp4", "image/webp", "image/jpeg"),
    answer_description="the file",
    other_responses=RANGES,
    errors=(InvalidParameters, *FILE_ERRORS),
    head=True,
)
REMIX: Final = Route(
    method="POST",
    path=f"{VIDEO}/remix",
    id="remixVideo",
    summary="The same request once more, with other words",
    scope=Scope.GENERATE,
    parameters=(VIDEO_ID, IDEMPOTENCY_KEY),
    request_body={
        "required": True,
        "content": {
            JSON: {
                "schema": {
                    "type": "object",
                    "properties": {"prompt": {"type": "string"}},
                    "required": ["prompt"],
                }
            }
        },
    },
    answer=VideoJson,
    errors=(*SUBMITTING_ERRORS, UnknownTask),
)
ROUTES: Final = (CREATE, LIST, READ, DELETE, CONTENT, REMIX)
