"""Numbers in query strings."""

from __future__ import annotations

from collections.abc import Mapping

from kirin.errors import Problem

MOST_DIGITS = 9


def whole(
    query: Mapping[str, str],
    name: str,
    default: int,
    most: int | None,
    problems: list[Problem],
    *,
    least: int = 1,
) -> int:
    """A whole number, or the default with the reason in ``problems``.

    Args:
        most: upper limit, if there is one.
        least: lower limit.
    """
    text = query.get(name, str(default))
    digits = text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS
    if digits and least <= int(text) <= (most or int(text)):
        return int(text)
    range_ = f"from {least} to {most}" if most else f"from {least}"
    problems.append(Problem(name, "out_of_range", f"it takes a whole number {range_}"))
    return default
