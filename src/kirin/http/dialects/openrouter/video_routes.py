"""The addresses of videos, as the OpenAPI document describes them."""

from __future__ import annotations

from typing import Final

from kirin.accounts.keys import Scope
from kirin.errors import (
    InvalidParameters,
    UnknownTask,
)
from kirin.http.dialects.openrouter.models import VideoModelListJson
from kirin.http.dialects.openrouter.video_json import VideoJobJson
from kirin.http.files.downloads import RANGES
from kirin.http.protocols.kirin_request import MOST_SEED
from kirin.http.query_parameters import IntegerParameter, PathParameter
from kirin.http.route import JSON, Route, Schema
from kirin.http.tasks.idempotency import IDEMPOTENCY_KEY
from kirin.http.tasks.intake import SUBMITTING_ERRORS
from kirin.http.tasks.results import FILE_ERRORS
from kirin.wire.openrouter import MODELS, VIDEOS

VIDEO: Final = f"{VIDEOS}/{{job_id}}"
JOB_ID = PathParameter("job_id", "id of the video")
INDEX = IntegerParameter("index", "which of its unsigned_urls", default=0, minimum=0, maximum=1)

_FIELDS: Final[Schema] = {
    "type": "object",
    "description": "Beside these, every parameter of the model.",
    "required": ["model"],
    "properties": {
        "model": {"type": "string", "description": f"as `GET {MODELS}` lists them"},
        "prompt": {"type": "string"},
        "duration": {"type": "integer", "description": "seconds"},
        "resolution": {"type": "string"},
        "aspect_ratio": {"type": "string"},
        "size": {"type": "string", "description": "width x height"},
        "generate_audio": {"type": "boolean"},
        "frame_images": {"type": "array", "items": {"type": "object"}},
        "input_references": {"type": "array", "items": {"type": "object"}},
        "previous_job_id": {"type": "string", "description": "the video to go on from"},
        "seed": {"type": "integer", "minimum": 0, "maximum": MOST_SEED},
        "callback_url": {"type": "string"},
        "user": {"type": "string"},
        "session_id": {"type": "string"},
        "trace": {"type": "object"},
        "provider": {"type": "object"},
    },
}

CREATE: Final = Route(
    method="POST",
    path=VIDEOS,
    id="createVideos",
    summary="Create a video",
    scope=Scope.GENERATE,
    parameters=(IDEMPOTENCY_KEY,),
    request_body={"required": True, "content": {JSON: {"schema": _FIELDS}}},
    answer=VideoJobJson,
    status=202,
    errors=SUBMITTING_ERRORS,
)
LIST_MODELS: Final = Route(
    method="GET",
    path=MODELS,
    id="listVideosModels",
    summary="The models that make videos, and what each can",
    scope=Scope.READ,
    answer=VideoModelListJson,
)
READ: Final = Route(
    method="GET",
    path=VIDEO,
    id="getVideos",
    summary="A video, finished or to come",
    scope=Scope.READ,
    parameters=(JOB_ID,),
    answer=VideoJobJson,
    errors=(UnknownTask,),
)
CONTENT: Final = Route(
    method="GET",
    path=f"{VIDEO}/content",
    id="listVideosContent",
    summary="The file of a video",
    scope=Scope.READ,
    parameters=(JOB_ID, INDEX),
    media_types=("video/mp4",),
    answer_description="the file",
    other_responses=RANGES,
    errors=(InvalidParameters, *FILE_ERRORS),
    head=True,
)
ROUTES: Final = (CREATE, LIST_MODELS, READ, CONTENT)
