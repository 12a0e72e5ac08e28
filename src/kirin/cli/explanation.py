"""What commands say about an error that a user can do something about, and how they end then."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx
from rich.markup import escape
from sqlalchemy.exc import DBAPIError

from kirin import errors
from kirin.cli.connection import KeyNeeded
from kirin.cli.exits import ExitStatus, Misused
from kirin_client import (
    ApiError,
    Conflict,
    ConnectionFailed,
    Forbidden,
    InsufficientBalance,
    KirinError,
    NotFound,
    RateLimited,
    ServerError,
    TaskFailed,
    TimedOut,
    Unauthenticated,
    UnreadableAnswer,
)


@dataclass(frozen=True)
class Explanation:
    """An error in words.

    Attributes:
        status: how the command ends.
        message: one sentence.
        hint: what to do about it, if it is known.
        code: of the error, where the server has one.
        problems: each parameter that is wrong, and why.
    """

    status: ExitStatus
    message: str
    hint: str = ""
    code: str = ""
    problems: list[tuple[str, str]] = field(default_factory=list)
    request_id: str | None = None

    def lines(self) -> list[str]:
        """For people, in the markup of rich."""
        failed = self.status is ExitStatus.TASK_FAILED
        headline = "[red]the task failed[/red]" if failed else "[red]error[/red]"
        problems = (f"  [bold]{escape(name)}[/bold]: {escape(why)}" for name, why in self.problems)
        hint = [f"  {escape(self.hint)}"] if self.hint else []
        return [f"{headline} {escape(self.message)}", *problems, *hint]

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        told: dict[str, Any] = {"message": self.message, "exit_status": int(self.status)}
        if self.code:
            told["code"] = self.code
        if self.hint:
            told["hint"] = self.hint
        if self.problems:
            told["problems"] = [{"param": name, "message": why} for name, why in self.problems]
        if self.request_id:
            told["request_id"] = self.request_id
        return {"error": told}


def explanation(error: Exception) -> Explanation | None:
    """What to say about anything that a command raised; ``None`` for a fault of the program."""
    for kind, explain in EXPLANATIONS:
        if isinstance(error, kind):
            return explain(error)
    return None


def _refused(error: ApiError) -> Explanation:
    status, hint = ExitStatus.REFUSED, ""
    for kind, its_status, its_hint in REFUSALS:
        if isinstance(error, kind):
            status, hint = its_status, its_hint
            break
    message = "the server refused the request" if error.problems else str(error)
    problems = [(each.param, each.message) for each in error.problems]
    return Explanation(status, message, hint, error.code, problems, error.request_id)


REFUSALS: tuple[tuple[type[ApiError], ExitStatus, str], ...] = (
    (
        Unauthenticated,
        ExitStatus.KEY,
        "the server does not know this key: look at KIRIN_API_KEY or --key",
    ),
    (
        InsufficientBalance,
        ExitStatus.BALANCE,
        "'kirin accounts top-up' adds money to the account; a quote costs nothing",
    ),
    (Forbidden, ExitStatus.KEY, ""),
    (NotFound, ExitStatus.NOT_FOUND, ""),
    (Conflict, ExitStatus.REFUSED, ""),
    (RateLimited, ExitStatus.BUSY, "try again later"),
    (ServerError, ExitStatus.BUSY, "the server's log says more, by the request's id"),
)


def _away(error: ConnectionFailed) -> Explanation:
    where = f" at {_origin(error.url)}" if error.url else ""
    if isinstance(error, TimedOut):
        return Explanation(ExitStatus.NO_SERVER, f"the server{where} did not answer in time")
    return Explanation(
        ExitStatus.NO_SERVER, f"no server answers{where}: is 'kirin serve' running there?"
    )


def _origin(url: str) -> str:
    return str(httpx.URL(url).copy_with(path="/", query=None))


def _file(error: OSError) -> Explanation:
    name = f": {error.filename}" if error.filename and error.strerror else ""
    return Explanation(ExitStatus.FILE, f"{error.strerror}{name}" if name else str(error))


def _coded(error: errors.ApiError) -> Explanation:
    if isinstance(error, errors.InsufficientBalance):
        status = ExitStatus.BALANCE
    elif isinstance(error, errors.NotFound) and not isinstance(error, errors.UnknownModel):
        status = ExitStatus.NOT_FOUND
    else:
        status = ExitStatus.REFUSED
    return Explanation(status, str(error), code=error.code)


def _plain(status: ExitStatus) -> Callable[[Any], Explanation]:
    return lambda error: Explanation(status, str(error))


EXPLANATIONS: tuple[tuple[type[Exception], Callable[[Any], Explanation]], ...] = (
    (ApiError, _refused),
    (
        TaskFailed,
        lambda error: Explanation(ExitStatus.TASK_FAILED, str(error), code=error.code),
    ),
    (ConnectionFailed, _away),
    (UnreadableAnswer, _plain(ExitStatus.NO_SERVER)),
    (KirinError, _plain(ExitStatus.FAILED)),
    (
        DBAPIError,
        lambda error: Explanation(ExitStatus.FAILED, f"the database: {error.orig}"),
    ),
    (errors.ApiError, _coded),
    (Misused, _plain(ExitStatus.USAGE)),
    (KeyNeeded, _plain(ExitStatus.KEY)),
    (errors.KirinError, _plain(ExitStatus.FAILED)),
    (ChildProcessError, _plain(ExitStatus.FAILED)),
    (OSError, _file),
    (httpx.HTTPError, _plain(ExitStatus.NO_SERVER)),
    (httpx.InvalidURL, _plain(ExitStatus.FAILED)),
    (ValueError, _plain(ExitStatus.FAILED)),
)
"""The first that fits counts."""
