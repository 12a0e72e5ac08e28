"""What the addresses of requests do."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator
from contextlib import suppress
from functools import partial
from http import HTTPStatus
from math import isfinite

from fastapi import APIRouter, Request, Response
from pydantic_core import to_json

from kirin.accounts.caller import Caller
from kirin.clock import now_ms
from kirin.domain.task import Status, Task
from kirin.errors import (
    ApiError,
    InvalidKey,
    InvalidParameters,
    Problem,
    SyncTimeout,
    TaskFinished,
)
from kirin.http.dialects.dialect import DialectDependencies
from kirin.http.dialects.fal import request_routes as routes
from kirin.http.dialects.fal.create_request import FalRequestReader
from kirin.http.dialects.fal.endpoints import START_BY, find
from kirin.http.dialects.fal.errors import error_body
from kirin.http.dialects.fal.hosts import queue_url
from kirin.http.dialects.fal.request_json import (
    FalCancelJson,
    FalResultJson,
    links_of,
    result_json,
    status_json,
)
from kirin.http.dialects.video_tasks import as_created
from kirin.http.responses import json_response
from kirin.http.route import Route
from kirin.http.tasks.estimates import poll_interval
from kirin.http.tasks.events import KEEP_ALIVE_SECONDS, EventStream, until_unavailable
from kirin.http.tasks.intake import Submission
from kirin.http.tasks.results import check_made
from kirin.http.tasks.stream import PROGRESS_SECONDS, position
from kirin.tasks.forecast import Forecast
from kirin.wire import fal

YES = ("1", "true")


def add_request_routes(router: APIRouter, spoken: DialectDependencies) -> None:
    """Add the routes of requests."""
    requests = FalRequests(spoken)
    routes.STREAM.add_to(router, requests.stream)
    routes.RUN_NOW.add_to(router, requests.run)
    routes.STATUS_STREAM.add_to(router, requests.stream_status)
    routes.STATUS.add_to(router, requests.status)
    routes.RESPONSE.add_to(router, requests.response)
    routes.CANCEL.add_to(router, requests.cancel)
    routes.RESULT.add_to(router, requests.result)
    routes.SUBMIT.add_to(router, requests.submit)


class FalRequests:
    """The tasks of an account as requests of a queue, and handlers about them."""

    def __init__(self, spoken: DialectDependencies) -> None:
        self._spoken = spoken
        self._deps = spoken.tasks
        self._threads = spoken.tasks.threads
        self._tasks = spoken.tasks.tasks

    async def submit(self, request: Request, endpoint: str) -> Response:
        """Queue a request."""
        made = await self._make(request, await self._admit(request, routes.SUBMIT), endpoint)
        task = as_created(made.task)
        waits = made.task.status is Status.PENDING
        forecast = await self._forecast(task) if waits else None
        shown = status_json(
            task, links_of(task, queue_url(request, self._base(request))), forecast, logs=False
        )
        return made.mark(_named(json_response(shown), task))

    async def run(self, request: Request, endpoint: str) -> Response:
        """Make a request and show its result."""
        caller = await self._admit(request, routes.RUN_NOW)
        leave = self._spoken.waiting_room.enter(caller.account)
        try:
            made = await self._make(request, caller, endpoint)
            task = await self._spoken.waiting_room.wait(request, made.task)
        finally:
            leave()
        if not task.status.final:
            raise SyncTimeout(f"the request {task.id} goes on: read its result from the queue")
        return made.mark(await self._show_result(request, task))

    async def stream(self, request: Request, endpoint: str) -> Response:
        """Make a request and tell of it until it has ended, and what it has made."""
        caller = await self._admit(request, routes.STREAM)
        give_back = self._spoken.waiting_room.streams.take(caller.account)
        try:
            made = await self._make(request, caller, endpoint)
        except BaseException:
            give_back()
            raise
        events = self._events(request, made.task, routes.STREAM, with_result=True)
        stream = EventStream(until_unavailable(events), give_back)
        return made.mark(_named(stream, made.task))

    async def status(self, request: Request, app: str, request_id: str) -> Response:
        """Show how far a request has come."""
        task = await self._find(request, routes.STATUS, request_id)
        forecast = None if task.status.final else await self._forecast(task)
        links = links_of(task, queue_url(request, self._base(request)), app)
        shown = status_json(task, links, forecast, logs=_wants_logs(request))
        response = _named(json_response(shown), task)
        if forecast is not None:
            response.headers["Retry-After"] = str(poll_interval(forecast, now_ms()))
        return response

    async def stream_status(self, request: Request, app: str, request_id: str) -> Response:  # noqa: ARG002
        """Tell how far a request has come, whenever it has come further."""
        task = await self._find(request, routes.STATUS_STREAM, request_id)
        give_back = self._spoken.waiting_room.streams.take(task.account)
        events = self._events(request, task, routes.STATUS_STREAM)
        return _named(EventStream(until_unavailable(events), give_back), task)

    async def result(self, request: Request, app: str, request_id: str) -> Response:  # noqa: ARG002
        """Show what a request has made."""
        task = await self._find(request, routes.RESULT, request_id)
        return await self._show_result(request, task)

    async def response(self, request: Request, app: str, request_id: str) -> Response:
        """The same at the address that ends with it."""
        return await self.result(request, app, request_id)

    async def cancel(self, request: Request, app: str, request_id: str) -> Response:  # noqa: ARG002
        """Cancel a request."""
        task = await self._find(request, routes.CANCEL, request_id)
        await self._threads.run(self._tasks.cancel, task.account, task.id)
        answer = FalCancelJson(status=fal.CANCELLATION_REQUESTED)
        return _named(json_response(answer, HTTPStatus.ACCEPTED), task)

    async def _admit(self, request: Request, route: Route) -> Caller:
        return await self._deps.authenticator.admit(request, route)

    async def _make(self, request: Request, caller: Caller, endpoint: str) -> Submission:
        """Make the task that a request asks for."""
        model, known = find(self._deps.catalogue, endpoint)
        reader = FalRequestReader(
            self._deps.catalogue,
            self._deps.catalogue.get(model),
            endpoint,
            known,
            webhook=request.query_params.get(fal.WEBHOOK),
            start_by=_start_by(request),
        )
        try:
            return await self._spoken.intake.submit(request, caller, read=reader)
        except InvalidParameters as refusal:
            raise reader.renamed(refusal) from None

    async def _find(self, request: Request, route: Route, name: str) -> Task:
        caller = await self._admit(request, route)
        task = await self._threads.run_short(partial(self._tasks.find, caller.account, name))
        late = task.options.origin.get(START_BY)
        if late is not None and task.status is Status.PENDING and now_ms() > late:
            with suppress(TaskFinished):  # a moment ago
                return await self._threads.run(self._tasks.cancel, task.account, task.id)
        return task

    async def _forecast(self, task: Task) -> Forecast:
        return await self._threads.run_short(partial(self._deps.forecaster.of, task))

    def _base(self, request: Request) -> str:
        return self._deps.base_url.of(request)

    async def _show_result(self, request: Request, task: Task) -> Response:
        check_made(task)
        shown = await self._threads.run(self._result, task, self._base(request))
        return _named(json_response(shown), task)

    def _result(self, task: Task, base_url: str) -> FalResultJson:
        now = time.time()
        files: dict[str, tuple[str, int | None]] = {}
        for result in task.results:
            if result.key:
                link = self._spoken.links.url(base_url, result.key, now)
                size = None
                with suppress(OSError):  # the link tells why it is not there
                    size = self._spoken.storage.size(result.key)
                files[result.key] = link, size
        blocks = self._deps.presenter.task(task, base_url).get("output", [])
        output = [dict(content) for block in blocks for content in block["content"]]
        return result_json(task, files, output)

    async def _events(
        self, request: Request, task: Task, route: Route, *, with_result: bool = False
    ) -> AsyncGenerator[bytes]:
        """States of a task whenever it has come further, until it has ended."""
        deps, clock = self._deps, asyncio.get_running_loop().time
        known, quiet_since, logs = 0, clock(), _wants_logs(request)
        links = links_of(task, queue_url(request, self._base(request)))
        find_task = partial(
            self._threads.run_short, partial(self._tasks.find, task.account, task.id)
        )
        with self._spoken.waiting_room.notifier.subscribe(task.account, task.id) as subscription:
            while True:
                try:
                    task = await find_task()
                    if not await deps.authenticator.still_valid(request, schemes=route.schemes):
                        raise InvalidKey
                    if position(task) > known:
                        known, quiet_since = position(task), clock()
                        forecast = None if task.status.final else await self._forecast(task)
                        yield _event(status_json(task, links, forecast, logs=logs))
                    if task.status.final:
                        if with_result:
                            check_made(task)
                            base_url = self._base(request)
                            yield _event(await self._threads.run(self._result, task, base_url))
                        return
                except ApiError as error:  # the key was revoked, the task removed, or has failed
                    yield _event(error_body(error, ""))
                    return
                if clock() - quiet_since >= KEEP_ALIVE_SECONDS:
                    yield b": keepalive\n\n"
                    quiet_since = clock()
                await subscription.changed(PROGRESS_SECONDS)


def _named(response: Response, task: Task) -> Response:
    response.headers[fal.REQUEST_ID] = task.id
    return response


def _event(body: object) -> bytes:
    return b"data: %s\n\n" % to_json(body)


def _wants_logs(request: Request) -> bool:
    return request.query_params.get(routes.LOGS.name, "").lower() in YES


def _start_by(request: Request) -> int | None:
    """When a request is no longer to start, Unix milliseconds.

    Raises:
        InvalidParameters: the header has no such number.
    """
    header = request.headers.get(routes.START_TIMEOUT.name)
    if header is None:
        return None
    try:
        seconds = float(header)
    except ValueError:
        seconds = 0.0
    if not isfinite(seconds) or seconds <= 0:
        message = "it takes seconds, more than 0"
        raise InvalidParameters([Problem(routes.START_TIMEOUT.name, "invalid_header", message)])
    return now_ms() + round(seconds * 1000)
