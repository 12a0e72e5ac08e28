"""Routes that make and cancel tasks."""

from __future__ import annotations

from functools import partial

from fastapi import APIRouter, Request, Response

from kirin.domain.task import Task
from kirin.http.bodies import parse_object, read_body
from kirin.http.context import json_answer
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

    def account(request: Request) -> str:
        return rooms.authenticator.account(request.headers.get("Authorization"))

    async def create(request: Request) -> Response:
        # The key is looked at before the body is read: strangers send no megabytes.
        owner = await rooms.look(partial(account, request))
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
                return rooms.flow.submit(owner, model, params), False
            return rooms.flow.submit_once(owner, model, params, token)

        try:
            task, replayed = await rooms.blocking(submit)
            answer = json_answer(rooms.presenter.created(task))
            if replayed:
                answer.headers[IDEMPOTENT_REPLAYED] = "true"
            return answer
        finally:
            trimmer.after(size)

    async def cancel(request: Request, name: str) -> Response:
        def stop() -> Task:
            return rooms.flow.cancel(account(request), name)

        task = await rooms.blocking(stop)
        return json_answer(rooms.presenter.task(task, rooms.base_url(request)))

    router.add_api_route(GENERATION, create, methods=["POST"])
    router.add_api_route(f"{TASK}/{{name:path}}/cancel", cancel, methods=["POST"])
    router.add_api_route(f"{TASK}/{{name:path}}", cancel, methods=["DELETE"])
    return router
