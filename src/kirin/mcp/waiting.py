"""Waiting for a task within a call, with notifications of its progress."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from anyio import current_time

from kirin.client import KirinApiError
from kirin.mcp.native_api import NativeApi

POLL_SECONDS = 3
"""How long one request waits for a change of status; progress is read as often. The requests count
against the rate of the key."""

TOO_MANY_REQUESTS = 429

ReportProgress = Callable[[float, float | None, str | None], Awaitable[None]]
"""Tells the client how far something is: progress, total, words."""


async def wait_for_end(
    api: NativeApi, name: str, seconds: int, report: ReportProgress
) -> Mapping[str, Any]:
    """Wait until a task has ended, for a limited time. The task goes on if nobody waits.

    Args:
        report: called whenever the task has come further.

    Returns:
        The task as it is then.
    """
    deadline = current_time() + seconds
    task: Mapping[str, Any] = await api.task(name)
    furthest = -1.0
    while True:
        if task["progress"] > furthest:  # the protocol wants each notification to be further on
            furthest = float(task["progress"])
            await report(furthest, 1.0, task["metadata"].get("stage", task["status"]))
        left = deadline - current_time()
        if task["status"] != "in_progress" or left < 1:
            return task
        try:
            task = await api.task(name, wait=max(1, min(POLL_SECONDS, int(left))))
        except KirinApiError as error:
            if error.status == TOO_MANY_REQUESTS:
                return task  # the agent reads how it stood, and waits before it asks again
            raise
