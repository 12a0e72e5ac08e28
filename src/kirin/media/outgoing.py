"""How connections leave this machine: trusted certificate authorities, and an HTTP proxy."""

from __future__ import annotations

import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path

import certifi
import httpx

from kirin.errors import KirinError
from kirin.media.addresses import is_public, literal


@dataclass(frozen=True, slots=True)
class Outgoing:
    """The operator's choice for all outgoing connections. Those of the environment
    (``HTTPS_PROXY``) are not used: keys must not go where nobody meant to send them.

    Attributes:
        ca_file: PEM file of further certificate authorities.
        proxy: URL of an HTTP proxy, with user and password if it needs them.
        direct: host names, addresses and networks that are connected to without the proxy.
    """

    ca_file: Path | None = None
    proxy: str | None = None
    direct: Sequence[str] = ()

    def check(self) -> None:
        """Raise :class:`KirinError` if the file of certificate authorities cannot be used."""
        if self.ca_file is not None:
            try:
                _context(self.ca_file)
            except (OSError, ssl.SSLError, ValueError) as error:
                reason = getattr(error, "strerror", None) or "it has no certificate in PEM form"
                raise KirinError(f"KIRIN_CA_FILE: {self.ca_file}: {reason}") from None

    @property
    def tls(self) -> ssl.SSLContext:
        """Verifies servers by the system's store, Mozilla's list and the operator's own file."""
        return _context(self.ca_file)

    def proxy_for(self, host: str) -> httpx.Proxy | None:
        """The proxy on the way to a host; ``None`` if it is connected to directly.

        Addresses that are not public and names without a dot can only be meant on the inside.

        Args:
            host: name or address, as in a URL.
        """
        if self.proxy is None:
            return None
        name = host.lower().rstrip(".")
        address = literal(name)
        if address is not None:
            inside = not is_public(address) or any(address in net for net in self._networks)
        else:
            inside = "." not in name or name.endswith(".localhost") or name in self._names
        return None if inside else httpx.Proxy(self.proxy)

    @property
    def _names(self) -> set[str]:
        return {entry.lower().rstrip(".") for entry in self.direct}

    @property
    def _networks(self) -> list[IPv4Network | IPv6Network]:
        found = []
        for entry in self.direct:
            try:
                found.append(ip_network(entry, strict=False))
            except ValueError:
                continue
        return found


@lru_cache
def _context(ca_file: Path | None) -> ssl.SSLContext:
    # Reading the certificates takes some 20 ms: once for all clients.
    context = ssl.create_default_context()
    context.load_verify_locations(cafile=certifi.where())
    if ca_file is not None:
        context.load_verify_locations(cafile=str(ca_file))
    return context
