"""Routes that take files in before the requests that use them."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from threading import Event

from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter, Request, Response

from kirin.accounts.keys import Scope
from kirin.domain.assets import AssetKind
from kirin.errors import (
    FetchFailed,
    InvalidParameters,
    Problem,
    StorageAway,
    TooManyUploads,
)
from kirin.http.authentication import Authenticator
from kirin.http.base_url import BaseUrl
from kirin.http.bodies import BODY_ERRORS, parse_object, read_body
from kirin.http.disconnects import unless_disconnected
from kirin.http.files.forms import FORM_DATA, SentFile, save_file
from kirin.http.files.models import FetchRequest, UploadJson
from kirin.http.request_models import parse_model
from kirin.http.responses import json_response
from kirin.http.route import Route
from kirin.http.thread_pool import ThreadPool
from kirin.media.ingest import ANY_VIDEO
from kirin.media.refusal import MediaRefused
from kirin.orchestration.uploads import Upload, Uploads
from kirin.storage.keys import input_key
from kirin.storage.links import Links

UPLOADS = "/model/v1/files"

MAX_FILE_BYTES = ANY_VIDEO.max_bytes
"""No parameter takes a larger file."""

MAX_CONCURRENT = 4
"""Files that an account may send at a time to one API process: each takes room on its disk
meanwhile, and slow connections take long."""

MEASURING_THREADS = 4
FETCHING_THREADS = 16
"""Files that are measured and fetched at a time. Both take long, so they have threads of their own;
fetching takes as long as other servers like, and must not hold up uploads."""

MAX_REQUEST_BYTES = 16_384
"""Of a request that names a URL."""

_FORM = {
    "schema": {
        "type": "object",
        "properties": {"file": {"type": "string", "contentMediaType": "application/octet-stream"}},
        "required": ["file"],
        "additionalProperties": False,
    }
}
SENDING_ERRORS = (*BODY_ERRORS, TooManyUploads, StorageAway)
"""What may happen wherever a file is taken in."""

SEND = Route(
    method="POST",
    path=UPLOADS,
    id="sendFile",
    summary="Upload a picture, video or sound for later requests",
    scope=Scope.GENERATE,
    request_body={
        "required": True,
        "description": "the file, as the body or as the only part of a form; its type is detected "
        "from its content",
        "content": {
            "application/octet-stream": {
                "schema": {
                    "type": "string",
                    "contentEncoding": "binary",
                    "maxLength": MAX_FILE_BYTES,
                }
            },
            FORM_DATA: _FORM,
        },
    },
    answer=UploadJson,
    errors=SENDING_ERRORS,
)
STORE = Route(
    method="POST",
    path="/api/v1/storage/files",
    id="storeFile",
    summary="Upload a picture or video, at the address of the API's own clients",
    scope=Scope.GENERATE,
    request_body={"required": True, "content": {FORM_DATA: _FORM}},
    answer=UploadJson,
    errors=SENDING_ERRORS,
)
FETCH = Route(
    method="POST",
    path=f"{UPLOADS}/fetch",
    id="fetchFile",
    summary="Have the server fetch and measure a file",
    scope=Scope.GENERATE,
    body=FetchRequest,
    answer=UploadJson,
    errors=(TooManyUploads, StorageAway),
)
ROUTES = (SEND, STORE, FETCH)


@dataclass(frozen=True, kw_only=True)
class UploadDependencies:
    """What the routes of uploads work with.

    Attributes:
        body_seconds: how long a JSON body may take to arrive.
        upload_seconds: how long a file may take to arrive.
    """

    authenticator: Authenticator
    threads: ThreadPool
    uploads: Uploads
    links: Links
    base_url: BaseUrl
    body_seconds: float
    upload_seconds: float


class UploadDesk:
    """Takes files in, for routes of any dialect: within their limits, and measured."""

    def __init__(self, deps: UploadDependencies) -> None:
        self.deps = deps
        self.slots = UploadSlots()
        self._measuring = CapacityLimiter(MEASURING_THREADS)

    async def receive(
        self,
        request: Request,
        account: str,
        *,
        name: str | None = None,
        notes: Collection[str] = (),
        check: Callable[[SentFile], None] = lambda _: None,
    ) -> tuple[Upload, SentFile]:
        """Take in the file that a request sends, and what it says of it.

        Args:
            account: whose it is.
            name: as for :meth:`Uploads.add`.
            notes: names of fields that a form may have beside the file.
            check: refuses what the request says of the file, by an error.

        Raises:
            ApiError: it is refused.
        """
        deps = self.deps
        await deps.threads.run(deps.uploads.check_room, account)
        with self.slots.take(account) as path:
            sent = await save_file(request, MAX_FILE_BYTES, deps.upload_seconds, path, notes)
            check(sent)
            with media_errors_of(sent.part):
                add = partial(deps.uploads.add, account, path, name)
                return await to_thread.run_sync(add, limiter=self._measuring), sent


def add_upload_routes(router: APIRouter, desk: UploadDesk) -> None:
    """Add the routes under ``/model/v1/files``, and the other address of the first."""
    deps = desk.deps
    admit, threads, uploads = deps.authenticator.admit, deps.threads, deps.uploads
    fetching = CapacityLimiter(FETCHING_THREADS)

    def respond(request: Request, upload: Upload) -> Response:
        return json_response(upload_json(upload, deps.links, deps.base_url.of(request)))

    async def send(request: Request) -> Response:
        return await receive(request, SEND)

    async def store(request: Request) -> Response:
        return await receive(request, STORE)

    async def receive(request: Request, route: Route) -> Response:
        caller = await admit(request, route)
        upload, _ = await desk.receive(request, caller.account)
        return respond(request, upload)

    async def fetch(request: Request) -> Response:
        caller = await admit(request, FETCH)
        body = parse_object(await read_body(request, MAX_REQUEST_BYTES, deps.body_seconds))
        url = parse_model(FetchRequest, body).url
        await threads.run(uploads.check_room, caller.account)
        cancelled = Event()
        with desk.slots.take(caller.account) as path, media_errors_of("url"):
            work = partial(uploads.fetch, caller.account, url, path, cancelled.is_set)
            fetched = to_thread.run_sync(work, limiter=fetching)
            upload = await unless_disconnected(request, fetched, cancelled.set)
        # To a client that has hung up meanwhile, any answer will do.
        return respond(request, upload) if upload else Response()

    SEND.add_to(router, send)
    STORE.add_to(router, store)
    FETCH.add_to(router, fetch)


class UploadSlots:
    """Limits how many files an account sends at a time."""

    def __init__(self) -> None:
        self._taken: Counter[str] = Counter()

    @contextmanager
    def take(self, account: str) -> Iterator[Path]:
        """A place on disk for one file, removed at the end.

        Raises:
            TooManyUploads: the account has no slot left.
            StorageAway: the disk is full.
        """
        if self._taken[account] >= MAX_CONCURRENT:
            raise TooManyUploads
        self._taken[account] += 1
        try:
            with tempfile.TemporaryDirectory(prefix="kirin-") as folder:
                yield Path(folder) / "upload"
        except OSError as error:
            raise StorageAway from error
        finally:
            self._taken[account] -= 1
            if not self._taken[account]:
                del self._taken[account]


@contextmanager
def media_errors_of(param: str) -> Iterator[None]:
    """Turn errors of media into those of a parameter.

    Args:
        param: the part of the request that brought the file.

    Raises:
        InvalidParameters: in place of what was raised within.
    """
    try:
        yield
    except MediaRefused as refusal:
        problem = Problem(param, refusal.code, refusal.message, refusal.rules)
        raise InvalidParameters([problem]) from refusal
    except FetchFailed as failure:
        raise InvalidParameters([Problem(param, "not_fetched", failure.message)]) from failure


def upload_json(upload: Upload, links: Links, base_url: str) -> UploadJson:
    """An upload as the wire shows it."""
    asset = upload.asset
    shown: UploadJson = {
        "url": links.url(base_url, input_key(asset.sha256), upload.at / 1000),
        "type": asset.kind.value,
        "mime": asset.mime,
        "size": asset.size,
        "width": asset.width,
        "height": asset.height,
        "expires_at": upload.expires_at,
    }
    if asset.seconds is not None:
        shown["duration"] = asset.seconds
    if asset.kind is AssetKind.VIDEO:
        shown["fps"] = float(asset.fps or 0)
        shown["has_audio"] = asset.has_audio
    return shown
