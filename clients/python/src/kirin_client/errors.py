"""What may go wrong, as a small tree::

KirinError
├── ApiError                the server refused the request
│   ├── BadRequest          400, 413, 415, 422: ``problems`` names each parameter
│   ├── Unauthenticated     401: the key is missing, unknown, expired or revoked
│   ├── Forbidden           403: the key may not do this
│   │   └── InsufficientBalance
│   ├── NotFound            404, 410: unknown, of another account, or expired
│   ├── Conflict            409: used already, or too late
│   ├── RateLimited         429: ``retry_after`` says when to come again
│   └── ServerError         5xx: a fault or an overload of the server
├── ConnectionFailed        no answer came
│   └── TimedOut            within the time limit, also a ``TimeoutError``
├── UnreadableAnswer        an answer that no Kirin server gives
├── TaskFailed              a task that was waited for has failed
├── WaitTimedOut            a task that was waited for goes on, also a ``TimeoutError``
└── InvalidSignature        a webhook that this server has not sent
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from kirin_client.models import Problem, Task

BALANCE_TOO_LOW = 40201
"""``error_code`` of a refusal for lack of money."""


class KirinError(Exception):
    """Anything that this package raises on purpose."""


class ApiError(KirinError):
    """The server refused a request.

    Attributes:
        status: HTTP status.
        code: stable identifier of the error, such as ``unknown_task``.
        message: what is wrong, for people.
        problems: everything that is wrong with the parameters, if that is why.
        request_id: what to quote to the operator.
        retry_after: seconds after which the server asks to come again, if it said so.
        body: the whole answer.
    """

    def __init__(
        self, status: int, body: Mapping[str, Any], headers: Mapping[str, str] | None = None
    ) -> None:
        self.status = status
        self.body = dict(body)
        self.headers = {name.lower(): value for name, value in (headers or {}).items()}
        self.code = str(body.get("code", "unknown"))
        self.message = str(body.get("message", "no message"))
        self.problems = _problems(body)
        self.request_id = body.get("request_id") or self.headers.get("x-request-id")
        self.retry_after = seconds_of(self.headers.get("retry-after"))
        super().__init__(f"{status} {self.code}: {self.message}")

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.status, self.body, self.headers)


class BadRequest(ApiError):
    """The request is wrong; ``problems`` names each parameter."""


class Unauthenticated(ApiError):
    """The key is missing, unknown, expired or revoked."""


class Forbidden(ApiError):
    """The key may not do this."""


class InsufficientBalance(Forbidden):
    """The account has too little money; ``body["balance"]`` says how much is needed."""


class NotFound(ApiError):
    """There is no such thing, or it belongs to another account, or it has expired."""


class Conflict(ApiError):
    """It is used already, or it is too late for it."""


class RateLimited(ApiError):
    """A limit was reached; ``retry_after`` says when to come again."""


class ServerError(ApiError):
    """A fault or an overload of the server."""


class ConnectionFailed(KirinError):
    """No answer came: the server is down, out of reach, or hung up.

    Attributes:
        url: what was asked for, without its query.
    """

    def __init__(self, message: str, url: str = "") -> None:
        self.url = url
        super().__init__(message)

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (str(self), self.url)


class TimedOut(ConnectionFailed, TimeoutError):
    """No answer came within the time limit."""


class UnreadableAnswer(KirinError):
    """An answer that no Kirin server gives: is the base URL right?"""


class TaskFailed(KirinError):
    """A task ended without a result, or was cancelled.

    Attributes:
        task: as the server shows it, with its ``error``.
        code: of the error.
    """

    def __init__(self, task: Task) -> None:
        self.task = task
        self.code = task.error.code if task.error else "unknown"
        super().__init__(f"{self.code}: {task.error.message if task.error else 'no message'}")

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.task,)


class WaitTimedOut(KirinError, TimeoutError):
    """Waiting for a task took too long; the task goes on.

    Attributes:
        task: as it was read last.
    """

    def __init__(self, task: Task, seconds: float) -> None:
        self.task = task
        self.seconds = seconds
        super().__init__(f"task {task.id} is still {task.status} after {seconds:g} s")

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.task, self.seconds)


class InvalidSignature(KirinError, ValueError):
    """A webhook is not signed with this secret, or is too old."""


KINDS: Mapping[int, type[ApiError]] = {
    400: BadRequest,
    401: Unauthenticated,
    403: Forbidden,
    404: NotFound,
    409: Conflict,
    410: NotFound,
    413: BadRequest,
    415: BadRequest,
    422: BadRequest,
    429: RateLimited,
}


def refusal(
    status: int, body: Mapping[str, Any], headers: Mapping[str, str] | None = None
) -> ApiError:
    """The error that an answer stands for."""
    kind = KINDS.get(status, ServerError if status >= 500 else ApiError)
    if kind is Forbidden and body.get("error_code") == BALANCE_TOO_LOW:
        kind = InsufficientBalance
    return kind(status, body, headers)


def seconds_of(value: str | None) -> float | None:
    """Seconds of ``Retry-After``; of its two forms, servers of this API send a number."""
    try:
        seconds = float(value) if value else -1.0
    except ValueError:
        return None
    return seconds if 0 <= seconds < float("inf") else None


def _problems(body: Mapping[str, Any]) -> list[Problem]:
    found = body.get("errors")
    problems: list[Problem] = []
    for each in found if isinstance(found, list) else ():
        try:
            problems.append(Problem.model_validate(each))
        except ValidationError:  # another server's, perhaps a proxy's
            continue
    return problems
