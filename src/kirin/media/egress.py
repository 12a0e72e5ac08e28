"""Egress policy: where this server may connect to on behalf of clients (SSRF protection)."""

from __future__ import annotations

import re
import socket
from collections.abc import Callable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Network, ip_address, ip_network
from typing import Final

import httpx

from kirin.media.addresses import Address, is_public, literal, reached
from kirin.media.outgoing import Outgoing
from kirin.media.refusal import MediaRefused
from kirin.media.transport import EgressTransport

Resolve = Callable[[str, int], Sequence[str]]
"""Returns the addresses of a host name; raises ``OSError`` if it has none."""

LONGEST_URL: Final = 8192

DIRECT: Final = Outgoing()

_HOST: Final = re.compile(r"[A-Za-z0-9._-]{1,253}|[0-9A-Fa-f:.]{2,45}")

_LOOPBACK: Final = IPv4Address("127.0.0.1")


class UrlRefused(MediaRefused):
    """This server does not connect to that URL.

    Attributes:
        code: ``malformed_url``, ``scheme``, ``userinfo`` or ``not_public``.
    """


def resolve(host: str, port: int) -> list[str]:
    """Ask the system's resolver; blocks for as long as that takes."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class EgressPolicy:
    """Allows connections to public addresses, and to those that the operator lists.

    Args:
        allow: exact host names, addresses and networks that are allowed though they are not
            public, such as ``("127.0.0.1/32", "files.internal", "10.0.0.0/8")``. An allowed
            name is trusted with whatever it resolves to.
        resolve: the resolver.
        outgoing: certificate authorities and proxy. With a proxy, names are resolved here first
            and refused if they lead to private addresses only; but the proxy resolves them again,
            so keeping it off its own network is the proxy's task.
    """

    def __init__(
        self,
        allow: Sequence[str] = (),
        resolve: Resolve = resolve,
        outgoing: Outgoing = DIRECT,
    ) -> None:
        self.outgoing = outgoing
        self._resolve = resolve
        self._names: set[str] = set()
        self._networks: list[IPv4Network | IPv6Network] = []
        for entry in allow:
            try:
                self._networks.append(ip_network(entry, strict=False))
            except ValueError:
                self._names.add(_plain(entry))

    def check_url(self, url: str | httpx.URL) -> None:
        """Check everything about a URL that needs no name resolution.

        Raises:
            UrlRefused: it is no URL, not of http or https, carries a user or password, or
                names an address that is not public.
        """
        try:
            parsed = httpx.URL(url)
        except (httpx.InvalidURL, TypeError) as error:
            raise UrlRefused("malformed_url", f"This is not a URL: {error}") from error
        if parsed.scheme not in {"http", "https"}:
            raise UrlRefused(
                "scheme", f"The URL must start with http:// or https://, not '{parsed.scheme}:'."
            )
        host = parsed.raw_host.decode("ascii")
        if not _HOST.fullmatch(host):
            raise UrlRefused("malformed_url", "The URL has no valid host name: give a whole one.")
        if len(str(parsed)) > LONGEST_URL:
            raise UrlRefused(
                "malformed_url", f"The URL is longer than {LONGEST_URL} characters: shorten it."
            )
        if parsed.port is not None and not 0 < parsed.port < 65536:
            raise UrlRefused("malformed_url", "The URL's port must be from 1 to 65535.")
        if parsed.userinfo:
            raise UrlRefused(
                "userinfo",
                "The URL carries a user name or password: give one that needs none, such as a "
                "signed URL.",
            )
        name = _plain(host)
        local = name == "localhost" or name.endswith(".localhost")
        address = _LOOPBACK if local else literal(host)
        if name not in self._names and address and not self._admits(address):
            raise _not_public(host)

    def addresses(self, host: str, port: int) -> list[str]:
        """Resolve a host, and return those of its addresses that may be connected to.

        Raises:
            UrlRefused: none of its addresses is allowed.
            OSError: it has no address, or the resolver failed.
        """
        spelled = literal(host)
        found = [str(spelled)] if spelled else self._resolve(host, port)
        if _plain(host) in self._names:
            return list(found)
        admitted = [entry for entry in found if self._admits(ip_address(entry.split("%")[0]))]
        if not admitted:
            raise _not_public(host)
        return admitted

    def client(
        self,
        *,
        connect_seconds: float = 5,
        read_seconds: float = 10,
        total_seconds: float = 60,
    ) -> httpx.Client:
        """A short-lived HTTP client whose every connection obeys this policy.

        It connects to exactly the addresses that were checked, verifies the certificate against
        the URL's host, follows no redirects by itself, and ignores proxies in the environment. A
        URL that is not allowed raises :class:`UrlRefused` from the request; anything else is the
        usual ``httpx.HTTPError``.

        Args:
            connect_seconds, read_seconds: longest time for one attempt to connect, and between
                two pieces of an answer.
            total_seconds: the client's lifetime from now on; after that everything times out,
                however steadily bytes trickle in.
        """
        return httpx.Client(
            transport=EgressTransport(self, self.outgoing, total_seconds),
            timeout=httpx.Timeout(read_seconds, connect=connect_seconds),
            follow_redirects=False,
            trust_env=False,
            headers={"User-Agent": "kirin"},
        )

    def _admits(self, address: Address) -> bool:
        address = reached(address)
        return is_public(address) or any(address in network for network in self._networks)


def _plain(host: str) -> str:
    return host.lower().rstrip(".")


def _not_public(host: str) -> UrlRefused:
    # The resolved address is withheld: it would help to map our network.
    return UrlRefused(
        "not_public",
        f"'{host}' is not a public address: give a URL that anybody on the internet can open.",
    )
