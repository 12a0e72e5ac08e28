"""What the addresses of videos do."""

from __future__ import annotations

from functools import partial

from fastapi import APIRouter, Request, Response

from kirin.clock import now_ms
from kirin.domain.task import Task
from kirin.errors import InvalidParameters, Problem
from kirin.http.dialects.dialect import DialectDependencies
from kirin.http.dialects.openrouter import video_routes as routes
from kirin.http.dialects.openrouter.create_request import VideoOrderReader
from kirin.http.dialects.openrouter.errors import ERRORS
from kirin.http.dialects.openrouter.models import VideoModels
from kirin.http.dialects.openrouter.video_json import video_json
from kirin.http.dialects.video_tasks import as_created, find_video, video_cards
from kirin.http.files.downloads import MEDIA_TYPES, RangedFile, stored_file
from kirin.http.responses import json_response
from kirin.http.tasks.estimates import poll_interval
from kirin.http.tasks.results import result_key


def add_video_routes(router: APIRouter, spoken: DialectDependencies) -> None:
    """Add the routes under ``/api/v1/videos``."""
    jobs = VideoJobs(spoken)
    routes.CREATE.add_to(router, jobs.create)
    routes.LIST_MODELS.add_to(router, jobs.models)
    routes.CONTENT.add_to(router, jobs.content)
    routes.READ.add_to(router, jobs.read)


class VideoJobs:
    """The tasks of an account that make videos, and handlers of requests about them."""

    def __init__(self, spoken: DialectDependencies) -> None:
        self._spoken = spoken
        self._deps = spoken.tasks
        self._threads = spoken.tasks.threads
        self._tasks = spoken.tasks.tasks
        self._cards = {card.id for card in video_cards(spoken.tasks.catalogue)}
        self._models = VideoModels(spoken.tasks.catalogue, self._tasks.validator)

    async def create(self, request: Request) -> Response:
        """Create a video."""
        caller = await self._deps.authenticator.admit(request, routes.CREATE)
        validator = self._tasks.validator
        reader = VideoOrderReader(self._deps.catalogue, validator, caller.account)
        try:
            made = await self._spoken.intake.submit(request, caller, read=reader)
        except InvalidParameters as refusal:
            raise reader.renamed(refusal) from None
        shown = await self._show(request, as_created(made.task), routes.CREATE.status)
        return made.mark(shown)

    async def models(self, request: Request) -> Response:
        """Show the models."""
        await self._deps.authenticator.admit(request, routes.LIST_MODELS)
        return json_response(await self._threads.run(self._models.page))

    async def read(self, request: Request, job_id: str) -> Response:
        """Show a video."""
        caller = await self._deps.authenticator.admit(request, routes.READ)
        find = partial(self._find, caller.account, job_id)
        return await self._show(request, await self._threads.run_short(find))

    async def content(self, request: Request, job_id: str) -> Response:
        """Send the file of a video."""
        caller = await self._deps.authenticator.admit(request, routes.CONTENT)
        problems: list[Problem] = []
        index = routes.INDEX.read(request.query_params, problems)
        if problems:
            raise InvalidParameters(problems)
        find = partial(self._find, caller.account, job_id)
        key = self._key(await self._threads.run_short(find), index)
        path, stat = await stored_file(self._threads, self._spoken.storage, key)
        return RangedFile(key, path, stat, MEDIA_TYPES[path.suffix], ERRORS.response)

    def _key(self, task: Task, index: int) -> str:
        """Where a video of a task is stored, in the order of its links."""
        first = result_key(task)
        keys = [first, *(r.key for r in task.results if r.type == "video" and r.key != first)]
        if index >= len(keys):
            message = f"this task has made {len(keys)}, counted from 0"
            raise InvalidParameters([Problem(routes.INDEX.name, "out_of_range", message)])
        return keys[index]

    def _find(self, account: str, name: str) -> Task:
        return find_video(self._tasks, self._cards, account, name)

    async def _show(self, request: Request, task: Task, status: int = 200) -> Response:
        """A video; before its end with the time after which another poll is worthwhile."""
        shown = video_json(task, self._deps.presenter, self._deps.base_url.of(request))
        response = json_response(shown, status)
        if not task.status.final:
            forecast = await self._threads.run_short(partial(self._deps.forecaster.of, task))
            response.headers["Retry-After"] = str(poll_interval(forecast, now_ms()))
        return response
