"""Errors as Replicate's clients read them: problem details, with the fields that are wrong."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Annotated, Any, Final, NotRequired

from pydantic import Field
from typing_extensions import TypedDict

from kirin.errors import (
    ApiError,
    InsufficientBalance,
    InvalidKey,
    InvalidParameters,
    UnknownTask,
)
from kirin.http.error_format import ErrorFormat

TITLES: Final[Mapping[type[ApiError], str]] = {
    InvalidParameters: "Input validation failed",
    InvalidKey: "Unauthenticated",
    InsufficientBalance: "Insufficient credit",
    UnknownTask: "Prediction not found",
}
"""Beside these, the title is the phrase of the status."""

TYPE: Final = "urn:kirin:error:"
"""What the type of an error begins with; its code follows."""


class InvalidFieldJson(TypedDict):
    """One thing that is wrong with a request."""

    type: Annotated[str, Field(description="What is wrong, such as `required`.")]
    field: Annotated[str, Field(description="Where, such as `input.prompt`.")]
    description: str


class ReplicateErrorJson(TypedDict):
    """Why a request was refused."""

    title: str
    detail: Annotated[str, Field(description="All that is wrong.")]
    status: int
    type: Annotated[str, Field(description="A URN with the code of the error.")]
    invalid_fields: NotRequired[list[InvalidFieldJson]]


def error_body(error: ApiError, _: str) -> Mapping[str, Any]:
    """The JSON of an error; the request's id stands in its header."""
    kind = type(error)
    status = ERRORS.status_of(kind)
    told: ReplicateErrorJson = {
        "title": TITLES.get(kind, HTTPStatus(status).phrase),
        "detail": error.message,
        "status": status,
        "type": f"{TYPE}{error.code}",
    }
    if isinstance(error, InvalidParameters):
        told["detail"] = "\n".join(f"- {each.param}: {each.message}" for each in error.problems)
        told["invalid_fields"] = [
            {"type": each.code, "field": each.param, "description": each.message}
            for each in error.problems
        ]
    return told


ERRORS: Final = ErrorFormat(
    model=ReplicateErrorJson,
    body=error_body,
    statuses={InvalidParameters: 422, InsufficientBalance: 402},
)
