"""The answer that shows a task: as it is and, before its end, what is to be expected of it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from fastapi import Request, Response

from kirin.clock import now_ms
from kirin.domain.task import Task
from kirin.http.responses import json_response
from kirin.http.tasks.dependencies import TaskDependencies
from kirin.http.tasks.estimates import estimates, poll_interval


async def task_response(
    deps: TaskDependencies, request: Request, task: Task, more: Mapping[str, object] | None = None
) -> Response:
    """A task; before its end with estimates, and when another poll is worthwhile.

    Args:
        more: further members of the answer.
    """
    body = deps.presenter.task(task, deps.base_url.of(request))
    if task.status.final:
        return json_response({**body, **(more or {})})
    forecast = await deps.threads.run_short(partial(deps.forecaster.of, task))
    body["metadata"].update(estimates(forecast))
    response = json_response({**body, **(more or {})})
    response.headers["Retry-After"] = str(poll_interval(forecast, now_ms()))
    return response
