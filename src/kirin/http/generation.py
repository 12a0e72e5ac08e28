"""Routes that make and cancel tasks."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from kirin.accounts.keys import Scope
from kirin.domain.task import Task
from kirin.http.bodies import parse_object, read_body
from kirin.http.context import json_answer
from kirin.http.gate import admit
from kirin.http.heap import HeapTrimmer
from kirin.http.idempotency import (
    IDEMPOTENCY_KEY,
    IDEMPOTENT_REPLAYED,
    check_key,
    token_of,
)
from kirin.http.protocols.kirin import GENERATION, TASK, read_request
from kirin.http.rooms import Rooms


def generation_routes(rooms: Rooms) -> APIRouter:
    """The routes that change something under ``/model/v1/generation``."""
    router = APIRouter()
    trimmer = HeapTrimmer()

    async def create(request: Request) -> Response:
        # The key is looked at before the body is read: strangers send no megabytes.
        caller = await admit(rooms, request, Scope.GENERATE)
        given = request.headers.get(IDEMPOTENCY_KEY)
        check_key(given)
        body = await read_body(request, rooms.max_body_bytes, rooms.body_seconds)
        size = len(body)

        def submit() -> tuple[Task, bool]:
            nonlocal body
            token = token_of(given, body)
            parsed = parse_object(body)
            body = b""  # as strings it is in memory a second time; once is enough
            model, params = read_request(parsed)
            if token is None:
                return rooms.tasks.submit(caller.account, model, params, key=caller.key), False
            return rooms.tasks.submit_once(caller.account, model, params, token, caller.key)

        try:
            task, replayed = await rooms.blocking(submit)
            answer = json_answer(rooms.presenter.created(task))
            if replayed:
                answer.headers[IDEMPOTENT_REPLAYED] = "true"
            return answer
        finally:
            trimmer.after(size)

    async def cancel(request: Request, name: str) -> Response:
        caller = await admit(rooms, request, Scope.GENERATE)
        task = await rooms.blocking(rooms.tasks.cancel, caller.account, name)
        return json_answer(rooms.presenter.task(task, rooms.base_url(request)))

    async def remove(request: Request, name: str) -> Response:
        caller = await admit(rooms, request, Scope.GENERATE)
        task = await rooms.blocking(rooms.tasks.remove, caller.account, name)
        return json_answer({"id": task.id, "removed": True})

    router.add_api_route(GENERATION, create, methods=["POST"])
    router.add_api_route(f"{TASK}/{{name:path}}/cancel", cancel, methods=["POST"])
    router.add_api_route(f"{TASK}/{{name:path}}/remove", remove, methods=["POST"])
    router.add_api_route(f"{TASK}/{{name:path}}", cancel, methods=["DELETE"])
    return router
