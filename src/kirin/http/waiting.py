"""Long polls: ``?wait=30`` holds the answer back until the task's status changes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from typing import Any, TypeVar

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
            latest = await rooms.look(lambda: rooms.tasks.find(task.account, task.id))
            left = deadline - clock()
            if latest.status is not task.status or left <= 0:
                return latest
            await subscription.woken(left)


async def unless_gone(
    request: Request, work: Coroutine[Any, Any, T], hang_up: Callable[[], None] | None = None
) -> T | None:
    """Do something for a client that is there; ``None`` where it hangs up before the end.

    Args:
        request: the client's, its body read.
        work: what to do; cancelled when the client hangs up.
        hang_up: called then, for work in a thread, which nobody can cancel.
    """
    working = asyncio.create_task(work)
    listening = asyncio.create_task(_hung_up(request))
    try:
        await asyncio.wait((working, listening), return_when=asyncio.FIRST_COMPLETED)
        if working.done():
            return working.result()
        return None
    finally:
        if hang_up is not None:
            hang_up()
        for task in (working, listening):
            task.cancel()
        await asyncio.gather(working, listening, return_exceptions=True)


async def _hung_up(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
