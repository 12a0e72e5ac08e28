"""API keys: generated, shown once, stored as hashes, with a checksum against typos."""

from __future__ import annotations

import hashlib
import re
import secrets
import string
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from zlib import crc32

from kirin.accounts.limits import NO_LIMITS, Limits

PREFIX = "kirin_sk_"
ALPHABET = string.ascii_letters + string.digits
FOREIGN = re.compile(r"[A-Za-z0-9._~-]{16,128}")
SECRET_LENGTH = 32
CHECKSUM_LENGTH = 6


class Scope(StrEnum):
    """What a key may be used for."""

    GENERATE = "generate"
    READ = "read"
    ELEMENTS = "elements"
    ADMIN = "admin"


USUAL = (Scope.GENERATE, Scope.READ, Scope.ELEMENTS)
"""The default scopes of a key: everything in its own account."""


@dataclass(frozen=True, slots=True)
class Key:
    """A stored API key.

    Attributes:
        id: identifies it; not secret.
        account: id of the account that it belongs to.
        name: given by its owner.
        hint: its first and last characters, to recognise it.
        scopes: what it may be used for.
        limits: its own, in addition to those of the account.
        created_at, expires_at, revoked_at: Unix milliseconds.
        last_used_at: the same, to the minute.
    """

    id: str
    account: str
    name: str
    hint: str
    created_at: int
    scopes: tuple[Scope, ...] = USUAL
    limits: Limits = NO_LIMITS
    expires_at: int | None = None
    last_used_at: int | None = None
    revoked_at: int | None = None


def new_secret() -> str:
    """A fresh key: the prefix, 32 random letters and digits (190 bits), a checksum."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(SECRET_LENGTH))
    return f"{PREFIX}{body}{checksum(body)}"


def checksum(body: str) -> str:
    """CRC-32 of the random part in base 62, six characters.

    It lets scanners find leaked keys without false alarms, and refuses typos without a database
    query. It is no protection.
    """
    number = crc32(body.encode())
    digits = []
    for _ in range(CHECKSUM_LENGTH):
        number, digit = divmod(number, len(ALPHABET))
        digits.append(ALPHABET[digit])
    return "".join(reversed(digits))


def well_formed(secret: str) -> bool:
    """Whether a text can be one of our keys: prefix, length and checksum."""
    body = secret.removeprefix(PREFIX)
    if body == secret or len(body) != SECRET_LENGTH + CHECKSUM_LENGTH or not body.isascii():
        return False
    return checksum(body[:SECRET_LENGTH]) == body[SECRET_LENGTH:]


def acceptable(secret: str) -> bool:
    """Whether a key may be used here, made by us or by somebody else."""
    if secret.startswith(PREFIX):
        return well_formed(secret)
    return FOREIGN.fullmatch(secret) is not None


def digest(secret: str) -> str:
    """The stored form of a key: plain SHA-256, since 190 random bits cannot be guessed."""
    return hashlib.sha256(secret.encode()).hexdigest()


def hint(secret: str) -> str:
    """Enough of a key to recognise it, too little to use it."""
    return f"{secret[: len(PREFIX) + 4]}...{secret[-4:]}"


def scopes_to_text(scopes: Iterable[Scope]) -> str:
    """Scopes as stored in a row."""
    return " ".join(scope for scope in Scope if scope in set(scopes))


def scopes_from_text(text: str) -> tuple[Scope, ...]:
    """The inverse of :func:`scopes_to_text`."""
    return tuple(Scope(word) for word in text.split())
