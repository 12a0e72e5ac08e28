"""Requests that wait for news of a task: how many, how long, and what wakes them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Final

from fastapi import Request

from kirin.domain.task import Task
from kirin.errors import TooManyStreams, TooManyWaiting
from kirin.http.disconnects import unless_disconnected
from kirin.http.tasks.account_slots import AccountSlots
from kirin.http.tasks.dependencies import TaskDependencies
from kirin.http.tasks.long_polling import wait_for_change
from kirin.http.tasks.notifier import Notifier

MAX_WAITING: Final = 100
"""Requests of an account that wait in this process at a time: each holds a connection, of which
there are so many for all."""


class WaitingRoom:
    """Where requests of all dialects wait.

    Attributes:
        notifier: wakes them.
        streams: event streams that are open.
        seconds: how long a client waits at most; the task goes on after that.
    """

    def __init__(self, deps: TaskDependencies, max_streams: int, seconds: float) -> None:
        """Begin with nobody waiting.

        Args:
            deps: reads tasks.
            max_streams: event streams that an account may hold open in this process.
            seconds: as above.
        """
        message = (
            f"the account has {max_streams} event streams open, which is the limit: "
            "one stream of the account tells of all tasks"
        )
        self.notifier = Notifier(deps.threads)
        self.streams = AccountSlots(max_streams, lambda: TooManyStreams(message))
        self.seconds = seconds
        self._deps = deps
        self._slots = AccountSlots(MAX_WAITING, TooManyWaiting)

    def enter(self, account: str) -> Callable[[], None]:
        """Take a place; what is returned gives it back.

        Raises:
            TooManyWaiting: the account has none left.
        """
        return self._slots.take(account)

    async def wait(self, request: Request, task: Task, seconds: float | None = None) -> Task:
        """Wait until a task has ended; returns it as it is then.

        Args:
            request: of the client who waits, with its body read.
            seconds: for how long at most; by default as long as anybody may.
        """
        limit = self.seconds if seconds is None else min(seconds, self.seconds)
        ended = self._end(task, limit)
        # A server that stops cancels the wait: the task goes on, and the client must learn its id.
        # To a client that has hung up meanwhile, any answer will do.
        with suppress(asyncio.CancelledError):
            return await unless_disconnected(request, ended) or task
        return task

    async def _end(self, task: Task, seconds: float) -> Task:
        clock = asyncio.get_running_loop().time
        deadline = clock() + seconds
        find = partial(self._deps.tasks.find, task.account, task.id)
        read = partial(self._deps.threads.run_short, find)
        while not task.status.final and (left := deadline - clock()) > 0:
            task = await wait_for_change(self.notifier, read, task, left)
        return task
