"""Routes that create, cancel and remove tasks."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from kirin.accounts.keys import Scope
from kirin.domain.task import Task
from kirin.errors import (
    ExternalIdUsed,
    IdempotencyKeyUsed,
    InsufficientBalance,
    TaskFinished,
    TaskUnfinished,
    UnknownModel,
    UnknownTask,
)
from kirin.http.bodies import parse_object, read_body
from kirin.http.heap import HeapTrimmer
from kirin.http.protocols.kirin import GENERATION, TASK
from kirin.http.protocols.kirin_models import (
    GENERATION_REQUEST,
    CreatedJson,
    RemovedJson,
    TaskJson,
)
from kirin.http.protocols.kirin_request import X_MODEL, read_request
from kirin.http.responses import json_response
from kirin.http.route import Route
from kirin.http.tasks.dependencies import TASK_ID, TaskDependencies
from kirin.http.tasks.idempotency import (
    IDEMPOTENCY_KEY,
    IDEMPOTENT_REPLAYED,
    check_key,
    idempotency_key_of,
)

CREATE = Route(
    method="POST",
    path=GENERATION,
    id="createTask",
    summary="Create a task",
    scope=Scope.GENERATE,
    parameters=(X_MODEL, IDEMPOTENCY_KEY),
    body=GENERATION_REQUEST,
    answer=CreatedJson,
    errors=(UnknownModel, ExternalIdUsed, IdempotencyKeyUsed, InsufficientBalance),
)
CANCEL = Route(
    method="POST",
    path=f"{TASK}/{{task_id:path}}/cancel",
    id="cancelTask",
    summary="Cancel a task",
    scope=Scope.GENERATE,
    parameters=(TASK_ID,),
    answer=TaskJson,
    errors=(UnknownTask, TaskFinished),
)
REMOVE = Route(
    method="POST",
    path=f"{TASK}/{{task_id:path}}/remove",
    id="removeTask",
    summary="Remove an ended task, its files and its request",
    scope=Scope.GENERATE,
    parameters=(TASK_ID,),
    answer=RemovedJson,
    errors=(UnknownTask, TaskUnfinished),
)
DELETE = Route(
    method="DELETE",
    path=f"{TASK}/{{task_id:path}}",
    id="deleteTask",
    summary="Cancel a task",
    scope=Scope.GENERATE,
    parameters=(TASK_ID,),
    answer=TaskJson,
    errors=(UnknownTask, TaskFinished),
)
ROUTES = (CREATE, CANCEL, REMOVE, DELETE)


def add_create_routes(router: APIRouter, deps: TaskDependencies) -> None:
    """Add the routes that change something under ``/model/v1/generation``."""
    trimmer = HeapTrimmer()
    limits = deps.body_limits

    async def create(request: Request) -> Response:
        # The key is checked before the body is read: strangers upload no megabytes.
        caller = await deps.authenticator.admit(request, CREATE)
        key = request.headers.get(IDEMPOTENCY_KEY.name)
        check_key(key)
        model = request.headers.get(X_MODEL.name)
        body = await read_body(request, limits.max_bytes, limits.seconds)
        size = len(body)

        def submit() -> tuple[Task, bool]:
            nonlocal body
            once = idempotency_key_of(key, body, model)
            parsed = parse_object(body)
            body = b""  # its strings are in memory a second time now; once is enough
            asked = read_request(parsed, deps.catalogue, model)
            if once is None:
                task = deps.tasks.submit(
                    caller.account,
                    asked.model,
                    asked.params,
                    key=caller.key,
                    options=asked.options,
                )
                return task, False
            return deps.tasks.submit_once(
                caller.account, asked.model, asked.params, once, caller.key, asked.options
            )

        try:
            task, replayed = await deps.threads.run(submit)
            response = json_response(deps.presenter.created(task))
            if replayed:
                response.headers[IDEMPOTENT_REPLAYED] = "true"
            return response
        finally:
            trimmer.after(size)

    async def cancel(request: Request, task_id: str) -> Response:
        caller = await deps.authenticator.admit(request, CANCEL)
        task = await deps.threads.run(deps.tasks.cancel, caller.account, task_id)
        return json_response(deps.presenter.task(task, deps.base_url.of(request)))

    async def remove(request: Request, task_id: str) -> Response:
        caller = await deps.authenticator.admit(request, REMOVE)
        task = await deps.threads.run(deps.tasks.remove, caller.account, task_id)
        return json_response(RemovedJson(id=task.id, removed=True))

    CREATE.add_to(router, create)
    CANCEL.add_to(router, cancel)
    REMOVE.add_to(router, remove)
    DELETE.add_to(router, cancel)
