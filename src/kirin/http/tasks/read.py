"""Routes that read one task: as it is, and as it was requested."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial

from fastapi import APIRouter, Request, Response

from kirin.accounts.keys import Scope
from kirin.errors import InvalidParameters, UnknownTask
from kirin.http.disconnects import unless_disconnected
from kirin.http.protocols.kirin import TASK
from kirin.http.protocols.kirin_models import GENERATION_REQUEST, TaskJson
from kirin.http.responses import json_response
from kirin.http.route import Route
from kirin.http.tasks.dependencies import TASK_ID, TaskDependencies
from kirin.http.tasks.long_polling import WAIT, wait_for_change, wait_of
from kirin.http.tasks.notifier import Notifier
from kirin.http.tasks.task_response import task_response

READ = Route(
    method="GET",
    path=f"{TASK}/{{task_id:path}}",
    id="readTask",
    summary="A task and, once completed, its result",
    scope=Scope.READ,
    parameters=(TASK_ID, WAIT),
    answer=TaskJson,
    errors=(InvalidParameters, UnknownTask),
)
READ_REQUEST = Route(
    method="GET",
    path=f"{TASK}/{{task_id:path}}/request",
    id="readRequest",
    summary="The request of a task, to send it again",
    scope=Scope.READ,
    parameters=(TASK_ID,),
    answer=GENERATION_REQUEST,
    errors=(UnknownTask,),
)
ROUTES = (READ, READ_REQUEST)


ReadTask = Callable[[Request, str], Awaitable[Response]]
"""Answers a request with a task of that id or external id."""


def task_reader(deps: TaskDependencies, notifier: Notifier) -> ReadTask:
    """The handler of the route ``/model/v1/generation/task/{task_id}``."""

    async def read(request: Request, task_id: str) -> Response:
        caller = await deps.authenticator.admit(request, READ)
        seconds = wait_of(request.query_params)
        task = await deps.threads.run_short(partial(deps.tasks.find, caller.account, task_id))
        if seconds and not task.status.final:
            find = partial(deps.tasks.find, task.account, task.id)
            latest = partial(deps.threads.run_short, find)
            change = wait_for_change(notifier, latest, task, seconds)
            # To a client that has hung up meanwhile, any answer will do.
            task = await unless_disconnected(request, change) or task
        return await task_response(deps, request, task)

    return read


def add_read_routes(router: APIRouter, deps: TaskDependencies, read: ReadTask) -> None:
    """Add the routes under ``/model/v1/generation/task/{task_id}`` that change nothing."""

    async def read_request(request: Request, task_id: str) -> Response:
        caller = await deps.authenticator.admit(request, READ_REQUEST)
        try:
            find = partial(deps.tasks.find, caller.account, task_id)
            task = await deps.threads.run_short(find)
        except UnknownTask:  # an external id may end in "/request"
            return await read(request, f"{task_id}/request")
        card = deps.catalogue.get(task.model)
        return json_response(deps.presenter.request(task, card, deps.base_url.of(request)))

    READ_REQUEST.add_to(router, read_request)
    READ.add_to(router, read)
