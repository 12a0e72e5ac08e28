"""Error formats: how an API answers requests that it refuses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from fastapi import Response

from kirin.errors import ApiError
from kirin.http.responses import ErrorJson, error_json, json_response


@dataclass(frozen=True, kw_only=True)
class ErrorFormat:
    """What the errors of an API are like.

    Attributes:
        model: of their JSON, for the OpenAPI document, which calls it ``Error``.
        body: their JSON, from an error and the id of the request.
        statuses: by class of error, a status that is another than its own.
        headers: beside those that the error has anyway.
    """

    model: type
    body: Callable[[ApiError, str], Mapping[str, Any]]
    statuses: Mapping[type[ApiError], int] = field(default_factory=dict)
    headers: Callable[[ApiError], Mapping[str, str]] = lambda _: {}

    def status_of(self, error: type[ApiError]) -> int:
        """The status of a class of errors."""
        known = (self.statuses[each] for each in error.__mro__ if each in self.statuses)
        return next(known, error.status)

    def response(self, error: ApiError, request_id: str) -> Response:
        """The answer to a request that was refused."""
        response = json_response(self.body(error, request_id), self.status_of(type(error)))
        response.headers.update({**error.sent_headers, **self.headers(error)})
        return response


NATIVE = ErrorFormat(model=ErrorJson, body=error_json)
"""That of rule W-9."""
