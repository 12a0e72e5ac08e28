"""Signed links: whoever has one may read one stored file until it expires."""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64encode
from typing import Final
from urllib.parse import parse_qs, unquote, urlsplit

from kirin.errors import SignatureRefused
from kirin.storage.keys import check_key

FILES: Final = "/files"
"""Path of links below a server's base URL."""

_LONGEST_URL: Final = 8192
_STEP: Final = 3600
_SHORTEST_SECRET: Final = 16
_MOST_DIGITS: Final = 12


class Links:
    """Signs links to storage keys, and verifies them.

    Args:
        secret: at least 16 bytes; whoever has it can make links.
        lifetime_seconds: least lifetime of a link. Its end is rounded up to the full hour (or,
            below an hour, to the next multiple of the lifetime), so that a client that polls sees
            the same link again and caches work.

    Raises:
        ValueError: the secret is too short, or the lifetime not positive.
    """

    def __init__(self, secret: bytes, lifetime_seconds: int) -> None:
        if len(secret) < _SHORTEST_SECRET:
            raise ValueError(f"the secret needs at least {_SHORTEST_SECRET} bytes")
        if lifetime_seconds <= 0:
            raise ValueError("the lifetime must be positive")
        self._secret = secret
        self._lifetime = lifetime_seconds
        self._step = min(_STEP, lifetime_seconds)

    def sign(self, key: str, now: float) -> str:
        """The end of a URL: ``KEY?expires=SECONDS&signature=TEXT``.

        Args:
            key: what may be read.
            now: Unix time in seconds.

        Raises:
            ValueError: that is no key.
        """
        return self._sign(key, self.end(now))

    def _sign(self, key: str, end: int) -> str:
        check_key(key)
        expires = str(end)
        return f"{key}?expires={expires}&signature={self._signature(key, expires)}"

    def url(self, base_url: str, key: str, now: float) -> str:
        """An absolute link.

        Args:
            base_url: URL of this server for the reader, without a trailing slash.
            key, now: as for :meth:`sign`.
        """
        return f"{base_url}{FILES}/{self.sign(key, now)}"

    def url_until(self, base_url: str, key: str, end: int) -> str:
        """An absolute link that expires at a given time.

        Args:
            base_url, key: as for :meth:`url`.
            end: Unix time in seconds.

        Raises:
            ValueError: that is no key.
        """
        return f"{base_url}{FILES}/{self._sign(key, end)}"

    def end(self, now: float) -> int:
        """When a link that is signed now expires, Unix time in seconds."""
        return -(-int(now + self._lifetime) // self._step) * self._step

    def key_of(self, url: str, now: float) -> str | None:
        """The key that an absolute link leads to, if it was signed here; under any host name.

        Raises:
            SignatureRefused: it was, but has expired.
        """
        parts = self._parts(url)
        if parts is None:
            return None
        self.check(*parts, now)
        return parts[0]

    def renew(self, url: str, now: float) -> str:
        """The same link, signed now; what was not signed here is returned as it is.

        It revives links that have expired: pass only links that this server put where they are.
        """
        parts = self._parts(url)
        base_url, found, _ = url.rpartition(f"{FILES}/")
        return self.url(base_url, parts[0], now) if parts and found else url

    def _parts(self, url: str) -> tuple[str, str, str] | None:
        """Key, expiry and signature of a link that was signed here, expired or not."""
        if len(url) > _LONGEST_URL:
            return None
        try:
            parts = urlsplit(url)
        except ValueError:
            return None
        _, found, key = unquote(parts.path).rpartition(f"{FILES}/")
        query = parse_qs(parts.query)
        expires, signature = (query.get(name, [""])[0] for name in ("expires", "signature"))
        if not found or not self.genuine(key, expires, signature):
            return None
        return key, expires, signature

    def check(self, key: str, expires: str, signature: str, now: float) -> None:
        """Check the parts of a link as they came in a request.

        Raises:
            SignatureRefused: it was not signed here, was changed, or has expired.
        """
        genuine = self.genuine(key, expires, signature)
        if not genuine or len(expires) > _MOST_DIGITS or now >= int(expires):
            raise SignatureRefused

    def genuine(self, key: str, expires: str, signature: str) -> bool:
        """Whether a link was signed here, expired or not."""
        wanted = self._signature(key, expires).encode()
        # Verified before anything else is looked at, and in constant time.
        return hmac.compare_digest(wanted, signature.encode(errors="replace"))

    def _signature(self, key: str, expires: str) -> str:
        # No key has a newline, so no other pair gives the same message.
        message = f"kirin link\n{key}\n{expires}".encode(errors="replace")
        digest = hmac.digest(self._secret, message, "sha256")
        return urlsafe_b64encode(digest).rstrip(b"=").decode()
