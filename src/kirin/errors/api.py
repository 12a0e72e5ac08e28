"""Errors that ``http/`` answers as JSON, with the status and code of their class."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from kirin.errors.base import KirinError, Problem


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


class OriginRefused(ApiError):
    """Pages of this origin may not send this: see KIRIN_CORS_ORIGINS."""

    status = 400
    code = "origin_refused"


class MalformedRequest(ApiError):
    """This is not a valid HTTP/1.1 request."""

    status = 400
    code = "malformed_request"


class InvalidKey(ApiError):
    """The API key is missing or invalid: send 'Authorization: Bearer YOUR_KEY'."""

    status = 401
    code = "invalid_api_key"
    headers: ClassVar[Mapping[str, str]] = {"WWW-Authenticate": "Bearer"}


class KeyNotSent(InvalidKey):
    """No API key was sent: send the header 'Authorization: Bearer YOUR_KEY'."""


class AccountClosed(InvalidKey):
    """The account was erased, and takes nothing in any more."""


class TokenNotYetValid(InvalidKey):
    """The signed token is not valid yet: compare the clocks, or sign it with an earlier nbf."""


class TokenExpired(InvalidKey):
    """The signed token has expired: sign a new one."""


class InsufficientBalance(ApiError):
    """The account has an insufficient balance for this."""

    status = 403
    code = "insufficient_balance"
    error_code = 40201
    """What clients of this API family know a low balance by (rule W-9)."""

    def __init__(
        self, message: str | None = None, details: Mapping[str, object] | None = None
    ) -> None:
        super().__init__(message)
        self._details = details or {}

    @property
    def details(self) -> Mapping[str, object]:
        """``error_code``, and ``balance``: what is needed and what is there, in USD."""
        return {"error_code": self.error_code, **self._details}


class ScopeMissing(ApiError):
    """This API key lacks the scope that the call needs: use a key that has it."""

    status = 403
    code = "scope_missing"


class SignatureRefused(ApiError):
    """This link is invalid or has expired: read the task again for a new one."""

    status = 403
    code = "link_refused"


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


class BatchFinished(ApiError):
    """All tasks of the batch have ended."""

    status = 409
    code = "batch_finished"


class TaskUnfinished(ApiError):
    """The task has not ended and cannot be removed: cancel it first."""

    status = 409
    code = "task_unfinished"


class NotWaiting(ApiError):
    """The task does not wait: a worker has it, or it has ended."""

    status = 409
    code = "task_not_waiting"


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


class PreconditionFailed(ApiError):
    """The file is not the one that If-Match or If-Unmodified-Since names."""

    status = 412
    code = "precondition_failed"


class UnsupportedContentEncoding(ApiError):
    """The body's Content-Encoding is not supported: send JSON plain or as gzip, files plain."""

    status = 415
    code = "unsupported_content_encoding"
    headers: ClassVar[Mapping[str, str]] = {"Accept-Encoding": "gzip"}


class RangeRefused(ApiError):
    """The file does not have that range of bytes."""

    status = 416
    code = "range_refused"


class TooManyStreams(ApiError):
    """The account has reached its limit of open event streams: close one, or share it."""

    status = 429
    code = "too_many_streams"
    headers: ClassVar[Mapping[str, str]] = {"Retry-After": "5"}


class TooManyWaiting(ApiError):
    """The account has reached its limit of requests that wait: create tasks, and read them."""

    status = 429
    code = "too_many_waiting"
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


class UnsupportedTransferCoding(ApiError):
    """The body's Transfer-Encoding is not supported: 'chunked' is."""

    status = 501
    code = "unsupported_transfer_coding"


class ShuttingDown(ApiError):
    """The server is shutting down: try again in a moment."""

    status = 503
    code = "shutting_down"
    headers: ClassVar[Mapping[str, str]] = {"Retry-After": "5"}


class DatabaseAway(ApiError):
    """The server's database is unavailable: try again in a moment."""

    status = 503
    code = "database_away"
    headers: ClassVar[Mapping[str, str]] = {"Retry-After": "5"}


class NotReady(ApiError):
    """The server cannot work at the moment: the body says what is unavailable."""

    status = 503
    code = "not_ready"


class StorageAway(ApiError):
    """The server's storage is unavailable or full: try again later."""

    status = 503
    code = "storage_away"
    headers: ClassVar[Mapping[str, str]] = {"Retry-After": "30"}


class SyncTimeout(ApiError):
    """The task has not ended in the time that a request waits, and goes on: read it by its id."""

    status = 504
    code = "SYNC_TIMEOUT"

    def __init__(
        self, message: str | None = None, details: Mapping[str, object] | None = None
    ) -> None:
        super().__init__(message)
        self._details = details or {}

    @property
    def details(self) -> Mapping[str, object]:
        """The task as it is, with this error as its ``error``."""
        return self._details


class HeadTooLarge(ApiError):
    """The headers of the request are too large: send fewer or shorter ones."""

    status = 431
    code = "head_too_large"


class TooManyConnections(ApiError):
    """The server has reached its limit of connections: try again in a moment."""

    status = 503
    code = "too_many_connections"
    headers: ClassVar[Mapping[str, str]] = {"Retry-After": "2"}
