"""Certificate authorities and proxies of outgoing connections; the guard holds with both."""

from __future__ import annotations

import base64
import socket
import ssl
import threading
from collections.abc import Iterator, Sequence
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest

from kirin.engines.remote.session import Session
from kirin.errors import FetchFailed, KirinError
from kirin.media.egress import EgressPolicy, UrlRefused
from kirin.media.fetch import FetchLimits, fetch
from kirin.media.outgoing import Outgoing
from support.certificates import Authority

LIMITS = FetchLimits(max_bytes=1000, connect_seconds=60, read_seconds=60, total_seconds=120)


class Proxy(ThreadingHTTPServer):
    """An HTTP proxy that answers by itself, and remembers what it was asked for."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Proxied)
        self.asked: list[str] = []
        self.credentials: list[str | None] = []
        self.tunnel: int | None = None
        self.url = f"http://me:word@127.0.0.1:{self.server_port}"


class _Proxied(BaseHTTPRequestHandler):
    server: Proxy

    def do_GET(self) -> None:
        self.note()
        if self.path.endswith("/inside"):
            self.send_response(302)
            self.send_header("Location", "http://10.0.0.1/secret")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        self.send_response(200)
        self.send_header("Content-Length", "9")
        self.end_headers()
        self.wfile.write(b"a picture")

    def do_CONNECT(self) -> None:
        self.note()
        if self.server.tunnel is None:
            self.send_error(403, "no")
            return
        self.send_response(200)
        self.end_headers()
        self.wfile.flush()
        with socket.create_connection(("127.0.0.1", self.server.tunnel)) as there:
            back = threading.Thread(target=pump, args=(there, self.connection), daemon=True)
            back.start()
            pump(self.connection, there)

    def note(self) -> None:
        self.server.asked.append(f"{self.command} {self.path}")
        self.server.credentials.append(self.headers["Proxy-Authorization"])

    def log_message(self, *_: object) -> None:
        pass


def pump(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(4096):
            target.sendall(data)
    with suppress(OSError):
        target.shutdown(socket.SHUT_WR)


@pytest.fixture
def proxy() -> Iterator[Proxy]:
    server = Proxy()
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority()


@pytest.fixture
def secure(authority: Authority) -> Iterator[int]:
    """The port of an HTTPS server for ``pictures.internal``, signed by an authority of its own."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", "9")
            self.end_headers()
            self.wfile.write(b'{"a": "b"}'[:9])

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.certify(context, "pictures.internal")
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


def public(host: str, port: int) -> Sequence[str]:
    return ["93.184.216.34"]


def here(host: str, port: int) -> Sequence[str]:
    return ["127.0.0.1"]


def nowhere(host: str, port: int) -> Sequence[str]:
    raise socket.gaierror(-2, "Name or service not known")


def test_an_authority_of_ones_own_is_trusted(
    authority: Authority, secure: int, tmp_path: Path
) -> None:
    ca_file = authority.write(tmp_path / "ca.pem")
    url = f"https://pictures.internal:{secure}/a.png"
    into = tmp_path / "file"
    with pytest.raises(FetchFailed, match="certificate"):
        fetch(url, into, LIMITS, EgressPolicy(["pictures.internal"], here))
    fetch(url, into, LIMITS, EgressPolicy(["pictures.internal"], here, Outgoing(ca_file)))
    assert into.stat().st_size == 9
    other = f"https://other.internal:{secure}/a.png"
    with pytest.raises(FetchFailed, match="certificate"):  # the name is verified as ever
        fetch(other, into, LIMITS, EgressPolicy(["other.internal"], here, Outgoing(ca_file)))


@pytest.mark.parametrize("content", [None, b"", b"no certificate"])
def test_a_file_without_authorities_is_refused(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "ca.pem"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(KirinError, match=r"^KIRIN_CA_FILE: .*ca\.pem: "):
        Outgoing(file).check()


@pytest.mark.parametrize("resolve", [public, nowhere])
def test_a_fetch_goes_by_the_proxy(proxy: Proxy, tmp_path: Path, resolve: object) -> None:
    guard = EgressPolicy(resolve=resolve, outgoing=Outgoing(proxy=proxy.url))  # type: ignore[arg-type]
    fetch("http://pictures.example/a.png", tmp_path / "file", LIMITS, guard)
    assert (tmp_path / "file").read_bytes() == b"a picture"
    assert proxy.asked == ["GET http://pictures.example/a.png"]
    assert proxy.credentials == ["Basic " + base64.b64encode(b"me:word").decode()]


def test_tls_goes_through_the_proxy_to_the_server_itself(
    proxy: Proxy, authority: Authority, secure: int, tmp_path: Path
) -> None:
    proxy.tunnel = secure
    outgoing = Outgoing(authority.write(tmp_path / "ca.pem"), proxy.url)
    guard = EgressPolicy(resolve=public, outgoing=outgoing)
    fetch("https://pictures.internal/a.png", tmp_path / "file", LIMITS, guard)
    assert proxy.asked == ["CONNECT pictures.internal:443"]
    assert (tmp_path / "file").stat().st_size == 9


def test_a_proxy_that_refuses_is_named(proxy: Proxy, tmp_path: Path) -> None:
    guard = EgressPolicy(resolve=public, outgoing=Outgoing(proxy=proxy.url))
    with pytest.raises(FetchFailed, match="The proxy of this server"):
        fetch("https://pictures.example/a.png", tmp_path / "file", LIMITS, guard)


@pytest.mark.parametrize(
    "url",
    [
        "http://10.0.0.1/",
        "http://169.254.169.254/latest",
        "http://2130706433/",
        "http://[::1]/",
        "http://localhost/",
        "https://inside.example/",
        "http://intranet/",
    ],
)
def test_the_guard_holds_with_a_proxy(proxy: Proxy, url: str) -> None:
    """Private addresses, and names that lead to nothing else here, are refused as without one."""

    def inside(host: str, port: int) -> Sequence[str]:
        return ["10.0.0.1"]

    guard = EgressPolicy(resolve=inside, outgoing=Outgoing(proxy=proxy.url))
    with guard.client() as client, pytest.raises(UrlRefused):
        client.get(url)
    assert proxy.asked == []


def test_the_guard_holds_at_each_redirect(proxy: Proxy, tmp_path: Path) -> None:
    guard = EgressPolicy(resolve=public, outgoing=Outgoing(proxy=proxy.url))
    with pytest.raises(FetchFailed, match="not a public address"):
        fetch("http://pictures.example/inside", tmp_path / "file", LIMITS, guard)
    assert proxy.asked == ["GET http://pictures.example/inside"]


@pytest.mark.parametrize(
    ("host", "proxied"),
    [
        ("api.example.com", True),
        ("8.8.8.8", True),
        ("media.internal", False),
        ("MEDIA.internal.", False),
        ("10.1.2.3", False),
        ("198.51.100.7", False),
        ("192.168.0.1", False),
        ("127.0.0.1", False),
        ("localhost", False),
        ("gpu-box", False),
        ("not-media.internal", True),
    ],
)
def test_what_is_inside_is_connected_to_directly(host: str, proxied: bool) -> None:
    direct = ("media.internal", "10.1.0.0/16", "198.51.100.0/24")
    outgoing = Outgoing(proxy="http://proxy.example:3128", direct=direct)
    assert (outgoing.proxy_for(host) is not None) is proxied
    assert Outgoing(direct=direct).proxy_for(host) is None


def test_engines_elsewhere_are_called_by_the_proxy(proxy: Proxy) -> None:
    outgoing = Outgoing(proxy=proxy.url)
    with Session("cloud", "http://api.example.com", dict, outgoing=outgoing) as session:
        assert session.call("GET", "/tasks").status == 200
    assert proxy.asked == ["GET http://api.example.com/tasks"]


def test_the_environments_proxies_are_not_used(
    proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, proxy.url)
    guard = EgressPolicy(["pictures.internal"], here)
    with guard.client() as client, pytest.raises(httpx.ConnectError):
        client.get("http://pictures.internal:9/")
    assert proxy.asked == []
