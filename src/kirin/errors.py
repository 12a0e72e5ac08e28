"""All errors: a class carries code and status, and its docstring is the default message.

``http/`` writes the ones below :class:`ApiError` as JSON; :class:`TaskError` ends a task.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from inspect import getdoc
from typing import ClassVar


class KirinError(Exception):
    """Something went wrong."""

    def __init__(self, message: str | None = None) -> None:
        self.message = message or (getdoc(type(self)) or "").split("\n")[0]
        super().__init__(self.message)


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a request.

    Attributes:
        param: JSON path of the parameter, such as ``image_list[1].image``.
        code: stable identifier, such as ``too_long``.
        message: what was given, what is allowed, how to fix it.
        rules: ids of the contract's rules that it breaks.
    """

    param: str
    code: str
    message: str
    rules: tuple[str, ...] = ()


class ApiError(KirinError):
    """The server failed to process the request."""

    status = 500
    code = "internal_error"
    headers: ClassVar[Mapping[str, str]] = {}

    @property
    def details(self) -> Mapping[str, object]:
        """Further fields of the answer's body."""
        return {}

    @property
    def sent_headers(self) -> Mapping[str, str]:
        """Headers of the answer."""
        return self.headers


class InvalidParameters(ApiError):
    """The request has invalid parameters."""

    status = 400
    code = "invalid_parameters"

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(
            "; ".join(f"{p.param}: {p.message}" if p.param else p.message for p in problems)
        )


class MalformedBody(ApiError):
    """The body is not a JSON object."""

    status = 400
    code = "malformed_body"


class InvalidKey(ApiError):
    """The API key is missing or invalid: send 'Authorization: Bearer YOUR_KEY'."""

    status = 401
    code = "invalid_api_key"
    headers: ClassVar[Mapping[str, str]] = {"WWW-Authenticate": "Bearer"}


class InsufficientBalance(ApiError):
    """The balance is too low for this."""

    status = 403
    code = "insufficient_balance"

    def __init__(
        self, message: str | None = None, details: Mapping[str, object] | None = None
    ) -> None:
        super().__init__(message)
        self._details = details or {}

    @property
    def details(self) -> Mapping[str, object]:
        """``balance``: what is needed and what is there, in USD."""
        return self._details


class ScopeMissing(ApiError):
    """This API key lacks the scope that the call needs: use a key that has it."""

    status = 403
    code = "scope_missing"


class SignatureRefused(ApiError):
    """This link is invalid or has expired: read the task again for a new one."""

    status = 403
    code = "link_refused"


class NotFound(ApiError):
    """There is nothing at this URL."""

    status = 404
    code = "not_found"


class UnknownModel(NotFound):
    """There is no such model."""

    code = "unknown_model"


class UnknownTask(NotFound):
    """There is no such task in this account."""

    code = "unknown_task"


class UnknownWebhook(NotFound):
    """There is no such webhook in this account."""

    code = "unknown_webhook"


class UnknownSubject(NotFound):
    """There is no such element in this account."""

    code = "unknown_element"


class UnknownAccount(NotFound):
    """There is no such account."""

    code = "unknown_account"


class UnknownKey(NotFound):
    """There is no such API key in use."""

    code = "unknown_key"


class MethodNotAllowed(ApiError):
    """This URL does not support that method."""

    status = 405
    code = "method_not_allowed"


class RequestTimeout(ApiError):
    """The body did not arrive in time."""

    status = 408
    code = "request_timeout"


class ExternalIdUsed(ApiError):
    """This external_task_id already names another task of the account."""

    status = 409
    code = "external_task_id_used"


class AlreadyThere(ApiError):
    """Something with that name or reference already exists."""

    status = 409
    code = "already_there"


class TaskFinished(ApiError):
    """The task has already ended and cannot be cancelled."""

    status = 409
    code = "task_finished"


class TaskUnfinished(ApiError):
    """The task has not ended and cannot be removed: cancel it first."""

    status = 409
    code = "task_unfinished"


class IdempotencyKeyUsed(ApiError):
    """This Idempotency-Key was used with a different body: use a new key for a new request."""

    status = 409
    code = "idempotency_key_used"


class ResultExpired(ApiError):
    """This result has expired or was removed together with its file: create the task again."""

    status = 410
    code = "result_expired"


class BodyTooLarge(ApiError):
    """The body is too large: the message states the limit."""

    status = 413
    code = "body_too_large"


class RangeRefused(ApiError):
    """The file does not have that range of bytes."""

    status = 416
    code = "range_refused"


class TooManyStreams(ApiError):
    """The account has reached its limit of open event streams: close one, or share it."""

    status = 429
    code = "too_many_streams"
    headers: ClassVar[Mapping[str, str]] = {"Retry-After": "5"}


class TooManyUploads(ApiError):
    """The account has reached its limit of concurrent uploads: send files one after another."""

    status = 429
    code = "too_many_uploads"
    headers: ClassVar[Mapping[str, str]] = {"Retry-After": "2"}


class LimitReached(ApiError):
    """The account or the key has reached a limit: the message and `limit` say which, and
    `Retry-After` when to try again."""

    status = 429
    code = "limit_reached"

    def __init__(
        self,
        message: str | None = None,
        *,
        limit: Mapping[str, object] | None = None,
        retry_after: int = 1,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """Report a limit.

        Args:
            limit: which, for programs.
            retry_after: seconds after which another try makes sense.
            headers: ``RateLimit-*``, for a limit per window of time.
        """
        super().__init__(message)
        self._limit = limit or {}
        self._headers = {"Retry-After": str(retry_after), **(headers or {})}

    @property
    def details(self) -> Mapping[str, object]:
        """``limit``: its name, whose it is, how much it is."""
        return {"limit": self._limit}

    @property
    def sent_headers(self) -> Mapping[str, str]:
        """``Retry-After`` and, for windows of time, ``RateLimit-*``."""
        return self._headers


class DatabaseAway(ApiError):
    """The server's database is unavailable: try again in a moment."""

    status = 503
    code = "database_away"
    headers: ClassVar[Mapping[str, str]] = {"Retry-After": "5"}


class StorageAway(ApiError):
    """The server's storage is unavailable or full: try again later."""

    status = 503
    code = "storage_away"
    headers: ClassVar[Mapping[str, str]] = {"Retry-After": "30"}


class HeadTooLarge(ApiError):
    """The headers of the request are too large: send fewer or shorter ones."""

    status = 431
    code = "head_too_large"


class TooManyConnections(ApiError):
    """The server has reached its limit of connections: try again in a moment."""

    status = 503
    code = "too_many_connections"
    headers: ClassVar[Mapping[str, str]] = {"Retry-After": "2"}


class FailureKind(StrEnum):
    """Ways in which a task can fail; each model's card says which code it has."""

    GENERATION = "generation"
    RESULT = "result"
    FETCH = "fetch"
    STATUS = "status"
    INPUTS = "inputs"
    RESOURCES = "resources"


class TaskError(KirinError):
    """The task failed while it ran."""

    kind = FailureKind.GENERATION


class InputsRefused(TaskError):
    """An input of the task breaks a rule that can be checked only on its content.

    Attributes:
        field: the storyboard's field that it came in by, such as ``driving``, where an engine
            found the fault; the model's card knows its parameter.
    """

    kind = FailureKind.INPUTS
    field: str | None = None


@contextmanager
def attributed_to(field: str) -> Iterator[None]:
    """Attribute input errors raised within to a field of the storyboard."""
    try:
        yield
    except InputsRefused as refusal:
        refusal.field = refusal.field or field
        raise


class FetchFailed(TaskError):
    """An input of the task could not be fetched."""

    kind = FailureKind.FETCH


class NoEngine(TaskError):
    """No engine that is configured on this server can render this video."""

    kind = FailureKind.RESOURCES


class OutOfResources(TaskError):
    """The machine that renders this video has run out of memory or another resource."""

    kind = FailureKind.RESOURCES


class NotStarted(NoEngine):
    """The engine chosen for this video did not start it."""


class EngineAway(NotStarted):
    """The engine chosen for this video cannot be reached."""


class CallFailed(TaskError):
    """A call to the machine that renders this video failed."""

    kind = FailureKind.FETCH


class StatusUnknown(TaskError):
    """The state of this video on the machine that renders it is unknown."""

    kind = FailureKind.STATUS


class ResultUnusable(TaskError):
    """The video that another machine rendered cannot be used."""

    kind = FailureKind.RESULT


class Stopped(KirinError):
    """The render was stopped: the task was cancelled, or the worker is shutting down."""
