"""Long polling: ``?wait=30`` delays the answer until the task's status changes."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping

from kirin.domain.task import Task
from kirin.errors import InvalidParameters, Problem
from kirin.http.query_parameters import IntegerParameter
from kirin.http.tasks.notifier import Notifier

LONGEST_WAIT = 60
"""Seconds; proxies give up on answers that take longer."""

WAIT = IntegerParameter(
    "wait",
    "seconds to wait for another status or stage",
    default=0,
    minimum=0,
    maximum=LONGEST_WAIT,
)


def wait_of(query: Mapping[str, str]) -> int:
    """Seconds that a client is prepared to wait.

    Raises:
        InvalidParameters: it is not a whole number from 0 to 60.
    """
    problems: list[Problem] = []
    seconds = WAIT.read(query, problems)
    if problems:
        raise InvalidParameters(problems)
    return seconds


async def wait_for_change(
    notifier: Notifier, read: Callable[[], Awaitable[Task]], task: Task, seconds: float
) -> Task:
    """Wait until a task has another status, for a limited time.

    Args:
        read: reads the task again.
        task: as it was read first.
        seconds: how long to wait at most.

    Returns:
        The task as it is then.
    """
    clock = asyncio.get_running_loop().time
    deadline = clock() + seconds
    with notifier.subscribe(task.account, task.id) as subscription:
        while True:
            latest = await read()
            left = deadline - clock()
            if latest.status is not task.status or left <= 0:
                return latest
            await subscription.changed(left)
