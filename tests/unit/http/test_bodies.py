"""Request bodies: read within limits of size and time, and parsed without surprises."""

from __future__ import annotations

import asyncio
import gzip
import tracemalloc
import zlib
from codecs import BOM_UTF8
from collections.abc import Sequence
from pathlib import Path

import pytest
from fastapi import Request

from kirin.errors import (
    BodyTooLarge,
    InvalidParameters,
    MalformedBody,
    RequestTimeout,
    UnsupportedContentEncoding,
)
from kirin.http.bodies import BUFFER_BYTES, parse_object, read_body, save_body
from kirin.http.duplicate_keys import (
    LONG,
    MOST_QUOTES,
    MOST_REPORTED,
    without_long_strings,
)


def request(chunks: Sequence[bytes], *, declared: str | None = None, end: bool = True) -> Request:
    """A request whose body comes in pieces, and perhaps never to its end."""
    waiting = list(chunks)

    async def receive() -> dict[str, object]:
        if not waiting and not end:
            await asyncio.sleep(60)
        if not waiting:
            return {"type": "http.disconnect"}
        return {
            "type": "http.request",
            "body": waiting.pop(0),
            "more_body": bool(waiting or not end),
        }

    headers = [] if declared is None else [(b"content-length", declared.encode())]
    return Request({"type": "http", "method": "POST", "headers": headers}, receive)


def read(request: Request, limit: int = 10, seconds: float = 60) -> bytearray:
    return asyncio.run(read_body(request, limit, seconds))


def test_a_body_in_pieces() -> None:
    assert read(request([b"01234", b"", b"56789"])) == b"0123456789"
    assert read(request([b""])) == b""


@pytest.mark.parametrize("declared", ["11", "99999999999999999999"])
def test_a_body_that_says_it_is_too_large_is_not_read(declared: str) -> None:  # W-9
    asked = request([], declared=declared, end=False)
    with pytest.raises(BodyTooLarge, match="10 bytes"):
        read(asked, seconds=1)


@pytest.mark.parametrize("declared", [None, "5", "-1", "nonsense", ""])
def test_a_body_is_counted_whatever_it_says(declared: str | None) -> None:  # W-9
    with pytest.raises(BodyTooLarge):
        read(request([b"012345", b"67890"], declared=declared))


def test_a_body_that_never_ends() -> None:
    with pytest.raises(RequestTimeout, match=r"within 0.05 seconds"):
        read(request([b"01"], end=False), seconds=0.05)


def test_a_body_that_breaks_off() -> None:
    with pytest.raises(MalformedBody, match="closed"):
        read(request([]))


def encoded(body: bytes, coding: str, *, piece: int = 1000) -> Request:
    asked = request([body[at : at + piece] for at in range(0, len(body), piece)] or [b""])
    asked.scope["headers"].append((b"content-encoding", coding.encode()))
    return asked


@pytest.mark.parametrize(
    "size", [0, 9, BUFFER_BYTES - 1, BUFFER_BYTES, 3 * BUFFER_BYTES, 3_333_333]
)
@pytest.mark.parametrize("coding", ["gzip", "GZIP", "x-gzip"])
@pytest.mark.parametrize("piece", [7, 100_000])
def test_gzip(size: int, coding: str, piece: int) -> None:
    body = bytes(range(256)) * (size // 256) + b"x" * (size % 256)
    sent = gzip.compress(body)
    assert read(encoded(sent, coding, piece=piece), limit=max(size, len(sent))) == body


def test_identity_is_no_encoding() -> None:
    assert read(encoded(b"hello", "identity")) == b"hello"
    assert read(encoded(b"hello", "")) == b"hello"


def test_gzip_is_limited_by_what_comes_out() -> None:  # W-9
    bomb = gzip.compress(b"\0" * 200_000_000)
    tracemalloc.start()
    try:
        with pytest.raises(BodyTooLarge, match="1,000,000 bytes"):
            read(encoded(bomb, "gzip", piece=len(bomb)), limit=1_000_000)
        assert tracemalloc.get_traced_memory()[1] < 10_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        (b"{}", "not gzip"),
        (zlib.compress(b"{}"), "not gzip"),
        (b"", "cut off"),
        (gzip.compress(b"{}", mtime=0)[:-1], "cut off"),
        (gzip.compress(b"{}", mtime=0) + b"x", "follows"),
        (gzip.compress(b"{}", mtime=0) * 2, "follows"),
        (gzip.compress(b"{}", mtime=0)[:-8] + b"\0" * 8, "damaged"),
    ],
)
@pytest.mark.parametrize("piece", [1, 1000])
def test_bad_gzip(sent: bytes, message: str, piece: int) -> None:  # W-9
    with pytest.raises(MalformedBody, match=message):
        read(encoded(sent, "gzip", piece=piece), limit=1000)


@pytest.mark.parametrize("coding", ["br", "zstd", "deflate", "gzip, gzip", "identity, br", "GZIP2"])
def test_other_encodings_are_refused_by_name(coding: str) -> None:  # W-9
    with pytest.raises(UnsupportedContentEncoding, match=coding.lower()) as refused:
        read(encoded(b"{}", coding))
    assert refused.value.status == 415
    assert refused.value.sent_headers == {"Accept-Encoding": "gzip"}


@pytest.mark.parametrize("coding", ["gzip", "br"])
def test_files_are_not_decoded(coding: str, tmp_path: Path) -> None:  # W-9
    path = tmp_path / "file"
    with pytest.raises(UnsupportedContentEncoding, match=coding):
        asyncio.run(save_body(encoded(gzip.compress(b"a"), coding), 100, 60, path))
    assert not path.exists()


def test_an_object() -> None:
    assert parse_object(bytearray(b'{"a": [1, 2.5, null, true, "\\u00e4"]}')) == {
        "a": [1, 2.5, None, True, "ä"]
    }


def test_strings_that_repeat_are_not_kept() -> None:
    first = parse_object(bytearray(b'{"a": "some text"}'))["a"]
    second = parse_object(bytearray(b'{"a": "some text"}'))["a"]
    assert first is not second


def test_a_byte_order_mark_is_skipped() -> None:
    assert parse_object(BOM_UTF8 + b'{"a": "\xc3\xa4"}') == {"a": "ä"}
    for body in (BOM_UTF8, BOM_UTF8 * 2 + b"{}", '{"a": 1}'.encode("utf-16")):
        with pytest.raises(MalformedBody, match="not JSON"):
            parse_object(body)


@pytest.mark.parametrize(
    ("body", "paths"),
    [
        ('{"a": 1, "a": 1}', ["a"]),
        ('{"a": 1, "\\u0061": 2, "b": 3, "a": 4}', ["a"]),
        ('{"a": {"b": [0, [1, {"c": 1, "d": 2, "c": 3}]]}}', ["a.b[1][1].c"]),
        ('{"a": [{"x": 1, "x": 2}, {"y": 1}, {"z": 1, "z": {}}], "b": 0}', ["a[0].x", "a[2].z"]),
        ('{"a": {"a": 1}, "A": {"a": 2}, "": "a"}', []),
        ('{"a": "\\"a\\": 1, \\"a\\": 2"}', []),
        ('{"a\\\\": 1, "a\\"": 2, "a": [{"a": 1}, {"a": 1}]}', []),
        ('{"a": 1.5, "b": 123456789}', []),
        ('{"a": "LONG\\\\", "b": {"c": 1, "c": 2}}', ["b.c"]),
        ('{"a": "LONG\\"", "a": "LONG"}', ["a"]),
        ('{"LONG1": 1, "LONG2": 2}', []),
        ('{"LONG": 1, "LONG": 2}', ["x" * 40 + "..."]),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_key_that_comes_twice_is_refused_by_its_path(body: str, paths: list[str]) -> None:
    sent = body.replace("LONG", "x" * LONG).replace("123456789", "9" * 4000).encode()
    if not paths:
        assert parse_object(sent)
        return
    with pytest.raises(InvalidParameters) as refused:
        parse_object(sent)
    found = refused.value.problems
    assert [(problem.param, problem.code) for problem in found] == [
        (path, "duplicate_key") for path in paths
    ]


def test_of_very_many_duplicates_the_first_are_reported() -> None:
    entries = ", ".join(['{"b": 1, "b": 2}'] * (MOST_REPORTED + 5))
    body = f'{{"a": [{entries}]}}'
    with pytest.raises(InvalidParameters) as refused:
        parse_object(body.encode())
    assert len(refused.value.problems) == MOST_REPORTED


def test_a_body_of_endless_strings_is_refused() -> None:
    for filler in (b'"",', b'\\"'):
        body = b'{"a": [' + filler * MOST_QUOTES + b"1]}"
        with pytest.raises(MalformedBody, match="250,000 strings"):
            parse_object(body)


def test_pictures_make_no_difference_to_the_search_for_duplicates() -> None:
    """What is scanned of a body is what its long strings leave of it."""
    body = b'{"image": "%s", "mode": "std"}' % (b"A" * 14_000_000)
    assert without_long_strings(body) == b'{"image": "", "mode": "std"}'
