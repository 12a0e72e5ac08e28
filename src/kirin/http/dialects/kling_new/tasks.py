"""Handlers of requests about tasks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Final

from fastapi import Request, Response

from kirin.catalogue.card import Card
from kirin.clock import now_ms
from kirin.domain.task import Task
from kirin.errors import InvalidParameters, Problem, UnknownModel, UnknownTask
from kirin.http.bodies import read_body
from kirin.http.dialects.dialect import DialectDependencies
from kirin.http.dialects.kling.envelope import enveloped
from kirin.http.dialects.kling.task_json import STATUSES
from kirin.http.dialects.kling.tasks import deleted_elements
from kirin.http.dialects.kling_new import routes
from kirin.http.dialects.kling_new.create_request import NewRequestReader
from kirin.http.dialects.kling_new.listing import PageReader
from kirin.http.dialects.kling_new.task_json import (
    NewPageJson,
    NewPresenter,
    NewTaskJson,
    created_json,
)
from kirin.http.dialects.video_tasks import as_created
from kirin.http.pagination import cut
from kirin.wire import kling, kling_new

MOST_IDS: Final = 100
"""Tasks that one request may name."""


class NewTasks:
    """The tasks of an account."""

    def __init__(self, spoken: DialectDependencies, presenter: NewPresenter) -> None:
        self._spoken = spoken
        self._deps = spoken.tasks
        self._presenter = presenter
        there = {card.id: card for card in spoken.tasks.catalogue}
        self._cards = {place: there[id] for id, place in kling_new.MODELS.items() if id in there}
        elements = [id for id, each in kling.ENDPOINTS.items() if each.path == kling.ELEMENTS]
        self._videos = frozenset(id for id, c in there.items() if "video" in c.output_modalities)
        self._models = self._videos | frozenset(elements)

    async def create_from_text(self, request: Request, model: str) -> Response:
        """Create a video from words."""
        return await self._create(request, kling_new.TEXT, model)

    async def create_from_image(self, request: Request, model: str) -> Response:
        """Create a video from a picture."""
        return await self._create(request, kling_new.IMAGE, model)

    async def create_omni(self, request: Request, model: str) -> Response:
        """Create a video from words, pictures, elements and a video."""
        return await self._create(request, kling_new.OMNI, model)

    async def create_motion(self, request: Request, model: str) -> Response:
        """Let a character move as the person in a video."""
        return await self._create(request, kling_new.MOTION, model)

    async def _create(self, request: Request, path: str, model: str) -> Response:
        caller = await self._deps.authenticator.admit(request, routes.CREATE[path])
        reader = NewRequestReader(path, self._card(path, model))
        try:
            made = await self._spoken.intake.submit(request, caller, read=reader)
        except InvalidParameters as refusal:
            raise reader.renamed(refusal) from None
        task = as_created(made.task)
        return made.mark(enveloped(request, created_json(task, STATUSES[task.status])))

    async def read(self, request: Request) -> Response:
        """Show tasks by their ids."""
        caller = await self._deps.authenticator.admit(request, routes.READ)
        wanted = _names(request.query_params)
        base_url = self._deps.base_url.of(request)

        def find() -> list[NewTaskJson]:
            found = [self._find(caller.account, *each) for each in wanted]
            tasks = [task for task in found if task is not None]
            if not tasks:
                raise UnknownTask
            return self._shown(caller.account, tasks, base_url)

        return enveloped(request, await self._deps.threads.run_short(find))

    async def page(self, request: Request) -> Response:
        """Show a page of tasks."""
        caller = await self._deps.authenticator.admit(request, routes.LIST)
        limits = self._deps.body_limits
        body = await read_body(request, limits.max_bytes, limits.seconds)
        asked = PageReader(self._models, self._videos, now_ms()).read(body or b"{}")
        base_url = self._deps.base_url.of(request)

        def find() -> NewPageJson:
            found = self._deps.tasks.page(caller.account, asked.limit + 1, asked.before, asked.only)
            tasks, cursor = cut(found, asked.limit, lambda task: (task.created_at, task.id))
            return {
                "result": self._shown(caller.account, tasks, base_url),
                "count": len(tasks),
                "next_cursor": cursor or "",
                "has_more": cursor is not None,
            }

        return enveloped(request, await self._deps.threads.run(find))

    def _card(self, path: str, model: str) -> Card:
        card = self._cards.get((path, model))
        if card is None:
            known = ", ".join(name for where, name in self._cards if where == path)
            raise UnknownModel(f"there is no model {model[:64]!r} at {path}; there is {known}")
        return card

    def _find(self, account: str, name: str, by_id: bool) -> Task | None:
        try:
            task = self._deps.tasks.find(account, name)
        except UnknownTask:
            return None
        named = task.id if by_id else task.external_id
        return task if named == name and task.model in self._models else None

    def _shown(self, account: str, tasks: Sequence[Task], base_url: str) -> list[NewTaskJson]:
        gone = deleted_elements(self._spoken.accounts.library, account, tasks)
        show = partial(self._presenter.task, base_url=base_url, gone=gone)
        return [show(task) for task in tasks]


def _names(query: Mapping[str, str]) -> list[tuple[str, bool]]:
    """The tasks that a query names, and whether it does so by their ids.

    Raises:
        InvalidParameters: it names none, too many, or in both ways.
    """
    ids, external = query.get("task_ids", ""), query.get("external_task_ids", "")
    if bool(ids) == bool(external):
        message = "send either task_ids or external_task_ids"
        raise InvalidParameters([Problem("task_ids", "not_in_this_combination", message)])
    names = list(dict.fromkeys(name for name in (ids or external).split(",") if name))
    if not 1 <= len(names) <= MOST_IDS:
        message = f"it takes 1 to {MOST_IDS} of them, between commas; given {len(names)}"
        where = "task_ids" if ids else "external_task_ids"
        raise InvalidParameters([Problem(where, "wrong_count", message)])
    return [(name, bool(ids)) for name in names]
