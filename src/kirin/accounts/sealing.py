"""Sealed keys: the secrets of API keys, encrypted, so that tokens signed with them can be checked.

Whoever has the database has the hashes of the keys and no key. Whoever signs tokens needs a key
itself, and so does who checks them. An operator who wants that gives the server a secret of its
own, which is not in the database: with the installation's secret, which is there, it makes the
encryption key.
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from kirin.database.engine import Database
from kirin.database.secrets import installation_secret

NAME: Final = "sealing"
"""Of the installation's secret."""

LEAST_LENGTH: Final = 32
"""Bytes of a secret that signs with HS256 (RFC 7518, 3.2), and characters of the operator's."""

NONCE_BYTES: Final = 12


@dataclass(frozen=True, slots=True)
class KeySealer:
    """Encrypts secrets of keys with AES-256-GCM, each bound to the id of its key.

    Attributes:
        key: 32 bytes.
    """

    key: bytes

    @classmethod
    def of(cls, database: Database, operator_secret: str) -> KeySealer:
        """The one of an installation.

        Args:
            operator_secret: that is not in the database.
        """
        salt = installation_secret(database, NAME)
        return cls(hmac.digest(salt, operator_secret.encode(), sha256))

    def seal(self, key_id: str, secret: str) -> bytes | None:
        """The secret of a key, encrypted; ``None`` of one that is too short to sign with."""
        if len(secret) < LEAST_LENGTH:
            return None
        nonce = secrets.token_bytes(NONCE_BYTES)
        return nonce + AESGCM(self.key).encrypt(nonce, secret.encode(), key_id.encode())

    def open(self, key_id: str, sealed: bytes) -> str | None:
        """The inverse of :meth:`seal`; ``None`` if another operator's secret has sealed it."""
        nonce, encrypted = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
        try:
            return AESGCM(self.key).decrypt(nonce, encrypted, key_id.encode()).decode()
        except InvalidTag:
            return None
