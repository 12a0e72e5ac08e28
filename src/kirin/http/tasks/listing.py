"""The route that lists tasks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from fastapi import APIRouter, Request, Response

from kirin.accounts.keys import Scope
from kirin.catalogue.registry import Catalogue
from kirin.domain.task import Status, Task
from kirin.errors import InvalidParameters, Problem
from kirin.http.pagination import PAGE, Position, cut, read_page
from kirin.http.protocols.kirin import TASK
from kirin.http.protocols.kirin_models import TaskPageJson
from kirin.http.protocols.kirin_status import TaskStage, TaskStatus, states
from kirin.http.query_parameters import (
    ChoiceParameter,
    Parameter,
    TimeParameter,
    WordsParameter,
    read_names,
)
from kirin.http.responses import json_response
from kirin.http.route import Route
from kirin.http.tasks.dependencies import TaskDependencies
from kirin.http.tasks.estimates import estimates
from kirin.tasks.forecast import Forecast
from kirin.tasks.task_filter import TaskFilter
from kirin.tasks.words import fold, prompts_of

STATUS = ChoiceParameter(
    "status",
    options=tuple(TaskStatus),
    advice={
        "pending": "status=in_progress&stage=queued",
        "processing": "status=in_progress&stage=rendering",
    },
)
STAGE = ChoiceParameter(
    "stage", "of tasks in progress: whether they still wait", options=tuple(TaskStage)
)
MODEL = Parameter("model", "id of the model")
EXTERNAL_ID = Parameter("external_task_id")
CREATED_AFTER = TimeParameter("created_after", "created at this time or later")
CREATED_BEFORE = TimeParameter("created_before", "created before this time")
SEARCH = WordsParameter(
    "q", "words that all occur in the task's prompts, id or external_task_id; capitals do not count"
)
BATCH = Parameter("batch", "id of the batch that they were made in")
EXCERPT = 300
"""Characters of a prompt that a listing shows."""

LIST = Route(
    method="GET",
    path=TASK,
    id="listTasks",
    summary="The account's tasks, the newest first",
    scope=Scope.READ,
    parameters=(
        *PAGE,
        STATUS,
        STAGE,
        MODEL,
        EXTERNAL_ID,
        BATCH,
        CREATED_AFTER,
        CREATED_BEFORE,
        SEARCH,
    ),
    answer=TaskPageJson,
    errors=(InvalidParameters,),
)
ROUTES = (LIST,)


def add_list_routes(router: APIRouter, deps: TaskDependencies) -> None:
    """Add the route ``/model/v1/generation/task``."""

    async def list_tasks(request: Request) -> Response:
        caller = await deps.authenticator.admit(request, LIST)
        limit, before, task_filter = filters_of(request.query_params, deps.catalogue)

        def page() -> tuple[Sequence[Task], str | None, dict[str, Forecast]]:
            found = deps.tasks.page(caller.account, limit + 1, before, task_filter)
            tasks, cursor = cut(found, limit, lambda last: (last.created_at, last.id))
            unfinished = [task for task in tasks if not task.status.final]
            return tasks, cursor, deps.forecaster.all(unfinished)

        tasks, cursor, forecasts = await deps.threads.run(page)
        shown = [deps.presenter.task(task, deps.base_url.of(request)) for task in tasks]
        for task, each in zip(tasks, shown, strict=True):
            if prompt := excerpt(task):
                each["metadata"]["prompt"] = prompt
            if each["id"] in forecasts:
                each["metadata"].update(estimates(forecasts[each["id"]]))
        return json_response(TaskPageJson(tasks=shown, next_cursor=cursor))

    LIST.add_to(router, list_tasks)


def filters_of(
    query: Mapping[str, str], catalogue: Catalogue
) -> tuple[int, Position | None, TaskFilter]:
    """Limit, position and filters of a listing of tasks.

    Raises:
        InvalidParameters: with everything that is wrong.
    """
    problems: list[Problem] = []
    read_names(query, LIST.parameters, problems)
    limit, before = read_page(query, problems)
    model = query.get(MODEL.name)
    task_filter = TaskFilter(
        states=_states(query, problems),
        model=model and catalogue.id_of(model),
        external_id=query.get(EXTERNAL_ID.name),
        batch=query.get(BATCH.name),
        created_after=CREATED_AFTER.read(query, problems),
        created_before=CREATED_BEFORE.read(query, problems),
        words=tuple(fold(word) for word in SEARCH.read(query, problems)),
    )
    if problems:
        raise InvalidParameters(problems)
    return limit, before, task_filter


def excerpt(task: Task) -> str:
    """How the prompt of a task begins, and those of its shots."""
    text = " / ".join(prompts_of(task.params))
    return text if len(text) <= EXCERPT else f"{text[: EXCERPT - 1]}\u2026"


def _states(query: Mapping[str, str], problems: list[Problem]) -> frozenset[Status] | None:
    """The states of the queue that a listing is about; ``None`` for all."""
    status, stage = STATUS.read(query, problems), STAGE.read(query, problems)
    if status is None and stage is None:
        return None
    found = states(TaskStatus(status) if status else None, TaskStage(stage) if stage else None)
    if not found:
        message = f"only tasks in_progress have a stage, and status is {status}"
        problems.append(Problem(STAGE.name, "not_an_option", message, ("W-4",)))
    return found
