"""The transport of guarded clients: connections to checked addresses, with an end in time."""

from __future__ import annotations

import ssl
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from time import monotonic
from typing import Any, Protocol, cast

import httpcore
import httpx
from httpcore import SOCKET_OPTION, NetworkBackend, NetworkStream


class Gate(Protocol):
    """What decides where connections may go; :class:`kirin.media.guard.Guard` does."""

    def check_url(self, url: httpx.URL) -> None:
        """Raise if the URL alone is reason enough to refuse it."""

    def addresses(self, host: str, port: int) -> list[str]:
        """Addresses to try, all of them allowed; raises if there is none."""
        ...


class GuardedTransport(httpx.BaseTransport):
    """Sends each request, redirected ones too, only where the gate lets it.

    It is built on httpcore's public API, because httpx's own transport takes no network
    backend. The pool keeps connections by host name, so TLS verifies the name of the URL
    while the connection goes to the address that was checked: no second look-up, nothing to
    rebind in between.
    """

    def __init__(self, gate: Gate, tls: ssl.SSLContext, total_seconds: float) -> None:
        self._gate = gate
        self._pool = httpcore.ConnectionPool(
            ssl_context=tls, network_backend=_Backend(gate, monotonic() + total_seconds)
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request."""
        self._gate.check_url(request.url)
        url = request.url
        sent = httpcore.Request(
            method=request.method,
            url=httpcore.URL(
                scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
            ),
            headers=request.headers.raw,
            content=cast("Iterable[bytes]", request.stream),
            extensions=request.extensions,
        )
        with _as_httpx():
            answer = self._pool.handle_request(sent)
        return httpx.Response(
            status_code=answer.status,
            headers=answer.headers,
            stream=_Body(answer),
            extensions=answer.extensions,
        )

    def close(self) -> None:
        """Close all connections."""
        self._pool.close()


class _Body(httpx.SyncByteStream):
    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    def __iter__(self) -> Iterator[bytes]:
        with _as_httpx():
            yield from cast("Iterable[bytes]", self._answer.stream)

    def close(self) -> None:
        self._answer.close()


@contextmanager
def _as_httpx() -> Iterator[None]:
    """httpcore's errors as httpx's, which have the same names."""
    try:
        yield
    except (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError) as error:
        raise getattr(httpx, type(error).__name__)(str(error)) from error


class _Backend(NetworkBackend):
    """Connects to what the gate gives for a host, until the deadline."""

    def __init__(self, gate: Gate, deadline: float) -> None:
        self._gate = gate
        self._deadline = deadline
        self._plain = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[SOCKET_OPTION] | None = None,
    ) -> NetworkStream:
        try:
            addresses: Sequence[str] = self._gate.addresses(host, port)
        except OSError as error:
            raise httpcore.ConnectError(f"the name '{host}' does not resolve") from error
        failure: httpcore.ConnectError | httpcore.ConnectTimeout | None = None
        for address in addresses:
            left = _left(self._deadline, timeout, httpcore.ConnectTimeout)
            try:
                stream = self._plain.connect_tcp(address, port, left, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
            else:
                return _Stream(stream, self._deadline)
        raise failure or httpcore.ConnectError("no address to connect to")


class _Stream(NetworkStream):
    """A connection on which nothing waits past the deadline.

    Checked here, below HTTP, it also ends an answer whose very headers drip in.
    """

    def __init__(self, stream: NetworkStream, deadline: float) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        left = _left(self._deadline, timeout, httpcore.ReadTimeout)
        return self._stream.read(max_bytes, left)

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _left(self._deadline, timeout, httpcore.WriteTimeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> NetworkStream:
        left = _left(self._deadline, timeout, httpcore.ConnectTimeout)
        inner = self._stream.start_tls(ssl_context, server_hostname, left)
        return _Stream(inner, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _left(deadline: float, timeout: float | None, late: type[Exception]) -> float:
    """Seconds that may still be waited; raises ``late`` if there are none."""
    left = deadline - monotonic()
    if left <= 0:
        raise late("the time for the whole is over")
    return left if timeout is None else min(left, timeout)
