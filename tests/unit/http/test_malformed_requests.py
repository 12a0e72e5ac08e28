"""Requests that are no HTTP, or HTTP that is not served: answered with JSON (W-9)."""

from __future__ import annotations

import asyncio
import json
import re
import threading
from collections.abc import Iterator

import pytest
from fastapi import FastAPI, Request

from kirin.http.error_answers import ErrorAnswers
from kirin.http.middleware import RequestContext
from kirin.http.responses import json_response
from support.live import Live, answer_on, connected, received

GET = b"GET /echo HTTP/1.1\r\nHost: here\r\n"
POST = b"POST /echo HTTP/1.1\r\nHost: here\r\n"
CHUNKED = POST + b"Transfer-Encoding: chunked\r\n\r\n"


@pytest.fixture(scope="module")
def live() -> Iterator[Live]:
    made = FastAPI(openapi_url=None)

    async def echo(request: Request) -> object:
        body = await request.body()
        await asyncio.sleep(0.2)
        return json_response({"size": len(body)})

    made.add_api_route("/echo", echo, methods=["GET", "POST"])
    made.add_middleware(RequestContext, answers=ErrorAnswers())
    with Live(made) as serving:
        yield serving


@pytest.mark.parametrize(
    ("sent", "status", "code"),
    [
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400, "malformed_request"),
        (b"nonsense\r\n\r\n", 400, "malformed_request"),
        (b"BREW /echo HTTP/1.1\r\nHost: here\r\n\r\n", 400, "malformed_request"),
        (b"GET /echo HTTP/3.0\r\nHost: here\r\n\r\n", 400, "malformed_request"),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400, "malformed_request"),
        (b"GET /\xe9 HTTP/1.1\r\nHost: here\r\n\r\n", 400, "malformed_request"),
        (b"GET http://[ HTTP/1.1\r\nHost: here\r\n\r\n", 400, "malformed_request"),
        (GET + b"no colon\r\n\r\n", 400, "malformed_request"),
        (GET + b"A: b\x00c\r\n\r\n", 400, "malformed_request"),
        (GET + b"A : b\r\n\r\n", 400, "malformed_request"),
        (GET + b"A: b\r\n folded\r\n\r\n", 400, "malformed_request"),
        (POST + b"Content-Length: five\r\n\r\n", 400, "malformed_request"),
        (POST + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\n", 400, "malformed_request"),
        (
            POST + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
            400,
            "malformed_request",
        ),
        (POST + b"Transfer-Encoding: gzip\r\n\r\n", 501, "unsupported_transfer_coding"),
        (POST + b"Transfer-Encoding: gzip, chunked\r\n\r\n", 501, "unsupported_transfer_coding"),
        (CHUNKED + b"zz\r\n", 400, "malformed_request"),
        (CHUNKED + b"5\r\nhello!!", 400, "malformed_request"),
        (b"GET /echo HTTP/1.1\r\n\r\n", 400, "malformed_request"),
        (GET + b"Host: other\r\n\r\n", 400, "malformed_request"),
        (b"GET /echo HTTP/1.1\r\nHost: \r\n\r\n", 400, "malformed_request"),
        (b"GET /echo HTTP/1.1\r\nHost: a/b?c\r\n\r\n", 400, "malformed_request"),
        (b"GET /echo HTTP/1.1\r\nHost: user@here\r\n\r\n", 400, "malformed_request"),
        (b"GET /echo HTTP/1.1\r\nHost: [::1\r\n\r\n", 400, "malformed_request"),
        (b"GET /echo HTTP/1.1\r\nHost: here:http\r\n\r\n", 400, "malformed_request"),
    ],
    ids=lambda value: repr(value)[:60] if isinstance(value, bytes) else None,
)
def test_an_error_of_the_http_layer_is_json(
    live: Live, sent: bytes, status: int, code: str
) -> None:  # W-9
    with connected(live) as connection:
        connection.sendall(sent)
        told = received(connection)
    head, _, body = told.partition(b"\r\n\r\n")
    lines = head.decode().split("\r\n")
    headers = dict(line.lower().split(": ", 1) for line in lines[1:])
    error = json.loads(body)
    assert int(lines[0].split()[1]) == status
    assert headers["content-type"] == "application/json"
    assert headers["connection"] == "close"
    assert error.keys() == {"code", "message", "request_id"}
    assert (error["code"], error["request_id"]) == (code, headers["x-request-id"])
    assert error["message"]


@pytest.mark.parametrize(
    "host", [b"here", b"here:8000", b"127.0.0.1:80", b"[::1]", b"[::1]:8000", b"xn--bcher-kva.de"]
)
def test_a_good_host(live: Live, host: bytes) -> None:
    with connected(live) as connection:
        connection.sendall(b"GET /echo HTTP/1.1\r\nConnection: close\r\nHost: %s\r\n\r\n" % host)
        assert answer_on(connection)[0] == 200


def test_http_1_0_needs_no_host(live: Live) -> None:
    with connected(live) as connection:
        connection.sendall(b"GET /echo HTTP/1.0\r\n\r\n")
        assert answer_on(connection)[0] == 200


def test_an_error_comes_after_the_answers_to_earlier_requests(live: Live) -> None:
    with connected(live) as connection:
        connection.sendall(GET + b"\r\n" + GET + b"\r\n" + b"nonsense\r\n\r\n")
        told = received(connection)
    assert re.findall(rb"HTTP/1.1 (\d{3})", told) == [b"200", b"200", b"400"]


def test_the_end_of_the_server_is_told() -> None:  # W-9
    made, waits = FastAPI(openapi_url=None), threading.Event()

    async def wait() -> object:
        waits.set()
        await asyncio.sleep(60)
        return json_response({})

    made.add_api_route("/wait", wait)
    made.add_middleware(RequestContext, answers=ErrorAnswers())
    with Live(made) as live, connected(live) as connection:
        connection.sendall(b"GET /wait HTTP/1.1\r\nHost: here\r\n\r\n")
        assert waits.wait(60)
        live.stop()
        status, told = answer_on(connection)
    assert (status, told["code"]) == (503, "shutting_down")
