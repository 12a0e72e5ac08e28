"""The event stream of one task (rule N-2): what has become of it, until it has ended."""

from __future__ import annotations

import asyncio
import math
from collections.abc import AsyncGenerator, Callable, Mapping
from functools import partial
from typing import Any, Final

from fastapi import APIRouter, Request, Response
from pydantic_core import to_json

from kirin.accounts.caller import Caller
from kirin.accounts.keys import Scope
from kirin.domain.task import Status, Task
from kirin.errors import (
    ApiError,
    InvalidKey,
    InvalidParameters,
    Problem,
    SyncTimeout,
    TooManyStreams,
    UnknownTask,
)
from kirin.http.authentication import AUTHORIZATION
from kirin.http.protocols.kirin import TASK
from kirin.http.query_parameters import IntegerParameter
from kirin.http.route import Route
from kirin.http.stream_tokens import TOKEN, StreamTokens
from kirin.http.tasks.account_slots import AccountSlots
from kirin.http.tasks.dependencies import TASK_ID, TaskDependencies
from kirin.http.tasks.events import (
    KEEP_ALIVE_SECONDS,
    LAST_EVENT_ID,
    RETRY_MS,
    EventStream,
    message,
    number_of,
    until_unavailable,
)
from kirin.http.tasks.notifier import Notifier
from kirin.http.tasks.read import ReadTask

PROGRESS_SECONDS = 2.0
"""How often the progress of a task is read that has no other news."""

PROGRESS_STEPS: Final = 10_000
"""Steps of progress that the wire shows apart: four decimals."""

ENDED: Final = 2 * PROGRESS_STEPS + 2
"""The position of a task that has ended."""

CURSOR = IntegerParameter(
    "cursor",
    "of the last event that was received; what it told is not told again",
    default=0,
    minimum=0,
)

STREAM = Route(
    method="GET",
    path=f"{TASK}/{{task_id:path}}/stream",
    id="followTask",
    summary="What becomes of one task, as it happens",
    scope=Scope.READ,
    parameters=(TASK_ID, CURSOR, LAST_EVENT_ID, TOKEN),
    media_types=("text/event-stream",),
    answer_description="events output, done and error, with the task and a cursor as their data",
    errors=(InvalidParameters, UnknownTask, TooManyStreams),
)
ROUTES = (STREAM,)


def add_stream_routes(
    router: APIRouter,
    deps: TaskDependencies,
    notifier: Notifier,
    slots: AccountSlots,
    read: ReadTask,
    tokens: StreamTokens,
) -> None:
    """Add the route ``/model/v1/generation/task/{task_id}/stream``."""

    async def follow(request: Request, task_id: str) -> Response:
        find = tokens.finder(request)
        account = (await deps.authenticator.admit(request, STREAM, find)).account
        cursor = cursor_of(request)
        try:
            task = await deps.threads.run_short(partial(deps.tasks.find, account, task_id))
        except UnknownTask:  # an external id may end in "/stream"
            return await read(request, f"{task_id}/stream")
        tokens.check(request, task.id)
        give_back = slots.take(account)
        messages = follow_task(deps, notifier, request, task, cursor=cursor, find_caller=find)
        return EventStream(until_unavailable(messages), give_back)

    STREAM.add_to(router, follow)


def cursor_of(request: Request) -> int:
    """Where a client goes on: its cursor, or the id that event streams resume by.

    Raises:
        InvalidParameters: it is not a whole number.
    """
    problems: list[Problem] = []
    cursor = CURSOR.read(request.query_params, problems)
    if problems:
        raise InvalidParameters(problems)
    return max(cursor, number_of(request.headers.get(LAST_EVENT_ID.name)) or 0)


def position(task: Task) -> int:
    """How far a task has come: it grows with its stage and progress, and nothing else counts.

    So a cursor is good for ever, whichever process of whichever machine is asked.
    """
    if task.status.final:
        return ENDED
    return 1 + 2 * round(task.progress * PROGRESS_STEPS) + (task.status is Status.PROCESSING)


async def follow_task(
    deps: TaskDependencies,
    notifier: Notifier,
    request: Request,
    task: Task,
    *,
    cursor: int = 0,
    seconds: float = math.inf,
    find_caller: Callable[[], Caller] | None = None,
) -> AsyncGenerator[bytes]:
    """The events of a task until it has ended: ``output`` whenever it has come further, then
    ``done``; or ``error`` where there is no waiting any more.

    Args:
        task: as it was read first.
        cursor: position that the client knows.
        seconds: how long to wait for the end.
        find_caller: finds out who asks, where that is not by a header.
    """
    base_url = deps.base_url.of(request)
    clock = asyncio.get_running_loop().time
    deadline = clock() + seconds
    next_comment = clock() + KEEP_ALIVE_SECONDS
    latest = partial(deps.threads.run_short, partial(deps.tasks.find, task.account, task.id))
    find = partial(notifier.reads.get, (task.account, task.id), latest)

    async def valid() -> bool:
        ask = partial(deps.authenticator.still_valid, request, find_caller)
        if find_caller is not None:
            return await ask()
        return await notifier.reads.get(request.headers.get(AUTHORIZATION), ask)

    def event(name: str, more: Mapping[str, Any] | None = None) -> bytes:
        body = {**deps.presenter.task(task, base_url), "cursor": cursor, **(more or {})}
        return message(cursor, name, to_json(body))

    with notifier.subscribe(task.account, task.id) as subscription:
        yield b"retry: %d\n\n" % RETRY_MS
        while True:
            try:
                task = await find()
            except UnknownTask as error:  # it was removed
                yield event("error", error_member(error))
                return
            if position(task) > cursor:
                cursor = position(task)
                if task.status is not Status.FAILED:
                    yield event("output")
                    next_comment = clock() + KEEP_ALIVE_SECONDS
            if task.status.final:
                yield event("done")
                return
            if clock() >= deadline:
                yield event("error", error_member(SyncTimeout()))
                return
            if not await valid():
                yield event("error", error_member(InvalidKey()))
                return
            if clock() >= next_comment:
                yield b": keepalive\n\n"
                next_comment = clock() + KEEP_ALIVE_SECONDS
            # All followers look at the same moments, so that they share what they read.
            look = PROGRESS_SECONDS - clock() % PROGRESS_SECONDS
            await subscription.changed(min(look, max(deadline - clock(), 0)))


def error_member(error: ApiError) -> Mapping[str, Any]:
    """An error as the ``error`` of a task has it (rule W-7)."""
    text = error.message
    return {"error": {"code": error.code, "message": text, "error_message": text}}
