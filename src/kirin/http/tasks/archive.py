"""Routes that send the videos of several tasks as one zip (rule N-13)."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from functools import partial
from pathlib import PurePosixPath
from typing import Annotated, Final
from urllib.parse import quote

from fastapi import APIRouter, Request, Response
from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError
from starlette.responses import StreamingResponse
from starlette.types import Receive, Send
from starlette.types import Scope as AsgiScope
from typing_extensions import TypedDict

from kirin.accounts.keys import Scope
from kirin.domain.batch import Member
from kirin.domain.task import Status, Task
from kirin.errors import (
    InvalidKey,
    InvalidParameters,
    NotFound,
    Problem,
    ResultExpired,
    StorageAway,
    TooManyStreams,
    UnknownBatch,
)
from kirin.http.bodies import parse_object, read_body
from kirin.http.files.zips import ZipEntry, safe_stem, unlike, zip_chunks, zip_size
from kirin.http.protocols.kirin import GENERATION
from kirin.http.protocols.kirin_models import Milliseconds, Url
from kirin.http.request_models import RequestModel, parse_model
from kirin.http.responses import secret_response
from kirin.http.route import Route
from kirin.http.stream_tokens import TOKEN, StreamTokens
from kirin.http.tasks.account_slots import AccountSlots
from kirin.http.tasks.dependencies import TaskDependencies
from kirin.http.tasks.results import result_key
from kirin.http.thread_pool import ThreadPool
from kirin.orchestration.batches import BatchService
from kirin.storage.base import Storage
from kirin.tasks.words import prompts_of

PATH: Final = f"{GENERATION}/zip"
MOST: Final = 100
"""Tasks of an archive."""

MAX_BODY_BYTES: Final = 65_536
AT_ONCE: Final = 3
"""Archives that an account may fetch at a time from this process: each holds a connection."""

PROMPT: Final = 60
"""Characters of a prompt in the name of a file."""

ZIP: Final = "application/zip"
WHAT: Final = "zip:"
"""Begins what a token is for that opens an archive; the tasks' ids follow."""

Asked = Sequence[tuple[str, Task | None]]
"""What the tasks of an archive are called, each with the task where it was read already."""

TaskName = Annotated[str, Field(min_length=1, max_length=128)]


class ArchiveRequest(RequestModel):
    """Which videos go into an archive."""

    task_ids: Annotated[list[TaskName], Field(min_length=1, max_length=MOST)] | None = Field(
        None, description="ids or external ids of completed tasks of the account"
    )
    batch_id: TaskName | None = Field(
        None, description="instead: id of a batch that has ended; of its tasks those with a video"
    )

    @model_validator(mode="after")
    def _one_of_both(self) -> ArchiveRequest:
        if (self.task_ids is None) == (self.batch_id is None):
            raise PydanticCustomError("required", "task_ids or batch_id is needed, and one of them")
        return self


class ArchiveLinkJson(TypedDict):
    """What opens an archive for a while."""

    token: str
    url: Annotated[Url, Field(description="The archive, with the token.")]
    expires_at: Annotated[Milliseconds, Field(description="Unix milliseconds")]
    files: int
    size: Annotated[int, Field(description="bytes of the archive")]


ERRORS: Final = (InvalidParameters, StorageAway, TooManyStreams)
DESCRIPTION: Final = "the archive; its Content-Length is exact"

SEND = Route(
    method="POST",
    path=PATH,
    id="zipTasks",
    summary="The videos of up to 100 tasks as one zip",
    scope=Scope.READ,
    body=ArchiveRequest,
    media_types=(ZIP,),
    answer_description=DESCRIPTION,
    errors=ERRORS,
)
LINK = Route(
    method="POST",
    path=f"{PATH}/token",
    id="createZipToken",
    summary="A link to such a zip, for a browser's downloads",
    scope=Scope.READ,
    body=ArchiveRequest,
    answer=ArchiveLinkJson,
    errors=(InvalidParameters, StorageAway),
)
OPEN = Route(
    method="GET",
    path=PATH,
    id="readZip",
    summary="The zip that a link is for",
    scope=Scope.READ,
    parameters=(TOKEN,),
    media_types=(ZIP,),
    answer_description=DESCRIPTION,
    errors=ERRORS,
)
ROUTES = (SEND, LINK, OPEN)


def add_archive_routes(router: APIRouter, deps: TaskDependencies, tokens: StreamTokens) -> None:
    """Add the routes under ``/model/v1/generation/zip``."""
    packer = Packer(deps)
    message = f"the account is fetching {AT_ONCE} archives, which is the limit: wait for one"
    slots = AccountSlots(AT_ONCE, lambda: TooManyStreams(message))

    async def asked(request: Request, account: str) -> Asked:
        limits = deps.body_limits
        body = await read_body(request, MAX_BODY_BYTES, limits.seconds)
        given = parse_model(ArchiveRequest, parse_object(body))
        if given.batch_id is None:
            return [(name, None) for name in given.task_ids or ()]
        return await deps.threads.run(packer.of_batch, account, given.batch_id)

    async def answer(account: str, wanted: Asked) -> Response:
        give_back = slots.take(account)
        try:
            _, entries = await deps.threads.run(packer.pack, account, wanted)
        except BaseException:
            give_back()
            raise
        return ZipResponse(deps.threads, entries, give_back)

    async def send(request: Request) -> Response:
        caller = await deps.authenticator.admit(request, SEND)
        return await answer(caller.account, await asked(request, caller.account))

    async def link(request: Request) -> Response:
        caller = await deps.authenticator.admit(request, LINK)
        wanted = await asked(request, caller.account)
        tasks, entries = await deps.threads.run(packer.pack, caller.account, wanted)
        token, end = tokens.issue(caller.key, WHAT + ",".join(task.id for task in tasks))
        url = f"{deps.base_url.of(request)}{PATH}?{TOKEN.name}={quote(token)}"
        shown = ArchiveLinkJson(
            token=token, url=url, expires_at=end, files=len(entries), size=zip_size(entries)
        )
        return secret_response(shown)

    async def open_(request: Request) -> Response:
        caller = await deps.authenticator.admit(request, OPEN, tokens.finder(request))
        what = tokens.stream_of(request.query_params.get(TOKEN.name, ""))
        if not what.startswith(WHAT):
            raise InvalidKey("this token is for something else: ask for one for this archive")
        names = what.removeprefix(WHAT).split(",")
        return await answer(caller.account, [(name, None) for name in names])

    SEND.add_to(router, send)
    LINK.add_to(router, link)
    OPEN.add_to(router, open_)


class Packer:
    """Finds the files of an archive, all of them before any is sent."""

    def __init__(self, deps: TaskDependencies) -> None:
        self._tasks = deps.tasks
        self._batches = BatchService(deps.tasks)
        self._storage: Storage = deps.tasks.storage

    def of_batch(self, account: str, id: str) -> Asked:
        """The tasks of a batch that have a video.

        Raises:
            InvalidParameters: there is no such batch, it goes on, or nothing of it is there.
        """
        try:
            state = self._batches.find(account, id)
        except UnknownBatch as error:
            raise _no_batch(error.code, error.message) from error
        if state.batch.finished_at is None:
            raise _no_batch("video_not_ready", "tasks of this batch have not ended yet")
        members = (self._with_video(account, each) for each in state.members)
        found = [(task.id, task) for task in members if task is not None]
        if not found:
            raise _no_batch("no_video", "no task of this batch has a video")
        return found

    def _with_video(self, account: str, member: Member) -> Task | None:
        if member.status is not Status.COMPLETED:
            return None
        try:
            task = self._tasks.find(account, member.id)
            result_key(task)
        except (NotFound, ResultExpired):
            return None
        return task

    def pack(self, account: str, wanted: Asked) -> tuple[list[Task], list[ZipEntry]]:
        """The tasks, each once, and the entries of their videos.

        Raises:
            InvalidParameters: by name, each that has none.
            StorageAway: storage does not answer.
        """
        found: dict[str, tuple[Task, str, int]] = {}
        problems: list[Problem] = []
        for place, (name, known) in enumerate(wanted):
            try:
                task = known or self._tasks.find(account, name)
                key = result_key(task)
                found[task.id] = task, key, self._size(key)
            except (NotFound, ResultExpired) as error:
                problems.append(Problem(f"task_ids[{place}]", error.code, error.message))
        if problems:
            raise InvalidParameters(problems)
        files = list(found.values())
        labels = unlike((_stem(task), PurePosixPath(key).suffix) for task, key, _ in files)
        entries = [
            ZipEntry(
                label,
                size,
                task.finished_at or task.created_at,
                partial(self._storage.path, key),
            )
            for label, (task, key, size) in zip(labels, files, strict=True)
        ]
        return [task for task, _, _ in files], entries

    def _size(self, key: str) -> int:
        try:
            return self._storage.size(key)
        except FileNotFoundError:
            raise NotFound("the file of this task is no longer there") from None
        except OSError as error:
            raise StorageAway from error


def _no_batch(code: str, message: str) -> InvalidParameters:
    return InvalidParameters([Problem("batch_id", code, message, ("N-13", "N-16"))])


class ZipResponse(StreamingResponse):
    """An archive, sent as it is written."""

    def __init__(
        self, threads: ThreadPool, entries: Sequence[ZipEntry], close: Callable[[], None]
    ) -> None:
        """Create the answer.

        Args:
            close: called when it has been sent, or the client has hung up.
        """
        name = time.strftime("kirin-%Y%m%d-%H%M%S.zip", time.gmtime())
        headers = {
            "Cache-Control": "no-store",
            "Content-Length": str(zip_size(entries)),
            "Content-Disposition": f'attachment; filename="{name}"',
            "X-Content-Type-Options": "nosniff",
        }
        super().__init__(_sent(threads, zip_chunks(entries)), headers=headers, media_type=ZIP)
        self._close = close

    async def __call__(self, scope: AsgiScope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._close()


async def _sent(threads: ThreadPool, chunks: Iterator[bytes]) -> AsyncIterator[bytes]:
    while (chunk := await threads.run(next, chunks, None)) is not None:
        yield chunk


def _stem(task: Task) -> str:
    """What a task's file is called: as its maker calls it, else how its prompt begins."""
    if task.external_id and (stem := safe_stem(task.external_id)):
        return stem
    words = safe_stem(" ".join(prompts_of(task.params))[:PROMPT])
    return f"{words} {task.id[:8]}".strip()
