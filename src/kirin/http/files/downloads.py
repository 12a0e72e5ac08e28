"""The route of results and uploads: signed links, byte ranges, no key (rule W-5)."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import partial
from http import HTTPStatus

from fastapi import APIRouter, Request
from sqlalchemy import Connection
from starlette.responses import FileResponse
from starlette.types import Message, Receive, Scope, Send

from kirin.errors import NotFound, RangeRefused, ResultExpired, SignatureRefused
from kirin.http.query_parameters import Parameter, PathParameter
from kirin.http.responses import error_response
from kirin.http.route import Route
from kirin.http.thread_pool import ThreadPool
from kirin.media.sniff import media_type
from kirin.storage.base import Storage
from kirin.storage.keys import task_of
from kirin.storage.links import FILES, Links
from kirin.tasks import store

MEDIA_TYPES = {".mp4": "video/mp4", ".png": "image/png", ".jpg": "image/jpeg"}

HEADERS: Mapping[str, str] = {
    # The bytes under a key never change.
    "Cache-Control": "private, max-age=86400, immutable",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox",
}

READ = Route(
    method="GET",
    path=f"{FILES}/{{key:path}}",
    id="readFile",
    summary="A result or upload, by its signed link",
    parameters=(PathParameter("key"), Parameter("expires"), Parameter("signature")),
    media_types=("video/mp4",),
    answer_description="the file",
    other_responses={"206": {"description": "the byte range asked for"}},
    errors=(SignatureRefused, NotFound, ResultExpired, RangeRefused),
    head=True,
)
ROUTES = (READ,)


def add_download_routes(
    router: APIRouter, threads: ThreadPool, storage: Storage, links: Links
) -> None:
    """Add the routes under ``/files``.

    Args:
        links: check signatures.
    """

    async def read(request: Request, key: str) -> RangedFile:
        query = request.query_params
        given = query.get("expires", ""), query.get("signature", "")
        try:
            links.check(key, *given, now=time.time())
        except SignatureRefused:
            # The link may have expired long before its file was removed.
            if links.genuine(key, *given):
                await threads.read_short(partial(refuse_expired, key=key))
            raise
        try:
            path = await threads.run(storage.path, key)
        except FileNotFoundError:
            await threads.read_short(partial(refuse_expired, key=key))
            raise NotFound("this file is no longer there") from None
        kind = MEDIA_TYPES.get(path.suffix) or await threads.run(media_type, path)
        return RangedFile(path, media_type=kind, headers=HEADERS)

    READ.add_to(router, read)


def refuse_expired(connection: Connection, key: str) -> None:
    """Refuse a file if it belonged to a result that has expired.

    Raises:
        ResultExpired: it did.
    """
    task_id = task_of(key)
    if task_id is None:
        return
    task = store.get(connection, task_id)
    if task is not None and task.expired_at is not None:
        when = datetime.fromtimestamp(task.expired_at / 1000, tz=UTC)
        raise ResultExpired(
            f"the files of task {task.id} were removed at {when:%Y-%m-%d %H:%M} UTC: make the "
            "task again to get new ones"
        )


class RangedFile(FileResponse):
    """A file or the range of it that was asked for; its errors are JSON."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        refused = False

        async def send_unless_refused(message: Message) -> None:
            nonlocal refused
            refused = refused or message.get("status", 0) >= HTTPStatus.BAD_REQUEST
            if not refused:
                await send(message)

        await super().__call__(scope, receive, send_unless_refused)
        if refused:
            response = error_response(RangeRefused(), scope["request_id"])
            response.headers["Content-Range"] = f"bytes */{self.headers['Content-Length']}"
            await response(scope, receive, send)
