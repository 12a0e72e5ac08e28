"""Which characters names may have."""

from __future__ import annotations

import re
from typing import Final

CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
"""A control character (Unicode category Cc) or a line or paragraph separator. It would break the
lines of logs, and clients and proxies drop or refuse it in URLs."""
