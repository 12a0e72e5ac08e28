"""The addresses of requests, as the OpenAPI document describes them."""

from __future__ import annotations

from typing import Final

from kirin.accounts.keys import Scope
from kirin.errors import (
    NoVideo,
    ResultExpired,
    SyncTimeout,
    TaskFinished,
    TooManyStreams,
    TooManyWaiting,
    UnknownTask,
    VideoNotReady,
)
from kirin.http.dialects.fal.request_json import FalCancelJson, FalResultJson, FalStatusJson
from kirin.http.query_parameters import Header, Parameter, PathParameter
from kirin.http.route import JSON, Route, Schema
from kirin.http.tasks.idempotency import IDEMPOTENCY_KEY
from kirin.http.tasks.intake import SUBMITTING_ERRORS
from kirin.wire.fal import KEY_SCHEMES, WEBHOOK

QUEUE: Final = "/fal"
"""What stands here for the host of the queue."""

RUN: Final = f"{QUEUE}/run"
"""What stands here for the host that answers when a request has ended."""

REQUEST: Final = f"{QUEUE}/{{app:path}}/requests/{{request_id}}"

EVENTS: Final = "text/event-stream"

ENDPOINT = PathParameter("endpoint", "such as `fal-ai/kling-video/v3/pro/text-to-video`")
APP = PathParameter("app", "owner and name of the endpoint, the first two segments of it")
REQUEST_ID = PathParameter("request_id", "id of the request")
FAL_WEBHOOK = Parameter(WEBHOOK, "URL that is told of the end of the request")
LOGS = Parameter("logs", "1 or true to see the logs")
START_TIMEOUT = Header("X-Fal-Request-Timeout", "seconds after which it is no longer to start")

_INPUT: Final[Schema] = {
    "required": True,
    "content": {
        JSON: {"schema": {"type": "object", "description": "the input of the endpoint"}},
    },
}

SUBMIT: Final = Route(
    method="POST",
    path=f"{QUEUE}/{{endpoint:path}}",
    id="submit",
    summary="Queue a request",
    scope=Scope.GENERATE,
    schemes=KEY_SCHEMES,
    parameters=(ENDPOINT, FAL_WEBHOOK, IDEMPOTENCY_KEY, START_TIMEOUT),
    request_body=_INPUT,
    answer=FalStatusJson,
    errors=SUBMITTING_ERRORS,
)
RUN_NOW: Final = Route(
    method="POST",
    path=f"{RUN}/{{endpoint:path}}",
    id="run",
    summary="Make a request and wait for its result",
    scope=Scope.GENERATE,
    schemes=KEY_SCHEMES,
    parameters=(ENDPOINT, IDEMPOTENCY_KEY, START_TIMEOUT),
    request_body=_INPUT,
    answer=FalResultJson,
    errors=(*SUBMITTING_ERRORS, NoVideo, ResultExpired, TooManyWaiting, SyncTimeout),
)
STREAM: Final = Route(
    method="POST",
    path=f"{RUN}/{{endpoint:path}}/stream",
    id="stream",
    summary="Make a request and follow it; the last event is its result",
    scope=Scope.GENERATE,
    schemes=KEY_SCHEMES,
    parameters=(ENDPOINT, IDEMPOTENCY_KEY, START_TIMEOUT),
    request_body=_INPUT,
    media_types=(EVENTS,),
    answer_description="events whose data are states of the request, and then its result",
    errors=(*SUBMITTING_ERRORS, TooManyStreams),
)
STATUS: Final = Route(
    method="GET",
    path=f"{REQUEST}/status",
    id="status",
    summary="How far a request has come",
    scope=Scope.READ,
    schemes=KEY_SCHEMES,
    parameters=(APP, REQUEST_ID, LOGS),
    answer=FalStatusJson,
    errors=(UnknownTask,),
)
STATUS_STREAM: Final = Route(
    method="GET",
    path=f"{REQUEST}/status/stream",
    id="streamStatus",
    summary="How far a request has come, as it happens",
    scope=Scope.READ,
    schemes=KEY_SCHEMES,
    parameters=(APP, REQUEST_ID, LOGS),
    media_types=(EVENTS,),
    answer_description="events whose data are states of the request, until it is completed",
    errors=(UnknownTask, TooManyStreams),
)
RESULT: Final = Route(
    method="GET",
    path=REQUEST,
    id="result",
    summary="The result of a request",
    scope=Scope.READ,
    schemes=KEY_SCHEMES,
    parameters=(APP, REQUEST_ID),
    answer=FalResultJson,
    errors=(UnknownTask, VideoNotReady, NoVideo, ResultExpired),
)
RESPONSE: Final = Route(
    method="GET",
    path=f"{REQUEST}/response",
    id="response",
    summary="The result of a request, at its longer address",
    scope=Scope.READ,
    schemes=KEY_SCHEMES,
    parameters=(APP, REQUEST_ID),
    answer=FalResultJson,
    errors=(UnknownTask, VideoNotReady, NoVideo, ResultExpired),
)
CANCEL: Final = Route(
    method="PUT",
    path=f"{REQUEST}/cancel",
    id="cancel",
    summary="Cancel a request",
    scope=Scope.GENERATE,
    schemes=KEY_SCHEMES,
    parameters=(APP, REQUEST_ID),
    answer=FalCancelJson,
    other_responses={
        "202": {
            "description": "the request is cancelled",
            "content": {JSON: {"schema": {"$ref": "#/components/schemas/FalCancel"}}},
        }
    },
    errors=(UnknownTask, TaskFinished),
)
ROUTES: Final = (
    STREAM,
    RUN_NOW,
    STATUS_STREAM,
    STATUS,
    RESPONSE,
    CANCEL,
    RESULT,
    SUBMIT,
)
"""Those with longer addresses first: an endpoint's name may have any number of segments."""
