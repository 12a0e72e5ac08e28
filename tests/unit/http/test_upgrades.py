"""Offers to upgrade a connection are declined, and the request is answered with its body."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

import pytest
from fastapi import FastAPI, Request

from kirin.http.responses import json_response
from support.live import Live, answer_on, connected, received

HTTP2 = (
    b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n"
    b"HTTP2-Settings: AAEAAEAAAAIAAAABAAMAAABkAAQBAAAAAAUAAEAA\r\n"
)
WEB_SOCKET = (
    b"Connection: keep-alive, Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
)
CLOSE = b"GET /echo HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n"


@pytest.fixture(scope="module")
def live() -> Iterator[Live]:
    made = FastAPI(openapi_url=None)

    async def echo(request: Request) -> object:
        body = await request.body()
        digest = hashlib.sha256(body).hexdigest()
        return json_response({"size": len(body), "sha256": digest, "path": request.url.path})

    made.add_api_route("/echo", echo, methods=["GET", "POST"])
    with Live(made) as serving:
        yield serving


def request(offer: bytes, body: bytes, *, chunked: bool) -> bytes:
    if chunked:
        pieces = [body[at : at + 1000] for at in range(0, len(body), 1000)]
        sent = b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces)
        sent += b"0\r\nTrailer: yes\r\n\r\n"
        framing = b"Transfer-Encoding: chunked\r\n"
    else:
        sent, framing = body, b"Content-Length: %d\r\n" % len(body)
    return b"POST /echo?a=b HTTP/1.1\r\nHost: here\r\n" + offer + framing + b"\r\n" + sent


@pytest.mark.parametrize("offer", [HTTP2, WEB_SOCKET], ids=["h2c", "websocket"])
@pytest.mark.parametrize("chunked", [False, True])
@pytest.mark.parametrize("size", [0, 5, 300_000])
def test_the_body_is_read(live: Live, offer: bytes, chunked: bool, size: int) -> None:
    body = bytes(range(250)) * (size // 250) + b"x" * (size % 250)
    with connected(live) as connection:
        connection.sendall(request(offer, body, chunked=chunked) + CLOSE)
        told = received(connection)
    assert told.count(b"HTTP/1.1 200 OK") == 2
    assert b"101" not in told.split(b"\r\n")[0]
    assert hashlib.sha256(body).hexdigest().encode() in told


def test_a_body_that_comes_after_its_head(live: Live) -> None:
    head, _, body = request(HTTP2, b"hello", chunked=False).partition(b"\r\n\r\n")
    with connected(live) as connection:
        for byte in head + b"\r\n\r\n":
            connection.send(bytes([byte]))
        connection.sendall(body + CLOSE)
        assert received(connection).count(b'"size":5') == 1


def test_offers_one_after_the_other(live: Live) -> None:
    many = b"".join(request(HTTP2, b"a" * 7, chunked=number % 2 == 0) for number in range(20))
    with connected(live) as connection:
        connection.sendall(many + CLOSE)
        assert received(connection).count(b'"size":7') == 20


def test_a_body_is_waited_for_that_asks_first(live: Live) -> None:
    head, _, body = request(HTTP2 + b"Expect: 100-continue\r\n", b"hello", chunked=False).partition(
        b"\r\n\r\n"
    )
    with connected(live) as connection:
        connection.sendall(head + b"\r\n\r\n")
        assert connection.recv(1000) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sendall(body + CLOSE)
        assert b'"size":5' in received(connection)


def test_this_is_no_proxy(live: Live) -> None:
    with connected(live) as connection:
        connection.sendall(b"CONNECT other:443 HTTP/1.1\r\nHost: other:443\r\n\r\n\x16\x03\x01")
        status, told = answer_on(connection)
    assert (status, told["code"]) == (405, "method_not_allowed")
