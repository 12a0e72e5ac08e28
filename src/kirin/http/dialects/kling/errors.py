"""Errors in the envelope of every answer: a service code, a message, the request's id."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Final

from pydantic import Field
from typing_extensions import TypedDict

from kirin.errors import (
    ApiError,
    ExternalIdUsed,
    IdempotencyKeyUsed,
    InsufficientBalance,
    InvalidKey,
    InvalidParameters,
    KeyNotSent,
    LimitReached,
    MethodNotAllowed,
    NotFound,
    ScopeMissing,
    SyncTimeout,
    TokenExpired,
    TokenNotYetValid,
    TooManyStreams,
    TooManyWaiting,
    UnknownModel,
    UnknownSubject,
    UnknownTask,
)
from kirin.http.error_format import ErrorFormat
from kirin.wire import kling

CODES: Final[Mapping[type[ApiError], int]] = {
    KeyNotSent: kling.AUTHORIZATION_EMPTY,
    TokenNotYetValid: kling.NOT_YET_VALID,
    TokenExpired: kling.EXPIRED,
    InvalidKey: kling.AUTHORIZATION_INVALID,
    InsufficientBalance: kling.BALANCE_USED_UP,
    ScopeMissing: kling.FORBIDDEN,
    InvalidParameters: kling.BAD_PARAMETERS,
    ExternalIdUsed: kling.BAD_PARAMETERS,
    IdempotencyKeyUsed: kling.BAD_PARAMETERS,
    MethodNotAllowed: kling.NO_SUCH_METHOD,
    UnknownModel: kling.NO_SUCH_RESOURCE,
    UnknownTask: kling.NO_SUCH_RESOURCE,
    UnknownSubject: kling.NO_SUCH_RESOURCE,
    NotFound: kling.NO_SUCH_METHOD,
    TooManyStreams: kling.TOO_MANY_TASKS,
    TooManyWaiting: kling.TOO_MANY_TASKS,
    SyncTimeout: kling.TIMED_OUT,
}
"""Service codes by class of error, where its status does not say it."""

BY_STATUS: Final[Mapping[int, int]] = {
    401: kling.AUTHENTICATION_FAILED,
    403: kling.FORBIDDEN,
    429: kling.TOO_MANY_REQUESTS,
    500: kling.INTERNAL,
    503: kling.UNAVAILABLE,
    504: kling.TIMED_OUT,
}
"""Service codes of all others; the rest are bad requests."""

RATE: Final = "requests_per_minute"
"""The limit that is one on requests; others are on tasks."""


class KlingErrorJson(TypedDict):
    """Why a request was refused."""

    code: Annotated[int, Field(description="The service code.")]
    message: Annotated[str, Field(description="All that is wrong.")]
    request_id: str


def service_code(error: ApiError) -> int:
    """The service code of an error."""
    if isinstance(error, LimitReached):
        limit = error.details.get("limit")
        rate = isinstance(limit, Mapping) and limit.get("name") == RATE
        return kling.TOO_MANY_REQUESTS if rate else kling.TOO_MANY_TASKS
    known = (CODES[each] for each in type(error).__mro__ if each in CODES)
    return next(known, BY_STATUS.get(error.status, kling.BAD_REQUEST))


def error_body(error: ApiError, request_id: str) -> Mapping[str, Any]:
    """The JSON of an error."""
    return KlingErrorJson(code=service_code(error), message=error.message, request_id=request_id)


ERRORS: Final = ErrorFormat(
    model=KlingErrorJson,
    body=error_body,
    statuses={InsufficientBalance: 429, ExternalIdUsed: 400},
)
