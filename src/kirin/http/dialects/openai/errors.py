"""Errors as the SDKs of OpenAI read them: one object, with what is wrong first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Final

from pydantic import Field
from typing_extensions import TypedDict

from kirin.errors import (
    ApiError,
    InsufficientBalance,
    InvalidParameters,
    LimitReached,
    UnknownModel,
)
from kirin.http.error_format import ErrorFormat
from kirin.wire import openai as wire

CODES: Final[Mapping[type[ApiError], str]] = {
    InsufficientBalance: wire.INSUFFICIENT_QUOTA,
    LimitReached: wire.RATE_LIMIT_EXCEEDED,
    UnknownModel: wire.MODEL_NOT_FOUND,
}
"""Words that programs look for, where they are others than ours."""

TYPES: Final[Mapping[int, str]] = {403: "permission_error", 429: "rate_limit_error"}
"""By status; other refusals are ``invalid_request_error``, and failures ``server_error``."""

FIRST_FAILURE: Final = 500


class OpenAIErrorDetail(TypedDict):
    """Why a request was refused."""

    message: Annotated[str, Field(description="All that is wrong.")]
    type: str
    param: Annotated[str | None, Field(description="The first parameter that is wrong.")]
    code: Annotated[str | None, Field(description="What is wrong with it.")]


class OpenAIErrorJson(TypedDict):
    """An error, as the SDKs read it."""

    error: OpenAIErrorDetail


def error_body(error: ApiError, _: str) -> Mapping[str, Any]:
    """The JSON of an error; the request's id stands in its header."""
    code, param = CODES.get(type(error), error.code), None
    if isinstance(error, InvalidParameters) and error.problems:
        code, param = error.problems[0].code, error.problems[0].param
    elif isinstance(error, UnknownModel):
        param = "model"
    status = ERRORS.status_of(type(error))
    kind = "server_error" if status >= FIRST_FAILURE else TYPES.get(status, "invalid_request_error")
    if isinstance(error, InsufficientBalance):
        kind = code
    return OpenAIErrorJson(
        error={"message": error.message, "type": kind, "param": param, "code": code}
    )


def retry_header(error: ApiError) -> Mapping[str, str]:
    """Tells the SDKs, which repeat requests by their status alone, when that is of no use."""
    hopeless = error.status == 409 or isinstance(error, InsufficientBalance)
    return {"X-Should-Retry": "false"} if hopeless else {}


ERRORS: Final = ErrorFormat(
    model=OpenAIErrorJson,
    body=error_body,
    statuses={InsufficientBalance: 429},
    headers=retry_header,
)
