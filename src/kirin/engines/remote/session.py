"""A session: calls to one machine that the operator has named, and what their failures mean."""

from __future__ import annotations

import json
import ssl
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

import httpx

from kirin.engines.base import Errand
from kirin.errors import KirinError

CONNECT_SECONDS: Final = 5.0
READ_SECONDS: Final = 60.0
"""Longest wait for an answer; making a task includes sending its pictures and their check."""

LARGEST_ANSWER: Final = 8 * 2**20
"""Bytes of JSON that are read; a page of tasks has some 100 kB."""


class NotReached(KirinError):
    """No connection: whatever was asked for has not begun."""


class Unclear(KirinError):
    """No answer that says whether what was asked for has begun."""


class Busy(KirinError):
    """Asked to come again later; nothing has begun.

    Attributes:
        seconds: after which to come again, if that was said.
    """

    def __init__(self, message: str, seconds: float | None) -> None:
        super().__init__(message)
        self.seconds = seconds


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer.

    Attributes:
        status: HTTP status.
        body: the JSON object in it; empty if there is none.
        retry_after: seconds that the sender asks to wait, if it does.
    """

    status: int
    body: Mapping[str, Any] = field(default_factory=dict)
    retry_after: float | None = None

    def text(self, *path: str) -> str:
        """The string or number at a path of names, as text; empty if there is none."""
        found: Any = self.body
        for name in path:
            found = found.get(name) if isinstance(found, Mapping) else None
        return str(found) if isinstance(found, str | int | float) else ""


class Session:
    """Calls to one base URL. Use it as a context manager, by one thread at a time.

    The URL comes from the operator's settings, so it may be private; redirects are not followed,
    and proxies of the environment are not used, so that keys go nowhere else.
    """

    def __init__(
        self,
        name: str,
        base_url: str,
        headers: Callable[[], Mapping[str, str]],
        read_seconds: float = READ_SECONDS,
    ) -> None:
        """Connect when first used.

        Args:
            name: what messages call the machine; never its address.
            base_url: without a slash at the end.
            headers: those of each call, asked anew each time since tokens expire.
            read_seconds: longest wait for an answer.
        """
        self.name = name
        self._headers = headers
        self._http = httpx.Client(
            base_url=base_url,
            timeout=httpx.Timeout(read_seconds, connect=CONNECT_SECONDS),
            follow_redirects=False,
            trust_env=False,
            verify=_tls(),
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

    def call(self, method: str, path: str, **options: Any) -> Reply:
        """Ask for something, and read the JSON of the answer whatever its status.

        Args:
            options: ``json``, ``params`` or ``files``, as httpx takes them.

        Raises:
            NotReached: there was no connection.
            Unclear: it broke, or the answer did not come in time or is too long.
        """
        with (
            self._explained(),
            self._http.stream(method, path, headers=self._headers(), **options) as answer,
        ):
            data = b""
            for piece in answer.iter_bytes():
                data += piece
                if len(data) > LARGEST_ANSWER:
                    raise Unclear(f"{self.name} gave an answer without end")
            return _reply(answer, data)

    def download(self, path: str, into: Path, most_bytes: int, errand: Errand) -> Reply:
        """Write the body of a GET into a file if its status is 200, else read its JSON.

        Raises:
            NotReached, Unclear: as in :meth:`call`.
            Stopped: the attempt is over.
        """
        with (
            self._explained(),
            self._http.stream("GET", path, headers=self._headers()) as answer,
        ):
            if answer.status_code != httpx.codes.OK:
                return _reply(answer, answer.read()[:LARGEST_ANSWER])
            count = 0
            with into.open("wb") as file:
                for piece in answer.iter_bytes():
                    errand.check()
                    count += len(piece)
                    if count > most_bytes:
                        raise Unclear(f"{self.name} sends a file of more than {most_bytes:,} bytes")
                    file.write(piece)
        return Reply(answer.status_code)

    def _explained(self) -> _Explained:
        return _Explained(self.name)


@cache
def _tls() -> ssl.SSLContext:
    # Reading the certificates takes some 20 ms: once for all sessions.
    return httpx.create_ssl_context(trust_env=False)


class _Explained:
    """Turns httpx's errors into those that say whether anything may have begun."""

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
        if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | httpx.UnsupportedProtocol):
            raise NotReached(f"{self._name} cannot be reached") from error
        if isinstance(error, httpx.TimeoutException):
            raise Unclear(f"{self._name} did not answer in time") from error
        if isinstance(error, httpx.HTTPError):
            raise Unclear(f"{self._name} broke off its answer") from error


def _reply(answer: httpx.Response, data: bytes) -> Reply:
    body: Any = {}
    with suppress(ValueError):
        body = json.loads(data)
    after = answer.headers.get("Retry-After", "")
    return Reply(
        answer.status_code,
        body if isinstance(body, dict) else {},
        float(after) if after.isdecimal() else None,
    )
