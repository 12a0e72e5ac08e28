"""Routes that take files in before the requests that use them."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from threading import Event
from typing import Any

from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter, Request, Response

from kirin.accounts.keys import Scope
from kirin.catalogue.structures import unknown_names
from kirin.domain.assets import AssetKind
from kirin.errors import FetchFailed, InvalidParameters, Problem, StorageAway, TooManyUploads
from kirin.http.bodies import parse_object, read_body, save_body
from kirin.http.context import json_answer
from kirin.http.gate import admit
from kirin.http.rooms import Rooms
from kirin.http.waiting import unless_gone
from kirin.media.ingest import ANY_VIDEO
from kirin.media.refusal import MediaRefused
from kirin.orchestration.uploads import Upload
from kirin.storage.keys import input_key

UPLOADS = "/model/v1/files"

LARGEST = ANY_VIDEO.max_bytes
"""Bytes of a file; no parameter takes a larger one."""

AT_ONCE = 4
"""Files that an account may send at a time to one API process: each lies on its disk
meanwhile, and the slowest line takes for ever."""

MEASURED = 4
FETCHED = 16
"""Files that are measured and fetched at a time. Both take long, so they have threads of their own;
fetching takes as long as strangers' servers like, and so keeps nobody from sending."""

REQUEST_BYTES = 16_384
"""Of a request that names an address."""


def upload_routes(rooms: Rooms) -> APIRouter:
    """The routes under ``/model/v1/files``."""
    router = APIRouter()
    under_way: Counter[str] = Counter()
    measuring, fetching = CapacityLimiter(MEASURED), CapacityLimiter(FETCHED)

    @contextmanager
    def one_of_few(account: str) -> Iterator[Path]:
        """A place for one file, while the account sends no more than it may and the disk has
        room."""
        if under_way[account] >= AT_ONCE:
            raise TooManyUploads
        under_way[account] += 1
        try:
            with tempfile.TemporaryDirectory(prefix="kirin-") as folder:
                yield Path(folder) / "upload"
        except OSError as error:
            raise StorageAway from error
        finally:
            under_way[account] -= 1
            if not under_way[account]:
                del under_way[account]

    async def apart(work: Callable[[], Upload], threads: CapacityLimiter) -> Upload:
        return await to_thread.run_sync(work, limiter=threads)

    def shown(request: Request, upload: Upload) -> Response:
        return json_answer(present(rooms, upload, rooms.base_url(request)))

    async def send(request: Request) -> Response:
        caller = await admit(rooms, request, Scope.GENERATE)
        await rooms.blocking(rooms.uploads.check_room, caller.account)
        with one_of_few(caller.account) as path:
            await save_body(request, LARGEST, rooms.upload_seconds, path)
            with refused_as("body"):
                upload = await apart(partial(rooms.uploads.add, caller.account, path), measuring)
        return shown(request, upload)

    async def fetch(request: Request) -> Response:
        caller = await admit(rooms, request, Scope.GENERATE)
        body = parse_object(await read_body(request, REQUEST_BYTES, rooms.body_seconds))
        url = address(body)
        await rooms.blocking(rooms.uploads.check_room, caller.account)
        gone = Event()
        with one_of_few(caller.account) as path, refused_as("url"):
            work = partial(rooms.uploads.fetch, caller.account, url, path, gone.is_set)
            upload = await unless_gone(request, apart(work, fetching), gone.set)
        # For a client that has hung up meanwhile, any answer will do.
        return shown(request, upload) if upload else Response()

    router.add_api_route(UPLOADS, send, methods=["POST"])
    router.add_api_route(f"{UPLOADS}/fetch", fetch, methods=["POST"])
    return router


def address(body: Mapping[str, Any]) -> str:
    """The URL in a request.

    Raises:
        InvalidParameters: there is none, or something else.
    """
    url = body.get("url")
    others = [name for name in body if name != "url"]
    lone = "there is no such parameter; it takes url alone"
    problems = list(unknown_names(others, "", lambda _: lone, ()))
    if not isinstance(url, str) or not url:
        message = "it takes the URL of a picture or a video"
        problems.append(Problem("url", "required", message))
    if problems or not isinstance(url, str):
        raise InvalidParameters(problems)
    return url


@contextmanager
def refused_as(param: str) -> Iterator[None]:
    """What is refused within came in by this part of the request.

    Raises:
        InvalidParameters: it was refused.
    """
    try:
        yield
    except MediaRefused as refusal:
        problem = Problem(param, refusal.code, refusal.message, refusal.rules)
        raise InvalidParameters([problem]) from refusal
    except FetchFailed as failure:
        raise InvalidParameters([Problem(param, "not_fetched", failure.message)]) from failure


def present(rooms: Rooms, upload: Upload, base_url: str) -> dict[str, Any]:
    """An upload as the wire shows it."""
    asset = upload.asset
    facts: dict[str, Any] = {}
    if asset.kind is AssetKind.VIDEO:
        facts = {
            "duration": asset.seconds,
            "fps": float(asset.fps or 0),
            "has_audio": asset.has_audio,
        }
    return {
        "url": rooms.links.url(base_url, input_key(asset.sha256), upload.at / 1000),
        "type": asset.kind.value,
        "mime": asset.mime,
        "size": asset.size,
        "width": asset.width,
        "height": asset.height,
        **facts,
        "expires_at": upload.expires_at,
    }
