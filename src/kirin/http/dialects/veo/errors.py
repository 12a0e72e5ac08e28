"""Errors as Google's SDK reads them: a status in a word, and details by type."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Final

from pydantic import Field
from typing_extensions import TypedDict

from kirin.errors import (
    ApiError,
    ExternalIdUsed,
    IdempotencyKeyUsed,
    InvalidKey,
    InvalidParameters,
    TaskFinished,
    TaskUnfinished,
)
from kirin.http.error_format import ErrorFormat

WORDS: Final[Mapping[int, str]] = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    405: "UNIMPLEMENTED",
    408: "DEADLINE_EXCEEDED",
    409: "ABORTED",
    410: "NOT_FOUND",
    412: "FAILED_PRECONDITION",
    413: "INVALID_ARGUMENT",
    415: "INVALID_ARGUMENT",
    416: "OUT_OF_RANGE",
    429: "RESOURCE_EXHAUSTED",
    503: "UNAVAILABLE",
    504: "DEADLINE_EXCEEDED",
}
"""Words of google.rpc by status; other failures are ``INTERNAL``."""

EXACT: Final[Mapping[type[ApiError], str]] = {
    ExternalIdUsed: "ALREADY_EXISTS",
    IdempotencyKeyUsed: "ALREADY_EXISTS",
    TaskFinished: "FAILED_PRECONDITION",
    TaskUnfinished: "FAILED_PRECONDITION",
}
"""Where an error says more than its status."""

TYPE: Final = "type.googleapis.com/google.rpc."

DOMAIN: Final = "kirin"


class VeoErrorDetail(TypedDict):
    """Why a request was refused."""

    code: Annotated[int, Field(description="The HTTP status.")]
    message: Annotated[str, Field(description="All that is wrong.")]
    status: Annotated[str, Field(description="A word of google.rpc.")]
    details: Annotated[
        list[dict[str, Any]],
        Field(description="ErrorInfo with our code as its reason, RequestInfo, and BadRequest with "
        "every parameter that is wrong."),
    ]  # fmt: skip


class VeoErrorJson(TypedDict):
    """An error, as the SDK reads it."""

    error: VeoErrorDetail


def error_body(error: ApiError, request_id: str) -> Mapping[str, Any]:
    """The JSON of an error."""
    status = ERRORS.status_of(type(error))
    info: dict[str, Any] = {"@type": f"{TYPE}ErrorInfo", "reason": error.code, "domain": DOMAIN}
    if isinstance(error, InvalidKey):
        info["reason"] = "API_KEY_INVALID"  # programs look for the word
    details = [info, {"@type": f"{TYPE}RequestInfo", "requestId": request_id}]
    if isinstance(error, InvalidParameters):
        wrong = [
            {"field": p.param, "description": p.message, "reason": p.code} for p in error.problems
        ]
        details.append({"@type": f"{TYPE}BadRequest", "fieldViolations": wrong})
    if seconds := error.sent_headers.get("Retry-After"):
        details.append({"@type": f"{TYPE}RetryInfo", "retryDelay": f"{seconds}s"})
    word = EXACT.get(type(error)) or WORDS.get(status, "INTERNAL")
    return VeoErrorJson(
        error={"code": status, "message": error.message, "status": word, "details": details}
    )


ERRORS: Final = ErrorFormat(model=VeoErrorJson, body=error_body, statuses={TaskFinished: 400})
