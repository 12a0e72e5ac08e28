"""Routes of pictures of a task's video (rule N-12)."""

from __future__ import annotations

from functools import partial
from typing import Final

from fastapi import APIRouter, Request, Response

from kirin.accounts.keys import Scope
from kirin.errors import UnknownTask
from kirin.http.files.downloads import MEDIA_TYPES, RANGES, RangedFile
from kirin.http.protocols.kirin import TASK
from kirin.http.protocols.kirin_models import TaskJson
from kirin.http.route import Route
from kirin.http.tasks.dependencies import TASK_ID, TaskDependencies
from kirin.http.tasks.read import ReadTask
from kirin.http.tasks.results import FILE_ERRORS, result_key
from kirin.orchestration.previews import CONTACT_SHEET, THUMBNAIL, Preview


def _route(name: str, id: str, summary: str, preview: Preview) -> Route:
    """The route of a picture, below its task."""
    suffix = preview.file[preview.file.rindex(".") :]
    return Route(
        method="GET",
        path=f"{TASK}/{{task_id:path}}/{name}",
        id=id,
        summary=summary,
        scope=Scope.READ,
        parameters=(TASK_ID,),
        answer=TaskJson,
        media_types=(MEDIA_TYPES[suffix],),
        answer_description="the picture; a task, where its external id ends like that",
        other_responses=RANGES,
        errors=FILE_ERRORS,
        head=True,
    )


POSTER = _route("poster", "readPoster", "The picture in the middle of a task's video", THUMBNAIL)
SHEET = _route(
    "contact-sheet",
    "readContactSheet",
    "Eight pictures of a task's video, evenly spaced, in a grid of 4 x 2",
    CONTACT_SHEET,
)
ROUTES = (POSTER, SHEET)

PICTURES: Final = ((POSTER, THUMBNAIL), (SHEET, CONTACT_SHEET))


def add_picture_routes(router: APIRouter, deps: TaskDependencies, read: ReadTask) -> None:
    """Add the routes ``/model/v1/generation/task/{task_id}/poster`` and ``/contact-sheet``.

    Args:
        read: answers where an external id ends like that.
    """
    for route, preview in PICTURES:
        _add(router, deps, read, route, preview)


def _add(
    router: APIRouter, deps: TaskDependencies, read: ReadTask, route: Route, preview: Preview
) -> None:
    name = route.path.rpartition("/")[2]

    async def send(request: Request, task_id: str) -> Response:
        caller = await deps.authenticator.admit(request, route)
        try:
            find = partial(deps.tasks.find, caller.account, task_id)
            task = await deps.threads.run_short(find)
        except UnknownTask:  # an external id may end in "/poster"
            return await read(request, f"{task_id}/{name}")
        key, path, stat = await deps.pictures.find(result_key(task), preview)
        answer = RangedFile(key, path, stat, MEDIA_TYPES[path.suffix])
        # A browser with two keys must not show one account what it has kept for another.
        answer.headers["Vary"] = "Authorization"
        return answer

    route.add_to(router, send)
