"""Route of the results: signed links, byte ranges, no key (rule W-5)."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from functools import partial
from http import HTTPStatus

from fastapi import APIRouter, Request, Response
from starlette.responses import FileResponse
from starlette.types import Message, Receive, Scope, Send

from kirin.errors import NotFound, RangeRefused, ResultExpired, SignatureRefused
from kirin.http.context import error_answer
from kirin.http.rooms import Rooms
from kirin.media.sniff import media_type
from kirin.storage.keys import task_of
from kirin.storage.links import FILES
from kirin.tasks import store

MEDIA_TYPES = {".mp4": "video/mp4", ".png": "image/png", ".jpg": "image/jpeg"}


def file_routes(rooms: Rooms) -> APIRouter:
    """The routes under ``/files``."""
    router = APIRouter()

    async def read(request: Request, key: str) -> Response:
        query = request.query_params
        given = query.get("expires", ""), query.get("signature", "")
        try:
            rooms.links.check(key, *given, now=time.time())
        except SignatureRefused:
            # The link may have been over long before its file was removed.
            if rooms.links.genuine(key, *given):
                await rooms.look(partial(refuse_expired, rooms, key))
            raise
        try:
            path = await rooms.blocking(rooms.storage.path, key)
        except FileNotFoundError:
            await rooms.look(partial(refuse_expired, rooms, key))
            raise NotFound("this file is no longer there") from None
        return RangedFile(
            path,
            media_type=MEDIA_TYPES.get(path.suffix) or await rooms.blocking(media_type, path),
            headers={
                # The bytes under a key never change.
                "Cache-Control": "private, max-age=86400, immutable",
                "X-Content-Type-Options": "nosniff",
                "Content-Security-Policy": "sandbox",
            },
        )

    router.add_api_route(f"{FILES}/{{key:path}}", read, methods=["GET", "HEAD"])
    return router


def refuse_expired(rooms: Rooms, key: str) -> None:
    """Look whether a file was a result that has expired.

    Raises:
        ResultExpired: it was.
    """
    task_id = task_of(key)
    if task_id is None:
        return
    with rooms.database.read() as connection:
        task = store.get(connection, task_id)
    if task is not None and task.expired_at is not None:
        when = datetime.fromtimestamp(task.expired_at / 1000, tz=UTC)
        raise ResultExpired(
            f"the files of task {task.id} were removed at {when:%Y-%m-%d %H:%M} UTC: make the "
            "task again for others"
        )


class RangedFile(FileResponse):
    """A file or the range of it that was asked for; what it refuses, it refuses as JSON."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        refused = False

        async def send_unless_refused(message: Message) -> None:
            nonlocal refused
            refused = refused or message.get("status", 0) >= HTTPStatus.BAD_REQUEST
            if not refused:
                await send(message)

        await super().__call__(scope, receive, send_unless_refused)
        if refused:
            answer = error_answer(RangeRefused(), scope["request_id"])
            answer.headers["Content-Range"] = f"bytes */{self.headers['Content-Length']}"
            await answer(scope, receive, send)
