"""Errors as the SDKs of OpenRouter read them: the status once more, and a message."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field, with_config
from typing_extensions import TypedDict

from kirin.errors import ApiError, InsufficientBalance, TaskUnfinished, VideoNotReady
from kirin.http.error_format import ErrorFormat
from kirin.http.responses import error_json


@with_config(extra="allow")
class OpenRouterErrorMetadata(TypedDict):
    """What programs can read of an error: the members of a native one but for its message."""

    code: Annotated[str, Field(description="Stable identifier of the error.")]
    request_id: str


class OpenRouterErrorDetail(TypedDict):
    """Why a request was refused."""

    code: Annotated[int, Field(description="The HTTP status.")]
    message: Annotated[str, Field(description="All that is wrong.")]
    metadata: OpenRouterErrorMetadata


class OpenRouterErrorJson(TypedDict):
    """An error, as the SDKs read it."""

    error: OpenRouterErrorDetail


def error_body(error: ApiError, request_id: str) -> Mapping[str, Any]:
    """The JSON of an error."""
    metadata: Any = {**error_json(error, request_id)}
    del metadata["message"]
    status = ERRORS.status_of(type(error))
    return OpenRouterErrorJson(
        error={"code": status, "message": error.message, "metadata": metadata}
    )


ERRORS = ErrorFormat(
    model=OpenRouterErrorJson,
    body=error_body,
    # What the SDKs have classes of errors for: they know no 404 of a video that is still to come.
    statuses={InsufficientBalance: 402, VideoNotReady: TaskUnfinished.status},
)
