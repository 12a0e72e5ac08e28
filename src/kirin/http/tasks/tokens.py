"""Routes that give tokens for event streams (rule N-10)."""

from __future__ import annotations

from functools import partial
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Request, Response
from pydantic import Field
from typing_extensions import TypedDict

from kirin.accounts.keys import Scope
from kirin.errors import UnknownTask
from kirin.http.protocols.kirin import TASK
from kirin.http.protocols.kirin_models import Milliseconds, Url
from kirin.http.responses import secret_response
from kirin.http.route import Route
from kirin.http.stream_tokens import EVENTS, TOKEN, StreamTokens
from kirin.http.tasks.dependencies import TASK_ID, TaskDependencies
from kirin.http.tasks.events import EVENTS as EVENTS_PATH


class StreamTokenJson(TypedDict):
    """What opens an event stream for a while."""

    token: str
    url: Annotated[Url, Field(description="The stream, with the token.")]
    expires_at: Annotated[Milliseconds, Field(description="Unix milliseconds")]


FOR_EVENTS = Route(
    method="POST",
    path=f"{EVENTS_PATH}/token",
    id="createEventsToken",
    summary="A link to the stream of all tasks, for a browser's EventSource",
    scope=Scope.READ,
    answer=StreamTokenJson,
)
FOR_TASK = Route(
    method="POST",
    path=f"{TASK}/{{task_id:path}}/stream/token",
    id="createStreamToken",
    summary="A link to the stream of one task, for a browser's EventSource",
    scope=Scope.READ,
    parameters=(TASK_ID,),
    answer=StreamTokenJson,
    errors=(UnknownTask,),
)
ROUTES = (FOR_EVENTS, FOR_TASK)


def add_token_routes(router: APIRouter, deps: TaskDependencies, tokens: StreamTokens) -> None:
    """Add the routes of tokens."""

    def answer(request: Request, key: str, stream: str, path: str) -> Response:
        token, end = tokens.issue(key, stream)
        url = f"{deps.base_url.of(request)}{path}?{TOKEN.name}={quote(token)}"
        return secret_response(StreamTokenJson(token=token, url=url, expires_at=end))

    async def for_events(request: Request) -> Response:
        caller = await deps.authenticator.admit(request, FOR_EVENTS)
        return answer(request, caller.key, EVENTS, EVENTS_PATH)

    async def for_task(request: Request, task_id: str) -> Response:
        caller = await deps.authenticator.admit(request, FOR_TASK)
        task = await deps.threads.run_short(partial(deps.tasks.find, caller.account, task_id))
        return answer(request, caller.key, task.id, f"{TASK}/{task.id}/stream")

    FOR_EVENTS.add_to(router, for_events)
    FOR_TASK.add_to(router, for_task)
