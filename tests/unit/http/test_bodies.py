"""Request bodies: read within limits of size and time, and parsed without surprises."""

from __future__ import annotations

import asyncio
from codecs import BOM_UTF8
from collections.abc import Sequence

import pytest
from fastapi import Request

from kirin.errors import BodyTooLarge, InvalidParameters, MalformedBody, RequestTimeout
from kirin.http.bodies import parse_object, read_body
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


def read(request: Request, limit: int = 10, seconds: float = 5) -> bytearray:
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
