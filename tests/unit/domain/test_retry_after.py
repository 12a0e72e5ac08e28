"""Retry-After: whatever a stranger sends, the wait is from nothing to the bound."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kirin.domain.retry_after import retry_after

NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("0", 0),
        (" 7 ", 7),
        ("600", 600),
        ("601", 600),
        ("9" * 400, 600),
        ("Thu, 01 Jan 2026 00:01:00 GMT", 60),
        ("Thu, 01 Jan 2026 00:01:00", 60),
        ("Thu, 01 Jan 2099 00:00:00 GMT", 600),
        ("Fri, 31 Dec 9999 23:59:59 -2359", 600),
        ("Thu, 01 Jan 2015 00:00:00 GMT", 0),
        (None, None),
        ("", None),
        ("-5", None),
        ("1.5", None),
        ("soon", None),
        ("\u0663", None),
        ("Fri, 31 Dec 99999999999999999999 23:59:59 GMT", None),
        ("Fri, 31 Dec 2026 23:59:59 +99999999999999", None),
        ("Fri, 99999999999999999999 Dec 2026 99:99:99 GMT", None),
    ],
)
def test_what_is_understood(header: str | None, seconds: float | None) -> None:
    assert retry_after(header, 600, NOW) == seconds


@given(st.text() | st.from_regex(r"[A-Z][a-z]{2}, \d+ [A-Z][a-z]{2} \d+ \d+:\d+:\d+ [+-]?\w*"))
def test_nothing_breaks_it(header: str) -> None:
    found = retry_after(header, 600)
    assert found is None or 0 <= found <= 600
