"""How a client makes its calls."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx

from kirin_client.bodies import Content
from kirin_client.version import __version__

DEFAULT_URL = "http://127.0.0.1:8000"
URL_VARIABLE = "KIRIN_SERVER"
KEY_VARIABLE = "KIRIN_API_KEY"

USER_AGENT = (
    f"kirin-client/{__version__} httpx/{httpx.__version__} python/{platform.python_version()}"
)


@dataclass(frozen=True)
class Options:
    """How calls are made.

    Attributes:
        base_url: of the server, without a slash at its end.
        api_key: empty for routes that take none.
        timeout: seconds that a call may take with all its attempts; ``None`` for any. Reading the
            body of a download does not count, but each piece of it must come within this time.
        max_retries: attempts after the first one.
        headers: sent with each request to the server.
    """

    base_url: str
    api_key: str = field(repr=False)
    timeout: float | None = 60.0
    max_retries: int = 3
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, base_url: str | None, api_key: str | None, **others: Any) -> Options:
        """Options, with the environment's server and key where none are given."""
        url = base_url or os.environ.get(URL_VARIABLE) or DEFAULT_URL
        key = os.environ.get(KEY_VARIABLE, "") if api_key is None else api_key
        return cls(url.rstrip("/"), key.strip(), **others)

    def request(
        self,
        client: httpx.Client | httpx.AsyncClient,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str],
        seconds: float | None,
        content: Content | None = None,
        **sent: Any,
    ) -> httpx.Request:
        """A request; the key and the common headers go to the server alone.

        Args:
            url: of anywhere, or a path on the server.
        """
        built = client.build_request(
            method,
            url,
            headers=dict(headers),
            timeout=httpx.Timeout(seconds),
            **sent,
        )
        if self.is_own(built.url):
            if self.api_key:
                built.headers.setdefault("Authorization", f"Bearer {self.api_key}")
            for name, value in self.headers.items():
                built.headers.setdefault(name, value)
        if content is None:
            return built
        if "Content-Length" not in headers:
            built.headers.pop("Content-Length", None)
            built.headers["Transfer-Encoding"] = "chunked"
        return httpx.Request(
            method, built.url, headers=built.headers, stream=content, extensions=built.extensions
        )

    def is_own(self, url: httpx.URL) -> bool:
        """Whether a URL is on the server."""
        own = httpx.URL(self.base_url)
        return _origin(own) == _origin(url)


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port or {"http": 80, "https": 443}.get(url.scheme)
