"""Fetching: from a server on this machine that behaves as badly as servers do."""

from __future__ import annotations

import gzip
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest

from kirin.errors import FetchFailed, Stopped
from kirin.media.egress import EgressPolicy, UrlRefused
from kirin.media.fetch import FetchLimits, fetch

BODY = bytes(range(256)) * 1000
LIMITS = FetchLimits(max_bytes=300_000, connect_seconds=1, read_seconds=0.3, total_seconds=1)
PATIENT = replace(LIMITS, connect_seconds=30, read_seconds=30, total_seconds=60)
"""Where nothing is slow but, perhaps, the machine."""
IMPATIENT = ("hang", "drip", "drip_headers")
"""What is slow for longer than any test waits; nothing else may be called so."""
CLOSING = threading.Event()
SEEN: list[dict[str, str]] = []
ANSWERS: list[str] = []


BOMB = gzip.compress(bytes(50_000_000), 1)
"""Made before the clock of a test runs: compressing takes as long as it allows."""


class Handler(BaseHTTPRequestHandler):
    """One path, one kind of behaviour."""

    def do_GET(self) -> None:
        SEEN.append(dict(self.headers))
        name, _, rest = self.path[1:].partition("?")
        with suppress(OSError):  # the client often has had enough
            getattr(self, name.partition("/")[0], self.missing)(rest)

    def answer(self, status: int, headers: dict[str, object] | None = None) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, str(value))
        self.end_headers()

    def ok(self, _: str) -> None:
        self.answer(200, {"Content-Type": "text/html", "Content-Length": len(BODY)})
        self.wfile.write(BODY)

    def unannounced(self, _: str) -> None:
        self.answer(200)
        self.wfile.write(BODY)

    def missing(self, _: str) -> None:
        self.answer(404)
        self.wfile.write(b"a body that nobody must see")

    def empty(self, _: str) -> None:
        self.answer(204)

    def to(self, target: str) -> None:
        self.answer(302, {"Location": target})

    def loop(self, _: str) -> None:
        self.answer(307, {"Location": "/loop"})

    def hops(self, left: str) -> None:
        self.answer(302, {"Location": f"/hops?{int(left) - 1}" if int(left) > 1 else "/ok"})

    def hang(self, _: str) -> None:
        CLOSING.wait(300)

    def endless(self, _: str) -> None:
        self.answer(200)
        while True:
            self.wfile.write(BODY)

    def announced(self, _: str) -> None:
        self.answer(200, {"Content-Length": 10**9})

    def cut(self, _: str) -> None:
        self.answer(200, {"Content-Length": len(BODY)})
        self.wfile.write(BODY[:1000])

    def drip(self, _: str) -> None:
        self.answer(200, {"Content-Length": 10_000})
        for _byte in range(10_000):
            self.wfile.write(b"x")
            CLOSING.wait(0.05)

    def drip_headers(self, _: str) -> None:
        for byte in b"HTTP/1.1 200 OK\r\nX: " + b"x" * 10_000:
            self.wfile.write(bytes([byte]))
            CLOSING.wait(0.05)

    def bomb(self, _: str) -> None:
        self.answer(200, {"Content-Encoding": "gzip", "Content-Length": len(BOMB)})
        self.wfile.write(BOMB)

    def unavailable(self, rest: str) -> None:
        """503 so many times, as ``503-1`` or ``503-1-after-7`` says, then the file."""
        status, _, more = rest.partition("-")
        times, _, after = more.partition("-after-")
        ANSWERS.append(rest)
        if ANSWERS.count(rest) > int(times):
            self.ok("")
        else:
            self.answer(int(status), {"Retry-After": after} if after else {})

    def reset(self, rest: str) -> None:
        ANSWERS.append(rest)
        if ANSWERS.count(rest) > 1:
            self.ok("")
        else:
            self.cut("")

    def rubbish(self, _: str) -> None:
        self.wfile.write(b"\0\1\2 no HTTP at all\r\n\r\n")

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.02,)).start()
    CLOSING.clear()
    yield server.server_port
    CLOSING.set()
    server.shutdown()
    server.server_close()


@pytest.fixture
def egress() -> EgressPolicy:
    return EgressPolicy(allow=("127.0.0.1",))


@pytest.fixture
def get(port: int, egress: EgressPolicy, tmp_path: Path) -> Callable[..., bytes]:
    """Fetches a path of the server, and checks that failures leave no file."""

    def get(path: str, limits: FetchLimits = PATIENT) -> bytes:
        into = tmp_path / "file"
        try:
            fetch(f"http://127.0.0.1:{port}/{path}", into, limits, egress)
        except BaseException:
            assert not into.exists()
            raise
        return into.read_bytes()

    return get


Get = Callable[..., bytes]


@pytest.mark.parametrize("path", ["ok", "unannounced", "to?/ok", "hops?5"])
def test_bytes_arrive(get: Get, path: str) -> None:  # C-1; the type is told by content: C-2
    SEEN.clear()
    assert get(path) == BODY
    assert SEEN
    assert {seen["Accept-Encoding"] for seen in SEEN} == {"identity"}
    assert not any("Authorization" in seen for seen in SEEN)


@pytest.mark.parametrize(
    ("path", "hint"),
    [
        ("missing", "404"),
        ("empty", "204"),
        ("hops?6", "more than 5 times"),
        ("loop", "more than 5 times"),
        ("hang", "in time"),
        ("endless", "300,000"),
        ("announced", "300,000"),
        ("cut", "closed the connection early"),
        ("drip", "in time"),
        ("drip_headers", "in time"),
        ("bomb", "compressed"),
        ("rubbish", "closed the connection early"),
        ("to?ftp://127.0.0.1/a", "http"),
        ("to?file:///etc/passwd", "http"),
        ("to?http://user:word@127.0.0.1/", "user name"),
        ("to?http://127.0.0.2:1/", "public"),
        ("to?http://2130706434/", "public"),
        ("to?http://[::1]/", "public"),
        ("to?http://[::ffff:169.254.169.254]/latest", "public"),
        ("to?http://localhost.:1/", "No connection"),
    ],
)
@pytest.mark.usefixtures("_patient")
def test_bad_servers(get: Get, path: str, hint: str) -> None:
    with pytest.raises(FetchFailed) as caught:
        get(path, LIMITS if path in IMPATIENT else PATIENT)
    assert hint in caught.value.message
    assert "nobody must see" not in caught.value.message


@pytest.fixture
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kirin.media.fetch.RETRY_SECONDS", (0.05, 0.1))
    ANSWERS.clear()


@pytest.mark.parametrize(
    "path",
    [
        "unavailable?503-1",
        "unavailable?503-2",
        "unavailable?502-1",
        "unavailable?504-1",
        "unavailable?429-1",
        "unavailable?503-1-after-0",
        "unavailable?503-1-after-nonsense",
        "to?/unavailable?503-1",
        "reset?once",
    ],
)
@pytest.mark.usefixtures("_patient")
def test_a_host_that_is_briefly_out_of_order_is_tried_again(get: Get, path: str) -> None:
    assert get(path) == BODY


@pytest.mark.parametrize(
    ("path", "answers", "hint"),
    [
        ("unavailable?503-9", 3, "503"),  # no host is tried for ever
        ("unavailable?503-9-after-11", 1, "503"),  # longer than a fetch waits
        ("unavailable?503-9-after-9", 1, "503"),  # longer than this fetch may take
        ("unavailable?503-9-after-" + "9" * 400, 1, "503"),
        ("unavailable?500-9", 1, "500"),
        ("unavailable?404-9", 1, "404"),
    ],
)
@pytest.mark.usefixtures("_patient")
def test_and_not_for_longer_than_a_moment(get: Get, path: str, answers: int, hint: str) -> None:
    limits = replace(PATIENT, total_seconds=8.5) if path.endswith("-after-9") else PATIENT
    with pytest.raises(FetchFailed, match=hint):
        get(path, limits)
    assert len(ANSWERS) == answers


@pytest.mark.usefixtures("_patient")
def test_a_wait_ends_when_the_task_is_cancelled(
    port: int, egress: EgressPolicy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kirin.media.fetch.RETRY_SECONDS", (30,))
    limits = FetchLimits(max_bytes=10, total_seconds=60)
    start = time.monotonic()
    with pytest.raises(Stopped):
        fetch(
            f"http://127.0.0.1:{port}/unavailable?503-9",
            tmp_path / "file",
            limits,
            egress,
            lambda: time.monotonic() > start + 0.3,
        )
    assert time.monotonic() - start < 20


def test_redirect_to_loopback_never_connects(port: int, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.2", 0)) as secret:
        secret.settimeout(0.05)
        target = f"http://127.0.0.2:{secret.getsockname()[1]}/"
        with pytest.raises(FetchFailed, match="public"):
            fetch(
                f"http://127.0.0.1:{port}/to?{target}",
                tmp_path / "file",
                PATIENT,
                EgressPolicy(allow=("127.0.0.1",)),
            )
        with pytest.raises(TimeoutError):
            secret.accept()


def test_nothing_is_open_by_default(port: int, tmp_path: Path) -> None:
    for host in ("127.0.0.1", "localhost", "0x7f.1", "[::ffff:127.0.0.1]", "inside.example"):
        egress = EgressPolicy(resolve=lambda host, port: ["127.0.0.1"])
        with pytest.raises(FetchFailed, match="public"):
            fetch(f"http://{host}:{port}/ok", tmp_path / "file", LIMITS, egress)


def test_connects_to_the_address_that_was_checked(port: int, tmp_path: Path) -> None:
    answers = [["127.0.0.1"], ["127.0.0.2"]]  # a name that is rebound after the first look
    asked: list[str] = []

    def resolve(host: str, port: int) -> Sequence[str]:
        asked.append(host)
        return answers[len(asked) - 1]

    egress = EgressPolicy(allow=("127.0.0.1",), resolve=resolve)
    SEEN.clear()
    fetch(f"http://pictures.example:{port}/ok", tmp_path / "file", PATIENT, egress)
    assert asked == ["pictures.example"]
    assert f"pictures.example:{port}" in [seen["Host"] for seen in SEEN]


def test_second_address_is_tried(port: int, tmp_path: Path) -> None:
    egress = EgressPolicy(
        allow=("127.0.0.0/8",), resolve=lambda host, port: ["127.0.0.9", "127.0.0.1"]
    )
    fetch(f"http://pictures.example:{port}/ok", tmp_path / "file", PATIENT, egress)
    assert (tmp_path / "file").read_bytes() == BODY


def test_name_that_does_not_resolve(tmp_path: Path) -> None:
    def resolve(host: str, port: int) -> Sequence[str]:
        raise socket.gaierror(-2, "Name or service not known")

    with pytest.raises(FetchFailed, match=r"No connection to 'nowhere\.example'"):
        fetch("http://nowhere.example/", tmp_path / "file", LIMITS, EgressPolicy(resolve=resolve))


@pytest.mark.parametrize("url", ["", "no url", "http://", "data:image/png;base64,AAAA"])
def test_what_is_no_url(tmp_path: Path, egress: EgressPolicy, url: str) -> None:
    with pytest.raises(FetchFailed):
        fetch(url, tmp_path / "file", LIMITS, egress)


def test_proxies_in_the_environment_are_ignored(get: Get, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert get("ok") == BODY


def test_cancelling_stops_it(port: int, egress: EgressPolicy, tmp_path: Path) -> None:
    asked: list[None] = []

    def cancelled() -> bool:
        asked.append(None)
        return len(asked) > 2

    url = f"http://127.0.0.1:{port}/drip"
    with pytest.raises(Stopped):
        fetch(url, tmp_path / "file", PATIENT, egress, cancelled)
    assert not list(tmp_path.iterdir())


def test_tls_verifies_the_name_of_the_url(port: int, tmp_path: Path) -> None:
    names: list[str | None] = []
    server = socket.create_server(("127.0.0.1", 0))

    def look_at_hello() -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.sni_callback = lambda _, name, __: names.append(name)
        connection, _ = server.accept()
        with connection, suppress(OSError):  # there is no certificate to shake hands with
            context.wrap_socket(connection, server_side=True)

    thread = threading.Thread(target=look_at_hello)
    thread.start()
    egress = EgressPolicy(allow=("127.0.0.1",), resolve=lambda host, port: ["127.0.0.1"])
    url = f"https://pictures.example:{server.getsockname()[1]}/"
    with server, pytest.raises(FetchFailed, match=r"'pictures\.example'"):
        fetch(url, tmp_path / "file", PATIENT, egress)
    thread.join()
    assert names == ["pictures.example"]


def test_client_is_guarded_for_others_too(port: int, egress: EgressPolicy) -> None:  # C-7
    with egress.client() as client:
        assert client.get(f"http://127.0.0.1:{port}/missing").status_code == 404
        assert client.get(f"http://127.0.0.1:{port}/loop").status_code == 307
        with pytest.raises(UrlRefused):
            client.post("http://127.0.0.2/callback", json={})
        with pytest.raises(httpx.ConnectError):
            client.get("http://127.0.0.1:1/")
