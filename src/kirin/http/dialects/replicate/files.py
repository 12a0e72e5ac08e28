"""Routes of files that are sent ahead of the predictions that use them."""

from __future__ import annotations

import json
from functools import partial
from mimetypes import guess_extension
from typing import Annotated, Any, Final

from fastapi import APIRouter, Request, Response
from pydantic import Field
from typing_extensions import TypedDict

from kirin.accounts.keys import Scope
from kirin.errors import (
    InvalidParameters,
    NotFound,
    Problem,
)
from kirin.http.dialects.dialect import DialectDependencies
from kirin.http.dialects.replicate.addresses import serve
from kirin.http.dialects.replicate.prediction_json import ROOT
from kirin.http.dialects.replicate.prediction_routes import CURSOR, SCHEMES
from kirin.http.dialects.times import iso
from kirin.http.files.forms import FORM_DATA, SentFile
from kirin.http.files.uploads import SENDING_ERRORS
from kirin.http.pagination import PAGE_LIMIT, cut, decode_cursor
from kirin.http.query_parameters import PathParameter
from kirin.http.responses import json_response
from kirin.http.route import Route
from kirin.orchestration.uploads import Upload
from kirin.storage.keys import input_key
from kirin.storage.links import Links
from kirin.wire import replicate as wire

FILES: Final = f"{ROOT}{wire.FILES}"
FILE: Final = f"{FILES}/{{file_id}}"
FILE_ID: Final = PathParameter("file_id", "id of the file")
GONE: Final = "there is no file of this id, or it is no longer kept"


class FileUrlsJson(TypedDict):
    """Addresses of a file."""

    get: Annotated[str, Field(description="Stands for the file in an input; it takes no key.")]


class FileJson(TypedDict):
    """A file that was sent."""

    id: Annotated[str, Field(description="The SHA-256 of its bytes.")]
    name: str
    content_type: Annotated[str, Field(description="As found out from its bytes.")]
    size: Annotated[int, Field(description="bytes")]
    etag: str
    checksums: dict[str, str]
    metadata: Annotated[dict[str, Any], Field(description="Always empty.")]
    created_at: str
    expires_at: str
    urls: FileUrlsJson


class FilePageJson(TypedDict):
    """A page of the account's files, the newest first."""

    previous: None
    next: str | None
    results: list[FileJson]


SEND: Final = Route(
    method="POST",
    path=FILES,
    id="files.create",
    summary="Send a picture, video or sound for later predictions",
    scope=Scope.GENERATE,
    schemes=SCHEMES,
    request_body={
        "required": True,
        "content": {
            FORM_DATA: {
                "schema": {
                    "type": "object",
                    "properties": {
                        wire.FILE_FIELD: {
                            "type": "string",
                            "contentMediaType": "application/octet-stream",
                        },
                        **{name: {"type": "string"} for name in wire.FILE_NOTES},
                    },
                    "required": [wire.FILE_FIELD],
                    "additionalProperties": False,
                }
            }
        },
    },
    answer=FileJson,
    status=201,
    errors=SENDING_ERRORS,
)
LIST: Final = Route(
    method="GET",
    path=FILES,
    id="files.list",
    summary="The files of the account that are kept",
    scope=Scope.READ,
    schemes=SCHEMES,
    parameters=(CURSOR,),
    answer=FilePageJson,
    errors=(InvalidParameters,),
)
READ: Final = Route(
    method="GET",
    path=FILE,
    id="files.get",
    summary="A file",
    scope=Scope.READ,
    schemes=SCHEMES,
    parameters=(FILE_ID,),
    answer=FileJson,
    errors=(NotFound,),
)
DELETE: Final = Route(
    method="DELETE",
    path=FILE,
    id="files.delete",
    summary="Forget a file; predictions that use it keep it",
    scope=Scope.GENERATE,
    schemes=SCHEMES,
    parameters=(FILE_ID,),
    status=204,
    errors=(NotFound,),
)
ROUTES: Final = (SEND, LIST, READ, DELETE)


def add_file_routes(router: APIRouter, spoken: DialectDependencies) -> None:
    """Add the routes of files."""
    desk = spoken.upload_desk
    deps, uploads = desk.deps, desk.deps.uploads
    admit, threads = deps.authenticator.admit, deps.threads

    def shown(request: Request, upload: Upload, name: str = "") -> FileJson:
        return file_json(upload, deps.links, deps.base_url.of(request), name)

    async def send(request: Request) -> Response:
        caller = await admit(request, SEND)
        upload, sent = await desk.receive(
            request, caller.account, notes=wire.FILE_NOTES, check=check_sent
        )
        return json_response(shown(request, upload, name_of(sent)), SEND.status)

    async def list_files(request: Request) -> Response:
        caller = await admit(request, LIST)
        cursor = request.query_params.get(CURSOR.name)
        before = None if cursor is None else decode_cursor(cursor)
        if cursor is not None and before is None:
            problem = Problem(CURSOR.name, "not_valid", "it takes a page's next")
            raise InvalidParameters([problem])
        page = partial(uploads.page, caller.account, PAGE_LIMIT + 1, before)
        found, after = cut(
            await threads.run(page), PAGE_LIMIT, lambda last: (last.at, last.asset.sha256)
        )
        link = f"{deps.base_url.of(request)}{FILES}?{CURSOR.name}={after}"
        results = [shown(request, each) for each in found]
        return json_response(
            FilePageJson(previous=None, next=link if after else None, results=results)
        )

    async def read(request: Request, file_id: str) -> Response:
        caller = await admit(request, READ)
        found = await threads.run_short(partial(uploads.find, caller.account, file_id))
        if found is None:
            raise NotFound(GONE)
        return json_response(shown(request, found))

    async def delete(request: Request, file_id: str) -> Response:
        caller = await admit(request, DELETE)
        if not await threads.run(uploads.forget, caller.account, file_id):
            raise NotFound(GONE)
        return Response(status_code=DELETE.status)

    serve(router, SEND, send)
    serve(router, LIST, list_files)
    serve(router, READ, read)
    serve(router, DELETE, delete)


def check_sent(sent: SentFile) -> None:
    """Check what a form says beside its file.

    Raises:
        InvalidParameters: the file is in another field, or something is to be kept with it.
    """
    problems: list[Problem] = []
    if sent.part != wire.FILE_FIELD:
        message = f"send the file as the field {wire.FILE_FIELD} of a form"
        problems.append(Problem(sent.part, "unknown_parameter", message))
    try:
        metadata = json.loads(sent.notes.get("metadata") or b"{}")
    except (ValueError, RecursionError):
        metadata = None
    if metadata != {}:
        message = "it takes an empty object: files have no metadata here"
        problems.append(Problem("metadata", "not_an_option", message))
    if problems:
        raise InvalidParameters(problems)


def name_of(sent: SentFile) -> str:
    """What a form calls its file."""
    return sent.notes.get("filename", b"").decode("utf-8", "replace") or sent.name


def file_json(upload: Upload, links: Links, base_url: str, name: str = "") -> FileJson:
    """A file as the clients read it.

    Args:
        name: that it came with; later only its bytes are known.
    """
    asset = upload.asset
    return {
        "id": asset.sha256,
        "name": name or f"file{guess_extension(asset.mime) or ''}",
        "content_type": asset.mime,
        "size": asset.size,
        "etag": asset.sha256,
        "checksums": {"sha256": asset.sha256},
        "metadata": {},
        "created_at": iso(upload.at),
        "expires_at": iso(upload.expires_at),
        "urls": {"get": links.url(base_url, input_key(asset.sha256), upload.at / 1000)},
    }
