"""Webhooks: who has sent it, and what does it say? After the Standard Webhooks specification."""

from __future__ import annotations

import binascii
import hashlib
import hmac
import time
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence

from pydantic import ValidationError

from kirin_client.errors import InvalidSignature
from kirin_client.models import Task

PREFIX = "whsec_"
TOLERANCE = 300.0
"""Seconds by which clocks may differ, and for which a recorded message is good."""

Secrets = str | Sequence[str]


def unwrap(
    body: bytes | str,
    headers: Mapping[str, str],
    secret: Secrets,
    *,
    tolerance: float = TOLERANCE,
    now: float | None = None,
) -> Task:
    """The task that a webhook tells of, if it is signed as it should be.

    Args:
        body: as it came, byte for byte.
        headers: of the request; names in any case.
        secret: what ``webhook_secret`` tells; several while it is being rotated.
        tolerance: seconds that it may be old, or ahead of the clock here.
        now: Unix seconds; the clock's if not given.

    Raises:
        InvalidSignature: it is not signed with the secret, or too old.
    """
    raw = body.encode() if isinstance(body, str) else bytes(body)
    given = {name.lower(): value for name, value in headers.items()}
    id, sent, signatures = (
        given.get(f"webhook-{name}", "") for name in ("id", "timestamp", "signature")
    )
    if not (id and sent and signatures):
        raise InvalidSignature("a header of webhook-id, -timestamp and -signature is missing")
    if not (sent.isascii() and sent.isdigit() and len(sent) < 16):
        raise InvalidSignature("webhook-timestamp is not a number of seconds")
    if abs((time.time() if now is None else now) - int(sent)) > tolerance:
        raise InvalidSignature("the message is too old, or a clock is wrong")
    message = b".".join((id.encode(), sent.encode(), raw))
    secrets = [secret] if isinstance(secret, str) else list(secret)
    wanted = [_signature(each, message) for each in secrets]
    found = [each[3:].encode() for each in signatures.split(" ") if each.startswith("v1,")]
    matches = [hmac.compare_digest(one, other) for one in wanted for other in found]
    if not any(matches):
        raise InvalidSignature("no signature is of this secret")
    try:
        return Task.model_validate_json(raw)
    except ValidationError:
        raise InvalidSignature("the message is signed, but tells of no task") from None


def _signature(secret: str, message: bytes) -> bytes:
    try:
        key = b64decode(secret.strip().removeprefix(PREFIX), validate=True)
    except binascii.Error:
        raise ValueError("the secret is not one that webhook_secret tells") from None
    return b64encode(hmac.new(key, message, hashlib.sha256).digest())
