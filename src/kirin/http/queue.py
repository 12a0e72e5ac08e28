"""The queue form of tasks (rule N-6): a model's bare parameters in, and links to follow."""

from __future__ import annotations

from functools import partial

from fastapi import APIRouter, Request, Response
from typing_extensions import TypedDict

from kirin.accounts.keys import Scope
from kirin.domain.task import Task
from kirin.errors import (
    ExternalIdUsed,
    IdempotencyKeyUsed,
    InsufficientBalance,
    TaskFinished,
    UnknownModel,
    UnknownTask,
)
from kirin.http.bodies import BODY_ERRORS
from kirin.http.protocols.kirin_models import TaskJson, Url
from kirin.http.protocols.kirin_status import TaskStatus
from kirin.http.query_parameters import PathParameter
from kirin.http.responses import json_response
from kirin.http.route import JSON, Route
from kirin.http.tasks.dependencies import TaskDependencies
from kirin.http.tasks.idempotency import IDEMPOTENCY_KEY
from kirin.http.tasks.intake import Intake
from kirin.http.tasks.task_response import task_response

QUEUE = "/model/v1/queue"
REQUEST = f"{QUEUE}/{{model}}/requests/{{request_id:path}}"

MODEL = PathParameter("model", "id of the model")
REQUEST_ID = PathParameter("request_id", "id or external_task_id of the task")


class RequestLinksJson(TypedDict):
    """Where a queued request is followed."""

    request_id: str
    status_url: Url
    response_url: Url
    cancel_url: Url


class QueuedJson(RequestLinksJson):
    """The answer to a request that was queued."""

    status: TaskStatus
    model: str


class QueuedTaskJson(RequestLinksJson, TaskJson):
    """A queued request: the task, and where it is followed."""


SUBMIT = Route(
    method="POST",
    path=f"{QUEUE}/{{model}}",
    id="queueRequest",
    summary="Create a task from a model's bare parameters",
    scope=Scope.GENERATE,
    parameters=(MODEL, IDEMPOTENCY_KEY),
    request_body={
        "required": True,
        "content": {
            JSON: {
                "schema": {
                    "type": "object",
                    "description": "the parameters, as input_schema of the model's contract has "
                    "them",
                }
            }
        },
    },
    answer=QueuedJson,
    errors=(
        UnknownModel,
        *BODY_ERRORS,
        ExternalIdUsed,
        IdempotencyKeyUsed,
        InsufficientBalance,
    ),
)
STATUS = Route(
    method="GET",
    path=f"{REQUEST}/status",
    id="readQueuedStatus",
    summary="The state of a queued request",
    scope=Scope.READ,
    parameters=(MODEL, REQUEST_ID),
    answer=QueuedTaskJson,
    errors=(UnknownModel, UnknownTask),
)
RESPONSE = Route(
    method="GET",
    path=f"{REQUEST}/response",
    id="readQueuedResponse",
    summary="The result of a queued request, once it has ended",
    scope=Scope.READ,
    parameters=(MODEL, REQUEST_ID),
    answer=QueuedTaskJson,
    errors=(UnknownModel, UnknownTask),
)
CANCEL = Route(
    method="PUT",
    path=f"{REQUEST}/cancel",
    id="cancelQueuedRequest",
    summary="Cancel a queued request",
    scope=Scope.GENERATE,
    parameters=(MODEL, REQUEST_ID),
    answer=QueuedTaskJson,
    errors=(UnknownModel, UnknownTask, TaskFinished),
)
ROUTES = (SUBMIT, STATUS, RESPONSE, CANCEL)


def add_queue_routes(router: APIRouter, deps: TaskDependencies, intake: Intake) -> None:
    """Add the routes under ``/model/v1/queue``."""

    async def submit(request: Request, model: str) -> Response:
        caller = await deps.authenticator.admit(request, SUBMIT)
        card = deps.catalogue.get(model)  # before the body is read
        made = await intake.submit(request, caller, card.id)
        created = deps.presenter.created(made.task)
        links = links_of(made.task, deps.base_url.of(request))
        answer = QueuedJson(status=created["status"], model=created["model"], **links)
        return made.mark(json_response(answer))

    async def read_status(request: Request, model: str, request_id: str) -> Response:
        caller = await deps.authenticator.admit(request, STATUS)
        return await show(request, await find(caller.account, model, request_id))

    async def read_response(request: Request, model: str, request_id: str) -> Response:
        caller = await deps.authenticator.admit(request, RESPONSE)
        return await show(request, await find(caller.account, model, request_id))

    async def cancel(request: Request, model: str, request_id: str) -> Response:
        caller = await deps.authenticator.admit(request, CANCEL)
        task = await find(caller.account, model, request_id)
        cancelled = await deps.threads.run(deps.tasks.cancel, caller.account, task.id)
        return await show(request, cancelled)

    async def find(account: str, model: str, name: str) -> Task:
        card = deps.catalogue.get(model)
        task = await deps.threads.run_short(partial(deps.tasks.find, account, name))
        if task.model != card.id:
            raise UnknownTask
        return task

    async def show(request: Request, task: Task) -> Response:
        return await task_response(deps, request, task, links_of(task, deps.base_url.of(request)))

    SUBMIT.add_to(router, submit)
    STATUS.add_to(router, read_status)
    RESPONSE.add_to(router, read_response)
    CANCEL.add_to(router, cancel)


def path_of(model: str) -> str:
    """The path that takes a model's parameters."""
    return f"{QUEUE}/{model}"


def links_of(task: Task, base_url: str) -> RequestLinksJson:
    """Where a task is followed, in the queue's form."""
    request = f"{base_url}{path_of(task.model)}/requests/{task.id}"
    return {
        "request_id": task.id,
        "status_url": f"{request}/status",
        "response_url": f"{request}/response",
        "cancel_url": f"{request}/cancel",
    }
