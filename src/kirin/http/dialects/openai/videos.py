"""What the addresses of videos do."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from functools import partial
from typing import Final

from fastapi import APIRouter, Request, Response

from kirin.clock import now_ms
from kirin.domain.task import Task
from kirin.errors import (
    InvalidParameters,
    Problem,
    TaskFinished,
    UnknownTask,
)
from kirin.http.dialects.dialect import DialectDependencies
from kirin.http.dialects.openai import video_routes as routes
from kirin.http.dialects.openai.create_request import VideoRequestReader
from kirin.http.dialects.openai.errors import ERRORS
from kirin.http.dialects.openai.remix import RemixReader
from kirin.http.dialects.openai.video_json import (
    VideoDeletedJson,
    VideoJson,
    VideoPageJson,
    video_json,
)
from kirin.http.dialects.video_tasks import as_created, find_video, video_cards
from kirin.http.files.downloads import MEDIA_TYPES, RangedFile, stored_file
from kirin.http.pagination import LIMIT
from kirin.http.responses import json_response
from kirin.http.tasks.estimates import poll_interval
from kirin.http.tasks.results import result_key
from kirin.orchestration.previews import SPRITESHEET, THUMBNAIL, Preview
from kirin.tasks.task_filter import TaskFilter

PREVIEWS: Final[Mapping[str, Preview]] = {"thumbnail": THUMBNAIL, "spritesheet": SPRITESHEET}

POLL_HEADER: Final = "OpenAI-Poll-After-Ms"
"""Tells the SDKs when to poll again."""


def add_video_routes(router: APIRouter, spoken: DialectDependencies) -> None:
    """Add the routes under ``/v1/videos``."""
    videos = Videos(spoken)
    routes.CREATE.add_to(router, videos.create)
    routes.LIST.add_to(router, videos.list)
    routes.CONTENT.add_to(router, videos.content)
    routes.REMIX.add_to(router, videos.remix)
    routes.READ.add_to(router, videos.read)
    routes.DELETE.add_to(router, videos.delete)


class Videos:
    """The tasks of an account that make videos, and handlers of requests about them."""

    def __init__(self, spoken: DialectDependencies) -> None:
        self._spoken = spoken
        self._deps = spoken.tasks
        self._threads = spoken.tasks.threads
        self._tasks = spoken.tasks.tasks
        self._cards = {card.id: card for card in video_cards(spoken.tasks.catalogue)}

    async def create(self, request: Request) -> Response:
        """Create a video."""
        caller = await self._deps.authenticator.admit(request, routes.CREATE)
        reader = VideoRequestReader(
            self._deps.catalogue,
            self._tasks.validator,
            caller.account,
            request.headers.get("Content-Type"),
        )
        try:
            made = await self._spoken.intake.submit(request, caller, read=reader)
        except InvalidParameters as refusal:
            raise reader.renamed(refusal) from None
        return made.mark(await self._show(as_created(made.task)))

    async def remix(self, request: Request, video_id: str) -> Response:
        """Create a video like another, from other words."""
        caller = await self._deps.authenticator.admit(request, routes.REMIX)
        task = await self._threads.run_short(partial(self._find, caller.account, video_id))
        reader = RemixReader(
            task,
            self._cards[task.model],
            self._deps.catalogue,
            self._deps.presenter,
            self._deps.base_url.of(request),
        )
        made = await self._spoken.intake.submit(request, caller, read=reader)
        return made.mark(await self._show(as_created(made.task)))

    async def read(self, request: Request, video_id: str) -> Response:
        """Show a video."""
        caller = await self._deps.authenticator.admit(request, routes.READ)
        find = partial(self._find, caller.account, video_id)
        return await self._show(await self._threads.run_short(find))

    async def list(self, request: Request) -> Response:
        """Show a page of videos."""
        caller = await self._deps.authenticator.admit(request, routes.LIST)
        page = partial(self._page, caller.account, request.query_params)
        return json_response(await self._threads.run(page))

    async def delete(self, request: Request, video_id: str) -> Response:
        """Remove a video, after cancelling it if it is still to come."""
        caller = await self._deps.authenticator.admit(request, routes.DELETE)
        removed = await self._threads.run(self._remove, caller.account, video_id)
        return json_response(VideoDeletedJson(id=removed.id, object="video.deleted", deleted=True))

    async def content(self, request: Request, video_id: str) -> Response:
        """Send the file of a video, or a picture of it."""
        caller = await self._deps.authenticator.admit(request, routes.CONTENT)
        problems: list[Problem] = []
        variant = routes.VARIANT.read(request.query_params, problems)
        if problems:
            raise InvalidParameters(problems)
        find = partial(self._find, caller.account, video_id)
        key = result_key(await self._threads.run_short(find))
        if (preview := PREVIEWS.get(variant or "")) is not None:
            key, path, stat = await self._deps.pictures.find(key, preview)
        else:
            path, stat = await stored_file(self._threads, self._spoken.storage, key)
        return RangedFile(key, path, stat, MEDIA_TYPES[path.suffix], ERRORS.response)

    def _find(self, account: str, name: str) -> Task:
        return find_video(self._tasks, self._cards, account, name)

    def _video(self, task: Task) -> VideoJson:
        return video_json(task, self._cards[task.model], self._spoken.result_ms)

    async def _show(self, task: Task) -> Response:
        """A video; before its end with the time after which another poll is worthwhile."""
        response = json_response(self._video(task))
        if not task.status.final:
            forecast = await self._threads.run_short(partial(self._deps.forecaster.of, task))
            seconds = poll_interval(forecast, now_ms())
            response.headers["Retry-After"] = str(seconds)
            response.headers[POLL_HEADER] = str(seconds * 1000)
        return response

    def _page(self, account: str, query: Mapping[str, str]) -> VideoPageJson:
        problems: list[Problem] = []
        limit, order = LIMIT.read(query, problems), routes.ORDER.read(query, problems)
        after = None
        if routes.AFTER.name in query:
            try:
                after = self._tasks.position(account, query[routes.AFTER.name])
            except UnknownTask as unknown:
                problems.append(Problem(routes.AFTER.name, "not_valid", unknown.message))
        if problems:
            raise InvalidParameters(problems)
        only = TaskFilter(models=frozenset(self._cards))
        oldest_first = order == "asc"
        found = self._tasks.page(account, limit + 1, after, only, oldest_first=oldest_first)
        data = [self._video(task) for task in found[:limit]]
        return {
            "object": "list",
            "data": data,
            "first_id": data[0]["id"] if data else None,
            "last_id": data[-1]["id"] if data else None,
            "has_more": len(found) > limit,
        }

    def _remove(self, account: str, name: str) -> Task:
        task = self._find(account, name)
        if not task.status.final:
            with suppress(TaskFinished):  # a moment ago
                self._tasks.cancel(account, task.id)
        return self._tasks.remove(account, task.id)
