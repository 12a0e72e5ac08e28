"""What both clients are made of: options, what is sent, and how clients are copied and logged."""

from __future__ import annotations

import logging
import os
import ssl
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any, Final, Generic, TypeVar

import httpx

from kirin_client.errors import KirinError
from kirin_client.flows import Send
from kirin_client.models import Task
from kirin_client.options import USER_AGENT, Options
from kirin_client.webhooks import TOLERANCE, Secrets, unwrap

C = TypeVar("C", httpx.Client, httpx.AsyncClient)
Self = TypeVar("Self", bound="Base[Any]")

SECRET_VARIABLE = "KIRIN_WEBHOOK_SECRET"  # noqa: S105  a variable's name

FAILURES: Final = (httpx.TransportError, KirinError)
"""What flows decide about; all else is a fault, and passes through."""

log = logging.getLogger("kirin_client")


class Unset:
    """Stands for an option that was not given, where ``None`` means something."""


UNSET: Final = Unset()


@cache
def usual_checks(*_authorities: str | None) -> ssl.SSLContext:
    """How certificates are checked where nothing else is asked for: as the environment says.

    To read all authorities takes 30 ms, so clients share them.

    Args:
        _authorities: ``SSL_CERT_FILE`` and ``SSL_CERT_DIR`` of the environment.
    """
    return httpx.create_ssl_context()


class Base(Generic[C]):
    """A client of one server with one key.

    Attributes:
        options: how calls are made.
    """

    def __init__(
        self,
        base_url: str | None = None,
        api_key: str | None = None,
        *,
        timeout: float | None = 60.0,
        max_retries: int = 3,
        headers: Mapping[str, str] | None = None,
        transport: Any = None,
        proxy: str | None = None,
        verify: ssl.SSLContext | bool = True,
        webhook_secret: Secrets | None = None,
    ) -> None:
        """Prepare; it connects with the first request.

        Args:
            base_url: of the server; ``KIRIN_SERVER`` of the environment if not given, else
                ``http://127.0.0.1:8000``.
            api_key: a key of that server; ``KIRIN_API_KEY`` if not given.
            timeout: seconds that a call may take with all its attempts; ``None`` for any.
            max_retries: attempts after the first one, where another may go better.
            headers: to send with each request to the server.
            transport: of httpx, instead of the network.
            proxy: URL; if not given, ``HTTPS_PROXY`` and its kin of the environment.
            verify: whether to check certificates, or a context that says how; the authorities of
                ``SSL_CERT_FILE`` count.
            webhook_secret: for ``unwrap``; ``KIRIN_WEBHOOK_SECRET`` if not given.
        """
        self.options = Options.of(
            base_url,
            api_key,
            timeout=timeout,
            max_retries=max_retries,
            headers=dict(headers or {}),
        )
        self._webhook_secret = webhook_secret
        self._network: dict[str, Any] = {"transport": transport, "proxy": proxy, "verify": verify}
        self._owns = True
        self._http: C = self._open_http()

    def _open_http(self) -> C:
        raise NotImplementedError

    def _http_options(self) -> dict[str, Any]:
        url = self.options.base_url
        options = {"base_url": url, "headers": {"User-Agent": USER_AGENT}, **self._network}
        if options["verify"] is True and options["transport"] is None:
            options["verify"] = usual_checks(os.getenv("SSL_CERT_FILE"), os.getenv("SSL_CERT_DIR"))
        return options

    def with_options(
        self: Self,
        *,
        timeout: float | Unset | None = UNSET,
        max_retries: int | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Self:
        """The same client with other options, for one call or several; it shares the connections.

        ``kirin.with_options(timeout=5, max_retries=0).task(id)``
        """
        changes: dict[str, Any] = {}
        if not isinstance(timeout, Unset):
            changes["timeout"] = timeout
        if max_retries is not None:
            changes["max_retries"] = max_retries
        if headers is not None:
            changes["headers"] = {**self.options.headers, **headers}
        other = object.__new__(type(self))
        other.__dict__.update(self.__dict__)
        other.options = replace(self.options, **changes)
        other._owns = False
        for name in ("admin", "with_raw_response"):
            other.__dict__.pop(name, None)
        return other

    def unwrap(
        self,
        body: bytes | str,
        headers: Mapping[str, str],
        secret: Secrets | None = None,
        *,
        tolerance: float = TOLERANCE,
    ) -> Task:
        """The task that a webhook tells of, if it is signed as it should be.

        Args:
            body: as it came, byte for byte.
            secret: this client's ``webhook_secret`` if not given.

        Raises:
            InvalidSignature: it is not from the server, or too old.
            ValueError: there is no secret.
        """
        known = secret or self._webhook_secret or os.environ.get(SECRET_VARIABLE)
        if not known:
            raise ValueError(f"no secret: pass one, or set {SECRET_VARIABLE}")
        return unwrap(body, headers, known, tolerance=tolerance)

    def _built(self, step: Send) -> httpx.Request:
        request = step.request
        sent: dict[str, Any] = {"params": request.query} if request.query else {}
        if request.body is not None:
            sent["json"] = request.body
        return self.options.request(
            self._http,
            request.method,
            request.path,
            headers=step.headers,
            seconds=step.seconds,
            content=request.content,
            **sent,
        )

    def _built_get(
        self, url: str, headers: Mapping[str, str], seconds: float | None
    ) -> httpx.Request:
        return self.options.request(self._http, "GET", url, headers=headers, seconds=seconds)

    def __getstate__(self) -> dict[str, Any]:
        kept = ("options", "_webhook_secret", "_network")
        return {name: self.__dict__[name] for name in kept}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._owns = True
        self._http = self._open_http()

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.options.base_url!r})"


def logged(request: httpx.Request, outcome: httpx.Response | Exception, seconds: float) -> None:
    """Log an exchange: neither queries, which may hold tokens, nor headers, nor bodies."""
    if not log.isEnabledFor(logging.DEBUG):
        return
    if isinstance(outcome, httpx.Response):
        id = outcome.headers.get("X-Request-Id", "-")
        became = f"{outcome.status_code} (request {id})"
    else:
        became = type(outcome).__name__
    path = request.url.copy_with(query=None).path
    log.debug("%s %s: %s in %.0f ms", request.method, path, became, seconds * 1000)
