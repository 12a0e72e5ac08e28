"""Errors as the clients of fal read them: a ``detail``, which is a text or a list by parameter."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Annotated, Any, Final, NotRequired

from pydantic import Field
from typing_extensions import TypedDict

from kirin.errors import (
    AlreadyThere,
    ApiError,
    ExternalIdUsed,
    IdempotencyKeyUsed,
    InvalidParameters,
    NoVideo,
    SyncTimeout,
    TaskFinished,
    VideoNotReady,
)
from kirin.http.error_format import ErrorFormat
from kirin.wire import fal

MALFORMED: Final = HTTPStatus.UNPROCESSABLE_ENTITY
"""Of what is wrong with a request: the client for JavaScript tells it apart by that alone."""

HEADER: Final = "invalid_header"
"""Code of what is wrong with a header."""

_STEP: Final = re.compile(r"[^.\[\]]+")


class FalProblemJson(TypedDict):
    """One thing that is wrong with a request."""

    loc: Annotated[
        list[str | int], Field(description="Where it is: `body`, `query` or `header`, and names.")
    ]
    msg: str
    type: str


class FalMessageJson(TypedDict):
    """What is wrong, for clients that read it here."""

    message: str
    code: Annotated[int, Field(description="The status.")]


class FalErrorJson(TypedDict):
    """An error."""

    detail: Annotated[
        str | list[FalProblemJson], Field(description="What is wrong; of parameters, a list.")
    ]
    message: Annotated[str, Field(description="All that is wrong, as one text.")]
    error_type: Annotated[str, Field(description="Stable identifier of the error.")]
    error: FalMessageJson
    status: NotRequired[Annotated[str, Field(description="Of a cancellation that came too late.")]]


def location(path: str) -> list[str | int]:
    """Where a parameter is.

    >>> location("multi_prompt[0].prompt")
    ['body', 'multi_prompt', 0, 'prompt']
    """
    return ["query" if path == fal.WEBHOOK else "body", *_steps(path)]


def _steps(path: str) -> Iterator[str | int]:
    for step in _STEP.findall(path):
        yield int(step) if step.isascii() and step.isdigit() else step


def error_body(error: ApiError, _: str) -> Mapping[str, Any]:
    """The JSON of an error; the id of the request stands in its header."""
    message, detail = error.message, error.message
    if isinstance(error, VideoNotReady):
        message = detail = fal.STILL_IN_PROGRESS
    body = FalErrorJson(
        detail=detail,
        message=message,
        error_type=error.code,
        error={"message": message, "code": int(ERRORS.status_of(type(error)))},
    )
    if isinstance(error, InvalidParameters):
        body["detail"] = [
            {
                "loc": ["header", p.param] if p.code == HEADER else location(p.param),
                "msg": p.message,
                "type": p.code,
            }
            for p in error.problems
        ]
    if isinstance(error, TaskFinished):
        body["status"] = fal.ALREADY_COMPLETED
    return body


def error_headers(error: ApiError) -> Mapping[str, str]:
    """The type once more; and whoever stopped waiting is told not to order again."""
    headers = {fal.ERROR_TYPE: error.code}
    if isinstance(error, SyncTimeout):
        headers[fal.TIMEOUT_TYPE] = fal.USER_TIMEOUT
    return headers


ERRORS: Final = ErrorFormat(
    model=FalErrorJson,
    body=error_body,
    # The client for Python sends a request ten times that was answered with 409.
    statuses={
        AlreadyThere: MALFORMED,
        ExternalIdUsed: MALFORMED,
        IdempotencyKeyUsed: MALFORMED,
        InvalidParameters: MALFORMED,
        NoVideo: MALFORMED,
        TaskFinished: HTTPStatus.BAD_REQUEST,
        VideoNotReady: HTTPStatus.BAD_REQUEST,
    },
    headers=error_headers,
)
