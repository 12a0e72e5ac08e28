"""The header ``Idempotency-Key``: a request that is sent again creates no second task."""

from __future__ import annotations

import re
from collections.abc import Iterable
from hashlib import sha256
from typing import TYPE_CHECKING

from kirin.errors import InvalidParameters, Problem
from kirin.http.query_parameters import Header

if TYPE_CHECKING:
    from kirin.tasks.idempotency import IdempotencyKey

VALID_KEY = re.compile(r"[!-~]{1,255}")

IDEMPOTENCY_KEY = Header(
    "Idempotency-Key",
    "a repeated request with the same key and body creates no second task",
    f"^{VALID_KEY.pattern}$",
)
IDEMPOTENT_REPLAYED = "Idempotent-Replayed"


def check_key(key: str | None) -> None:
    """Check the header before the body is read.

    Args:
        key: the header's value, if it was sent.

    Raises:
        InvalidParameters: it is not a valid key.
    """
    if key is not None and not VALID_KEY.fullmatch(key):
        message = "it takes 1 to 255 visible ASCII characters, without spaces"
        raise InvalidParameters([Problem(IDEMPOTENCY_KEY.name, "invalid_header", message)])


def idempotency_key_of(key: str | None, parts: Iterable[bytes]) -> IdempotencyKey | None:
    """What identifies a request that is to be done once; ``None`` where no key was sent.

    Args:
        parts: bytes that are the same in a repetition and in no other request: clients repeat the
            body that they have sent.
    """
    if key is None:
        return None
    # The process that an agent starts needs the pattern above, and no database.
    from kirin.tasks.idempotency import IdempotencyKey  # noqa: PLC0415

    digest = sha256()
    for part in parts:
        digest.update(part)
    return IdempotencyKey(key, digest.hexdigest())
