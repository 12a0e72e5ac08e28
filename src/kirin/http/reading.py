"""Routes that read and list tasks."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from fastapi import APIRouter, Request, Response

from kirin.accounts.keys import Scope
from kirin.clock import now_ms
from kirin.domain.task import Task
from kirin.errors import UnknownTask
from kirin.http.context import json_answer
from kirin.http.forecast import expected, pause
from kirin.http.gate import admit
from kirin.http.listing import cursor_after, cut, page_of
from kirin.http.protocols.kirin import TASK
from kirin.http.rooms import Rooms
from kirin.http.waiting import changed, unless_gone, wait_of
from kirin.http.watch import Watch
from kirin.tasks.forecast import Forecast


def reading_routes(rooms: Rooms, watch: Watch) -> APIRouter:
    """The routes that change nothing under ``/model/v1/generation``."""
    router = APIRouter()

    async def read(request: Request, name: str) -> Response:
        caller = await admit(rooms, request, Scope.READ)
        seconds = wait_of(request.query_params)
        task = await rooms.look(partial(rooms.tasks.find, caller.account, name))
        if seconds and not task.status.final:
            # For a client that has hung up meanwhile, any answer will do.
            task = await unless_gone(request, changed(rooms, watch, task, seconds)) or task
        shown = rooms.presenter.task(task, rooms.base_url(request))
        if task.status.final:
            return json_answer(shown)
        forecast = await rooms.look(partial(rooms.forecaster.of, task))
        shown["metadata"] |= expected(forecast)
        answer = json_answer(shown)
        answer.headers["Retry-After"] = str(pause(forecast, now_ms()))
        return answer

    async def list_tasks(request: Request) -> Response:
        caller = await admit(rooms, request, Scope.READ)
        limit, before, only = page_of(request.query_params)

        def page() -> tuple[Sequence[Task], str | None, dict[str, Forecast]]:
            found = rooms.tasks.page(caller.account, limit + 1, before, only)
            tasks, following = cut(found, limit, cursor_after)
            going_on = [task for task in tasks if not task.status.final]
            return tasks, following, rooms.forecaster.all(going_on)

        tasks, following, forecasts = await rooms.blocking(page)
        shown = [rooms.presenter.task(task, rooms.base_url(request)) for task in tasks]
        for each in shown:
            if each["id"] in forecasts:
                each["metadata"] |= expected(forecasts[each["id"]])
        return json_answer({"tasks": shown, "next_cursor": following})

    async def read_request(request: Request, name: str) -> Response:
        caller = await admit(rooms, request, Scope.READ)
        try:
            task = await rooms.look(partial(rooms.tasks.find, caller.account, name))
        except UnknownTask:  # an external id may end like this route
            return await read(request, f"{name}/request")
        card = rooms.catalogue.get(task.model)
        return json_answer(rooms.presenter.request(task, card, rooms.base_url(request)))

    router.add_api_route(TASK, list_tasks, methods=["GET"])
    router.add_api_route(f"{TASK}/{{name:path}}/request", read_request, methods=["GET"])
    router.add_api_route(f"{TASK}/{{name:path}}", read, methods=["GET"])
    return router
