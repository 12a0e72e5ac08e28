"""The part of the OpenAPI document about files: those that are sent, and those that are read."""

from __future__ import annotations

from kirin.errors import (
    BodyTooLarge,
    InvalidKey,
    InvalidParameters,
    MalformedBody,
    NotFound,
    RangeRefused,
    RequestTimeout,
    ResultExpired,
    SignatureRefused,
    StorageAway,
    TooManyUploads,
)
from kirin.http.describe import body, errors, operation, parameter, ref, responses
from kirin.http.schemas import MILLISECONDS, STRING, Schema
from kirin.http.uploads import LARGEST, UPLOADS
from kirin.storage.links import FILES

UPLOAD: Schema = {
    "type": "object",
    "properties": {
        "url": {"type": "string", "format": "uri", "description": "stands for the file"},
        "type": {"type": "string", "enum": ["image", "video"]},
        "mime": STRING,
        "size": {"type": "integer", "description": "bytes"},
        "width": {"type": "integer"},
        "height": {"type": "integer"},
        "duration": {"type": "number", "description": "seconds; of videos"},
        "fps": {"type": "number", "description": "of videos"},
        "has_audio": {"type": "boolean", "description": "of videos"},
        "expires_at": MILLISECONDS,
    },
    "required": ["url", "type", "mime", "size", "width", "height", "expires_at"],
}


def file_paths() -> Schema:
    """The paths of files."""
    refusals = (
        InvalidParameters,
        InvalidKey,
        MalformedBody,
        RequestTimeout,
        BodyTooLarge,
        TooManyUploads,
        StorageAway,
    )
    content = {"type": "string", "contentEncoding": "binary", "maxLength": LARGEST}
    address = {
        "type": "object",
        "properties": {"url": {"type": "string", "format": "uri"}},
        "required": ["url"],
        "additionalProperties": False,
    }
    return {
        UPLOADS: {
            "post": {
                **operation("sendFile", "Send a picture or video that requests can then name"),
                "requestBody": {
                    "required": True,
                    "description": "the file, of whatever type: it is told by its content",
                    "content": {"application/octet-stream": {"schema": content}},
                },
                "responses": responses(ref("Upload"), *refusals),
            }
        },
        f"{UPLOADS}/fetch": {
            "post": {
                **operation("fetchFile", "Have the server fetch and measure one"),
                "requestBody": body(address),
                "responses": responses(ref("Upload"), *refusals),
            }
        },
        f"{FILES}/{{key}}": {
            "get": {
                **operation("readFile", "A result or upload, by its signed link", open_to_all=True),
                "parameters": [
                    parameter("key", "path", STRING),
                    parameter("expires", "query", STRING),
                    parameter("signature", "query", STRING),
                ],
                "responses": {
                    "200": {"description": "the file", "content": {"video/mp4": {}}},
                    "206": {"description": "the byte range asked for"},
                    **errors(SignatureRefused, NotFound, ResultExpired, RangeRefused),
                },
            }
        },
    }
