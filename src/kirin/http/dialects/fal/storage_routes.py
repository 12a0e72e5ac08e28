"""The addresses of files, as the OpenAPI document describes them."""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import Field
from typing_extensions import TypedDict

from kirin.accounts.keys import Scope
from kirin.errors import (
    BodyTooLarge,
    LimitReached,
    MalformedBody,
    RequestTimeout,
    SignatureRefused,
    UnsupportedContentEncoding,
)
from kirin.http.dialects.fal.request_routes import QUEUE
from kirin.http.files.uploads import MAX_FILE_BYTES, SENDING_ERRORS
from kirin.http.protocols.kirin_models import Url
from kirin.http.query_parameters import Parameter, PathParameter
from kirin.http.route import JSON, Route, Schema
from kirin.wire.fal import KEY_SCHEMES

REST: Final = f"{QUEUE}/rest"
CDN: Final = f"{QUEUE}/cdn"
"""What stands here for the hosts of the clients' files."""

PROMISED: Final = "promised"
"""Room of the files that were promised, in the links that let them be sent."""


class FalUploadJson(TypedDict):
    """Where a file is to be sent, and where it will be."""

    upload_url: Annotated[Url, Field(description="takes the file by PUT, without a key")]
    file_url: Annotated[Url, Field(description="stands for the file in requests")]


class FalAccessJson(TypedDict):
    """A file that was sent."""

    access_url: Annotated[Url, Field(description="stands for the file in requests")]


class FalTokenJson(TypedDict):
    """What lets a client send files."""

    token: str
    token_type: str
    base_url: Url
    expires_at: Annotated[str, Field(description="ISO 8601")]


_FILE: Final[Schema] = {
    "required": True,
    "content": {
        "application/octet-stream": {
            "schema": {
                "type": "string",
                "contentEncoding": "binary",
                "maxLength": MAX_FILE_BYTES,
            }
        }
    },
}

INITIATE: Final = Route(
    method="POST",
    path=f"{REST}/storage/upload/initiate",
    id="initiateUpload",
    summary="Where a file may be sent, and where it will be",
    scope=Scope.GENERATE,
    schemes=KEY_SCHEMES,
    request_body={
        "content": {
            JSON: {
                "schema": {
                    "type": "object",
                    "description": "`file_name` and `content_type`; the type is detected from "
                    "the content",
                }
            }
        }
    },
    answer=FalUploadJson,
    errors=(MalformedBody, RequestTimeout, BodyTooLarge, UnsupportedContentEncoding),
)
TOKEN: Final = Route(
    method="POST",
    path=f"{REST}/storage/auth/token",
    id="storageToken",
    summary="What lets a client send files: the key that it has sent",
    scope=Scope.GENERATE,
    schemes=KEY_SCHEMES,
    answer=FalTokenJson,
)
UPLOAD: Final = Route(
    method="POST",
    path=f"{CDN}/files/upload",
    id="uploadFile",
    summary="Upload a file",
    scope=Scope.GENERATE,
    schemes=KEY_SCHEMES,
    request_body=_FILE,
    answer=FalAccessJson,
    errors=SENDING_ERRORS,
)
SEND: Final = Route(
    method="PUT",
    path=f"{CDN}/{PROMISED}/{{account}}/{{name}}",
    id="sendPromisedFile",
    summary="Send a file to where it was promised",
    parameters=(
        PathParameter("account"),
        PathParameter("name"),
        Parameter("expires"),
        Parameter("signature"),
    ),
    request_body=_FILE,
    answer=FalAccessJson,
    errors=(*SENDING_ERRORS, SignatureRefused, LimitReached),
)
ROUTES: Final = (INITIATE, TOKEN, UPLOAD, SEND)
