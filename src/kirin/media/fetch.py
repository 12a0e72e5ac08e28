"""Fetching: downloads a URL into a file, with limits."""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import httpx

from kirin.domain.retry_after import retry_after
from kirin.errors import FetchFailed, Stopped
from kirin.media.egress import EgressPolicy, UrlRefused

RETRY_SECONDS: Final = (0.5, 2.0)
"""Waits before another attempt where the host is only briefly out of order."""

LONGEST_WAIT: Final = 10.0
"""Seconds that a host may ask us to wait; one that asks for more is not tried again."""

TRANSIENT: Final = frozenset({429, 502, 503, 504})
"""Statuses after which another attempt makes sense."""

BROKEN_OFF: Final = (httpx.ReadError, httpx.WriteError, httpx.RemoteProtocolError)
"""A connection that was reset, or closed in the middle of an answer."""

POLL_SECONDS: Final = 0.1
"""How often a wait looks whether the task was cancelled."""


@dataclass(frozen=True, slots=True)
class FetchLimits:
    """Limits of one download.

    Attributes:
        max_bytes: bytes of the body, whatever its headers say.
        connect_seconds, read_seconds: timeouts of a connection attempt and of a read.
        total_seconds: the whole download, redirects and retries included.
        max_redirects: how many redirects are followed.
    """

    max_bytes: int
    connect_seconds: float = 5
    read_seconds: float = 10
    total_seconds: float = 60
    max_redirects: int = 5


class _Unavailable(FetchFailed):
    """The host is briefly out of order.

    Attributes:
        wait: seconds that it asks us to wait, if it does.
    """

    def __init__(self, message: str, wait: float | None) -> None:
        super().__init__(message)
        self.wait = wait


def fetch(
    url: str,
    into: Path,
    limits: FetchLimits,
    egress: EgressPolicy,
    cancelled: Callable[[], bool] | None = None,
) -> None:
    """Download a URL into a file, chunk by chunk.

    A host that is overloaded or restarts, or breaks off its answer, is tried again shortly.

    Args:
        url: of http or https.
        into: the file to write; removed if this fails.
        limits: of size and time.
        egress: decides where to connect, again at each redirect.
        cancelled: asked before each request and each chunk.

    Raises:
        FetchFailed: the download failed; the message is for the user.
        Stopped: ``cancelled`` returned true.
        OSError: the file cannot be written.
    """
    deadline = time.monotonic() + limits.total_seconds
    waits = list(RETRY_SECONDS)
    try:
        with egress.client(
            connect_seconds=limits.connect_seconds,
            read_seconds=limits.read_seconds,
            total_seconds=limits.total_seconds,
        ) as client:
            while True:
                try:
                    with closing(_followed(client, url, limits, cancelled)) as response:
                        _check_head(response, limits)
                        _save(response, into, limits, cancelled)
                except (_Unavailable, *BROKEN_OFF) as error:
                    asked = error.wait if isinstance(error, _Unavailable) else None
                    if not waits or (asked or 0.0) > LONGEST_WAIT:
                        raise
                    until = time.monotonic() + max(waits.pop(0), asked or 0.0)
                    if until >= deadline:
                        raise
                    _sleep(until, cancelled)
                else:
                    return
    except UrlRefused as error:
        raise FetchFailed(error.message) from error
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise FetchFailed(_reason(error, limits)) from error


def _followed(
    client: httpx.Client, url: str, limits: FetchLimits, cancelled: Callable[[], bool] | None
) -> httpx.Response:
    """The first response that is not a redirect; its body is not read yet."""
    # No compressed bodies: a small one can expand to a very large one.
    request = client.build_request("GET", url, headers={"Accept-Encoding": "identity"})
    for _ in range(limits.max_redirects + 1):
        _check(cancelled)
        response = client.send(request, stream=True)
        if response.next_request is None:
            return response
        response.close()
        if request.url.scheme == "https" and response.next_request.url.scheme == "http":
            raise FetchFailed(
                f"'{request.url.host}' redirects from https to http: give the final URL itself."
            )
        request = response.next_request
    raise FetchFailed(
        f"The URL redirects more than {limits.max_redirects} times: give the final URL itself."
    )


def _check_head(response: httpx.Response, limits: FetchLimits) -> None:
    host = response.url.host
    answered = f"'{host}' answered {response.status_code} {response.reason_phrase}".rstrip()
    if response.status_code in TRANSIENT:
        raise _Unavailable(
            f"{answered}, not 200: try again later, or host the file elsewhere.",
            retry_after(response.headers.get("Retry-After"), 2 * LONGEST_WAIT),
        )
    if response.status_code != httpx.codes.OK:
        raise FetchFailed(
            f"{answered}, not 200: check that anybody can open the URL, and that it has not "
            "expired."
        )
    if response.headers.get("Content-Encoding", "identity").strip().lower() != "identity":
        raise FetchFailed(
            f"'{host}' sends the file compressed although the request forbids it: serve it "
            "uncompressed."
        )
    announced = response.headers.get("Content-Length", "")
    if announced.isdecimal() and int(announced) > limits.max_bytes:
        raise _too_large(limits)


def _save(
    response: httpx.Response,
    into: Path,
    limits: FetchLimits,
    cancelled: Callable[[], bool] | None,
) -> None:
    count = 0
    try:
        with into.open("wb") as file:
            for piece in response.iter_raw():
                _check(cancelled)
                count += len(piece)
                if count > limits.max_bytes:
                    raise _too_large(limits)
                file.write(piece)
    except BaseException:
        into.unlink(missing_ok=True)
        raise


def _check(cancelled: Callable[[], bool] | None) -> None:
    if cancelled and cancelled():
        raise Stopped


def _sleep(until: float, cancelled: Callable[[], bool] | None) -> None:
    while (left := until - time.monotonic()) > 0:
        _check(cancelled)
        time.sleep(min(POLL_SECONDS, left))


def _too_large(limits: FetchLimits) -> FetchFailed:
    return FetchFailed(
        f"The file has more than the {limits.max_bytes:,} bytes that are allowed: "
        "make it smaller or compress it more."
    )


def _reason(error: httpx.HTTPError | httpx.InvalidURL, limits: FetchLimits) -> str:
    """What went wrong, in words that help whoever sent the URL."""
    host = f"'{error.request.url.host}'" if isinstance(error, httpx.RequestError) else "the server"
    if isinstance(error, httpx.TimeoutException):
        return (
            f"{host} did not respond or finish in time ({limits.read_seconds:g} s between chunks, "
            f"{limits.total_seconds:g} s in total): try again, or host the file elsewhere."
        )
    if _is_tls(error):
        return f"The certificate of {host} could not be verified: fix it, or use another host."
    if isinstance(error, httpx.ProxyError):
        return f"The proxy of this server did not connect to {host}: use another host."
    if isinstance(error, httpx.ConnectError):
        return f"No connection to {host}: check the URL's host and port, and that it is up."
    if isinstance(error, httpx.InvalidURL):
        return f"This is not a URL: {error}"
    return f"{host} closed the connection early: try again, or host the file elsewhere."


def _is_tls(error: BaseException | None) -> bool:
    while error:
        if isinstance(error, ssl.SSLError):
            return True
        error = error.__cause__ or error.__context__
    return False
