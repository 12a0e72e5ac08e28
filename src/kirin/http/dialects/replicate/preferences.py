"""What requests prefer, beside their bodies: to wait, and what is not served here."""

from __future__ import annotations

import re
from typing import Final

from starlette.datastructures import Headers

from kirin.errors import InvalidParameters, Problem
from kirin.wire.replicate import LONGEST_WAIT

PREFERENCE_APPLIED: Final = "Preference-Applied"

CANCEL_AFTER: Final = "Cancel-After"
"""Ends a prediction after a time. No client sends it by itself."""

WAIT: Final = re.compile(r"wait(?:\s*=\s*\"?(\d{1,9})\"?)?", re.ASCII | re.IGNORECASE)


def wait_of(headers: Headers) -> int:
    """Seconds that a client prefers to wait for the end; 0 where it does not.

    Preferences are wishes (RFC 7240): what is none that we know has no effect, and who would
    wait longer than anybody may waits as long as that.
    """
    for preference in ",".join(headers.getlist("Prefer")).split(","):
        if found := WAIT.fullmatch(preference.partition(";")[0].strip()):
            return min(int(found[1] or LONGEST_WAIT), LONGEST_WAIT)
    return 0


def refuse_deadline(headers: Headers) -> None:
    """Refuse a request that is to be cancelled after a time.

    Raises:
        InvalidParameters: it is one.
    """
    if CANCEL_AFTER in headers:
        message = "predictions have no deadline here: cancel them by urls.cancel"
        raise InvalidParameters([Problem(CANCEL_AFTER, "invalid_header", message)])
