"""``data:`` URLs, which other APIs take for pictures; ours are base64 without a prefix."""

from __future__ import annotations

import re
from typing import Final

DATA_URL: Final = re.compile(r"data:[^,]{0,128};base64,", re.IGNORECASE)
"""What stands before the base64."""


def without_prefix(text: str) -> str:
    """The base64 of a ``data:`` URL; any other text as it is."""
    return DATA_URL.sub("", text, count=1) if DATA_URL.match(text) else text
