"""Long polls: ``?wait=30`` holds the answer back until the task's status changes."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Mapping
from typing import TypeVar

from anyio import create_task_group
from fastapi import Request

from kirin.domain.task import Task
from kirin.errors import InvalidParameters, Problem
from kirin.http.queries import whole
from kirin.http.rooms import Rooms
from kirin.http.watch import Watch

LONGEST_WAIT = 60
"""Seconds; proxies give up on answers that take longer."""

T = TypeVar("T")


def wait_of(query: Mapping[str, str]) -> int:
    """Seconds that a request is ready to wait.

    Raises:
        InvalidParameters: it is no whole number from 0 to 60.
    """
    problems: list[Problem] = []
    seconds = whole(query, "wait", 0, LONGEST_WAIT, problems, least=0)
    if problems:
        raise InvalidParameters(problems)
    return seconds


async def changed(rooms: Rooms, watch: Watch, task: Task, seconds: float) -> Task:
    """Wait until a task has another status, at most so long.

    Returns:
        The task as it then is.
    """
    clock = asyncio.get_running_loop().time
    deadline = clock() + seconds
    with watch.subscribe(task.account, task.id) as subscription:
        while True:
            latest = await rooms.look(lambda: rooms.flow.find(task.account, task.id))
            left = deadline - clock()
            if latest.status is not task.status or left <= 0:
                return latest
            await subscription.woken(left)


async def unless_gone(request: Request, work: Awaitable[T]) -> T | None:
    """Do something for a client that is there; ``None`` where it hangs up before the end."""
    result: T | None = None

    async def do() -> None:
        nonlocal result
        result = await work
        group.cancel_scope.cancel()

    async with create_task_group() as group:
        group.start_soon(do)
        while (await request.receive())["type"] != "http.disconnect":
            pass
        group.cancel_scope.cancel()
    return result
