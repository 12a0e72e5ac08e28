"""What operators may store: every value that reaches a column has a range that the column holds.

SQLite stores a text of any length and turns too large a number into a float; PostgreSQL refuses
both with an error of its own. So the range is checked before.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from kirin.accounts.limits import FIELDS, Limits
from kirin.domain.money import MICRO, MOST
from kirin.domain.text import CONTROL
from kirin.errors import InvalidParameters, Problem

NAME_LENGTH: Final = 128
REFERENCE_LENGTH: Final = 128
NOTE_LENGTH: Final = 512

MOST_COUNT: Final = 2**31 - 1
"""Largest limit that is a number of requests or tasks: a 32-bit column."""

CENT: Final = Decimal("0.01")


def refuse(*problems: Problem) -> None:
    """Raise :class:`InvalidParameters` with these problems, if there are any."""
    if problems:
        raise InvalidParameters(problems)


def text(param: str, given: str, least: int, most: int) -> Iterator[Problem]:
    """What is wrong with a text of ``least`` to ``most`` characters."""
    if not least <= len(given) <= most:
        code = "too_short" if len(given) < least else "too_long"
        message = f"it has {len(given)} characters; it takes {least} to {most}"
        yield Problem(param, code, message)
    # PostgreSQL stores neither NUL nor half of a surrogate pair.
    elif "\0" in given or any("\ud800" <= character <= "\udfff" for character in given):
        yield Problem(param, "invalid_text", "it has a NUL or half of a surrogate pair")


def line(param: str, given: str, least: int, most: int) -> Iterator[Problem]:
    """What is wrong with a name: a text on one line, since it appears in URLs and logs."""
    problems = list(text(param, given, least, most))
    if not problems and CONTROL.search(given):
        message = "it has a line break or another control character; it takes a single line"
        problems.append(Problem(param, "invalid_text", message))
    yield from problems


def amount(param: str, given: Decimal, least: Decimal = Decimal(0)) -> Iterator[Problem]:
    """What is wrong with an amount in USD, from ``least`` to a billion."""
    if not given.is_finite() or not least <= given <= MOST or given % MICRO:
        message = f"it takes US dollars from {least:,f} to {MOST:,f}, with at most six decimals"
        yield Problem(param, "out_of_range", message)


def limits(given: Limits) -> Iterator[Problem]:
    """What is wrong with limits."""
    for name in FIELDS:
        value = getattr(given, name)
        if value is None:
            continue
        if name == "daily_spend":
            yield from amount(f"limits.{name}", value)
            continue
        least = 1 if name == "requests_per_minute" else 0
        if not least <= value <= MOST_COUNT:
            message = f"given {value}; it takes {least} to {MOST_COUNT}"
            yield Problem(f"limits.{name}", "out_of_range", message)


def percentage(given: Decimal) -> Decimal:
    """A discount as it is stored: with at most two decimals written, and no exponent.

    Raises:
        InvalidParameters: it is not from 0 to 100 with at most two decimals.
    """
    if not given.is_finite() or not 0 <= given <= 100 or given != given.quantize(CENT):
        message = "it takes a percentage from 0 to 100, with at most two decimals"
        raise InvalidParameters([Problem("discount_percent", "out_of_range", message)])
    written = f"{given:f}"
    return Decimal(written if len(written.partition(".")[2]) <= 2 else f"{given:.2f}")
