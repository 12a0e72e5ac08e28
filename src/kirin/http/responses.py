"""JSON answers, those of errors included."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, NotRequired

from fastapi import Request, Response
from pydantic import Field, with_config
from pydantic_core import to_json
from typing_extensions import TypedDict

from kirin.errors import ApiError, InvalidParameters


class ProblemJson(TypedDict):
    """One thing that is wrong with a request."""

    param: Annotated[str, Field(description="JSON path of the parameter")]
    code: str
    message: str
    rules: NotRequired[Annotated[list[str], Field(description="rules of the contract it breaks")]]


@with_config(extra="allow")
class ErrorJson(TypedDict):
    """Why a request was refused (rule W-9); some errors have further members."""

    code: Annotated[str, Field(description="stable identifier of the error")]
    message: str
    request_id: str
    errors: NotRequired[
        Annotated[list[ProblemJson], Field(description="All that is wrong with the parameters.")]
    ]
    error_code: NotRequired[Annotated[int, Field(description="40201 if the balance is too low.")]]
    limit: NotRequired[Annotated[dict[str, Any], Field(description="The limit that was reached.")]]
    balance: NotRequired[
        Annotated[dict[str, Any], Field(description="What is needed and what is there, in USD.")]
    ]


def json_response(body: object, status: int = 200) -> Response:
    """A JSON answer."""
    return Response(to_json(body), status, media_type="application/json")


def secret_response(body: object) -> Response:
    """A JSON answer with a secret in it, which nothing on the way may store."""
    response = json_response(body)
    response.headers["Cache-Control"] = "no-store"
    return response


def error_json(error: ApiError, request_id: str) -> Mapping[str, object]:
    """The body of an error answer, an :class:`ErrorJson` with the details of the error."""
    body: dict[str, object] = {
        **error.details,
        "code": error.code,
        "message": error.message,
        "request_id": request_id,
    }
    if isinstance(error, InvalidParameters):
        body["errors"] = [
            {"param": p.param, "code": p.code, "message": p.message, "rules": p.rules}
            for p in error.problems
        ]
    return body


def error_response(error: ApiError, request_id: str) -> Response:
    """The answer to a request that was refused."""
    response = json_response(error_json(error, request_id), error.status)
    response.headers.update(error.sent_headers)
    return response


def add_headers(request: Request, headers: Mapping[str, str]) -> None:
    """Add headers to the answer to a request, unless it sets them itself."""
    request.scope["answer_headers"].update(headers)
