"""The root of all errors, and one problem of a request."""

from __future__ import annotations

from dataclasses import dataclass
from inspect import getdoc


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


class Stopped(KirinError):
    """The render was stopped: the task was cancelled, or the worker is shutting down."""
