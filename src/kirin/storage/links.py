"""Links: anybody who has one may read one key, for a while."""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64encode
from typing import Final

from kirin.errors import SignatureRefused
from kirin.storage.keys import check_key

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
        expires = str(-(-int(now + self._lifetime) // self._step) * self._step)
        return f"{key}?expires={expires}&signature={self._signature(key, expires)}"

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
