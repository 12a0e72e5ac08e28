"""The header ``Idempotency-Key``: a request that is sent again makes no second task."""

from __future__ import annotations

import re
from hashlib import sha256

from kirin.errors import InvalidParameters, Problem
from kirin.tasks.idempotency import IdempotencyKey

IDEMPOTENCY_KEY = "Idempotency-Key"
IDEMPOTENT_REPLAYED = "Idempotent-Replayed"

GOOD_KEY = re.compile(r"[!-~]{1,255}")


def check_key(given: str | None) -> None:
    """Look at the header before the body is read.

    Args:
        given: the header's value, if it was sent.

    Raises:
        InvalidParameters: it is no key.
    """
    if given is not None and not GOOD_KEY.fullmatch(given):
        message = "it takes 1 to 255 visible ASCII characters, without blanks"
        raise InvalidParameters([Problem(IDEMPOTENCY_KEY, "invalid_header", message)])


def token_of(key: str | None, body: bytes) -> IdempotencyKey | None:
    """What makes the request one that is done once; ``None`` where no key was sent.

    Bodies are the same if their bytes are: clients send again what they have sent.
    """
    return None if key is None else IdempotencyKey(key, sha256(body).hexdigest())
