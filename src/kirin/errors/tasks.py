"""Errors that end a task, by the kinds of failure that cards have codes for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum

from kirin.errors.base import KirinError


class FailureKind(StrEnum):
    """Ways in which a task can fail; each model's card says which code it has."""

    GENERATION = "generation"
    RESULT = "result"
    FETCH = "fetch"
    STATUS = "status"
    INPUTS = "inputs"
    RESOURCES = "resources"


class TaskError(KirinError):
    """The task failed while it ran.

    Attributes:
        kind: the model's card has a code for it.
        code: a code that all models share, where the failure has one.
    """

    kind = FailureKind.GENERATION
    code: str | None = None


class InputsRefused(TaskError):
    """An input of the task breaks a rule that can be checked only on its content.

    Attributes:
        field: the storyboard's field that it came in by, such as ``driving``, where an engine
            found the fault; the model's card knows its parameter.
    """

    kind = FailureKind.INPUTS
    field: str | None = None


class ContentRefused(TaskError):
    """A picture of this video is refused by moderation, which its request asked for."""

    kind = FailureKind.INPUTS
    code = "content_refused"


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
