"""How messages tell of values that clients sent."""

from __future__ import annotations

SHOWN = 40
"""How many characters of a client's value a message quotes."""


def shown(value: object) -> str:
    """A client's value as a message quotes it: truncated, on one line."""
    text = repr(value) if isinstance(value, str) else str(value)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}..."


def json_type(value: object) -> str:
    """The name of a value's JSON type."""
    names = {bool: "boolean", int: "integer", float: "number", str: "string", dict: "object"}
    return names.get(type(value), "null" if value is None else "array")


def of_another_type(takes: str, given: object) -> str:
    """Say that a value has the wrong JSON type, and what is wanted, such as ``an object``."""
    return f"it takes {takes}, not a JSON {json_type(given)}"
