"""HTTP sessions with machines that the operator has configured, and what their failures mean."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Any, Final, Self

import httpx

from kirin.domain.retry_after import retry_after
from kirin.engines.base import RenderContext
from kirin.errors import KirinError
from kirin.media.outgoing import Outgoing

CONNECT_SECONDS: Final = 5.0
READ_SECONDS: Final = 60.0
"""Read timeout; creating a task includes uploading its images and validating them."""

MAX_RETRY_SECONDS: Final = 3600.0
"""Upper bound of a ``Retry-After``."""

NO_HEADERS: Final[Mapping[str, str]] = MappingProxyType({})

DIRECT: Final = Outgoing()

MAX_REPLY_BYTES: Final = 8 * 2**20
"""Largest JSON reply that is read; a page of tasks has some 100 kB."""


class Unreachable(KirinError):
    """No connection: the request was not processed."""


class OutcomeUnknown(KirinError):
    """The request was sent, and no reply says whether it was processed."""


class Busy(KirinError):
    """The remote side asks to retry later; the request was not processed.

    Attributes:
        seconds: time to wait before a retry, if the reply gives one.
    """

    def __init__(self, message: str, seconds: float | None) -> None:
        super().__init__(message)
        self.seconds = seconds


@dataclass(frozen=True, slots=True)
class Reply:
    """An HTTP reply.

    Attributes:
        status: HTTP status.
        body: its JSON object; empty if there is none.
        retry_after: the ``Retry-After`` header in seconds, if present.
    """

    status: int
    body: Mapping[str, Any] = field(default_factory=dict)
    retry_after: float | None = None

    def text(self, *path: str) -> str:
        """The string or number at a path of keys, as text; empty if there is none."""
        found: Any = self.body
        for name in path:
            found = found.get(name) if isinstance(found, Mapping) else None
        return str(found) if isinstance(found, str | int | float) else ""


class Session:
    """Requests to one base URL. A context manager, for one thread at a time.

    The URL comes from the operator's settings, so it may be a private address. Redirects are not
    followed and proxy variables are ignored, so that API keys reach no other host.
    """

    def __init__(
        self,
        name: str,
        base_url: str,
        headers: Callable[[], Mapping[str, str]],
        read_seconds: float = READ_SECONDS,
        *,
        outgoing: Outgoing = DIRECT,
    ) -> None:
        """Create a session; it connects when first used.

        Args:
            name: the engine's name, for messages, which never contain the address.
            base_url: without a trailing slash.
            headers: returns the headers of a request; called for each, since tokens expire.
            read_seconds: read timeout.
            outgoing: certificate authorities and proxy.
        """
        self.name = name
        self._headers = headers
        self._http = httpx.Client(
            base_url=base_url,
            timeout=httpx.Timeout(read_seconds, connect=CONNECT_SECONDS),
            follow_redirects=False,
            trust_env=False,
            verify=outgoing.tls,
            proxy=outgoing.proxy_for(httpx.URL(base_url).host),
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._http.close()

    def call(
        self,
        method: str,
        path: str,
        *,
        extra_headers: Mapping[str, str] = NO_HEADERS,
        **options: Any,
    ) -> Reply:
        """Send a request and read the JSON of the reply, whatever its status.

        Args:
            extra_headers: beside those of every request.
            options: ``json``, ``params``, ``content`` or ``files``, as in httpx.

        Raises:
            Unreachable: the connection failed.
            OutcomeUnknown: it broke later, or the reply timed out or is too large.
        """
        with (
            self._translate_errors(),
            self._http.stream(
                method, path, headers={**self._headers(), **extra_headers}, **options
            ) as response,
        ):
            return self._read(response)

    def download(self, path: str, into: Path, max_bytes: int, context: RenderContext) -> Reply:
        """Write the body of a GET to a file if its status is 200; otherwise read its JSON.

        Raises:
            Unreachable, OutcomeUnknown: as in :meth:`call`.
            Stopped: the attempt is over.
        """
        with (
            self._translate_errors(),
            self._http.stream("GET", path, headers=self._headers()) as response,
        ):
            if response.status_code != httpx.codes.OK:
                return self._read(response)
            count = 0
            with into.open("wb") as file:
                for chunk in response.iter_bytes():
                    context.raise_if_cancelled()
                    count += len(chunk)
                    if count > max_bytes:
                        raise OutcomeUnknown(
                            f"{self.name} sent a file of more than {max_bytes:,} bytes"
                        )
                    file.write(chunk)
        return Reply(response.status_code)

    def _read(self, response: httpx.Response) -> Reply:
        data = b""
        for chunk in response.iter_bytes():
            data += chunk
            if len(data) > MAX_REPLY_BYTES:
                message = f"{self.name} sent a reply of more than {MAX_REPLY_BYTES:,} bytes"
                raise OutcomeUnknown(message)
        return _reply(response, data)

    def _translate_errors(self) -> _ErrorTranslation:
        return _ErrorTranslation(self.name)


class _ErrorTranslation:
    """Maps httpx's errors to those that say whether the request may have been processed."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __enter__(self) -> None:
        pass

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if isinstance(
            error,
            httpx.ConnectError
            | httpx.ConnectTimeout
            | httpx.ProxyError
            | httpx.UnsupportedProtocol,
        ):
            raise Unreachable(f"{self._name} cannot be reached") from error
        if isinstance(error, httpx.TimeoutException):
            raise OutcomeUnknown(f"{self._name} timed out") from error
        if isinstance(error, httpx.HTTPError):
            raise OutcomeUnknown(
                f"{self._name} closed the connection before the reply was complete"
            ) from error


def _reply(response: httpx.Response, data: bytes) -> Reply:
    body: Any = {}
    with suppress(ValueError):
        body = json.loads(data)
    return Reply(
        response.status_code,
        body if isinstance(body, dict) else {},
        retry_after(response.headers.get("Retry-After"), MAX_RETRY_SECONDS),
    )
