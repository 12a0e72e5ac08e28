"""The route that shows a task while it is rendered (rule N-14)."""

from __future__ import annotations

from functools import partial
from typing import Final

from fastapi import APIRouter, Request, Response

from kirin.accounts.keys import Scope
from kirin.clock import now_ms
from kirin.errors import UnknownTask
from kirin.http.protocols.kirin import TASK
from kirin.http.protocols.kirin_models import TaskJson
from kirin.http.route import Route
from kirin.http.tasks.dependencies import TASK_ID, TaskDependencies
from kirin.http.tasks.read import ReadTask
from kirin.tasks import previews

NEW: Final = {"Cache-Control": "no-store"}
AGAIN: Final = {"Retry-After": "1"}
"""In a second there may be something else to see."""

PREVIEW = Route(
    method="GET",
    path=f"{TASK}/{{task_id:path}}/preview",
    id="previewTask",
    summary="The newest frame of a task that is being rendered",
    scope=Scope.READ,
    parameters=(TASK_ID,),
    answer=TaskJson,
    media_types=("image/jpeg",),
    answer_description="the frame; JSON is a task whose external id ends in /preview",
    other_responses={"204": {"description": "there is nothing to see yet, or not any more"}},
    errors=(UnknownTask,),
)
ROUTES = (PREVIEW,)


def add_preview_routes(router: APIRouter, deps: TaskDependencies, read: ReadTask) -> None:
    """Add the route ``/model/v1/generation/task/{task_id}/preview``."""

    async def preview(request: Request, task_id: str) -> Response:
        caller = await deps.authenticator.admit(request, PREVIEW)
        try:
            task = await deps.threads.run_short(partial(deps.tasks.find, caller.account, task_id))
        except UnknownTask:  # an external id may end in "/preview"
            return await read(request, f"{task_id}/preview")
        if task.status.final:
            return Response(status_code=204, headers=NEW)
        now = now_ms()
        picture, first = await deps.threads.read_short(
            partial(previews.newest, task=task.id, now=now)
        )
        if first:
            await deps.threads.write(partial(previews.ask, task=task.id, now=now))
        if picture is None:
            return Response(status_code=204, headers={**NEW, **AGAIN})
        return Response(picture, media_type="image/jpeg", headers={**NEW, **AGAIN})

    PREVIEW.add_to(router, preview)
