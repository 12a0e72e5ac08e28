"""What the addresses of predictions do."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Final
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response

from kirin.domain.task import Status, Task
from kirin.errors import InvalidParameters, Problem, TaskFinished
from kirin.http.dialects.dialect import DialectDependencies
from kirin.http.dialects.replicate import prediction_routes as routes
from kirin.http.dialects.replicate.addresses import serve
from kirin.http.dialects.replicate.create_request import PredictionReader
from kirin.http.dialects.replicate.model_names import ModelNames, NamedModel
from kirin.http.dialects.replicate.prediction_json import PredictionPageJson, PredictionPresenter
from kirin.http.dialects.replicate.preferences import (
    PREFERENCE_APPLIED,
    refuse_deadline,
    wait_of,
)
from kirin.http.dialects.video_tasks import as_created, find_video, video_cards
from kirin.http.pagination import PAGE_LIMIT, Position, decode_cursor, encode_cursor
from kirin.http.query_parameters import read_names
from kirin.http.responses import json_response
from kirin.http.route import Route
from kirin.tasks.task_filter import TaskFilter

BACKWARDS: Final = "-"
"""What a cursor begins with that leads to newer predictions."""


def add_prediction_routes(
    router: APIRouter, spoken: DialectDependencies, models: ModelNames
) -> None:
    """Add the routes of predictions."""
    predictions = Predictions(spoken, models)
    serve(router, routes.CREATE, predictions.create)
    serve(router, routes.CREATE_BY_MODEL, predictions.create_by_model)
    serve(router, routes.LIST, predictions.list)
    serve(router, routes.READ, predictions.read)
    serve(router, routes.CANCEL, predictions.cancel)


class Predictions:
    """The tasks of an account that make videos, and handlers of requests about them."""

    def __init__(self, spoken: DialectDependencies, models: ModelNames) -> None:
        self._spoken = spoken
        self._deps = spoken.tasks
        self._tasks = spoken.tasks.tasks
        self._models = models
        self._ids = frozenset(card.id for card in video_cards(self._deps.catalogue))
        links = spoken.upload_desk.deps.links
        self._presenter = PredictionPresenter(self._deps.catalogue, self._deps.presenter, links)

    async def create(self, request: Request) -> Response:
        """Create a prediction by a version."""
        return await self._create(request, routes.CREATE)

    async def create_by_model(self, request: Request, owner: str, name: str) -> Response:
        """Create a prediction by a model."""
        return await self._create(request, routes.CREATE_BY_MODEL, (owner, name))

    async def read(self, request: Request, prediction_id: str) -> Response:
        """Show a prediction."""
        caller = await self._deps.authenticator.admit(request, routes.READ)
        find = partial(self._find, caller.account, prediction_id)
        return self._show(request, await self._deps.threads.run_short(find))

    async def cancel(self, request: Request, prediction_id: str) -> Response:
        """Cancel a prediction."""
        caller = await self._deps.authenticator.admit(request, routes.CANCEL)
        task = await self._deps.threads.run(self._end, caller.account, prediction_id)
        return self._show(request, task)

    async def list(self, request: Request) -> Response:
        """Show a page of predictions."""
        caller = await self._deps.authenticator.admit(request, routes.LIST)
        base_url = self._deps.base_url.of(request)
        page = partial(self._page, caller.account, request.query_params, base_url)
        return json_response(await self._deps.threads.run(page))

    async def _create(
        self, request: Request, route: Route, address: tuple[str, str] | None = None
    ) -> Response:
        """Create a prediction, and wait for its end if the client prefers that."""
        deadline = asyncio.get_running_loop().time()
        caller = await self._deps.authenticator.admit(request, route)
        refuse_deadline(request.headers)
        named: NamedModel | None = self._models.get(*address) if address else None
        seconds = wait_of(request.headers)
        room = self._spoken.waiting_room
        leave = room.enter(caller.account) if seconds else lambda: None
        catalogue, validator = self._deps.catalogue, self._tasks.validator
        reader = PredictionReader(catalogue, validator, self._models, caller.account, named)
        try:
            made = await self._spoken.intake.submit(request, caller, read=reader)
            task = as_created(made.task)
            if seconds:
                # Clients hang up soon after the time that they name.
                left = deadline + seconds - asyncio.get_running_loop().time()
                task = await room.wait(request, made.task, max(left, 0))
        except InvalidParameters as refusal:
            raise reader.renamed(refusal) from None
        finally:
            leave()
        if not task.status.final:  # any other word than "starting" is the end for the clients
            task = replace(task, status=Status.PENDING)
        response = self._show(request, task, route.status)
        if seconds:
            response.headers[PREFERENCE_APPLIED] = f"wait={seconds}"
        return made.mark(response)

    def _show(self, request: Request, task: Task, status: int = 200) -> Response:
        shown = self._presenter.show(task, self._deps.base_url.of(request))
        return json_response(shown, status)

    def _find(self, account: str, name: str) -> Task:
        return find_video(self._tasks, self._ids, account, name)

    def _end(self, account: str, name: str) -> Task:
        task = self._find(account, name)
        if not task.status.final:
            with suppress(TaskFinished):  # a moment ago
                return self._tasks.cancel(account, task.id)
        return self._find(account, task.id)

    def _page(self, account: str, query: Mapping[str, str], base_url: str) -> PredictionPageJson:
        problems: list[Problem] = []
        cursor = query.get(routes.CURSOR.name, "")
        backwards = cursor.startswith(BACKWARDS)
        position = decode_cursor(cursor.removeprefix(BACKWARDS)) if cursor else None
        if cursor and position is None:
            message = "it takes one of a page's next or previous"
            problems.append(Problem(routes.CURSOR.name, "not_valid", message))
        known = (routes.CURSOR, routes.CREATED_AFTER, routes.CREATED_BEFORE)
        read_names(query, known, problems)
        after, before = (_time(query, each.name, problems) for each in known[1:])
        if problems:
            raise InvalidParameters(problems)
        only = TaskFilter(models=self._ids, created_after=after, created_before=before)
        found = self._tasks.page(account, PAGE_LIMIT + 1, position, only, oldest_first=backwards)
        more, found = len(found) > PAGE_LIMIT, found[:PAGE_LIMIT]
        if backwards:
            found = found[::-1]
        rest = {each.name: query[each.name] for each in known[1:] if each.name in query}
        newer, older = (more, True) if backwards else (bool(cursor), more)
        return {
            "previous": _link(base_url, rest, found[:1], BACKWARDS) if newer else None,
            "next": _link(base_url, rest, found[-1:], "") if older else None,
            "results": [self._presenter.show(task, base_url) for task in found],
        }


def _link(base_url: str, rest: Mapping[str, str], at: Sequence[Task], prefix: str) -> str | None:
    """The address of the page that begins after a task; ``None`` where there is no task."""
    for task in at:
        position: Position = (task.created_at, task.id)
        query = {**rest, routes.CURSOR.name: prefix + encode_cursor(position)}
        return f"{base_url}{routes.PREDICTIONS}?{urlencode(query)}"
    return None


def _time(query: Mapping[str, str], name: str, problems: list[Problem]) -> int | None:
    """A time in Unix milliseconds; without a zone it is one in UTC."""
    if (text := query.get(name)) is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
        return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() * 1000)
    except (ValueError, OverflowError):
        message = "it takes a time in ISO 8601, such as 2026-01-31T12:00:00Z"
        problems.append(Problem(name, "wrong_form", message))
        return None
