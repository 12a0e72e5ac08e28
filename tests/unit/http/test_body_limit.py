"""A body's limit counts what arrives, whatever its headers say."""

from __future__ import annotations

from typing import Any

import anyio
import pytest
from fastapi import Request

from kirin.errors import BodyTooLarge
from kirin.http.bodies import read_body

LIMIT = 8


def request_of(chunks: list[bytes]) -> Request:
    """A request whose body comes in these pieces, without a Content-Length."""
    pieces = iter(chunks)

    async def receive() -> dict[str, Any]:
        piece = next(pieces, None)
        return {"type": "http.request", "body": piece or b"", "more_body": piece is not None}

    return Request({"type": "http", "method": "POST", "path": "/", "headers": []}, receive)


def read(chunks: list[bytes]) -> bytes:
    return anyio.run(read_body, request_of(chunks), LIMIT, 5.0)


@pytest.mark.parametrize("chunks", [[b"12345678"], [b"1234", b"5678"], [b""], []])
def test_up_to_the_limit_it_is_read_whole(chunks: list[bytes]) -> None:  # W-9
    assert read(chunks) == b"".join(chunks)


@pytest.mark.parametrize("chunks", [[b"123456789"], [b"12345678", b"9"], [b"1"] * 9])
def test_one_byte_more_is_refused_in_any_pieces(chunks: list[bytes]) -> None:  # W-9
    with pytest.raises(BodyTooLarge):
        read(chunks)
