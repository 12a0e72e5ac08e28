"""Signed tokens: JSON Web Tokens that clients of Kling's API send in place of a key.

``iss`` is the id of a key, and the key signs (HS256). What a stranger sends costs one look at a
short text and, if that has the form of a token, one query, as any wrong key does.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

import jwt
from sqlalchemy import Connection

from kirin.accounts import caller
from kirin.accounts.caller import Caller
from kirin.accounts.sealing import KeySealer
from kirin.errors import InvalidKey, TokenExpired, TokenNotYetValid

ALGORITHM: Final = "HS256"
LONGEST: Final = 1024
"""Characters of a token; with three claims it has about 170."""

LEEWAY_SECONDS: Final = 30
"""How far the clock of a client may be off."""

FORM: Final = re.compile(r"eyJ[\w-]*\.[\w-]+\.[\w-]+", re.ASCII)
"""Three parts in base64url, the first of which begins with ``{"``."""

KEY_ID: Final = re.compile(r"key_[0-9a-f]{16}", re.ASCII)

MALFORMED: Final = (
    jwt.PyJWTError,
    ArithmeticError,
    AttributeError,
    RecursionError,
    TypeError,
    ValueError,
)
"""What the library raises for members of types that it does not expect."""

NOT_TAKEN: Final = (
    "signed tokens are not taken here: send the key itself, 'Authorization: Bearer KEY', or ask "
    "the operator to set KIRIN_TOKEN_SECRET and to make a new key"
)
NOT_CHECKED: Final = (
    "this server cannot check tokens that this key signs: send the key itself, 'Authorization: "
    "Bearer KEY', or sign with one that was made after KIRIN_TOKEN_SECRET was set"
)
NOT_VALID: Final = (
    "this signed token is not valid: it takes HS256, iss (the id of a key in use), exp (Unix "
    "seconds), and the signature of that key"
)


def is_token(text: str) -> bool:
    """Whether a text has the form of a token; no key has it."""
    return len(text) <= LONGEST and FORM.fullmatch(text) is not None


@dataclass(frozen=True, slots=True)
class TokenVerifier:
    """Finds out whose key has signed a token.

    Attributes:
        sealer: ``None`` where the operator wants no tokens.
    """

    sealer: KeySealer | None

    def caller(self, connection: Connection, token: str, now: int) -> Caller:
        """The caller with the key that has signed a token.

        Args:
            now: Unix milliseconds.

        Raises:
            InvalidKey: nobody's has, or the token is not valid at this time.
        """
        if self.sealer is None:
            raise InvalidKey(NOT_TAKEN)
        found = caller.find_by_id(connection, _issuer(token), now)
        if found is None:
            raise InvalidKey(NOT_VALID)
        who, sealed = found
        secret = None if sealed is None else self.sealer.open(who.key, sealed)
        if secret is None:
            raise InvalidKey(NOT_CHECKED)
        try:
            jwt.decode(
                token,
                secret,
                algorithms=[ALGORITHM],
                leeway=LEEWAY_SECONDS,
                options={"require": ["iss", "exp"]},
            )
        except jwt.ExpiredSignatureError:
            raise TokenExpired from None
        except jwt.ImmatureSignatureError:
            raise TokenNotYetValid from None
        except MALFORMED:
            raise InvalidKey(NOT_VALID) from None
        return who


def _issuer(token: str) -> str:
    """Whose key a token says that it is signed with.

    Raises:
        InvalidKey: it says nothing of the kind.
    """
    try:
        told = jwt.decode_complete(token, options={"verify_signature": False})
    except MALFORMED:
        raise InvalidKey(NOT_VALID) from None
    issuer = told["payload"].get("iss")
    if told["header"].get("alg") != ALGORITHM or not isinstance(issuer, str):
        raise InvalidKey(NOT_VALID)
    if not KEY_ID.fullmatch(issuer):
        raise InvalidKey(NOT_VALID)
    return issuer
