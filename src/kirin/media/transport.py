"""HTTP transport of clients under the egress policy: checked addresses, and a deadline."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from time import monotonic
from typing import Any, Protocol, cast

import httpcore
import httpx
from httpcore import SOCKET_OPTION, NetworkBackend, NetworkStream

from kirin.media.outgoing import Outgoing


class ConnectionPolicy(Protocol):
    """Decides where connections may go; implemented by :class:`kirin.media.egress.EgressPolicy`."""

    def check_url(self, url: httpx.URL) -> None:
        """Raise if the URL itself is not allowed."""

    def addresses(self, host: str, port: int) -> list[str]:
        """The allowed addresses of a host, to be tried in order; raises if there is none."""
        ...


class EgressTransport(httpx.BaseTransport):
    """Sends each request, redirected ones too, only where the policy allows it.

    It is built on httpcore's public API, because httpx's own transport takes no network
    backend. The pool keeps connections by host name, so TLS verifies the name of the URL
    while the connection goes to the address that was checked: there is no second look-up that DNS
    rebinding could exploit.
    """

    def __init__(self, policy: ConnectionPolicy, outgoing: Outgoing, total_seconds: float) -> None:
        self._policy = policy
        self._outgoing = outgoing
        self._deadline = monotonic() + total_seconds
        self._direct = httpcore.ConnectionPool(
            ssl_context=outgoing.tls, network_backend=_Backend(policy.addresses, self._deadline)
        )
        self._proxied: httpcore.HTTPProxy | None = None

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request."""
        self._policy.check_url(request.url)
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
        pool = self._pool(request.url)
        with _as_httpx():
            answer = pool.handle_request(sent)
        return httpx.Response(
            status_code=answer.status,
            headers=answer.headers,
            stream=_Body(answer),
            extensions=answer.extensions,
        )

    def close(self) -> None:
        """Close all connections."""
        self._direct.close()
        if self._proxied is not None:
            self._proxied.close()

    def _pool(self, url: httpx.URL) -> httpcore.ConnectionPool:
        """The connections on the way to a URL, direct or by the proxy."""
        host = url.raw_host.decode("ascii")
        proxy = self._outgoing.proxy_for(host)
        if proxy is None:
            return self._direct
        port = url.port or (443 if url.scheme == "https" else 80)
        # What leads to private addresses here is refused here. A name that only the proxy can
        # resolve is the proxy's to judge.
        with suppress(OSError):
            self._policy.addresses(host, port)
        if self._proxied is None:
            self._proxied = httpcore.HTTPProxy(
                httpcore.URL(
                    scheme=proxy.url.raw_scheme,
                    host=proxy.url.raw_host,
                    port=proxy.url.port,
                    target=b"/",
                ),
                proxy_auth=proxy.raw_auth,
                ssl_context=self._outgoing.tls,
                proxy_ssl_context=self._outgoing.tls if proxy.url.scheme == "https" else None,
                network_backend=_Backend(lambda host, _: [host], self._deadline),
            )
        return self._proxied


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
    except (
        httpcore.TimeoutException,
        httpcore.NetworkError,
        httpcore.ProtocolError,
        httpcore.ProxyError,
    ) as error:
        raise getattr(httpx, type(error).__name__)(str(error)) from error


class _Backend(NetworkBackend):
    """Connects to the addresses that a function returns for a host and port, until the deadline."""

    def __init__(self, addresses: Callable[[str, int], Sequence[str]], deadline: float) -> None:
        self._addresses = addresses
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
            addresses = self._addresses(host, port)
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

    Enforced here, below HTTP, it also ends a response whose headers trickle in.
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
        raise late("the total time limit has passed")
    return left if timeout is None else min(left, timeout)
