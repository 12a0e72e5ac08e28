"""What becomes of errors raised while a request is handled: always JSON, as rule W-9 has it or,
at a dialect's addresses, as that has it."""

from __future__ import annotations

import structlog
from fastapi import FastAPI, Request, Response
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException

from kirin.errors import ApiError, DatabaseAway, MethodNotAllowed, NotFound, StorageAway
from kirin.http.error_answers import ErrorAnswers
from kirin.storage.base import StorageUnavailable

log = structlog.get_logger(__name__)

DATABASE_UNAVAILABLE = (OperationalError, InterfaceError, PoolTimeout)
"""What SQLAlchemy raises while the database cannot be used; the request may succeed later."""

FRAMEWORK_ERRORS: dict[int, type[ApiError]] = {404: NotFound, 405: MethodNotAllowed}
"""Our errors for those that the framework raises itself, by status."""


def add_error_handlers(app: FastAPI, answers: ErrorAnswers) -> None:
    """Register all handlers. Errors without one are caught by the middleware."""
    handlers = ErrorHandlers(answers)
    app.add_exception_handler(ApiError, handlers.api_error)
    app.add_exception_handler(HTTPException, handlers.http_error)
    for kind in DATABASE_UNAVAILABLE:
        app.add_exception_handler(kind, handlers.database_unavailable)
    app.add_exception_handler(StorageUnavailable, handlers.storage_unavailable)


class ErrorHandlers:
    """Handlers that answer in the shape of the caller's API."""

    def __init__(self, answers: ErrorAnswers) -> None:
        self._answers = answers

    async def api_error(self, request: Request, error: Exception) -> Response:
        """Answer an error of our own."""
        if not isinstance(error, ApiError):
            raise error
        return self._answers.of(request.scope, error)

    async def http_error(self, request: Request, error: Exception) -> Response:
        """Answer an error of the framework, such as an unknown path or method."""
        if not isinstance(error, HTTPException):
            raise error
        known = FRAMEWORK_ERRORS.get(error.status_code)
        response = self._answers.of(request.scope, known() if known else ApiError(error.detail))
        response.status_code = error.status_code
        response.headers.update(error.headers or {})
        return response

    async def database_unavailable(self, request: Request, error: Exception) -> Response:
        """Answer a request that the database could not serve, or not in time."""
        reason = type(getattr(error, "orig", None) or error).__name__
        log.warning("the database does not answer", reason=reason)
        return self._answers.of(request.scope, DatabaseAway())

    async def storage_unavailable(self, request: Request, error: Exception) -> Response:
        """Answer a request that needed what is in storage, which does not answer."""
        log.warning("the storage does not answer", reason=str(error)[:500])
        return self._answers.of(request.scope, StorageAway())
