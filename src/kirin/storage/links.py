"""Links: anybody who has one may read one key, for a while."""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64encode
from typing import Final
from urllib.parse import parse_qs, unquote, urlsplit

from kirin.errors import SignatureRefused
from kirin.storage.keys import check_key

FILES: Final = "/files"
"""Where links lie below a server's base URL."""

_LONGEST_URL: Final = 8192
_STEP: Final = 3600
_SHORTEST_SECRET: Final = 16
_MOST_DIGITS: Final = 12


class Links:
    """Signs keys, and checks what it has signed.

    Args:
        secret: at least 16 bytes; who has it can make links.
        lifetime_seconds: how long a link is good at least. Its end is rounded up to the full
            hour (or, below an hour, to the next multiple of the lifetime), so that a client
            that polls sees the same link again and caches hold.

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
        check_key(key)
        expires = str(self.end(now))
        return f"{key}?expires={expires}&signature={self._signature(key, expires)}"

    def url(self, base_url: str, key: str, now: float) -> str:
        """A whole link.

        Args:
            base_url: of this server as the reader reaches it, without a slash at the end.
            key, now: as for :meth:`sign`.
        """
        return f"{base_url}{FILES}/{self.sign(key, now)}"

    def end(self, now: float) -> int:
        """When a link that is signed now will be over, Unix time in seconds."""
        return -(-int(now + self._lifetime) // self._step) * self._step

    def key_of(self, url: str, now: float) -> str | None:
        """The key that a whole URL leads to, if it was signed here; under whatever host name.

        Raises:
            SignatureRefused: it was, but is over.
        """
        if len(url) > _LONGEST_URL:
            return None
        try:
            parts = urlsplit(url)
        except ValueError:
            return None
        _, found, key = unquote(parts.path).partition(f"{FILES}/")
        query = parse_qs(parts.query)
        expires, signature = (query.get(name, [""])[0] for name in ("expires", "signature"))
        if not found or not self.genuine(key, expires, signature):
            return None
        self.check(key, expires, signature, now)
        return key

    def check(self, key: str, expires: str, signature: str, now: float) -> None:
        """Check the parts of a link as they came in a request.

        Raises:
            SignatureRefused: it was not signed here, was changed, or is over.
        """
        genuine = self.genuine(key, expires, signature)
        if not genuine or len(expires) > _MOST_DIGITS or now >= int(expires):
            raise SignatureRefused

    def genuine(self, key: str, expires: str, signature: str) -> bool:
        """Whether a link was signed here, even if it is over by now."""
        wanted = self._signature(key, expires).encode()
        # Compared before anything is looked at, and in constant time.
        return hmac.compare_digest(wanted, signature.encode(errors="replace"))

    def _signature(self, key: str, expires: str) -> str:
        # No key has a newline, so no other pair gives the same message.
        message = f"kirin link\n{key}\n{expires}".encode(errors="replace")
        digest = hmac.digest(self._secret, message, "sha256")
        return urlsafe_b64encode(digest).rstrip(b"=").decode()
