"""The route that creates a task and waits for its end (rule N-1)."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from starlette.datastructures import Headers

from kirin.accounts.keys import Scope
from kirin.domain.task import Task
from kirin.errors import (
    ExternalIdUsed,
    IdempotencyKeyUsed,
    InsufficientBalance,
    SyncTimeout,
    TooManyStreams,
    TooManyWaiting,
    UnknownModel,
)
from kirin.http.protocols.kirin import GENERATION
from kirin.http.protocols.kirin_models import GENERATION_REQUEST, TaskJson
from kirin.http.protocols.kirin_request import X_MODEL
from kirin.http.responses import json_response
from kirin.http.route import JSON, Route
from kirin.http.tasks.dependencies import TaskDependencies
from kirin.http.tasks.events import EventStream, until_unavailable
from kirin.http.tasks.idempotency import IDEMPOTENCY_KEY
from kirin.http.tasks.intake import Intake
from kirin.http.tasks.stream import error_member, follow_task
from kirin.http.tasks.waiting_room import WaitingRoom

EVENTS = "text/event-stream"

SYNC = Route(
    method="POST",
    path=f"{GENERATION}/sync",
    id="createTaskAndWait",
    summary="Create a task and wait for its end",
    scope=Scope.GENERATE,
    parameters=(X_MODEL, IDEMPOTENCY_KEY),
    body=GENERATION_REQUEST,
    answer=TaskJson,
    media_types=(EVENTS,),
    answer_description="the task once it has ended; with Accept: text/event-stream its events, as "
    "followTask has them",
    errors=(
        UnknownModel,
        ExternalIdUsed,
        IdempotencyKeyUsed,
        InsufficientBalance,
        TooManyStreams,
        TooManyWaiting,
        SyncTimeout,
    ),
)
ROUTES = (SYNC,)


def add_sync_routes(
    router: APIRouter,
    deps: TaskDependencies,
    intake: Intake,
    waiting_room: WaitingRoom,
) -> None:
    """Add the route ``/model/v1/generation/sync``."""
    notifier, seconds = waiting_room.notifier, waiting_room.seconds

    async def create_and_wait(request: Request) -> Response:
        caller = await deps.authenticator.admit(request, SYNC)
        if not wants_events(request.headers):
            leave = waiting_room.enter(caller.account)
            try:
                made = await intake.submit(request, caller)
                return made.mark(await wait(request, made.task))
            finally:
                leave()
        give_back = waiting_room.streams.take(caller.account)
        try:
            made = await intake.submit(request, caller)
        except BaseException:
            give_back()
            raise
        messages = follow_task(deps, notifier, request, made.task, seconds=seconds)
        return made.mark(EventStream(until_unavailable(messages), give_back))

    async def wait(request: Request, task: Task) -> Response:
        task = await waiting_room.wait(request, task)
        body = deps.presenter.task(task, deps.base_url.of(request))
        if task.status.final:
            return json_response(body)
        raise SyncTimeout(details={**body, **error_member(SyncTimeout())})

    SYNC.add_to(router, create_and_wait)


def wants_events(headers: Headers) -> bool:
    """Whether a client asks for events: of the two types, the one that it names first."""
    for entry in headers.get("Accept", "").lower().split(","):
        kind = entry.partition(";")[0].strip()
        if kind == EVENTS:
            return True
        if kind in (JSON, "application/*", "*/*"):
            return False
    return False
