"""Request bodies: read within limits, parsed off the event loop."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

from anyio import current_time, fail_after, open_file
from fastapi import Request
from pydantic_core import from_json
from starlette.requests import ClientDisconnect

from kirin.errors import BodyTooLarge, MalformedBody, RequestTimeout

JsonObject = Mapping[str, Any]


ADVICE = "pass large pictures by URL instead of base64"
"""What to do about a body of JSON that is too large."""

PIECE = 1024 * 1024
"""Bytes of a body that are written to a file at a time."""


async def read_body(request: Request, limit: int, seconds: float) -> bytes:
    """Read a body, and no more of it than is allowed.

    Args:
        limit: bytes.
        seconds: time for the whole of it.

    Raises:
        BodyTooLarge: it is larger, or says so.
        RequestTimeout: it did not arrive in time.
        MalformedBody: the connection closed before all of it was there.
    """
    # Its value is its buffer, while a bytearray would be copied once more to be parsed.
    body = BytesIO()
    async for chunk in arriving(request, limit, seconds, ADVICE):
        body.write(chunk)
    return body.getvalue()


async def save_body(request: Request, limit: int, seconds: float, path: Path) -> None:
    """Write a body into a file, and no more of it than is allowed.

    Args:
        limit, seconds: as for :func:`read_body`.
        path: the file, which is made.

    Raises:
        ApiError: as :func:`read_body`.
        OSError: the file cannot be written.
    """
    async with await open_file(path, "wb", buffering=PIECE) as file:
        async for chunk in arriving(request, limit, seconds, "shorten it or compress it more"):
            await file.write(chunk)


async def arriving(
    request: Request, limit: int, seconds: float, advice: str
) -> AsyncIterator[bytes]:
    """The pieces of a body as they come in; raises as :func:`read_body`."""
    declared = request.headers.get("Content-Length", "")
    if declared.isdecimal() and int(declared[:20]) > limit:
        raise too_large(limit, advice)
    end = current_time() + seconds
    arrived = 0
    pieces = aiter(request.stream())
    while True:
        try:
            # The limit may not span a yield: whoever asks for the next piece may be another task.
            with fail_after(end - current_time()):
                chunk = await anext(pieces, None)
        except TimeoutError:
            raise RequestTimeout(f"the body did not arrive within {seconds:g} seconds") from None
        except ClientDisconnect:
            raise MalformedBody("the connection closed before the whole body was sent") from None
        if chunk is None:
            return
        arrived += len(chunk)
        if arrived > limit:
            raise too_large(limit, advice)
        yield chunk


def parse_object(body: bytes) -> JsonObject:
    """The JSON object in a body.

    Raises:
        MalformedBody: it is no JSON, or no object; the message says where.
    """
    try:
        # Strings are not cached: base64 of megabytes would stay in the cache.
        parsed = from_json(body, allow_inf_nan=False, cache_strings=False)
    except ValueError as error:
        raise MalformedBody(f"the body is not JSON: {error}") from None
    if not isinstance(parsed, dict):
        raise MalformedBody("the body must be a JSON object")
    return parsed


def too_large(limit: int, advice: str) -> BodyTooLarge:
    """The error for a body above the limit."""
    return BodyTooLarge(f"the body is larger than {limit:,} bytes: {advice}")
