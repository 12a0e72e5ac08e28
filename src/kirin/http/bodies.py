"""Request bodies: read within limits of size and time, decoded, and parsed."""

from __future__ import annotations

import asyncio
import zlib
from codecs import BOM_UTF8
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from anyio import current_time, fail_after, open_file
from anyio.lowlevel import checkpoint
from fastapi import Request
from pydantic_core import from_json
from starlette.requests import ClientDisconnect

from kirin.errors import (
    BodyTooLarge,
    InvalidParameters,
    MalformedBody,
    Problem,
    RequestTimeout,
    UnsupportedContentEncoding,
)
from kirin.http.duplicate_keys import all_keys_differ, duplicate_keys, without_long_strings

JsonObject = Mapping[str, Any]

BODY_ERRORS = (
    InvalidParameters,
    MalformedBody,
    RequestTimeout,
    BodyTooLarge,
    UnsupportedContentEncoding,
)
"""What may happen wherever a body is read."""

ADVICE = "pass large pictures by URL instead of base64"
"""What to do about a JSON body that is too large."""

BUFFER_BYTES = 1024 * 1024
"""How much of a body is written to a file, or decompressed, at a time."""

GZIP_WINDOW = 16 + zlib.MAX_WBITS
"""``wbits`` of zlib for the format of gzip."""


@dataclass(frozen=True)
class BodyLimits:
    """How large a JSON body may be, and how many seconds it may take to arrive."""

    max_bytes: int
    seconds: float


async def read_body(request: Request, limit: int, seconds: float) -> bytes:
    """Read a body into memory, up to a limit; one with ``Content-Encoding: gzip`` is decompressed.

    Args:
        limit: bytes, as sent and decompressed.
        seconds: time for the whole body.

    Raises:
        BodyTooLarge: it is larger, or its Content-Length is.
        RequestTimeout: it did not arrive in time.
        MalformedBody: the connection closed before all of it had arrived, or it is not gzip.
        UnsupportedContentEncoding: it has another encoding.
    """
    coding = _coding_of(request)
    if coding not in ("", "gzip"):
        raise _unsupported(coding, "plain or as gzip")
    # getvalue() shares the buffer; a bytearray would be copied once more to be parsed.
    body = BytesIO()
    if coding:
        async for chunk in _decompressed(body_chunks(request, limit, seconds, ADVICE), limit):
            body.write(chunk)
        return body.getvalue()
    _check_declared(request, limit, ADVICE)
    with _arriving(seconds):
        async with asyncio.timeout(seconds):  # for all of it: each costs as much as a small body
            async for chunk in request.stream():
                if body.tell() + len(chunk) > limit:
                    raise _too_large(limit, ADVICE)
                body.write(chunk)
    return body.getvalue()


async def save_body(request: Request, limit: int, seconds: float, path: Path) -> None:
    """Write a body to a file, up to a limit.

    Args:
        limit, seconds: as for :func:`read_body`.
        path: the file, which is created.

    Raises:
        ApiError: as :func:`read_body`.
        OSError: the file cannot be written.
    """
    refuse_encoding(request)
    async with await open_file(path, "wb", buffering=BUFFER_BYTES) as file:
        async for chunk in body_chunks(request, limit, seconds, "shorten it or compress it more"):
            await file.write(chunk)


async def body_chunks(
    request: Request, limit: int, seconds: float, advice: str
) -> AsyncIterator[bytes]:
    """The chunks of a body as they arrive.

    Args:
        limit, seconds: as for :func:`read_body`.
        advice: what to do about a body that is too large.

    Raises:
        ApiError: as :func:`read_body`.
    """
    _check_declared(request, limit, advice)
    end = current_time() + seconds
    arrived = 0
    stream = aiter(request.stream())
    while True:
        # The timeout must not span a yield: another task may ask for the next chunk.
        with _arriving(seconds), fail_after(end - current_time()):
            chunk = await anext(stream, None)
        if chunk is None:
            return
        arrived += len(chunk)
        if arrived > limit:
            raise _too_large(limit, advice)
        yield chunk


def _check_declared(request: Request, limit: int, advice: str) -> None:
    declared = request.headers.get("Content-Length", "")
    if declared.isdecimal() and int(declared[:20]) > limit:
        raise _too_large(limit, advice)


@contextmanager
def _arriving(seconds: float) -> Iterator[None]:
    """Around waiting for bytes of a body, which may take so long in all.

    Raises:
        RequestTimeout: they did not arrive in time.
        MalformedBody: the connection was closed before.
    """
    try:
        yield
    except TimeoutError:
        raise RequestTimeout(f"the body did not arrive within {seconds:g} seconds") from None
    except ClientDisconnect:
        raise MalformedBody("the connection closed before the whole body was sent") from None


async def _decompressed(chunks: AsyncIterator[bytes], limit: int) -> AsyncIterator[bytes]:
    """Decompress gzip, a bounded piece at a time.

    Raises:
        BodyTooLarge: more than ``limit`` bytes come out.
        MalformedBody: it is damaged, cut off, or followed by something else.
    """
    gzip = zlib.decompressobj(GZIP_WINDOW)
    size = 0
    async for chunk in chunks:
        if gzip.eof and chunk:
            raise MalformedBody("something follows the gzip stream of the body")
        waiting = chunk
        while waiting:
            try:
                piece = gzip.decompress(waiting, BUFFER_BYTES)
            except zlib.error:
                raise MalformedBody("the body is not gzip, or it is damaged") from None
            size += len(piece)
            if size > limit:
                raise _too_large(limit, ADVICE)
            if gzip.unused_data:
                raise MalformedBody("something follows the gzip stream of the body")
            yield piece
            waiting = gzip.unconsumed_tail
            if waiting:
                await checkpoint()  # others get a turn
    if not gzip.eof:
        raise MalformedBody("the gzip stream of the body is cut off")


def refuse_encoding(request: Request) -> None:
    """Check that a file comes without Content-Encoding: its bytes are kept as they are.

    Raises:
        UnsupportedContentEncoding: it has one.
    """
    if coding := _coding_of(request):
        raise _unsupported(coding, "plain")


def _coding_of(request: Request) -> str:
    """The Content-Encoding of a body; empty if it has none."""
    value = ",".join(request.headers.getlist("Content-Encoding")).strip().lower()
    return {"identity": "", "x-gzip": "gzip"}.get(value, value)


def _unsupported(coding: str, how: str) -> UnsupportedContentEncoding:
    return UnsupportedContentEncoding(
        f"the Content-Encoding {coding[:40]!r} is not supported here: send the body {how}"
    )


def parse_object(body: bytes) -> JsonObject:
    """Parse a body that is a JSON object; it may begin with the byte order mark of UTF-8.

    Raises:
        MalformedBody: it is not JSON, which the message locates, not an object, or has
            too many strings.
        InvalidParameters: an object in it has a key twice.
    """
    body = body.removeprefix(BOM_UTF8)
    short = without_long_strings(body)
    try:
        # Strings are not cached: megabytes of base64 would stay in the cache.
        parsed = from_json(body, allow_inf_nan=False, cache_strings=False)
        repeated = [] if all_keys_differ(parsed, short) else duplicate_keys(body, short)
    except ValueError as error:
        raise MalformedBody(f"the body is not JSON: {error}") from None
    if not isinstance(parsed, dict):
        raise MalformedBody("the body must be a JSON object")
    if repeated:
        message = "this key appears more than once in its JSON object: send it once"
        raise InvalidParameters([Problem(path, "duplicate_key", message) for path in repeated])
    return parsed


def _too_large(limit: int, advice: str) -> BodyTooLarge:
    return BodyTooLarge(f"the body is larger than {limit:,} bytes: {advice}")
