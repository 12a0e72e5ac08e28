"""API keys: made, shown once, kept as hashes, told from typos by a checksum."""

from __future__ import annotations

import hashlib
import re
import secrets
import string
from dataclasses import dataclass
from zlib import crc32

PREFIX = "kirin_sk_"
ALPHABET = string.ascii_letters + string.digits
FOREIGN = re.compile(r"[A-Za-z0-9._~-]{16,128}")
SECRET_LENGTH = 32
CHECKSUM_LENGTH = 6


@dataclass(frozen=True, slots=True)
class Key:
    """What is kept of an API key.

    Attributes:
        id: names it for its owner; not secret.
        account: id of the account that it opens.
        name: what its owner calls it.
        hint: its first and last characters, to recognise it by.
        created_at, revoked_at: Unix milliseconds.
    """

    id: str
    account: str
    name: str
    hint: str
    created_at: int
    revoked_at: int | None


def new_secret() -> str:
    """A fresh key: the prefix, 32 random letters and digits (190 bits), a checksum."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(SECRET_LENGTH))
    return f"{PREFIX}{body}{checksum(body)}"


def checksum(body: str) -> str:
    """CRC-32 of the random part in base 62, six characters.

    It lets scanners find leaked keys without false alarms, and refuses typos without a look
    into the database. It protects nothing.
    """
    number = crc32(body.encode())
    digits = []
    for _ in range(CHECKSUM_LENGTH):
        number, digit = divmod(number, len(ALPHABET))
        digits.append(ALPHABET[digit])
    return "".join(reversed(digits))


def well_formed(secret: str) -> bool:
    """Whether a text can be a key at all: prefix, length and checksum."""
    body = secret.removeprefix(PREFIX)
    if body == secret or len(body) != SECRET_LENGTH + CHECKSUM_LENGTH or not body.isascii():
        return False
    return checksum(body[:SECRET_LENGTH]) == body[SECRET_LENGTH:]


def acceptable(secret: str) -> bool:
    """Whether a key that somebody else made may be used here."""
    if secret.startswith(PREFIX):
        return well_formed(secret)
    return FOREIGN.fullmatch(secret) is not None


def digest(secret: str) -> str:
    """What is stored of a key: plain SHA-256, since nobody can try out 190 random bits."""
    return hashlib.sha256(secret.encode()).hexdigest()


def hint(secret: str) -> str:
    """Enough of a key to recognise it by, too little to use it."""
    return f"{secret[: len(PREFIX) + 4]}...{secret[-4:]}"
