"""Connections: slow, huge and many ones end, and others do not notice."""

from __future__ import annotations

import time
from contextlib import ExitStack, suppress
from hashlib import sha256
from typing import Any, cast

import httpx
import pytest
from fastapi import FastAPI, Request

from kirin.cli.listening import configuration
from kirin.http.connections import Connection
from kirin.http.responses import json_response
from kirin.settings import Settings
from support.live import Live, answer_on, connected, one_answer

CHUNKED = b"POST /hello HTTP/1.1\r\nHost: here\r\nTransfer-Encoding: chunked\r\n\r\n"
HELLO = b"GET /hello HTTP/1.1\r\nHost: here\r\n"


@pytest.fixture(scope="module")
def app() -> FastAPI:
    made = FastAPI(openapi_url=None)

    async def hello(request: Request) -> object:
        body = await request.body()
        client = request.client.host if request.client else ""
        about = {"size": len(body), "digest": sha256(body).hexdigest()}
        return json_response({**about, "client": client, "scheme": request.url.scheme})

    made.add_api_route("/hello", hello, methods=["GET", "POST"])
    return made


def test_a_request_in_pieces_and_two_on_one_connection(app: FastAPI) -> None:
    with Live(app) as live, connected(live) as connection:
        for byte in HELLO:
            connection.send(bytes([byte]))
        connection.send(b"\r\n" + HELLO + b"Connection: close\r\n\r\n")
        told = b""
        while piece := connection.recv(65_536):
            told += piece
        assert told.count(b"HTTP/1.1 200 OK") == 2


def test_who_is_slow_with_a_head_is_sent_away(
    app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    init, patience = cast(Any, Connection.__init__), [0.3]
    monkeypatch.setattr(
        Connection, "__init__", lambda *a, **k: init(*a, **{**k, "head_seconds": patience[0]})
    )
    with Live(app) as live, connected(live) as silent, connected(live) as slow:
        slow.send(HELLO)
        for connection in (slow, silent):
            status, told = answer_on(connection)
            assert (status, told["code"]) == (408, "request_timeout")
            assert "head did not arrive within 0.3 seconds" in told["message"]
        patience[0] = 60.0
        with httpx.Client(base_url=live.url) as client:
            assert client.get("/hello").status_code == 200
            (idle,) = cast(Any, live)._server.server_state.connections
            assert idle._deadline is None  # idle between requests is no head that is late
            assert client.get("/hello").status_code == 200


@pytest.mark.parametrize(
    "start",
    [
        b"GET /",
        b"GET /hello?",
        HELLO + b"X-A: ",
        CHUNKED + b"1\r\na\r\n0\r\nA: ",
    ],
    ids=["path", "query", "header", "trailer"],
)
def test_a_head_without_end_is_refused(app: FastAPI, start: bytes) -> None:
    with Live(app) as live, connected(live) as connection:
        connection.send(start)
        sent = 0
        with suppress(OSError):  # reset or broken pipe, as it happens
            while sent < 50_000_000:
                connection.sendall(b"a" * 50_000)
                sent += 50_000
        assert sent < 20_000_000


def test_a_head_that_is_too_large_is_told_so(app: FastAPI) -> None:
    with Live(app) as live, connected(live) as connection:
        connection.sendall(HELLO + b"X-A: " + b"a" * 70_000)
        status, told = answer_on(connection)
    assert (status, told["code"]) == (431, "head_too_large")


def test_a_large_body_is_no_large_head(app: FastAPI) -> None:
    with Live(app) as live, httpx.Client(base_url=live.url) as client:
        for _ in range(2):
            assert client.post("/hello", content=b"a" * 5_000_000).json()["size"] == 5_000_000


def test_pieces_of_any_size_arrive_in_their_order(app: FastAPI) -> None:
    pieces = [bytes([at % 251]) * size for at, size in enumerate((9, 200_000, 3, 70_000, 1, 1) * 6)]
    with Live(app) as live, httpx.Client(base_url=live.url) as client:
        told = client.post("/hello", content=iter(pieces)).json()
    assert told["digest"] == sha256(b"".join(pieces)).hexdigest()


def test_no_more_connect_than_may(app: FastAPI) -> None:
    with Live(app, connections=3) as live, ExitStack() as opened:
        others = [opened.enter_context(connected(live)) for _ in range(3)]
        for each in others:
            each.send(HELLO)
        with connected(live) as one_more:
            status, told = answer_on(one_more)
        assert (status, told["code"]) == (503, "too_many_connections")
        others[0].send(b"Connection: close\r\n\r\n")
        assert answer_on(others[0])[0] == 200
        assert httpx.get(f"{live.url}/hello").status_code == 200


def test_an_idle_connection_makes_room_for_a_new_one(app: FastAPI) -> None:
    with Live(app, connections=2) as live, connected(live) as busy, connected(live) as idle:
        idle.sendall(HELLO + b"\r\n")
        assert one_answer(idle).startswith(b"HTTP/1.1 200")
        busy.sendall(HELLO)
        assert httpx.get(f"{live.url}/hello").status_code == 200
        assert idle.recv(1) == b""
        busy.sendall(b"Connection: close\r\n\r\n")
        assert answer_on(busy)[0] == 200


def test_idle_connections_stay_open_for_clients_that_poll(app: FastAPI) -> None:
    assert configuration(app, Settings()).timeout_keep_alive == 75
    with Live(app, keep_alive_seconds=0.5) as live, connected(live) as connection:
        started = time.monotonic()
        connection.sendall(HELLO + b"\r\n")
        assert one_answer(connection).startswith(b"HTTP/1.1 200")
        assert connection.recv(1) == b""
        assert time.monotonic() - started > 0.4


def test_a_body_that_nobody_wants_holds_no_connection(app: FastAPI) -> None:
    with Live(app, keep_alive_seconds=0.5) as live, connected(live) as connection:
        started = time.monotonic()
        connection.sendall(b"POST /nothing HTTP/1.1\r\nHost: here\r\nContent-Length: 99\r\n\r\n")
        assert one_answer(connection).startswith(b"HTTP/1.1 404")
        with suppress(ConnectionError):  # it may have been closed before that came
            connection.sendall(b"a")
            assert connection.recv(1) == b""
        assert time.monotonic() - started > 0.4


def test_no_request_becomes_a_web_socket(app: FastAPI) -> None:
    upgrade = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13"}
    with Live(app) as live:
        assert httpx.get(f"{live.url}/hello", headers=upgrade).status_code == 200


FORWARDED = {"X-Forwarded-For": "198.51.100.7", "X-Forwarded-Proto": "https"}


@pytest.mark.parametrize(
    ("trusted", "client", "scheme"),
    [
        ("127.0.0.0/8", "198.51.100.7", "https"),
        ("127.0.0.1", "198.51.100.7", "https"),
        ("10.0.0.0/8", "127.0.0.1", "http"),
        ("none", "127.0.0.1", "http"),
    ],
)
def test_proxies_are_believed_that_are_trusted(
    app: FastAPI, trusted: str, client: str, scheme: str
) -> None:
    with Live(app, trusted_proxies=trusted) as live:
        told = httpx.get(f"{live.url}/hello", headers=FORWARDED).json()
    assert (told["client"], told["scheme"]) == (client, scheme)


def test_a_forged_address_before_the_proxys_own_counts_for_nothing(app: FastAPI) -> None:
    headers = {"X-Forwarded-For": "127.0.0.1, 198.51.100.7"}
    with Live(app, trusted_proxies="127.0.0.1") as live:
        assert httpx.get(f"{live.url}/hello", headers=headers).json()["client"] == "198.51.100.7"


def test_the_server_does_not_say_what_it_is_made_of(app: FastAPI) -> None:
    with Live(app) as live:
        assert "server" not in httpx.get(f"{live.url}/hello").headers
