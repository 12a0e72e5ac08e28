"""Handlers of requests about the tasks of one path."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from fastapi import Request, Response

from kirin.domain.task import Task
from kirin.errors import InvalidParameters, Problem, UnknownTask
from kirin.http.dialects.dialect import DialectDependencies
from kirin.http.dialects.kling import routes
from kirin.http.dialects.kling.answers import KlingTaskJson
from kirin.http.dialects.kling.create_request import KlingRequestReader
from kirin.http.dialects.kling.envelope import enveloped
from kirin.http.dialects.kling.models import PathModels
from kirin.http.dialects.kling.task_json import KlingPresenter, created_json
from kirin.http.dialects.video_tasks import as_created
from kirin.subjects.library import Library
from kirin.tasks.task_filter import TaskFilter


class PathTasks:
    """The tasks of an account whose models are behind one path."""

    def __init__(
        self, spoken: DialectDependencies, presenter: KlingPresenter, models: PathModels
    ) -> None:
        self._spoken = spoken
        self._deps = spoken.tasks
        self._presenter = presenter
        self._models = models
        self._reader = KlingRequestReader(models)
        self._only = TaskFilter(models=models.ids)

    async def create(self, request: Request) -> Response:
        """Create a task."""
        route = routes.CREATE[self._models.path]
        caller = await self._deps.authenticator.admit(request, route, signed=True)
        made = await self._spoken.intake.submit(request, caller, read=self._reader)
        return made.mark(enveloped(request, created_json(as_created(made.task))))

    async def read(self, request: Request, task_id: str) -> Response:
        """Show a task."""
        route = routes.READ[self._models.path]
        caller = await self._deps.authenticator.admit(request, route, signed=True)
        base_url = self._deps.base_url.of(request)

        def find() -> KlingTaskJson:
            task = self._deps.tasks.find(caller.account, task_id)
            if task.model not in self._models.ids:
                raise UnknownTask
            return self._shown(caller.account, [task], base_url)[0]

        return enveloped(request, await self._deps.threads.run_short(find))

    async def page(self, request: Request) -> Response:
        """Show a page of tasks."""
        route = routes.LIST[self._models.path]
        caller = await self._deps.authenticator.admit(request, route, signed=True)
        number, size = page_of(request.query_params)
        base_url = self._deps.base_url.of(request)

        def find() -> list[KlingTaskJson]:
            tasks = self._deps.tasks.page(
                caller.account, size, None, self._only, skip=(number - 1) * size
            )
            return self._shown(caller.account, tasks, base_url)

        return enveloped(request, await self._deps.threads.run(find))

    def _shown(self, account: str, tasks: Sequence[Task], base_url: str) -> list[KlingTaskJson]:
        gone = deleted_elements(self._spoken.accounts.library, account, tasks)
        show = partial(self._presenter.task, base_url=base_url, gone=gone)
        return [show(task) for task in tasks]


def deleted_elements(library: Library, account: str, tasks: Sequence[Task]) -> frozenset[int]:
    """Those elements which tasks have made that are in the account's library no more."""
    made = {
        result.extra["element_id"]
        for task in tasks
        for result in task.results
        if "element_id" in result.extra
    }
    return frozenset(made - library.some(account, made).keys()) if made else frozenset()


def page_of(query: Mapping[str, str]) -> tuple[int, int]:
    """Number and size of the page that a query asks for.

    Raises:
        InvalidParameters: with what is wrong.
    """
    problems: list[Problem] = []
    number = routes.PAGE_NUMBER.read(query, problems)
    size = routes.PAGE_SIZE.read(query, problems)
    if problems:
        raise InvalidParameters(problems)
    return number, size
