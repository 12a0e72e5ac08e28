"""Routes that make, read, list and cancel tasks."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from functools import partial

from fastapi import APIRouter, Request, Response

from kirin.domain.task import Status, Task
from kirin.errors import InvalidParameters, Problem
from kirin.http.bodies import parse_object, read_body
from kirin.http.context import json_answer
from kirin.http.heap import HeapTrimmer
from kirin.http.protocols.kirin import GENERATION, TASK, read_request
from kirin.http.queries import whole
from kirin.http.rooms import Rooms

PAGE_LIMIT = 100


def generation_routes(rooms: Rooms) -> APIRouter:
    """The routes under ``/model/v1/generation``."""
    router = APIRouter()
    trimmer = HeapTrimmer()

    def base_url(request: Request) -> str:
        return (rooms.public_url or str(request.base_url)).rstrip("/")

    def account(request: Request) -> str:
        return rooms.authenticator.account(request.headers.get("Authorization"))

    async def create(request: Request) -> Response:
        # The key is looked at before the body is read: strangers send no megabytes.
        owner = rooms.look(partial(account, request))
        body = await read_body(request, rooms.max_body_bytes, rooms.body_seconds)
        size = len(body)

        def submit() -> Task:
            nonlocal body
            parsed = parse_object(body)
            body = b""  # as strings it is in memory a second time; once is enough
            return rooms.flow.submit(owner, *read_request(parsed))

        try:
            return json_answer(rooms.presenter.created(await rooms.blocking(submit)))
        finally:
            trimmer.after(size)

    async def read(request: Request, name: str) -> Response:
        def find() -> Task:
            return rooms.flow.find(account(request), name)

        task = rooms.look(find)
        return json_answer(rooms.presenter.task(task, base_url(request)))

    async def cancel(request: Request, name: str) -> Response:
        def stop() -> Task:
            return rooms.flow.cancel(account(request), name)

        task = await rooms.blocking(stop)
        return json_answer(rooms.presenter.task(task, base_url(request)))

    async def list_tasks(request: Request) -> Response:
        owner = rooms.look(partial(account, request))
        limit, before, status = page_of(request.query_params)

        def page() -> list[Task]:
            model = request.query_params.get("model")
            return rooms.flow.page(owner, limit + 1, before, status, model)

        tasks = await rooms.blocking(page)
        shown = [rooms.presenter.task(task, base_url(request)) for task in tasks[:limit]]
        more = len(tasks) > limit
        return json_answer(
            {"tasks": shown, "next_cursor": cursor_after(tasks[limit - 1]) if more else None}
        )

    router.add_api_route(GENERATION, create, methods=["POST"])
    router.add_api_route(TASK, list_tasks, methods=["GET"])
    router.add_api_route(f"{TASK}/{{name:path}}/cancel", cancel, methods=["POST"])
    router.add_api_route(f"{TASK}/{{name:path}}", read, methods=["GET"])
    router.add_api_route(f"{TASK}/{{name:path}}", cancel, methods=["DELETE"])
    return router


def page_of(
    query: Mapping[str, str],
) -> tuple[int, tuple[int, str] | None, Status | None]:
    """Limit, cursor and status of a listing.

    Raises:
        InvalidParameters: with all that is wrong.
    """
    problems: list[Problem] = []
    limit = whole(query, "limit", 20, PAGE_LIMIT, problems)
    before = None
    if "cursor" in query:
        before = position(query["cursor"])
        if before is None:
            problems.append(
                Problem("cursor", "not_valid", "it takes a next_cursor of an earlier answer")
            )
    status = None
    if "status" in query:
        if query["status"] in list(Status):
            status = Status(query["status"])
        else:
            problems.append(
                Problem("status", "not_an_option", f"it takes one of {', '.join(Status)}")
            )
    if problems:
        raise InvalidParameters(problems)
    return limit, before, status


def cursor_after(task: Task) -> str:
    """An opaque text that says where the next page starts."""
    return urlsafe_b64encode(f"{task.created_at}:{task.id}".encode()).decode().rstrip("=")


def position(cursor: str) -> tuple[int, str] | None:
    """What :func:`cursor_after` has written, or ``None`` if it is something else."""
    try:
        text = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
    except ValueError:
        return None
    created_at, _, id = text.partition(":")
    # 19 digits and more are no time that the database could hold.
    good = created_at.isascii() and created_at.isdigit() and len(created_at) < 19
    return (int(created_at), id) if good else None
