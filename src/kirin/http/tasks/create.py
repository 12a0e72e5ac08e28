"""Routes that create, cancel and remove tasks."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from kirin.accounts.keys import Scope
from kirin.errors import (
    ExternalIdUsed,
    IdempotencyKeyUsed,
    InsufficientBalance,
    TaskFinished,
    TaskUnfinished,
    UnknownModel,
    UnknownTask,
)
from kirin.http.protocols.kirin import GENERATION, TASK
from kirin.http.protocols.kirin_models import (
    GENERATION_REQUEST,
    CreatedJson,
    RemovedJson,
    TaskJson,
)
from kirin.http.protocols.kirin_request import X_MODEL
from kirin.http.responses import json_response
from kirin.http.route import Route
from kirin.http.tasks.dependencies import TASK_ID, TaskDependencies
from kirin.http.tasks.idempotency import IDEMPOTENCY_KEY
from kirin.http.tasks.intake import Intake

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


def add_create_routes(router: APIRouter, deps: TaskDependencies, intake: Intake) -> None:
    """Add the routes that change something under ``/model/v1/generation``."""

    async def create(request: Request) -> Response:
        caller = await deps.authenticator.admit(request, CREATE)
        made = await intake.submit(request, caller)
        return made.mark(json_response(deps.presenter.created(made.task)))

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
