"""Fetching: what strangers name by URL comes into a file, or the task learns why not."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import httpx

from kirin.errors import FetchFailed, Stopped
from kirin.media.guard import Guard, UrlRefused


@dataclass(frozen=True, slots=True)
class FetchLimits:
    """What one fetch may cost.

    Attributes:
        max_bytes: bytes of the body, whatever its headers say.
        connect_seconds, read_seconds: one attempt to connect; the wait for the next piece.
        total_seconds: all of it, redirects included.
        max_redirects: how often the server may send us on.
    """

    max_bytes: int
    connect_seconds: float = 5
    read_seconds: float = 10
    total_seconds: float = 60
    max_redirects: int = 5


def fetch(
    url: str,
    into: Path,
    limits: FetchLimits,
    guard: Guard,
    cancelled: Callable[[], bool] | None = None,
) -> None:
    """Download a URL into a file, piece by piece.

    Args:
        url: of http or https.
        into: the file to write; there is none if this fails.
        limits: what it may cost.
        guard: decides where to connect, at each redirect anew.
        cancelled: asked before each request and each piece.

    Raises:
        FetchFailed: it could not be had; the message is for the user.
        Stopped: ``cancelled`` said so.
        OSError: the file cannot be written.
    """
    try:
        with (
            guard.client(
                connect_seconds=limits.connect_seconds,
                read_seconds=limits.read_seconds,
                total_seconds=limits.total_seconds,
            ) as client,
            closing(_followed(client, url, limits, cancelled)) as response,
        ):
            _check_head(response, limits)
            _save(response, into, limits, cancelled)
    except UrlRefused as error:
        raise FetchFailed(error.message) from error
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise FetchFailed(_reason(error, limits)) from error


def _followed(
    client: httpx.Client, url: str, limits: FetchLimits, cancelled: Callable[[], bool] | None
) -> httpx.Response:
    """The first answer that is no redirect, its body not read yet."""
    # No compressed bodies: a small one can hold a very large one.
    request = client.build_request("GET", url, headers={"Accept-Encoding": "identity"})
    for _ in range(limits.max_redirects + 1):
        _look(cancelled)
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
    if response.status_code != httpx.codes.OK:
        raise FetchFailed(
            f"'{host}' answered {response.status_code} {response.reason_phrase}".rstrip()
            + ", not 200: check that anybody can open the URL, and that it has not expired."
        )
    if response.headers.get("Content-Encoding", "identity").strip().lower() != "identity":
        raise FetchFailed(
            f"'{host}' sends the file compressed although it was asked not to: serve it as it is."
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
                _look(cancelled)
                count += len(piece)
                if count > limits.max_bytes:
                    raise _too_large(limits)
                file.write(piece)
    except BaseException:
        into.unlink(missing_ok=True)
        raise


def _look(cancelled: Callable[[], bool] | None) -> None:
    if cancelled and cancelled():
        raise Stopped


def _too_large(limits: FetchLimits) -> FetchFailed:
    return FetchFailed(
        f"The file has more than the {limits.max_bytes:,} bytes that are allowed: "
        "make it smaller or compress it more."
    )


def _reason(error: httpx.HTTPError | httpx.InvalidURL, limits: FetchLimits) -> str:
    """What went wrong on the way, in words that help whoever gave the URL."""
    host = f"'{error.request.url.host}'" if isinstance(error, httpx.RequestError) else "the server"
    if isinstance(error, httpx.TimeoutException):
        return (
            f"{host} did not answer or finish in time ({limits.read_seconds:g} s for a piece, "
            f"{limits.total_seconds:g} s for the whole): try again, or host the file elsewhere."
        )
    if _is_tls(error):
        return f"The certificate of {host} could not be verified: mend it, or use another host."
    if isinstance(error, httpx.ConnectError):
        return f"No connection to {host}: check the URL's host and port, and that it is up."
    if isinstance(error, httpx.InvalidURL):
        return f"This is not a URL: {error}"
    return f"{host} broke off its answer: try again, or host the file elsewhere."


def _is_tls(error: BaseException | None) -> bool:
    while error:
        if isinstance(error, ssl.SSLError):
            return True
        error = error.__cause__ or error.__context__
    return False
