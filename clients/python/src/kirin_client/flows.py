"""What a call does, step by step, without doing it: both transports carry out the same steps."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import uuid4

import httpx

from kirin_client.errors import KirinError, TaskFailed, WaitTimedOut
from kirin_client.models import Task
from kirin_client.options import Options
from kirin_client.requests import Request, check
from kirin_client.retries import Attempts, failure

T = TypeVar("T")

LONGEST_POLL = 30
"""Seconds for which a server is asked to hold an answer back until something has changed."""

POLL_SECONDS = 0.25
"""Between two looks at a task whose progress is shown."""


@dataclass(frozen=True)
class Send:
    """Send a request, and give back the answer with its body.

    Attributes:
        seconds: that it may take; ``None`` for any.
    """

    request: Request[Any]
    headers: Mapping[str, str]
    seconds: float | None


@dataclass(frozen=True)
class Pause:
    """Do nothing for some seconds."""

    seconds: float


Step = Send | Pause
Flow = Generator[Step, Any, T]
"""Yields steps, is sent what came of them (or thrown what went wrong), and returns a result."""


def answer_to(request: Request[Any], options: Options) -> Flow[httpx.Response]:
    """Sends a request until there is a good answer, or none to be expected.

    Raises:
        ApiError: the server refused it.
        ConnectionFailed: no answer came.
    """
    headers = {**request.headers, **options.headers}
    if request.keyed:  # one for all attempts
        headers.setdefault("Idempotency-Key", str(uuid4()))
    repeatable = request.repeatable or request.keyed
    again_at_all = request.content is None or request.content.repeatable
    attempts = Attempts(options.max_retries if again_at_all else 0, options.timeout)
    while True:
        left = attempts.left()
        try:
            response = yield Send(
                request, headers, None if left is None else left + request.patience
            )
            return check(response)
        except httpx.TransportError as error:
            failed: KirinError = failure(error)
        except KirinError as error:
            failed = error
        pause = attempts.again(failed, repeatable=repeatable)
        if pause is None:
            raise failed
        yield Pause(pause)


def call(request: Request[T], options: Options) -> Flow[T]:
    """Sends a request and reads the answer."""
    response = yield from answer_to(request, options)
    return request.read(response)


def waiting(
    read: Callable[[int | None], Request[Task]],
    options: Options,
    *,
    on_change: Callable[[Task], None] | None = None,
    interval: float | None = None,
    timeout: float | None = None,
) -> Flow[Task]:
    """Reads a task until it has completed.

    Args:
        read: the request, which the server may answer only after some seconds.

    Raises:
        TaskFailed: it failed, or was cancelled.
        WaitTimedOut: it took too long.
    """
    polls = interval is not None or on_change is not None
    end = None if timeout is None else time.monotonic() + timeout
    while True:
        left = None if end is None else end - time.monotonic()
        hold = None if polls else LONGEST_POLL if left is None else int(min(LONGEST_POLL, left))
        task = yield from call(read(hold or None), options)
        if on_change is not None:
            on_change(task)
        if task.status == "completed":
            return task
        if task.status == "failed":
            raise TaskFailed(task)
        left = None if end is None else end - time.monotonic()
        if left is not None and left <= 0:
            raise WaitTimedOut(task, timeout or 0.0)
        pause = POLL_SECONDS if interval is None else interval
        if polls or not hold:
            yield Pause(pause if left is None else min(pause, left))
