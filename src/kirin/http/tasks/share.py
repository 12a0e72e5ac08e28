"""The route that gives a link to a task's video for somebody else (rule W-12)."""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Request, Response
from pydantic import Field
from typing_extensions import TypedDict

from kirin.accounts.keys import Scope
from kirin.domain.task import Result, Status, Task
from kirin.errors import NoVideo, ResultExpired, UnknownTask, VideoNotReady
from kirin.http.bodies import parse_object, read_body
from kirin.http.protocols.kirin import TASK
from kirin.http.protocols.kirin_models import Milliseconds, Url
from kirin.http.request_models import RequestModel, parse_model
from kirin.http.responses import secret_response
from kirin.http.route import Route
from kirin.http.tasks.dependencies import TASK_ID, TaskDependencies
from kirin.storage.links import Links

SHORTEST_SECONDS = 60
LONGEST_SECONDS = 7 * 86_400
USUAL_SECONDS = 86_400

MAX_REQUEST_BYTES = 4096


class ShareRequest(RequestModel):
    """How long a link is to lead to which copy of a video."""

    expires_in_seconds: int = Field(
        USUAL_SECONDS,
        ge=SHORTEST_SECONDS,
        le=LONGEST_SECONDS,
        description="how long the link works",
    )
    watermark: bool = Field(False, description="whether it leads to the watermarked copy")


class ShareJson(TypedDict):
    """A link that whoever has it may open for a while."""

    url: Annotated[Url, Field(description="the file, without a key")]
    expires_at: Annotated[
        Milliseconds,
        Field(description="Unix milliseconds; earlier than asked for if the file goes before"),
    ]


SHARE = Route(
    method="POST",
    path=f"{TASK}/{{task_id:path}}/share",
    id="shareTask",
    summary="A link to a task's video that expires when you say",
    scope=Scope.READ,
    parameters=(TASK_ID,),
    body=ShareRequest,
    answer=ShareJson,
    errors=(UnknownTask, VideoNotReady, NoVideo, ResultExpired),
)
ROUTES = (SHARE,)


@dataclass(frozen=True)
class Sharing:
    """What links to results are made with.

    Attributes:
        result_ms: how long results are stored after their task has ended; ``None`` is for good.
    """

    links: Links
    result_ms: int | None

    def end(self, task: Task, seconds: int, now: float) -> int:
        """When a link expires, Unix time in seconds: with its file at the latest.

        Raises:
            ResultExpired: the file goes now.
        """
        end = int(now) + seconds
        if self.result_ms is not None and task.finished_at is not None:
            end = min(end, (task.finished_at + self.result_ms) // 1000)
        if end <= now:
            raise ResultExpired
        return end


def add_share_routes(router: APIRouter, deps: TaskDependencies, sharing: Sharing) -> None:
    """Add the route that shares a task's video."""

    async def share(request: Request, task_id: str) -> Response:
        caller = await deps.authenticator.admit(request, SHARE)
        body = await read_body(request, MAX_REQUEST_BYTES, deps.body_limits.seconds)
        asked = parse_model(ShareRequest, parse_object(body) if body.strip() else {})
        task = await deps.threads.run_short(partial(deps.tasks.find, caller.account, task_id))
        key = shared_file(task, marked=asked.watermark).key
        end = sharing.end(task, asked.expires_in_seconds, time.time())
        url = sharing.links.url_until(deps.base_url.of(request), key, end)
        return secret_response(ShareJson(url=url, expires_at=end * 1000))

    SHARE.add_to(router, share)


def shared_file(task: Task, *, marked: bool) -> Result:
    """The result of a task that a link may lead to.

    Args:
        marked: whether it is the watermarked copy.

    Raises:
        VideoNotReady: the task goes on.
        ResultExpired: its files are gone.
        NoVideo: it has none of that kind.
    """
    if not task.status.final:
        raise VideoNotReady
    if task.expired_at is not None:
        raise ResultExpired
    for result in task.results:
        if result.type == "video" and result.key and result.watermark == marked:
            return result
    if task.status is Status.COMPLETED:
        raise NoVideo(f"this task has made no {'watermarked ' * marked}video")
    raise NoVideo
