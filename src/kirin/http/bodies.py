"""Request bodies: read within limits, parsed off the event loop."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import Any

from anyio import fail_after
from fastapi import Request
from pydantic_core import from_json
from starlette.requests import ClientDisconnect

from kirin.errors import BodyTooLarge, MalformedBody, RequestTimeout

JsonObject = Mapping[str, Any]


async def read_body(request: Request, limit: int, seconds: float) -> bytes:
    """Read a body, and no more of it than is allowed.

    Args:
        limit: bytes.
        seconds: time for the whole of it.

    Raises:
        BodyTooLarge: it is larger, or says so.
        RequestTimeout: it did not arrive in time.
    """
    declared = request.headers.get("Content-Length", "")
    if declared.isdecimal() and int(declared[:20]) > limit:
        raise too_large(limit)
    # Its value is its buffer, while a bytearray would be copied once more to be parsed.
    body = BytesIO()
    try:
        with fail_after(seconds):
            async for chunk in request.stream():
                if body.tell() + len(chunk) > limit:
                    raise too_large(limit)
                body.write(chunk)
    except TimeoutError:
        raise RequestTimeout(f"the body did not arrive within {seconds:g} seconds") from None
    except ClientDisconnect:
        raise MalformedBody("the connection closed before the whole body was sent") from None
    return body.getvalue()


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


def too_large(limit: int) -> BodyTooLarge:
    """The error for a body above the limit."""
    return BodyTooLarge(
        f"the body is larger than {limit:,} bytes: pass large pictures by URL instead of base64"
    )
