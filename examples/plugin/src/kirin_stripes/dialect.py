"""A dialect of two routes: say a word, and ask what has become of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any, Final

from fastapi import APIRouter, Request, Response
from typing_extensions import TypedDict

from kirin.accounts.keys import Scope
from kirin.domain.request import TaskRequest
from kirin.domain.task import Task
from kirin.errors import ApiError, UnknownTask
from kirin.http.bodies import parse_object
from kirin.http.dialects.dialect import DialectDependencies, ServedDialect
from kirin.http.error_format import ErrorFormat
from kirin.http.protocols.kirin_request import read_request
from kirin.http.query_parameters import PathParameter
from kirin.http.responses import json_response
from kirin.http.route import JSON, Route
from kirin.http.tasks.intake import SUBMITTING_ERRORS
from kirin_stripes.card import ID

KIRIN_INTERFACE = 1

NAME: Final = "plain"


class PlainVideoJson(TypedDict):
    """A video, finished or to come."""

    id: str
    status: str


class PlainErrorJson(TypedDict):
    """Why there is none."""

    error: str


def error_body(error: ApiError, _: str) -> Mapping[str, Any]:
    """The JSON of an error."""
    return PlainErrorJson(error=error.message)


BODY: Final = {
    "type": "object",
    "required": ["word"],
    "properties": {"word": {"type": "string", "description": "such as red"}},
}
SAY: Final = Route(
    method="POST",
    path="/plain/videos",
    id="sayWord",
    summary="Make a video of a word",
    scope=Scope.GENERATE,
    request_body={"required": True, "content": {JSON: {"schema": BODY}}},
    answer=PlainVideoJson,
    status=201,
    errors=SUBMITTING_ERRORS,
)
ASK: Final = Route(
    method="GET",
    path="/plain/videos/{id}",
    id="askForVideo",
    summary="What has become of it",
    scope=Scope.READ,
    parameters=(PathParameter("id", "of the video"),),
    answer=PlainVideoJson,
    errors=(UnknownTask,),
)


def shown(task: Task) -> PlainVideoJson:
    """A task as this dialect tells of it."""
    return {"id": task.id, "status": task.status.value}


def add_routes(router: APIRouter, spoken: DialectDependencies) -> None:
    """Add both routes."""
    deps = spoken.tasks

    def read_body(body: bytes) -> tuple[TaskRequest, tuple[bytes, ...]]:
        asked = read_request({**parse_object(body), "model": ID}, deps.catalogue)
        told = replace(asked.options, origin={"dialect": NAME})
        return replace(asked, options=told), (body,)

    async def say(request: Request) -> Response:
        caller = await deps.authenticator.admit(request, SAY)
        made = await spoken.intake.submit(request, caller, read=read_body)
        return made.mark(json_response(shown(made.task), SAY.status))

    async def ask(request: Request, id: str) -> Response:
        caller = await deps.authenticator.admit(request, ASK)
        find = partial(deps.tasks.find, caller.account, id)
        return json_response(shown(await deps.threads.run_short(find)))

    SAY.add_to(router, say)
    ASK.add_to(router, ask)


PLAIN: Final = ServedDialect(
    name=NAME,
    title="Plain words",
    description="Say a word, and get a video.",
    paths=("/plain",),
    routes=(SAY, ASK),
    add_routes=add_routes,
    errors=ErrorFormat(model=PlainErrorJson, body=error_body),
)
