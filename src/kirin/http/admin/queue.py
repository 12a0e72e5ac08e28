"""Routes of operators: pause and resume queues, move tasks in them, drain workers."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Request, Response
from pydantic import Field
from sqlalchemy import Connection
from typing_extensions import TypedDict

from kirin.clock import now_ms
from kirin.errors import (
    InvalidParameters,
    NotWaiting,
    Problem,
    UnknownQueue,
    UnknownTask,
    UnknownWorker,
)
from kirin.http.admin.bodies import Note, read_model
from kirin.http.admin.dependencies import ADMIN, SCOPE, AdminDependencies
from kirin.http.admin.overview import pause_json
from kirin.http.admin.overview_models import Engine, PausesJson
from kirin.http.pagination import LIMIT
from kirin.http.protocols.kirin_models import Milliseconds
from kirin.http.query_parameters import PathParameter, read_names
from kirin.http.request_models import RequestModel
from kirin.http.responses import json_response
from kirin.http.route import Route
from kirin.orchestration import queue_control
from kirin.orchestration.queue_control import Moved
from kirin.tasks import queue
from kirin.tasks.queue import MOST_PRIORITY, WaitingPlace

QUEUE_NAME = PathParameter("queue_name", "name of an engine, or all")
WORKER_ID = PathParameter("worker_id", "id of the worker, as the overview shows it")
TASK_ID = PathParameter("task_id", "id of a task of any account")


class NewPause(RequestModel):
    """Why a queue is paused."""

    reason: Note = Field(default="", description="For other operators; customers do not see it.")


class NewPriority(RequestModel):
    """A task's new place among those that wait: one of the two."""

    priority: int | None = Field(
        default=None,
        ge=-MOST_PRIORITY,
        le=MOST_PRIORITY,
        description="Higher is sooner; tasks have 0 from the start.",
    )
    front: bool = Field(default=False, description="Before all others that wait now.")


class WaitingTaskJson(TypedDict):
    """A task that waits."""

    id: str
    account: str
    model: str
    engine: Engine
    priority: int
    created_at: Milliseconds


class FrontJson(TypedDict):
    """The front of the queue, in the order in which tasks are handed out."""

    tasks: list[WaitingTaskJson]


class MovedJson(TypedDict):
    """A task with its new place."""

    id: str
    account: str
    engine: Engine
    priority: int
    ahead: Annotated[int, Field(description="tasks of the same engine that come before it")]


class DrainingJson(TypedDict):
    """A worker that was told to leave."""

    id: str
    draining: bool


LIST = Route(
    method="GET",
    path=f"{ADMIN}/queue",
    id="listQueue",
    summary="The tasks that wait, in the order in which they are handed out",
    scope=SCOPE,
    parameters=(LIMIT,),
    answer=FrontJson,
    errors=(InvalidParameters,),
)
PAUSE = Route(
    method="POST",
    path=f"{ADMIN}/queues/{{queue_name}}/pause",
    id="pauseQueue",
    summary="Accept tasks but hand out none; what runs goes on",
    scope=SCOPE,
    parameters=(QUEUE_NAME,),
    body=NewPause,
    answer=PausesJson,
    errors=(UnknownQueue,),
)
RESUME = Route(
    method="POST",
    path=f"{ADMIN}/queues/{{queue_name}}/resume",
    id="resumeQueue",
    summary="Hand out tasks again; what is paused still is told",
    scope=SCOPE,
    parameters=(QUEUE_NAME,),
    answer=PausesJson,
    errors=(UnknownQueue,),
)
PRIORITISE = Route(
    method="POST",
    path=f"{ADMIN}/tasks/{{task_id}}/priority",
    id="prioritiseTask",
    summary="Move a task that waits; nothing else of it changes",
    scope=SCOPE,
    parameters=(TASK_ID,),
    body=NewPriority,
    answer=MovedJson,
    errors=(UnknownTask, NotWaiting),
)
DRAIN = Route(
    method="POST",
    path=f"{ADMIN}/workers/{{worker_id}}/drain",
    id="drainWorker",
    summary="Let a worker take nothing new, end what it has, and leave",
    scope=SCOPE,
    parameters=(WORKER_ID,),
    answer=DrainingJson,
    errors=(UnknownWorker,),
)
ROUTES = (LIST, PAUSE, RESUME, PRIORITISE, DRAIN)


def add_queue_control_routes(router: APIRouter, deps: AdminDependencies) -> None:
    """Add the routes that steer the queue and its workers."""
    admit, threads = deps.authenticator.admit_operator, deps.threads

    async def list_queue(request: Request) -> Response:
        await admit(request, LIST)
        problems: list[Problem] = []
        read_names(request.query_params, LIST.parameters, problems)
        limit = LIMIT.read(request.query_params, problems)
        if problems:
            raise InvalidParameters(problems)

        def read(connection: Connection) -> FrontJson:
            return {"tasks": [waiting_task_json(each) for each in queue.front(connection, limit)]}

        return json_response(await threads.read(read))

    async def pause(request: Request, queue_name: str) -> Response:
        who = await admit(request, PAUSE)
        body = await read_model(request, deps.body_limits, NewPause)

        def change(connection: Connection) -> PausesJson:
            found = queue_control.pause(connection, who, queue_name, body.reason, now_ms())
            return {"paused": [pause_json(each) for each in found]}

        return json_response(await threads.write(change))

    async def resume(request: Request, queue_name: str) -> Response:
        who = await admit(request, RESUME)

        def change(connection: Connection) -> PausesJson:
            found = queue_control.resume(connection, who, queue_name, now_ms())
            return {"paused": [pause_json(each) for each in found]}

        return json_response(await threads.write(change))

    async def prioritise(request: Request, task_id: str) -> Response:
        who = await admit(request, PRIORITISE)
        body = await read_model(request, deps.body_limits, NewPriority)
        priority = priority_of(body)

        def change(connection: Connection) -> MovedJson:
            moved = queue_control.prioritise(connection, who, task_id, priority, now_ms())
            return moved_json(moved)

        return json_response(await threads.write(change))

    async def drain(request: Request, worker_id: str) -> Response:
        who = await admit(request, DRAIN)

        def change(connection: Connection) -> DrainingJson:
            queue_control.drain(connection, who, worker_id, now_ms())
            return {"id": worker_id, "draining": True}

        return json_response(await threads.write(change))

    LIST.add_to(router, list_queue)
    PAUSE.add_to(router, pause)
    RESUME.add_to(router, resume)
    PRIORITISE.add_to(router, prioritise)
    DRAIN.add_to(router, drain)


def priority_of(body: NewPriority) -> int | None:
    """What a body asks for; ``None`` is before all others.

    Raises:
        InvalidParameters: it asks for both, or for nothing.
    """
    if body.front == (body.priority is not None):
        message = "give either a priority, or front: true"
        raise InvalidParameters([Problem("priority", "required", message)])
    return body.priority


def waiting_task_json(place: WaitingPlace) -> WaitingTaskJson:
    """A task that waits, as the wire shows it."""
    return {
        "id": place.id,
        "account": place.account,
        "model": place.model,
        "engine": place.engine,
        "priority": place.priority,
        "created_at": place.created_at,
    }


def moved_json(moved: Moved) -> MovedJson:
    """A task that was moved, as the wire shows it."""
    task = moved.task
    return {
        "id": task.id,
        "account": task.account,
        "engine": task.engine,
        "priority": task.priority,
        "ahead": moved.ahead,
    }
