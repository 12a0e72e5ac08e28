"""What the addresses of operations do."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from functools import partial

from fastapi import APIRouter, Request, Response

from kirin.accounts.caller import Caller
from kirin.clock import now_ms
from kirin.domain.task import Task
from kirin.errors import InvalidParameters, Problem, TaskFinished, UnknownTask
from kirin.http.dialects.dialect import DialectDependencies
from kirin.http.dialects.veo import operation_routes as routes
from kirin.http.dialects.veo.create_request import VeoRequestReader
from kirin.http.dialects.veo.errors import ERRORS
from kirin.http.dialects.veo.keys import admit
from kirin.http.dialects.veo.model_names import VeoName, named
from kirin.http.dialects.veo.operation_json import VeoOperationPageJson, operation_json
from kirin.http.dialects.video_tasks import as_created, find_video, video_cards
from kirin.http.files.downloads import MEDIA_TYPES, RangedFile, stored_file
from kirin.http.pagination import Position, cut, decode_cursor
from kirin.http.responses import json_response
from kirin.http.route import Route
from kirin.http.tasks.estimates import poll_interval
from kirin.http.tasks.results import result_key
from kirin.tasks.task_filter import TaskFilter
from kirin.wire import veo as wire


def add_operation_routes(router: APIRouter, spoken: DialectDependencies) -> None:
    """Add the routes of operations and files."""
    operations = Operations(spoken)
    routes.CREATE.add_to(router, operations.create)
    routes.LIST.add_to(router, operations.list)
    routes.CANCEL.add_to(router, operations.cancel)
    routes.READ.add_to(router, operations.read)
    routes.DELETE.add_to(router, operations.delete)
    routes.DOWNLOAD.add_to(router, operations.download)


class Operations:
    """The tasks of an account that make videos, and handlers of requests about them."""

    def __init__(self, spoken: DialectDependencies) -> None:
        self._spoken = spoken
        self._deps = spoken.tasks
        self._threads = spoken.tasks.threads
        self._tasks = spoken.tasks.tasks
        self._catalogue = spoken.tasks.catalogue
        self._cards = {card.id for card in video_cards(spoken.tasks.catalogue)}

    async def create(self, request: Request, model: str) -> Response:
        """Create a video."""
        caller = await self._admit(request, routes.CREATE)
        reader = VeoRequestReader(self._catalogue, self._tasks.validator, caller.account, model)
        try:
            made = await self._spoken.intake.submit(request, caller, read=reader)
        except InvalidParameters as refusal:
            raise reader.renamed(refusal) from None
        return made.mark(await self._show(request, as_created(made.task)))

    async def list(self, request: Request, model: str) -> Response:
        """Show a page of a model's operations."""
        caller = await self._admit(request, routes.LIST)
        found = named(self._catalogue, model)
        problems: list[Problem] = []
        limit = routes.PAGE_SIZE.read(request.query_params, problems)
        token = request.query_params.get(routes.PAGE_TOKEN.name)
        before = None if not token else decode_cursor(token)
        if token and before is None:
            message = "it takes a nextPageToken of an earlier answer"
            problems.append(Problem(routes.PAGE_TOKEN.name, "not_valid", message))
        if problems:
            raise InvalidParameters(problems)
        page = partial(self._page, caller.account, found, limit, before)
        tasks, after = await self._threads.run(page)
        base_url = self._deps.base_url.of(request)
        shown: VeoOperationPageJson = {"operations": [operation_json(t, base_url) for t in tasks]}
        if after:
            shown["nextPageToken"] = after
        return json_response(shown)

    async def read(self, request: Request, model: str, operation_id: str) -> Response:
        """Show an operation."""
        caller = await self._admit(request, routes.READ)
        find = partial(self._find, caller.account, model, operation_id)
        return await self._show(request, await self._threads.run_short(find))

    async def cancel(self, request: Request, model: str, operation_id: str) -> Response:
        """Cancel an operation."""
        caller = await self._admit(request, routes.CANCEL)
        await self._threads.run(self._cancel, caller.account, model, operation_id)
        return json_response({})

    async def delete(self, request: Request, model: str, operation_id: str) -> Response:
        """Remove an operation, after cancelling it if it is not done."""
        caller = await self._admit(request, routes.DELETE)
        await self._threads.run(self._remove, caller.account, model, operation_id)
        return json_response({})

    async def download(self, request: Request, file: str) -> Response:
        """Send the file of a video."""
        caller = await self._admit(request, routes.DOWNLOAD)
        id = wire.file_id(f"files/{file}")
        find = partial(find_video, self._tasks, self._cards, caller.account, id)
        key = result_key(await self._threads.run_short(find))
        path, stat = await stored_file(self._threads, self._spoken.storage, key)
        return RangedFile(key, path, stat, MEDIA_TYPES[path.suffix], ERRORS.response)

    async def _admit(self, request: Request, route: Route) -> Caller:
        return await admit(self._deps.authenticator, request, route)

    def _find(self, account: str, model: str, name: str) -> Task:
        task = find_video(self._tasks, self._cards, account, name)
        if task.model not in named(self._catalogue, model).models:
            raise UnknownTask(f"this task is of another model than {model[:64]!r}: {task.model}")
        return task

    async def _show(self, request: Request, task: Task) -> Response:
        """An operation; before its end with the time after which another poll is worthwhile."""
        response = json_response(operation_json(task, self._deps.base_url.of(request)))
        if not task.status.final:
            forecast = await self._threads.run_short(partial(self._deps.forecaster.of, task))
            response.headers["Retry-After"] = str(poll_interval(forecast, now_ms()))
        return response

    def _page(
        self, account: str, model: VeoName, limit: int, before: Position | None
    ) -> tuple[Sequence[Task], str | None]:
        found = self._tasks.page(account, limit + 1, before, TaskFilter(models=model.models))
        return cut(found, limit, lambda last: (last.created_at, last.id))

    def _cancel(self, account: str, model: str, name: str) -> None:
        self._tasks.cancel(account, self._find(account, model, name).id)

    def _remove(self, account: str, model: str, name: str) -> None:
        task = self._find(account, model, name)
        if not task.status.final:
            with suppress(TaskFinished):  # a moment ago
                self._tasks.cancel(account, task.id)
        self._tasks.remove(account, task.id)
