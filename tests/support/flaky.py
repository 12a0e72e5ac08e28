"""A bad connection between a client and a server."""

from __future__ import annotations

import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler

import httpx

from support.loopback import Loopback

PASSED = {"content-type", "etag", "content-range", "x-request-id"}
"""Headers of answers, beside those for browsers."""

Mishap = Callable[["_Flaky", httpx.Response], None]


class Flaky(Loopback):
    """Lies between client and server, and does something bad to the first requests.

    Attributes:
        mishaps: what happens to the next requests, in order.
        passed: method and idempotency key of all that reached the server.
    """

    def __init__(self, target: str) -> None:
        super().__init__(_Flaky)
        self.target = target
        self.mishaps: list[Mishap] = []
        self.passed: list[tuple[str, str | None]] = []
        self.http = httpx.Client(base_url=target, timeout=60)
        self.lock = threading.Lock()


class _Flaky(BaseHTTPRequestHandler):
    def _pass(self) -> None:
        flaky: Flaky = self.server.owner  # type: ignore[attr-defined]
        with flaky.lock:
            mishap = flaky.mishaps.pop(0) if flaky.mishaps else None
        if mishap in (drop, busy, overloaded, hang):
            mishap(self, httpx.Response(500))
            return
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        headers = {k: v for k, v in self.headers.items() if k.lower() not in ("host", "connection")}
        answer = flaky.http.request(self.command, self.path, headers=headers, content=body)
        with flaky.lock:
            flaky.passed.append((self.command, self.headers.get("Idempotency-Key")))
        (mishap or whole)(self, answer)

    do_GET = do_POST = _pass  # noqa: N815  as the base class calls them

    def do_OPTIONS(self) -> None:
        """What browsers ask before a request of another origin: nothing bad happens to it."""
        flaky: Flaky = self.server.owner  # type: ignore[attr-defined]
        headers = {k: v for k, v in self.headers.items() if k.lower() not in ("host", "connection")}
        whole(self, flaky.http.request("OPTIONS", self.path, headers=headers))

    def log_message(self, *_: object) -> None:
        pass


def whole(to: _Flaky, answer: httpx.Response) -> None:
    """Pass the answer on."""
    head(to, answer)
    to.wfile.write(answer.content)


def head(to: _Flaky, answer: httpx.Response) -> None:
    """Pass the head on."""
    to.send_response(answer.status_code)
    for name, value in answer.headers.items():
        if name in PASSED or name.startswith("access-control-"):
            to.send_header(name, value)
    to.send_header("Content-Length", str(len(answer.content)))
    to.end_headers()


def cut(to: _Flaky, answer: httpx.Response) -> None:
    """Half of the answer, then nothing."""
    head(to, answer)
    to.wfile.write(answer.content[: len(answer.content) // 2])
    to.close_connection = True


def drop(to: _Flaky, _: httpx.Response) -> None:
    """Hang up before anything has reached the server."""
    to.close_connection = True


def lose(to: _Flaky, _: httpx.Response) -> None:
    """Hang up after the server has done it."""
    to.close_connection = True


def hang(to: _Flaky, _: httpx.Response) -> None:
    """No answer as long as the test takes."""
    owner: Flaky = to.server.owner  # type: ignore[attr-defined]
    owner.closing.wait(60)
    to.close_connection = True


def refuse(to: _Flaky, status: int) -> None:
    """An answer with Retry-After."""
    to.rfile.read(int(to.headers.get("Content-Length", 0)))
    to.send_response(status)
    to.send_header("Retry-After", "3")
    to.send_header("Content-Length", "0")
    to.end_headers()


def busy(to: _Flaky, _: httpx.Response) -> None:
    """429."""
    refuse(to, 429)


def overloaded(to: _Flaky, _: httpx.Response) -> None:
    """503."""
    refuse(to, 503)
