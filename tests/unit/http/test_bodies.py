"""Request bodies: read within limits of size and time, and parsed without surprises."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest
from fastapi import Request

from kirin.errors import BodyTooLarge, MalformedBody, RequestTimeout
from kirin.http.bodies import parse_object, read_body


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
