"""The route of results and uploads: signed links, byte ranges, no key (rule W-5)."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import partial
from http import HTTPStatus
from pathlib import Path, PurePosixPath
from typing import Final

from fastapi import APIRouter, Request, Response
from sqlalchemy import Connection
from starlette.datastructures import Headers
from starlette.responses import FileResponse
from starlette.types import Message, Receive, Scope, Send

from kirin.errors import (
    ApiError,
    DatabaseAway,
    NotFound,
    PreconditionFailed,
    RangeRefused,
    ResultExpired,
    SignatureRefused,
    StorageAway,
)
from kirin.http.query_parameters import Parameter, PathParameter
from kirin.http.responses import error_response
from kirin.http.route import Route
from kirin.http.thread_pool import ThreadPool
from kirin.media.sniff import media_type
from kirin.storage.base import Storage
from kirin.storage.keys import task_of
from kirin.storage.links import FILES, Links
from kirin.tasks import store

MEDIA_TYPES = {
    ".mp4": "video/mp4",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".webp": "image/webp",
}
SUFFIXES = {kind: suffix for suffix, kind in MEDIA_TYPES.items()} | {
    "video/quicktime": ".mov",
    "audio/mpeg": ".mp3",
    "audio/wav": ".wav",
    "audio/mp4": ".m4a",
}

MAIN_RESULT = "video"
"""Stem of the result that is named after its task alone."""

HEADERS: Mapping[str, str] = {
    # The bytes under a key never change.
    "Cache-Control": "private, max-age=86400, immutable",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox",
}

RANGES: Final = {
    "206": {"description": "the byte range asked for"},
    "304": {"description": "the client's copy is current"},
}
"""What a file may be answered with beside 200."""

READ = Route(
    method="GET",
    path=f"{FILES}/{{key:path}}",
    id="readFile",
    summary="A result or upload, by its signed link",
    parameters=(PathParameter("key"), Parameter("expires"), Parameter("signature")),
    media_types=("video/mp4",),
    answer_description="the file",
    other_responses=RANGES,
    errors=(
        SignatureRefused,
        NotFound,
        ResultExpired,
        PreconditionFailed,
        RangeRefused,
        StorageAway,
        DatabaseAway,
    ),
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
        path, stat = await stored_file(threads, storage, key)
        kind = MEDIA_TYPES.get(path.suffix)
        if kind is None:
            kind = await threads.run(media_type, path)
        return RangedFile(key, path, stat, kind)

    READ.add_to(router, read)


async def stored_file(
    threads: ThreadPool, storage: Storage, key: str
) -> tuple[Path, os.stat_result]:
    """Where the bytes of a stored file are, and the stat of that path.

    Raises:
        NotFound, ResultExpired: they are no longer there.
        StorageAway: storage does not answer.
    """
    try:
        path = await threads.run(storage.path, key)
        return path, await threads.run(path.stat)
    except FileNotFoundError:
        await threads.read_short(partial(refuse_expired, key=key))
        raise NotFound("this file is no longer there") from None
    except OSError as error:
        raise StorageAway from error


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
    """A file or a range of it, by the preconditions of the request (RFC 9110, section 13).

    Errors are JSON.
    """

    def __init__(
        self,
        key: str,
        path: Path,
        stat: os.stat_result,
        media_type: str,
        refuse: Callable[[ApiError, str], Response] = error_response,
    ) -> None:
        """Create the answer.

        Args:
            key: storage key of the file.
            path: where its bytes are.
            stat: of that path.
            refuse: answers an error to the request of an id.
        """
        self._refuse = refuse
        # Not from the time of the file, as by default: a copy in another machine's cache of a
        # bucket has another. Bytes under a key never change.
        digest = hashlib.sha256(f"{key}\n{stat.st_size}".encode()).hexdigest()
        super().__init__(
            path,
            headers={**HEADERS, "ETag": f'"{digest[:32]}"'},
            media_type=media_type,
            filename=file_name(key, media_type),
            stat_result=stat,
            content_disposition_type="inline",
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        given = Headers(scope=scope)
        if (status := self._precondition(given)) is not None:
            await self._without_file(status, scope)(scope, receive, send)
            return
        headers = [(name, value) for name, value in scope["headers"] if name != b"range"]
        if range_ := usable_range(given.get("Range", ""), int(self.headers["Content-Length"])):
            headers.append((b"range", range_.encode("latin-1")))
        scope = {**scope, "headers": headers}
        refused = False

        async def send_unless_refused(message: Message) -> None:
            nonlocal refused
            refused = refused or message.get("status", 0) >= HTTPStatus.BAD_REQUEST
            if not refused:
                await send(message)

        await super().__call__(scope, receive, send_unless_refused)
        if refused:
            response = self._refuse(RangeRefused(), scope["request_id"])
            response.headers["Content-Range"] = f"bytes */{self.headers['Content-Length']}"
            await response(scope, receive, send)

    def _precondition(self, given: Headers) -> int | None:
        """The status of the answer if the file need not be sent, in the order of RFC 9110."""
        tag, modified = self.headers["ETag"], self.headers["Last-Modified"]
        if "If-Match" in given:
            if not lists_tag(given.getlist("If-Match"), tag):
                return HTTPStatus.PRECONDITION_FAILED
        elif is_later(modified, given.get("If-Unmodified-Since")):
            return HTTPStatus.PRECONDITION_FAILED
        if "If-None-Match" in given:
            tags = [value.replace("W/", "") for value in given.getlist("If-None-Match")]
            return HTTPStatus.NOT_MODIFIED if lists_tag(tags, tag) else None
        unchanged = is_later(modified, given.get("If-Modified-Since")) is False
        return HTTPStatus.NOT_MODIFIED if unchanged else None

    def _without_file(self, status: int, scope: Scope) -> Response:
        if status == HTTPStatus.PRECONDITION_FAILED:
            return self._refuse(PreconditionFailed(), scope["request_id"])
        kept = ("cache-control", "etag", "last-modified", "vary")
        headers = {name: value for name, value in self.headers.items() if name in kept}
        return Response(status_code=status, headers=headers)


def usable_range(given: str, size: int) -> str:
    """A Range header as far as it can be honoured (RFC 9110, section 14.2).

    Args:
        given: the header; empty for none.
        size: bytes of the file.

    Returns:
        The header without the parts that begin after the end of the file; all of it if none is
        left, which is an error. Empty if its unit is not bytes: it is ignored then.
    """
    unit, _, parts = given.partition("=")
    if unit.strip().lower() != "bytes":
        return ""
    starts = [(part, part.partition("-")[0].strip()) for part in parts.split(",")]
    inside = [part for part, start in starts if not start.isdecimal() or int(start[:20]) < size]
    return f"bytes={','.join(inside)}" if inside else given


def file_name(key: str, media_type: str) -> str:
    """The name under which a file is downloaded: ``kirin-TASK.mp4``, for other results of a task
    ``kirin-TASK-watermarked.mp4``, and for an input ``kirin-input-`` and the start of its hash."""
    stem = PurePosixPath(key).stem
    task = task_of(key)
    if task is None:
        return f"kirin-input-{stem[:16]}{SUFFIXES.get(media_type, '')}"
    detail = "" if stem == MAIN_RESULT else f"-{stem}"
    return f"kirin-{task}{detail}{PurePosixPath(key).suffix}"


def lists_tag(values: list[str], tag: str) -> bool:
    """Whether the values of ``If-Match`` or ``If-None-Match`` list an entity tag, or are ``*``."""
    return any(each.strip() in ("*", tag) for value in values for each in value.split(","))


def is_later(modified: str, date: str | None) -> bool | None:
    """Whether a time is after the one in a header; ``None`` if that holds no date."""
    if date is None:
        return None
    try:
        return parsedate_to_datetime(modified) > parsedate_to_datetime(date)
    except (
        ValueError,
        TypeError,
        OverflowError,
    ):  # such a date is ignored (RFC 9110, section 13.1.3)
        return None
